"""Checks by routes that share no formula with the tables: quadrature and derivatives by hand."""

import random

from mpmath import exp, inf, isfinite, ln, mp, mpf, quad, sqrt

from . import bijectors, divergence
from . import functions as fn
from .comparison import close, find, rows

QUADRATURE_DIGITS = 30


# --- gradients of log_prob, by hand -------------------------------------------------------------

SCORES = {
    ("normal", "grad_value"): lambda x, m, s: -(x - m) / s**2,
    ("normal", "grad_loc"): lambda x, m, s: (x - m) / s**2,
    ("normal", "grad_scale"): lambda x, m, s: ((x - m) ** 2 / s**2 - 1) / s,
    ("cauchy", "grad_value"): lambda x, m, s: -2 * (x - m) / (s**2 + (x - m) ** 2),
    ("cauchy", "grad_scale"): lambda x, m, s: 1 / s - 2 * s / (s**2 + (x - m) ** 2),
    ("laplace", "grad_loc"): lambda x, m, s: mp.sign(x - m) / s,
    ("laplace", "grad_scale"): lambda x, m, s: abs(x - m) / s**2 - 1 / s,
    ("logistic", "grad_value"): lambda x, m, s: -mp.tanh((x - m) / (2 * s)) / s,
    ("uniform", "grad_high"): lambda x, a, b: -1 / (b - a) if a < x < b else mpf(0),
    ("log_uniform", "grad_value"): lambda x, a, b: -1 / x if a < x < b else mpf(0),
    ("log_uniform", "grad_high"): lambda x, a, b: -1 / (b * ln(b / a)) if a < x < b else mpf(0),
    ("exponential", "grad_rate"): lambda x, r: 1 / r - x if x > 0 else mpf(0),
    ("half_normal", "grad_scale"): lambda x, s: (x * x / s**2 - 1) / s if x > 0 else mpf(0),
    ("log_normal", "grad_value"): lambda x, m, s: (
        -(1 + (ln(x) - m) / s**2) / x if x > 0 else mpf(0)
    ),
    ("gamma", "grad_value"): lambda x, a, r: (a - 1) / x - r if x > 0 else mpf(0),
    ("gamma", "grad_concentration"): lambda x, a, r: (
        ln(r) + ln(x) - mp.psi(0, a) if x > 0 else mpf(0)
    ),
    ("gamma", "grad_rate"): lambda x, a, r: a / r - x if x > 0 else mpf(0),
}


def gradients(tables):
    count = 0
    for (family, function), score in SCORES.items():
        for row, expected in rows(find(tables, family, function)):
            with mp.workdps(300):
                value = score(*[mpf(v) for v in row])
            close(value, expected, mpf(10) ** -48, (family, function, row))
            count += 1
    return count


# --- the implicit reparameterisation gradient ---------------------------------------------------


def implicit_gradient(tables):
    """Against a numerical derivative of the regularised incomplete gamma function."""
    count = 0
    for (a, z), expected in rows(find(tables, "gamma", "implicit_gradient")):
        if a > 400:
            continue
        with mp.workdps(80):
            a, z = mpf(a), mpf(z)
            step = a * mpf(10) ** -20
            slope = (fn.gammainc(a + step, z) - fn.gammainc(a - step, z)) / (2 * step)
            close(
                -slope / exp(fn.log_gamma_prefactor(a, z)),
                expected,
                mpf(10) ** -30,
                ("implicit_gradient", a, z),
            )
        count += 1
    return count


POWERS = {
    "half_cauchy": range(-120, 121, 10),
    "pareto": (0, 0.5, 1, 2, 4, 8, 16, 32, 64, 100),
    "weibull": (-100, -70, -50, -30, -20, -12, -7, -4, -2, -1, 0, 1, 2, 3, 4, 4.75, 5.5),
}
# The reciprocal of a Weibull variate.
POWERS["frechet"] = tuple(-w for w in reversed(POWERS["weibull"]))


# Positive laws in ln x, where each is as wide as its shape alone makes it.
LOGARITHMIC = (*divergence.POSITIVE, "chi2", "inverse_gamma", "rayleigh")


