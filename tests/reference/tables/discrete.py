"""Bernoulli and Categorical, from logits and from probabilities.

Conventions: probabilities are normalised by their sum (so the partials of log_prob with respect to
`probs` include -1/sum); a mode that ties is the smallest index; quantile(p) is the smallest k of
positive probability with cdf(k) >= p. A Categorical's moments are those of its index; those of OneHotCategorical
are vectors (`one_hot_*`), and its log_prob is the Categorical's.
"""

from mpmath import exp, inf, ln, log1p, mpf, sqrt

from . import functions as fn
from .functions import log_sigmoid, sigmoid, softplus, xlogy
from .precision import case, columns, vector_case

# --- Bernoulli -------------------------------------------------------------------------------


class BernoulliLogits:
    name = "bernoulli_logits"
    parameter = "logits"
    settings = [
        0.0,
        1e-10,
        -1e-3,
        0.5,
        -0.5,
        1,
        -1,
        2.5,
        -2.5,
        8,
        -8,
        16,
        -17,
        40,
        -40,
        80,
        -80,
        1e3,
        -1e3,
        1e38,
        -1e38,
    ]
    interior = settings

    @staticmethod
    def log_probs(logits):
        return log_sigmoid(-logits), log_sigmoid(logits)

    @staticmethod
    def gradient(value, logits):
        return sigmoid(-logits) if value == 1 else -sigmoid(logits)


class BernoulliProbs:
    name = "bernoulli_probs"
    parameter = "probs"
    settings = [
        0.0,
        1.0,
        0.5,
        0.25,
        0.75,
        0.1,
        0.9,
        1e-3,
        0.999,
        1e-7,
        1 - 2**-24,
        1e-10,
        1e-30,
        1e-37,
        0.49999997,
        0.3,
    ]
    interior = settings[2:]

    @staticmethod
    def log_probs(probs):
        return log1p(-probs) if probs < 1 else -inf, fn.log(probs)

    @staticmethod
    def gradient(value, probs):
        return 1 / probs if value == 1 else -1 / (1 - probs)


def bernoulli(family):
    log_pair = lambda t: family.log_probs(t)
    pair = lambda t: tuple(exp(v) for v in log_pair(t))
    names = ("value", family.parameter)
    support = columns(names, [(k, t) for t in family.settings for k in (0, 1)])
    everywhere = columns(
        names,
        [(k, t) for t in family.settings[:8] for k in (-1, 0, 0.5, 1, 2)]
        + [(k, t) for t in family.settings[8:] for k in (0, 1)],
    )
    inner = columns(names, [(k, t) for t in family.interior for k in (0, 1)])
    moving = (family.parameter,)

    step = lambda k, below, at_zero, above: below if k < 0 else at_zero if k < 1 else above
    yield case("log_prob", lambda k, t: log_pair(t)[int(k)], support, moving=moving)
    yield case(f"grad_{family.parameter}", family.gradient, inner, moving=moving)
    yield case("cdf", lambda k, t: step(k, mpf(0), pair(t)[0], mpf(1)), everywhere, moving=moving)
    yield case(
        "survival", lambda k, t: step(k, mpf(1), pair(t)[1], mpf(0)), everywhere, moving=moving
    )
    yield case(
        "log_cdf", lambda k, t: step(k, -inf, log_pair(t)[0], mpf(0)), everywhere, moving=moving
    )
    yield case(
        "log_survival",
        lambda k, t: step(k, mpf(0), log_pair(t)[1], -inf),
        everywhere,
        moving=moving,
    )

    levels = [
        (p, t) for t in family.interior[:6] for p in (0.0, 1e-7, 0.2, 0.6, 0.95, 1 - 2**-24, 1.0)
    ]
    yield case(
        "quantile",
        lambda p, t: mpf(p > pair(t)[0]),
        columns(("p", family.parameter), levels),
        conditioned=False,
    )
    yield from bernoulli_summaries(family, pair, log_pair)


def bernoulli_summaries(family, pair, log_pair):
    settings = columns((family.parameter,), [(t,) for t in family.settings])
    yield case("mean", lambda t: pair(t)[1], settings)
    yield case("variance", lambda t: pair(t)[0] * pair(t)[1], settings)
    yield case("std_dev", lambda t: sqrt(pair(t)[0] * pair(t)[1]), settings)
    yield case("mode", lambda t: mpf(log_pair(t)[1] > log_pair(t)[0]), settings, conditioned=False)
    weighted = lambda log_p: mpf(0) if log_p == -inf else -exp(log_p) * log_p
    yield case("entropy", lambda t: sum(weighted(v) for v in log_pair(t)), settings)


# --- Categorical and OneHotCategorical -------------------------------------------------------


