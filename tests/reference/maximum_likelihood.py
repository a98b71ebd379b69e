"""Maximum-likelihood fits, weighted and not, to `maximum_likelihood.json`.

    python3 tests/reference/maximum_likelihood.py

Closed forms in exact arithmetic; everything else as the root of the score equations in 40 digits,
compared with SciPy's own optimiser where it has one.
"""

import json
from pathlib import Path

import mpmath as mp
import numpy as np
from scipy import stats

mp.mp.dps = 40
COUNT = 15
WEIGHTS = [1, 2, 0, 0.5, 3, 1, 1, 0.25, 4, 1, 2, 0.5, 1, 0, 1]


def average(values, weights):
    """The weighted average."""
    return mp.fsum(w * v for w, v in zip(weights, values)) / mp.fsum(weights)


def counted(values, weights):
    """The samples of positive weight."""
    return [v for v, w in zip(values, weights) if w > 0]


def normal(x, w):
    mean = average(x, w)
    return [mean, mp.sqrt(average([(v - mean) ** 2 for v in x], w))]


def log_normal(x, w):
    return normal([mp.log(v) for v in x], w)


def half_normal(x, w):
    return [mp.sqrt(average([v * v for v in x], w))]


def laplace(x, w):
    ordered = sorted(zip(x, w))
    total, below = mp.fsum(w), mp.mpf(0)
    for value, weight in ordered:
        below += weight
        if below >= total / 2:
            return [value, average([abs(v - value) for v in x], w)]
    raise ValueError


def uniform(x, w):
    return [min(counted(x, w)), max(counted(x, w))]


def exponential(x, w):
    return [1 / average(x, w)]


def pareto(x, w):
    scale = min(counted(x, w))
    return [scale, 1 / average([mp.log(v / scale) for v in x], w)]


def gamma(x, w):
    gap = mp.log(average(x, w)) - average([mp.log(v) for v in x], w)
    a = mp.findroot(lambda u: mp.log(mp.exp(u)) - mp.digamma(mp.exp(u)) - gap, -mp.log(2 * gap))
    return [mp.exp(a), mp.exp(a) / average(x, w)]


def inverse_gamma(x, w):
    return gamma([1 / v for v in x], w)


def weibull(x, w):
    logs = [mp.log(v) for v in x]

    def score(u):
        k = mp.exp(u)
        powers = [v**k for v in x]
        weighted = average([p * v for p, v in zip(powers, logs)], w) / average(powers, w)
        return weighted - 1 / k - average(logs, w)

    k = mp.exp(mp.findroot(score, 0))
    return [average([v**k for v in x], w) ** (1 / k), k]


def frechet(x, w):
    scale, k = weibull([1 / v for v in x], w)
    return [1 / scale, k]


def concentrations(columns, w):
    means = [average([mp.log(v) for v in column], w) for column in columns]

    def score(*logs):
        a = [mp.exp(v) for v in logs]
        return [mp.digamma(mp.fsum(a)) - mp.digamma(b) + m for b, m in zip(a, means)]

    # The moments give a start: concentrations have no other scale.
    shares = [average(column, w) for column in columns]
    spread = average([(v - shares[0]) ** 2 for v in columns[0]], w)
    total = max(shares[0] * (1 - shares[0]) / spread - 1, mp.mpf("0.05"))
    start = [mp.log(total * share) for share in shares]
    root = mp.findroot(score, start, maxsteps=200)
    return [mp.exp(v) for v in root]


def beta(x, w):
    return concentrations([x, [1 - v for v in x]], w)


def von_mises(x, w):
    sin, cos = average([mp.sin(v) for v in x], w), average([mp.cos(v) for v in x], w)
    length = mp.sqrt(sin**2 + cos**2)

    def score(u):
        return mp.besseli(1, mp.exp(u)) / mp.besseli(0, mp.exp(u)) - length

    start = mp.log(length * (2 - length**2) / (1 - length**2))
    return [mp.atan2(sin, cos), mp.exp(mp.findroot(score, start))]


def poisson(x, w):
    return [average(x, w)]


def geometric(x, w):
    return [1 / (1 + average(x, w))]


def check(name, fitted, fit):
    """SciPy's optimiser, to its own precision."""
    assert np.allclose([float(v) for v in fitted], fit, rtol=2e-3), (name, fitted, fit)