# In the variable w of each family: x, and the weight dx/dw. Positive laws are integrated in ln x.
def integration_plan(p_name, parameters):
    family = divergence.BY_NAME[p_name]
    if p_name == "uniform":
        low, high = parameters
        return (lambda w: w), (lambda w: mpf(1)), [low, (low + high) / 2, high]
    if p_name == "log_uniform":
        low, high = [ln(end) for end in parameters]
        return exp, exp, [low, (low + high) / 2, high]
    if p_name in LOGARITHMIC:
        return exp, exp, log_breaks(p_name, parameters)
    if p_name in POWERS:
        # x = scale e^(w/power), and the law of w is the same whatever the parameters.
        scale, power = (*parameters, mpf(1))[:2]
        place = lambda w: scale * exp(w / power)
        return place, (lambda w: place(w) / power), [mpf(v) for v in POWERS[p_name]]
    if p_name == "truncated_normal":
        loc, scale, low, high = parameters
        # As far as the density reaches, and finer towards both ends, beside which a tail lies.
        low, high = max(low, min(loc, high) - 40 * scale), min(high, max(loc, low) + 40 * scale)
        steps = [(high - low) / mpf(2) ** k for k in range(1, 16)]
        breaks = [low, high, *(low + step for step in steps), *(high - step for step in steps)]
        return (lambda w: w), (lambda w: mpf(1)), sorted(set(breaks))
    if p_name == "von_mises":
        loc, kappa = parameters
        width = min(mp.pi, 1 / sqrt(kappa) if kappa > 0 else mp.pi)
        inner = [loc + width * k for k in range(-12, 13) if abs(width * k) < mp.pi]
        return (lambda w: w), (lambda w: mpf(1)), [loc - mp.pi, *inner, loc + mp.pi]
    if p_name == "beta":  # in the logit
        a, b = parameters
        middle, width = ln(a / b), sqrt(1 / a + 1 / b)
        # The density falls as exp(-b (w - 1 + exp(-w))).
        left, right = 2 * width + 1 + 90 / a, 2 * width + 1 + 90 / b
        place = lambda w: 1 / (1 + exp(-w))
        breaks = [middle - left * mpf(k) / 12 for k in range(12, 0, -1)]
        breaks += [middle + right * mpf(k) / 12 for k in range(13)]
        breaks += [middle + width * k for k in range(-16, 17)]
        return place, (lambda w: place(w) * place(-w)), sorted(set(breaks))
    loc, scale = parameters
    if p_name == "gumbel":
        breaks = (-6, -4, -3, -2, -1, 0, 1, 2, 4, 8, 16, 32, 64, 100)
        return (lambda w: loc + scale * w), (lambda w: scale), [mpf(v) for v in breaks]
    reach = {"normal": 30, "laplace": 90, "logistic": 90, "cauchy": None}[p_name]
    if reach is None:  # x = loc + scale sinh(w): the algebraic tails become exponential
        return (
            (lambda w: loc + scale * mp.sinh(w)),
            (lambda w: scale * mp.cosh(w)),
            [mpf(v) for v in range(-120, 121, 10)],
        )
    return (
        (lambda w: loc + scale * w),
        (lambda w: scale),
        [reach * mpf(k) / 12 for k in range(-12, 13)],
    )


def log_breaks(p_name, parameters):
    if p_name == "log_normal":
        loc, scale = parameters
        return [loc + 2 * scale * k for k in range(-15, 16 + int(scale))]
    if p_name == "chi2":
        return log_breaks("gamma", [parameters[0] / 2, mpf(1) / 2])
    if p_name == "inverse_gamma":
        return [-w for w in reversed(log_breaks("gamma", parameters))]
    if p_name == "gamma":
        a, rate = parameters
        mode = ln(a / rate)
        if a > 30:
            return [mode + k * mpf(2) / sqrt(a) for k in range(-10, 9)]
        low = mode - min(100 / a, 110000) - 5
        return [low + (mode - low) * mpf(k) / 20 for k in range(21)] + [
            mode + ln(1 + mpf(v)) for v in (0.5, 1.5, 4, 10, 30, 130 + 100 / a)
        ]
    square = p_name in ("half_normal", "rayleigh")
    scale = parameters[0] if square else 1 / parameters[0]
    right = 15 if square else 95
    return [ln(scale) - v for v in (100, 70, 50, 30, 20, 12, 7, 4, 2, 1, 0)] + [
        ln(scale * v) for v in (2, 4, 8, mpf(right))
    ]


