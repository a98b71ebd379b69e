"""The work in PyTorch."""

import numpy as np
import torch
import torch.distributions as td

from work import EXAMPLES, PRIOR_SCALES, PRIOR_SHARE, UNITS, COUNT, rng, uniform


def rows(compiled):
    wrap = torch.compile if compiled else (lambda f: f)
    t = torch.from_numpy

    def log_prob(law, value, *parameters):
        f = wrap(lambda x, *p: law(*p, validate_args=False).log_prob(x))
        arguments = [t(value), *map(t, parameters)]
        return lambda: f(*arguments)

    def gradient(count):
        x, loc, scale = t(uniform(-3, 3, count)), t(uniform(-1, 1, count)), t(uniform(0.5, 2, count))
        loc.requires_grad_(), scale.requires_grad_()
        f = wrap(lambda x, l, s: td.Normal(l, s, validate_args=False).log_prob(x))

        def work():
            loc.grad = scale.grad = None
            f(x, loc, scale).sum().backward()

        return work

    def tanh_normal():
        loc, scale = t(uniform(-1, 1)), t(uniform(0.5, 2))

        def draw(loc, scale):
            law = td.Normal(loc, scale, validate_args=False)
            x = law.rsample()
            y = torch.tanh(x)
            log_det = 2 * (np.log(2.0) - x - torch.nn.functional.softplus(-2 * x))
            return y, law.log_prob(x) - log_det

        f = wrap(draw)
        return lambda: f(loc, scale)

    def rsample():
        loc, scale = t(uniform(-1, 1)), t(uniform(0.5, 2))
        f = wrap(lambda l, s: td.Normal(l, s, validate_args=False).rsample())
        return lambda: f(loc, scale)

    def gamma(gradient):
        a, b = t(uniform(0.1, 4.1)), t(uniform(0.5, 2))
        f = wrap(lambda a, b: td.Gamma(a, b, validate_args=False).rsample())
        if not gradient:
            return lambda: f(a, b)
        a.requires_grad_(), b.requires_grad_()

        def work():
            a.grad = b.grad = None
            f(a, b).sum().backward()

        return work

    def categorical():
        logits, index = t(uniform(-3, 3, 10_000, 100)), t(rng.integers(0, 100, 10_000))
        f = wrap(lambda l, i: td.Categorical(logits=l, validate_args=False).log_prob(i))
        return lambda: f(logits, index)

    def sample(law, *parameters):
        f = wrap(lambda *p: law(*p, validate_args=False).sample())
        arguments = [t(p) for p in parameters]
        return lambda: f(*arguments)

    def special(function, *arguments):
        f, arguments = wrap(function), [t(a) for a in arguments]
        return lambda: f(*arguments)

    def categorical_sample():
        logits = t(uniform(-3, 3, 10_000, 100))
        f = wrap(lambda l: td.Categorical(logits=l, validate_args=False).sample())
        return lambda: f(logits)

    return {
        "normal_log_prob": log_prob(td.Normal, uniform(-3, 3), uniform(-1, 1), uniform(0.5, 2)),
        "normal_gradient": gradient(COUNT),
        "log_normal_log_prob": log_prob(td.LogNormal, uniform(0.1, 5), uniform(-1, 1), uniform(0.5, 2)),
        "gamma_log_prob": log_prob(td.Gamma, uniform(0.1, 5), uniform(0.1, 4.1), uniform(0.5, 2)),
        "tanh_normal": tanh_normal(),
        "categorical_log_prob": categorical(),
        "normal_one": log_prob(td.Normal, uniform(-3, 3, 1), uniform(-1, 1, 1), uniform(0.5, 2, 1)),
        "normal_one_gradient": gradient(1),
        "normal_rsample": rsample(),
        "uniform": wrap(lambda: torch.rand(COUNT)),
        "gamma_rsample": gamma(False),
        "gamma_rsample_gradient": gamma(True),
        "beta_rsample": sample(td.Beta, uniform(0.1, 4.1), uniform(0.1, 4.1)),
        "poisson_sample": sample(td.Poisson, uniform(5, 20)),
        "categorical_sample": categorical_sample(),
        "lgamma": special(torch.lgamma, uniform(0.1, 10)),
        "digamma": special(torch.digamma, uniform(0.1, 10)),
        "erfinv": special(torch.erfinv, uniform(-0.999, 0.999)),
        "gammainc": special(torch.special.gammainc, uniform(0.1, 10), uniform(0.1, 10)),
        "bnn_step": bnn_step(wrap),
    }


def bnn_step(wrap):
    """Three mean-field layers, one draw, the divergence to a mixture of two Normals, Adam."""
    means = [torch.randn(shape) * 0.04 for shape in 3 * [(UNITS, UNITS), (UNITS,)]]
    rhos = [torch.full_like(mean, -3.0) for mean in means]
    for parameter in means + rhos:
        parameter.requires_grad_()
    x, y = torch.randn(EXAMPLES, UNITS), torch.randn(EXAMPLES, UNITS)
    optimizer = torch.optim.Adam(means + rhos, lr=1e-3)
    wide, narrow = (td.Normal(0.0, scale, validate_args=False) for scale in PRIOR_SCALES)
    shares = np.log(PRIOR_SHARE), np.log(1 - PRIOR_SHARE)

    def loss(means, rhos):
        weights, divergence = [], 0.0
        for mean, rho in zip(means, rhos):
            scale = torch.nn.functional.softplus(rho)
            weight = mean + scale * torch.randn_like(mean)
            posterior = td.Normal(mean, scale, validate_args=False).log_prob(weight)
            prior = torch.logaddexp(wide.log_prob(weight) + shares[0], narrow.log_prob(weight) + shares[1])
            divergence = divergence + (posterior - prior).sum()
            weights.append(weight)
        h = x
        for layer in range(3):
            h = torch.nn.functional.linear(h, weights[2 * layer], weights[2 * layer + 1])
            h = torch.relu(h) if layer < 2 else h
        return (h - y).square().mean() + divergence * 1e-5

    f = wrap(loss)

    def work():
        optimizer.zero_grad()
        f(means, rhos).backward()
        optimizer.step()

    return work
