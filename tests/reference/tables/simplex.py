"""The Dirichlet family. Values sum to 1 exactly, as powers of two do."""

from mpmath import inf, ln, mpf, sqrt

from .functions import digamma, lgamma, xlogy
from .precision import case, columns

VALUES = [
    ([1, 1, 1], [0.5, 0.25, 0.25]),
    ([1, 1, 1], [1, 0, 0]),
    ([0.5, 2, 7], [0.125, 0.25, 0.625]),
    ([0.5, 0.5], [2**-20, 1 - 2**-20]),
    ([1e-3, 1e-3, 1e-3], [2**-20, 2**-20, 1 - 2**-19]),
    ([1e-3, 5], [2**-24, 1 - 2**-24]),
    ([0.1, 2, 2, 3], [0.5, 0.25, 0.125, 0.125]),
    ([30, 2, 8], [0.75, 0.0625, 0.1875]),
    ([1e4, 2e4, 1e4], [0.25, 0.5, 0.25]),
    ([1e4, 2e4, 1e4], [0.2578125, 0.5, 0.2421875]),
    ([1e4, 2e4, 1e4], [0.375, 0.5, 0.125]),
    ([1e6, 3], [1 - 2**-18, 2**-18]),
    ([1e8, 3e8], [0.25, 0.75]),
    ([1.5, 1e6, 0.5], [2**-20, 1 - 2**-19, 2**-20]),
    ([2, 0.5], [0.75, 0.25]),
    ([3, 2], [1, 0]),
    ([0.5, 0.5], [0, 1]),
    ([2, 3], [0.5, 0.75]),
    ([2, 3], [-0.5, 1.5]),
    ([5], [1]),
]
SETTINGS = [a for k, (a, _) in enumerate(VALUES) if a not in [b for b, _ in VALUES[:k]]]
SETTINGS += [[1.5, 1.25, 4], [1e-10, 1, 1], [1e4, 1e-3], [8, 8.5, 7.5, 100, 1e3]]


def log_beta(a):
    return sum(lgamma(v) for v in a) - lgamma(sum(a))


def log_prob(x, a):
    if any(v < 0 for v in x) or sum(x) != 1:
        return -inf
    return sum(xlogy(u - 1, v) for u, v in zip(a, x)) - log_beta(a)


def entropy(a):
    terms = sum((v - 1) * digamma(v) for v in a)
    return log_beta(a) + (sum(a) - len(a)) * digamma(sum(a)) - terms


def divergence(a, b):
    gap = lambda x, y: lgamma(y) - lgamma(x) - (y - x) * digamma(x)
    return sum(gap(x, y) for x, y in zip(a, b)) - gap(sum(a), sum(b))


def mean(a, k):
    return a[k] / sum(a)


def variance(a, k):
    return a[k] * sum(v for j, v in enumerate(a) if j != k) / (sum(a) ** 2 * (sum(a) + 1))


def std_dev(a, k):
    return sqrt(variance(a, k))


def mode(a, k):
    excess = [max(v - 1, mpf(0)) for v in a]
    if sum(excess) > 0:
        return excess[k] / sum(excess)
    return mpf(a.index(max(a)) == k)


def entries(name, formula, inputs):
    """A case whose rows are vectors, each entry with its sensitivity."""
    rows = list(zip(*inputs.values()))
    result = {"function": name, "inputs": inputs, "expected": [], "sensitivity": []}
    for row in rows:
        single = {key: [value] for key, value in zip(inputs, row)}
        parts = [
            case(name, lambda *a, k=k: formula(*a, k), single) for k in range(len(row[0]))
        ]
        for key in ("expected", "sensitivity"):
            result[key].append([part[key][0] for part in parts])
    return result


def table():
    points = columns(("value", "concentration"), [(x, a) for a, x in VALUES])
    yield case("log_prob", log_prob, points)
    inner = [(x, a) for a, x in VALUES if 0 < min(x) and sum(x) == 1]
    inner = columns(("value", "concentration"), inner)
    yield entries("grad_value", lambda x, a, k: (a[k] - 1) / x[k], inner)
    slope = lambda x, a, k: ln(x[k]) + digamma(sum(a)) - digamma(a[k])
    yield entries("grad_concentration", slope, inner)
    settings = columns(("concentration",), [(a,) for a in SETTINGS])
    yield case("entropy", entropy, settings)
    for name, formula in (("mean", mean), ("variance", variance), ("std_dev", std_dev)):
        yield entries(name, formula, settings)
    yield entries("mode", mode, settings)


def divergences():
    pairs = [
        ([1, 1, 1], [0.5, 2, 7]),
        ([0.5, 2, 7], [1, 1, 1]),
        ([2, 3, 4], [2.0001, 3, 4]),
        ([2, 3, 4], [2, 3, 4]),
        ([2, 3, 4], [2.0002, 3.0003, 4.0004]),
        ([1e4, 1e4, 2e4], [10001, 10001, 20002]),
        ([1e4, 1e4, 2e4], [10001, 9999, 2e4]),
        ([1e4, 30, 0.5], [10010, 30, 0.5]),
        ([1e4, 30, 0.5], [1e4, 30, 0.75]),
        ([1e4, 30, 0.5], [0.5, 0.5, 0.5]),
        ([0.5, 0.5, 0.5], [1e4, 30, 0.5]),
        ([1e-3, 1e-2], [1e-2, 1e-3]),
        ([1e6, 1e6, 1e6], [1, 1, 1]),
        ([1, 1, 1], [1e4, 1e4, 1e4]),
        ([0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1]),
        ([7.9, 7.9], [8.1, 8.1]),
    ]
    inputs = columns(("p_concentration", "q_concentration"), pairs)
    return case("kl_dirichlet_dirichlet", divergence, inputs)