def landmarks(p_name, own, q_name, others):
    """Where Q has its kink or its peak, in P's variable w: quadrature must break there."""
    if q_name not in ("normal", "laplace", "cauchy"):
        return []
    places = [others[0] + k * others[1] for k in (-8, -2, 0, 2, 8)]
    if p_name in LOGARITHMIC:
        return [ln(x) for x in places if x > 0]
    if p_name in ("uniform", "truncated_normal"):
        return places
    centred = [(x - own[0]) / own[1] for x in places]
    return [mp.asinh(z) for z in centred] if p_name == "cauchy" else centred


def divergences(tables):
    """p ln(p/q) by tanh-sinh quadrature to 30 digits: ordinary and near-equal rows of each pair."""
    count = 0
    for p_name, q_name in divergence.FINITE:
        # One generator a pair: a new one does not change the rows of the others.
        chooser = random.Random(f"{p_name} {q_name}")
        finite = [
            (r, e)
            for r, e in rows(find(tables, "kl", f"kl_{p_name}_{q_name}"))
            if isfinite(mpf(e)) and usable(p_name, r)
        ]
        near = len(divergence.NEAR.get((p_name, q_name), []))
        chosen = (
            chooser.sample(finite[: len(finite) - near] or finite, k=min(3, len(finite)))
            + finite[len(finite) - near :]
        )
        for row, expected in chosen:
            close(
                integral(p_name, q_name, row),
                expected,
                mpf(10) ** -QUADRATURE_DIGITS,
                (p_name, q_name, row),
                mpf(10) ** -34,
            )
            count += 1
    return count


def usable(p_name, row):
    return p_name not in ("gamma", "inverse_gamma", "chi2", "beta") or min(row[:2]) >= 0.1


def integral(p_name, q_name, row):
    p_family, q_family = divergence.BY_NAME[p_name], divergence.BY_NAME[q_name]
    split = len(p_family.parameters)
    # A logit needs digits to tell x from 1.
    with mp.workdps(130 if p_name == "beta" else 50):
        own, others = [mpf(v) for v in row[:split]], [mpf(v) for v in row[split:]]
        place, weight, breaks = integration_plan(p_name, own)
        extra = landmarks(p_name, own, q_name, others)
        breaks = sorted(set(breaks) | {k for k in extra if breaks[0] < k < breaks[-1]})

        def integrand(w):
            x = place(w)
            density = p_family.inside(x, *own)
            if density == -inf:
                return mpf(0)
            return exp(density) * weight(w) * (density - q_family.inside(x, *others))

        return quad(integrand, breaks)


# --- transformed laws ---------------------------------------------------------------------------


def transformed_laws(tables):
    """Known laws, and Normal bases by mpmath's own quadrature."""
    # The sigmoid of a standard Logistic is Uniform(0, 1); its softplus is Exponential(1).
    known = {"sigmoid": (mpf(0), mpf(1) / 2, mpf(1) / 12), "softplus": (mpf(1), mpf(1), mpf(1))}
    count = 0
    for bijector, values in known.items():
        for function, value in zip(("entropy", "mean", "variance"), values):
            entry = find(tables, "transformed", f"{bijector}_logistic.{function}")
            expected = next(e for row, e in rows(entry) if row == (0.0, 1.0))
            close(value, expected, mpf(10) ** -45, (bijector, function), mpf(10) ** -45)
            count += 1
    return count + sum(
        normal_through(tables, b) for b in (bijectors.Tanh, bijectors.Sigmoid, bijectors.Softplus)
    )