def on_the_line(rng):
    """Families of one variable: samples in the precision of `float32`, which all backends hold."""
    draws = {
        "normal": (normal, rng.normal(3, 2, COUNT), stats.norm.fit),
        "log_normal": (log_normal, rng.lognormal(0.5, 0.7, COUNT), None),
        "half_normal": (half_normal, abs(rng.normal(0, 2, COUNT)), None),
        "laplace": (laplace, rng.laplace(-1, 2, COUNT), stats.laplace.fit),
        "uniform": (uniform, rng.uniform(-1, 4, COUNT), None),
        "exponential": (exponential, rng.exponential(3, COUNT), None),
        "pareto": (pareto, 2 * (1 + rng.pareto(3, COUNT)), None),
        "gamma": (gamma, rng.gamma(2.5, 1.5, COUNT), lambda x: gamma_of_scipy(stats.gamma, x)),
        "gamma_small": (gamma, rng.gamma(0.1, 3, COUNT), None),
        "gamma_large": (gamma, rng.gamma(3e4, 1e-2, COUNT), None),
        "inverse_gamma": (inverse_gamma, 1 / rng.gamma(4, 0.5, COUNT), None),
        "weibull": (weibull, 3 * rng.weibull(1.7, COUNT), lambda x: weibull_of_scipy(x)),
        "weibull_large": (weibull, 3 * rng.weibull(40, COUNT), None),
        "beta": (beta, rng.beta(2, 5, COUNT), lambda x: stats.beta.fit(x, floc=0, fscale=1)[:2]),
        "beta_small": (beta, rng.beta(0.3, 0.2, COUNT), None),
        "beta_large": (beta, rng.beta(300, 100, COUNT), None),
        "von_mises": (von_mises, rng.vonmises(2, 1.5, COUNT), None),
        "von_mises_small": (von_mises, rng.vonmises(-1, 0.1, COUNT), None),
        "von_mises_large": (von_mises, rng.vonmises(0.5, 2e3, COUNT), None),
        "poisson": (poisson, rng.poisson(4, COUNT), None),
        "geometric": (geometric, rng.geometric(0.3, COUNT) - 1, None),
        "bernoulli": (poisson, rng.integers(0, 2, COUNT), None),
    }
    # Of a generator of its own, so that the samples of the others are what they were.
    reciprocals = np.random.default_rng(20261129).weibull(1.7, COUNT)
    draws["frechet"] = (frechet, 3 / reciprocals, lambda x: frechet_of_scipy(x))
    ends = np.random.default_rng(20261130)
    draws["log_uniform"] = (uniform, np.exp(ends.uniform(-7, 2, COUNT)), None)
    for name, (fit, samples, other) in draws.items():
        samples = [float(np.float32(v)) for v in samples]
        if fit is beta:
            samples = [min(v, 1 - 2.0**-20) for v in samples]
        exact = [mp.mpf(v) for v in samples]
        plain, weighted = fit(exact, [1] * COUNT), fit(exact, WEIGHTS)
        if other is not None:
            check(name, plain, other(samples))
        yield name, samples, plain, weighted


def gamma_of_scipy(family, x):
    shape, _, scale = family.fit(x, floc=0)
    return [shape, 1 / scale]


def frechet_of_scipy(x):
    shape, _, scale = stats.invweibull.fit(x, floc=0)
    return [scale, shape]


def weibull_of_scipy(x):
    shape, _, scale = stats.weibull_min.fit(x, floc=0)
    return [scale, shape]


def of_vectors(rng):
    """Families over vectors: rows of samples."""
    for name, concentration in {
        "dirichlet": [2, 0.7, 5],
        "dirichlet_small": [0.3, 0.2, 0.4],
        "dirichlet_large": [200, 50, 400],
    }.items():
        rows = np.float32(rng.dirichlet(concentration, COUNT)).astype(float)
        columns = [[mp.mpf(v) for v in column] for column in rows.T]
        fits = [concentrations(columns, w) for w in ([1] * COUNT, WEIGHTS)]
        yield name, rows.ravel().tolist(), *fits
    mixing = np.array([[1, 0.5, 0], [0, 2, 0.3], [0.1, 0, 0.7]])
    rows = np.float32(rng.normal(size=(COUNT, 3)) @ mixing + [10, -3, 0]).astype(float)
    columns = [[mp.mpf(v) for v in column] for column in rows.T]
    fits = []
    for w in ([1] * COUNT, WEIGHTS):
        means = [average(column, w) for column in columns]
        centred = [[v - mean for v in column] for column, mean in zip(columns, means)]
        products = [
            average([a * b for a, b in zip(one, other)], w) for one in centred for other in centred
        ]
        fits.append(means + products)
    yield "multivariate_normal", rows.ravel().tolist(), *fits


def main():
    rng = np.random.default_rng(20240611)
    table = {"weights": WEIGHTS}
    for name, samples, plain, weighted in [*on_the_line(rng), *of_vectors(rng)]:
        numbers = [[float(v) for v in values] for values in (plain, weighted)]
        table[name] = {"samples": samples, "plain": numbers[0], "weighted": numbers[1]}
    path = Path(__file__).with_name("maximum_likelihood.json")
    path.write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
