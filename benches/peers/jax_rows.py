"""The work in JAX: NumPyro's distributions, and flowjax's flow."""

import equinox as eqx
import flowjax.bijections as fb
import flowjax.distributions as fd
import flowjax.flows as ff
import jax
import jax.numpy as jnp
import numpyro.distributions as nd
import optax
import paramax

from work import *


def rows():
    def blocked(f, *arguments):
        f, arguments = jax.jit(f), [jnp.asarray(a) for a in arguments]
        return lambda: jax.block_until_ready(f(*arguments))

    def gradient(count):
        def total(l, s, x):
            log_prob = nd.Normal(l, s).log_prob(x)
            return log_prob.sum(), log_prob

        f = jax.value_and_grad(total, (0, 1), has_aux=True)
        return blocked(f, uniform(-1, 1, count), uniform(0.5, 2, count), uniform(-3, 3, count))

    def tanh_normal(l, s, key):
        law = nd.Normal(l, s)
        x = law.sample(key)
        return jnp.tanh(x), law.log_prob(x) - 2 * (jnp.log(2.0) - x - jax.nn.softplus(-2 * x))

    def gamma(a, b, key):
        return nd.Gamma(a, b).sample(key)

    def total(a, b, key):
        draws = gamma(a, b, key)
        return draws.sum(), draws

    key = jax.random.PRNGKey(0)
    normal = lambda x, l, s: nd.Normal(l, s).log_prob(x)
    return {
        "normal_log_prob": blocked(normal, uniform(-3, 3), uniform(-1, 1), uniform(0.5, 2)),
        "normal_gradient": gradient(COUNT),
        "log_normal_log_prob": blocked(
            lambda x, l, s: nd.LogNormal(l, s).log_prob(x), uniform(0.1, 5), uniform(-1, 1), uniform(0.5, 2)
        ),
        "gamma_log_prob": blocked(
            lambda x, a, b: nd.Gamma(a, b).log_prob(x), uniform(0.1, 5), uniform(0.1, 4.1), uniform(0.5, 2)
        ),
        "tanh_normal": blocked(tanh_normal, uniform(-1, 1), uniform(0.5, 2), key),
        "categorical_log_prob": blocked(
            lambda l, i: nd.Categorical(logits=l).log_prob(i),
            uniform(-3, 3, 10_000, 100),
            rng.integers(0, 100, 10_000),
        ),
        "normal_one": blocked(normal, uniform(-3, 3, 1), uniform(-1, 1, 1), uniform(0.5, 2, 1)),
        "normal_one_gradient": gradient(1),
        "normal_rsample": blocked(lambda l, s, k: nd.Normal(l, s).sample(k), uniform(-1, 1), uniform(0.5, 2), key),
        "uniform": blocked(lambda k: jax.random.uniform(k, (COUNT,)), key),
        "gamma_rsample": blocked(gamma, uniform(0.1, 4.1), uniform(0.5, 2), key),
        "beta_rsample": blocked(lambda a, b, k: nd.Beta(a, b).sample(k), uniform(0.1, 4.1), uniform(0.1, 4.1), key),
        "poisson_sample": blocked(lambda r, k: nd.Poisson(r).sample(k), uniform(5, 20), key),
        "categorical_sample": blocked(
            lambda l, k: nd.Categorical(logits=l).sample(k), uniform(-3, 3, 10_000, 100), key
        ),
        "lgamma": blocked(jax.scipy.special.gammaln, uniform(0.1, 10)),
        "digamma": blocked(jax.scipy.special.digamma, uniform(0.1, 10)),
        "erfinv": blocked(jax.scipy.special.erfinv, uniform(-0.999, 0.999)),
        "gammainc": blocked(jax.scipy.special.gammainc, uniform(0.1, 10), uniform(0.1, 10)),
        "bnn_step": bnn_step(),
        "flow_step": flow_step(),
        "gamma_rsample_gradient": blocked(jax.value_and_grad(total, (0, 1), has_aux=True), uniform(0.1, 4.1), uniform(0.5, 2), key),
    }


def trained(parameters, loss):
    """Steps of Adam on `loss(parameters, key)`."""
    optimizer = optax.adam(1e-3)

    @jax.jit
    def step(parameters, state, key):
        gradients = jax.grad(loss)(parameters, key)
        updates, state = optimizer.update(gradients, state)
        return optax.apply_updates(parameters, updates), state

    held = [parameters, optimizer.init(parameters), jax.random.PRNGKey(1)]

    def work():
        held[2], key = jax.random.split(held[2])
        held[0], held[1] = jax.block_until_ready(step(held[0], held[1], key))

    return work


def bnn_step():
    """Three mean-field layers, one draw, the divergence to a mixture of two Normals, Adam."""
    shapes = 3 * [(UNITS, UNITS), (UNITS,)]
    means = [jnp.asarray(rng.normal(size=shape, scale=0.04), jnp.float32) for shape in shapes]
    rhos = [jnp.full(shape, -3.0) for shape in shapes]
    x, y = (jnp.asarray(rng.normal(size=(EXAMPLES, UNITS)), jnp.float32) for _ in range(2))
    wide, narrow = (nd.Normal(0.0, scale) for scale in PRIOR_SCALES)

    def loss(parameters, key):
        weights, divergence = [], 0.0
        for mean, rho, key in zip(*parameters, jax.random.split(key, len(shapes))):
            scale = jax.nn.softplus(rho)
            weight = mean + scale * jax.random.normal(key, mean.shape)
            prior = jnp.logaddexp(
                wide.log_prob(weight) + jnp.log(PRIOR_SHARE), narrow.log_prob(weight) + jnp.log(1 - PRIOR_SHARE)
            )
            divergence += (nd.Normal(mean, scale).log_prob(weight) - prior).sum()
            weights.append(weight)
        h = x
        for layer in range(3):
            h = h @ weights[2 * layer].T + weights[2 * layer + 1]
            h = jax.nn.relu(h) if layer < 2 else h
        return jnp.square(h - y).mean() + divergence * 1e-5

    return trained((means, rhos), loss)


def flow_step():
    """Spline couplings of flowjax by maximum likelihood, Adam."""
    flow = ff.coupling_flow(
        jax.random.key(0),
        base_dist=fd.Normal(jnp.zeros(FEATURES)),
        transformer=fb.RationalQuadraticSpline(knots=BINS, interval=4),
        flow_layers=LAYERS,
        nn_width=HIDDEN,
        nn_depth=2,
    )
    data = jnp.asarray(rng.normal(size=(ROWS, FEATURES)), jnp.float32)
    parameters, static = eqx.partition(flow, eqx.is_inexact_array, is_leaf=lambda leaf: isinstance(leaf, paramax.NonTrainable))

    def loss(parameters, key):
        return -paramax.unwrap(eqx.combine(parameters, static)).log_prob(data).mean()

    return trained(parameters, loss)