def normal_through(tables, bijector):
    entries = [
        find(tables, "transformed", f"{bijector.name}_normal.{f}")
        for f in ("entropy", "mean", "variance")
    ]
    count = 0
    for position, (loc, scale) in enumerate(zip(*entries[0]["inputs"].values(), strict=True)):
        if scale not in (0.5, 2.0):
            continue
        with mp.workdps(40):
            entropy, mean, variance = normal_integrals(bijector, mpf(loc), mpf(scale))
        for entry, value in zip(entries, (entropy, mean, variance)):
            close(
                value,
                entry["expected"][position],
                mpf(10) ** -28,
                (bijector.name, loc, scale),
                mpf(10) ** -32,
            )
            count += 1
    return count


def normal_integrals(bijector, loc, scale):
    nodes = [mpf(k) for k in range(-14, 15, 2)]
    expectation = lambda g: quad(
        lambda t: g(loc + scale * t) * exp(-t * t / 2) / sqrt(2 * mp.pi), nodes
    )
    mean = expectation(bijector.forward)
    variance = expectation(lambda x: (bijector.forward(x) - mean) ** 2)
    entropy = ln(2 * mp.pi * mp.e * scale**2) / 2 + expectation(bijector.log_det)
    return entropy, mean, variance


# --- multivariate Normals -----------------------------------------------------------------------


def by_conditionals(covariance, deviation):
    """The logarithm of the density, one element given those before it."""
    covariance, deviation = [list(row) for row in covariance], list(deviation)
    total = mpf(0)
    while deviation:
        variance, first = covariance[0][0], deviation[0]
        total -= (first**2 / variance + ln(2 * mp.pi * variance)) / 2
        slopes = [row[0] / variance for row in covariance[1:]]
        deviation = [d - slope * first for d, slope in zip(deviation[1:], slopes)]
        covariance = [
            [element - slope * above for element, above in zip(row[1:], covariance[0][1:])]
            for row, slope in zip(covariance[1:], slopes)
        ]
    return total


def symmetric(elements, size):
    at = lambda i, j: (elements[i * size + j] + elements[j * size + i]) / 2
    return [[at(i, j) for j in range(size)] for i in range(size)]


def multivariate(tables):
    """Densities by conditionals, and their gradients in a covariance by differences of those."""
    count = 0
    for row, expected in rows(find(tables, "multivariate_normal", "log_prob_covariance")):
        with mp.workdps(300):
            value, loc, elements = [[mpf(x) for x in column] for column in row]
            deviation = [a - b for a, b in zip(value, loc)]
            found = by_conditionals(symmetric(elements, len(loc)), deviation)
        close(found, expected, mpf(10) ** -48, ("multivariate_normal", row))
        count += 1
    for row, expected in rows(find(tables, "multivariate_normal", "grad_matrix_covariance")):
        with mp.workdps(300):
            value, loc, elements = [[mpf(x) for x in column] for column in row]
            deviation = [a - b for a, b in zip(value, loc)]
            step = mpf(10) ** -100
            for place, slope in enumerate(expected):
                ends = []
                for move in (step, -step):
                    moved = list(elements)
                    moved[place] += move
                    ends.append(by_conditionals(symmetric(moved, len(loc)), deviation))
                found = (ends[0] - ends[1]) / (2 * step)
                close(found, slope, mpf(10) ** -48, ("grad_matrix_covariance", row, place))
                count += 1
    for row, expected in rows(find(tables, "low_rank_multivariate_normal", "log_prob")):
        with mp.workdps(300):
            value, loc, factor, diagonal = [[mpf(x) for x in column] for column in row]
            size, rank = len(loc), len(factor) // len(loc)
            product = lambda i, j: sum(factor[i * rank + k] * factor[j * rank + k] for k in range(rank))
            covariance = [
                [product(i, j) + (diagonal[i] if i == j else 0) for j in range(size)]
                for i in range(size)
            ]
            deviation = [a - b for a, b in zip(value, loc)]
            found = by_conditionals(covariance, deviation)
        close(found, expected, mpf(10) ** -48, ("low_rank_multivariate_normal", row))
        count += 1
    return count