class CategoricalLogits:
    name = "categorical_logits"
    parameter = "logits"
    settings = [
        [0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 0.0],
        [1.0, -2.0, 0.5],
        [1000.0, 1000.0, 999.0],
        [-1000.0, -1000.0, -1001.5],
        [-1e4, -9999.0],
        [0.0, -50.0, -100.0, 3.0],
        [80.0, 0.0, -80.0],
        [1e-7, 0.0, -1e-7, 2e-7],
        [20.0, 0.0],
        [0.1 * k for k in range(12)],
        [5.0],
        [-3.25, 2.0, 7.5, -0.125, 1e-3, 6.0],
        [1e30, -1e30, 0.0],
    ]
    interior = settings

    @staticmethod
    def probs(logits):
        top = max(logits)
        weights = [exp(v - top) for v in logits]
        return [w / sum(weights) for w in weights]

    @staticmethod
    def log_probs(logits):
        top = max(logits)
        rest = sum(exp(v - top) for v in logits) - 1  # one term is exactly one
        return [v - top - log1p(rest) for v in logits]

    @classmethod
    def gradient(cls, value, logits):
        return [(j == int(value)) - p for j, p in enumerate(cls.probs(logits))]


class CategoricalProbs:
    name = "categorical_probs"
    parameter = "probs"
    settings = [
        [0.5, 0.5],
        [0.25, 0.125, 0.625],
        [0.2, 0.3, 0.5],
        [1.0, 2.0, 5.0],
        [0.0, 1.0],
        [1.0, 0.0, 0.0],
        [1e-30, 1.0, 1e-7],
        [0.9999999, 1e-7],
        [0.1] * 10,
        [1.0],
        [0.0, 0.25, 0.0, 0.75],
        [3e-38, 2e-38],
        [1e10, 3e10, 1e3],
        [0.01, 0.04, 0.15, 0.3, 0.5],
    ]
    interior = [s for s in settings if min(s) > 0]

    @staticmethod
    def probs(probs):
        return [p / sum(probs) for p in probs]

    @classmethod
    def log_probs(cls, probs):
        others = lambda k: sum(p for j, p in enumerate(probs) if j != k) / sum(probs)
        return [log1p(-others(k)) if p > 0 else -inf for k, p in enumerate(probs)]

    @staticmethod
    def gradient(value, probs):
        return [(1 / p if j == int(value) else 0) - 1 / sum(probs) for j, p in enumerate(probs)]


def categorical(family):
    names = ("value", family.parameter)
    moving = (family.parameter,)
    rows = lambda settings: [(k, s) for s in settings for k in range(len(s))]
    support = columns(names, rows(family.settings))
    log_probs, probs = family.log_probs, family.probs
    yield case("log_prob", lambda k, s: log_probs(s)[int(k)], support, moving=moving)
    yield vector_case(
        f"grad_{family.parameter}", family.gradient, columns(names, rows(family.interior))
    )

    upto = lambda k, s: sum(probs(s)[: int(k) + 1], mpf(0)) if int(k) + 1 < len(s) else mpf(1)
    above = lambda k, s: sum(probs(s)[int(k) + 1 :], mpf(0))
    log_upto = lambda k, s: log1p(-above(k, s)) if above(k, s) < 1 else -inf
    yield case("cdf", upto, support, moving=moving)
    yield case("survival", above, support, moving=moving)
    yield case(
        "log_cdf",
        lambda k, s: fn.log(upto(k, s)) if above(k, s) > mpf("1e-5") else log_upto(k, s),
        support,
        moving=moving,
    )
    yield case("log_survival", lambda k, s: fn.log(above(k, s)), support, moving=moving)

    levels = [
        (p, s)
        for s in family.settings
        if s != [5.0]
        for p in (0.0, 0.03, 0.23, 0.47, 0.77, 0.97, 1.0)
    ]
    yield case(
        "quantile",
        lambda p, s: quantile(p, probs(s)),
        columns(("p", family.parameter), levels),
        conditioned=False,
    )
    yield from categorical_summaries(family)


def quantile(p, probs):
    """The smallest index of positive probability whose cdf reaches p."""
    positive = [k for k, q in enumerate(probs) if q > 0]
    for k in positive:
        if sum(probs[k + 1 :], mpf(0)) <= 1 - p:
            return mpf(k)
    return mpf(positive[-1])


def categorical_summaries(family):
    settings = columns((family.parameter,), [(s,) for s in family.settings])
    moment = lambda s, n: sum(p * k**n for k, p in enumerate(family.probs(s)))
    spread = lambda s: sum(p * (k - moment(s, 1)) ** 2 for k, p in enumerate(family.probs(s)))
    yield case("mean", lambda s: moment(s, 1), settings)
    yield case("variance", spread, settings)
    yield case("std_dev", lambda s: sqrt(spread(s)), settings)
    yield case("mode", lambda s: mpf(s.index(max(s))), settings, conditioned=False)
    weighted = lambda v: mpf(0) if v == -inf else -exp(v) * v
    yield case("entropy", lambda s: sum(weighted(v) for v in family.log_probs(s)), settings)
    yield vector_case("one_hot_mean", family.probs, settings)
    yield vector_case(
        "one_hot_variance", lambda s: [p * (1 - p) for p in family.probs(s)], settings
    )
    yield vector_case(
        "one_hot_std_dev", lambda s: [sqrt(p * (1 - p)) for p in family.probs(s)], settings
    )
