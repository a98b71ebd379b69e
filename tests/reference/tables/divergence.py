"""KL(P || Q) in closed form for every ordered pair that has one, each checked against quadrature.

A pair is written once, as the expectation under P of what -ln q needs (E x, E ln x, E|x - m|, ...);
the entropy of P is that of `families`. Where P puts mass outside Q's support the value is inf.
`python generate.py --check` integrates p ln(p/q) for every row and compares 30 digits.
"""

from mpmath import (
    atan,
    cos,
    erf,
    euler,
    exp,
    expm1,
    gamma,
    inf,
    ln,
    log1p,
    mp,
    mpf,
    nan,
    pi,
    psi,
    sqrt,
)

from . import counts, discrete, simplex
from . import functions as fn
from .circular import bessel_ratio, log_i0
from .families import BY_NAME, FAMILIES
from .functions import digamma, lgamma, ndtr, trigamma, xlogy
from .precision import case, columns, derivative

# --- expectations under each family P ---------------------------------------------------------
# `absolute(m)` is E|x - m|; `log_second(m)` is E (ln x - m)^2.


class NormalMoments:
    def __init__(self, loc, scale):
        self.loc, self.scale = loc, scale
        self.mean, self.variance = loc, scale**2

    def absolute(self, m):
        d = self.loc - m
        return self.scale * sqrt(2 / pi) * exp(-((d / self.scale) ** 2) / 2) + d * erf(
            d / (self.scale * sqrt(mpf(2)))
        )

    def exponential(self, loc, scale):
        return exp((loc - self.loc) / scale + (self.scale / scale) ** 2 / 2)


class LogNormalMoments:
    def __init__(self, loc, scale):
        self.mean = exp(loc + scale**2 / 2)
        self.variance = expm1(scale**2) * self.mean**2
        self.log_mean, self.log_variance = loc, scale**2
        self.loc, self.scale = loc, scale

    def absolute(self, m):
        if m <= 0:
            return self.mean - m
        k = (ln(m) - self.loc) / self.scale
        return m * (2 * ndtr(k) - 1) + self.mean * (1 - 2 * ndtr(k - self.scale))

    def power(self, scale, k):
        return exp(k * (self.loc - ln(scale)) + (k * self.scale) ** 2 / 2)


class HalfNormalMoments:
    def __init__(self, scale):
        self.mean, self.variance = scale * sqrt(2 / pi), scale**2 * (1 - 2 / pi)
        self.log_mean, self.log_variance = ln(scale) - (euler + ln(mpf(2))) / 2, pi**2 / 8
        self.scale = scale

    def absolute(self, m):
        if m <= 0:
            return self.mean - m
        z = m / self.scale
        return self.mean * (2 * exp(-z * z / 2) - 1) + m * (2 * erf(z / sqrt(mpf(2))) - 1)


class GammaMoments:
    def __init__(self, a, rate):
        self.mean, self.variance = a / rate, a / rate**2
        self.log_mean, self.log_variance = digamma(a) - ln(rate), trigamma(a)
        self.a, self.rate = a, rate

    def absolute(self, m):
        if m <= 0:
            return self.mean - m
        below, weighted = fn.gammainc(self.a, self.rate * m), fn.gammainc(self.a + 1, self.rate * m)
        return m * (2 * below - 1) + self.mean * (1 - 2 * weighted)


class Chi2Moments(GammaMoments):
    def __init__(self, df):
        super().__init__(df / 2, mpf(1) / 2)


class ExponentialMoments(GammaMoments):
    def __init__(self, rate):
        super().__init__(mpf(1), rate)
        self.log_mean, self.log_variance = -euler - ln(rate), pi**2 / 6

    def absolute(self, m):
        if m <= 0:
            return self.mean - m
        return m + self.mean * (2 * exp(-self.rate * m) - 1)

    def power(self, scale, k):
        return (self.mean / scale) ** k * gamma(1 + k)


class UniformMoments:
    def __init__(self, low, high):
        self.low, self.high = low, high
        self.mean, self.variance = (low + high) / 2, (high - low) ** 2 / 12
        if low >= 0:
            width = high - low
            self.log_mean = (xlogy(high, high) - xlogy(low, low)) / width - 1
            square = lambda x: x * ln(x) ** 2 if x > 0 else mpf(0)
            self.log_variance = (
                (square(high) - square(low)) / width - 2 * self.log_mean - self.log_mean**2
            )

    def absolute(self, m):
        signed_square = lambda x: x * abs(x)
        return (signed_square(self.high - m) - signed_square(self.low - m)) / (
            2 * (self.high - self.low)
        )

    def log_one_plus_square(self, loc, scale):
        z = lambda x: (x - loc) / scale
        integral = lambda t: t * log1p(t * t) - 2 * t + 2 * atan(t)
        return (integral(z(self.high)) - integral(z(self.low))) * scale / (self.high - self.low)


class LaplaceMoments:
    def __init__(self, loc, scale):
        self.mean, self.variance, self.loc, self.scale = loc, 2 * scale**2, loc, scale

    def absolute(self, m):
        d = abs(self.loc - m)
        return d + self.scale * exp(-d / self.scale)


class LogisticMoments:
    def __init__(self, loc, scale):
        self.mean, self.variance, self.loc, self.scale = loc, (pi * scale) ** 2 / 3, loc, scale

    def absolute(self, m):
        d = abs(self.loc - m)
        return d + 2 * self.scale * log1p(exp(-d / self.scale))


class GumbelMoments:
    def __init__(self, loc, scale):
        self.mean, self.variance = loc + euler * scale, (pi * scale) ** 2 / 6
        self.loc, self.scale = loc, scale

    def exponential(self, loc, scale):
        """E e^-(x - loc)/scale."""
        return exp((loc - self.loc) / scale) * gamma(1 + self.scale / scale)


class WeibullMoments:
    def __init__(self, scale, k):
        self.mean = scale * gamma(1 + 1 / k)
        self.log_mean, self.log_variance = ln(scale) - euler / k, (pi / k) ** 2 / 6
        self.scale, self.k = scale, k

    def power(self, scale, k):
        """E (x / scale)^k."""
        return (self.scale / scale) ** k * gamma(1 + k / self.k)


class TruncatedNormalMoments:
    def __init__(self, *parameters):
        family = BY_NAME["truncated_normal"]
        self.mean, self.variance = family.mean(*parameters), family.variance(*parameters)
        self.low, self.high = parameters[2:]


class HalfCauchyMoments:
    def __init__(self, scale):
        self.log_mean, self.log_variance = ln(scale), pi**2 / 4


class ParetoMoments:
    def __init__(self, scale, alpha):
        self.log_mean, self.log_variance = ln(scale) + 1 / alpha, alpha**-2
        self.scale = scale


MOMENTS = {
    "gumbel": GumbelMoments,
    "weibull": WeibullMoments,
    "half_cauchy": HalfCauchyMoments,
    "pareto": ParetoMoments,
    "truncated_normal": TruncatedNormalMoments,
    "normal": NormalMoments,
    "log_normal": LogNormalMoments,
    "half_normal": HalfNormalMoments,
    "gamma": GammaMoments,
    "chi2": Chi2Moments,
    "exponential": ExponentialMoments,
    "uniform": UniformMoments,
    "laplace": LaplaceMoments,
    "logistic": LogisticMoments,
}


# --- the cross entropy E_P[-ln q] for each family Q -------------------------------------------


def to_normal(p, loc, scale):
    return ln(scale) + ln(2 * pi) / 2 + (p.variance + (p.mean - loc) ** 2) / (2 * scale**2)


def to_truncated_normal(p, loc, scale, low, high):
    if p.low < low or p.high > high:
        return inf
    return to_normal(p, loc, scale) + ln(BY_NAME["truncated_normal"].whole(loc, scale, low, high))


def to_half_normal(p, scale):
    return ln(scale) - ln(2 / pi) / 2 + (p.variance + p.mean**2) / (2 * scale**2)


def to_log_normal(p, loc, scale):
    return (
        p.log_mean
        + ln(scale)
        + ln(2 * pi) / 2
        + (p.log_variance + (p.log_mean - loc) ** 2) / (2 * scale**2)
    )


def to_exponential(p, rate):
    return -ln(rate) + rate * p.mean


def to_gamma(p, a, rate):
    return lgamma(a) - a * ln(rate) - (a - 1) * p.log_mean + rate * p.mean


def to_chi2(p, df):
    return to_gamma(p, df / 2, mpf(1) / 2)


def to_laplace(p, loc, scale):
    return ln(2 * scale) + p.absolute(loc) / scale


def to_cauchy(p, loc, scale):
    return ln(pi * scale) + p.log_one_plus_square(loc, scale)


def to_gumbel(p, loc, scale):
    return ln(scale) + (p.mean - loc) / scale + p.exponential(loc, scale)


def to_weibull(p, scale, k):
    return ln(scale / k) - (k - 1) * (p.log_mean - ln(scale)) + p.power(scale, k)


def to_pareto(p, scale, alpha):
    return p.log_mean - ln(alpha) + alpha * (p.log_mean - ln(scale)) if p.scale >= scale else inf


CROSS = {
    "truncated_normal": to_truncated_normal,
    "gumbel": to_gumbel,
    "weibull": to_weibull,
    "pareto": to_pareto,
    "normal": to_normal,
    "half_normal": to_half_normal,
    "log_normal": to_log_normal,
    "exponential": to_exponential,
    "gamma": to_gamma,
    "chi2": to_chi2,
    "laplace": to_laplace,
    "cauchy": to_cauchy,
}
POSITIVE = ("half_normal", "log_normal", "exponential", "gamma")
HALF_LINES = POSITIVE + ("weibull", "half_cauchy", "pareto")


def closed_form(p_name, q_name):
    """KL as a function of P's parameters followed by Q's."""
    if p_name == q_name == "inverse_gamma":
        return closed_form("gamma", "gamma")  # taking reciprocals of both changes nothing
    if p_name == q_name == "frechet":
        pair = closed_form("weibull", "weibull")  # neither here
        return lambda scale, k, other, m: pair(1 / scale, k, 1 / other, m)
    p_family, count = BY_NAME[p_name], len(BY_NAME[p_name].parameters)

    def kl(*parameters):
        own, others = parameters[:count], parameters[count:]
        if p_name == q_name == "truncated_normal" and own == others:
            return mpf(0)  # else the rounding of two normalisers, at some digits 0 and at others not
        if p_name == "truncated_normal" and q_name == "uniform":
            covered = others[0] <= own[2] and own[3] <= others[1]
            return ln(others[1] - others[0]) - p_family.entropy(*own) if covered else inf
        if q_name == "uniform":
            return uniform_pair(*own, *others) if p_name == "uniform" else inf
        if p_name == "log_uniform":
            return uniform_pair(*[ln(end) for end in parameters])
        if q_name in HALF_LINES and (
            p_name not in (*HALF_LINES, "chi2") and not (p_name == "uniform" and own[0] >= 0)
        ):
            return inf
        if p_name == "beta":
            return beta_pair(*own, *others)
        if p_name == "von_mises":
            return von_mises_pair(*own, *others)
        if p_name == "rayleigh":
            return rayleigh_pair(*own, *others)
        if p_name == "cauchy":
            return cauchy_pair(*own, *others) if q_name == "cauchy" else inf
        if p_name == "half_cauchy" and q_name != "log_normal":
            return half_cauchy_pair(*own, *others) if q_name == "half_cauchy" else inf
        return CROSS[q_name](MOMENTS[p_name](*own), *others) - p_family.entropy(*own)

    return kl


def uniform_pair(low1, high1, low2, high2):
    return ln((high2 - low2) / (high1 - low1)) if low2 <= low1 and high1 <= high2 else inf


def cauchy_pair(loc1, scale1, loc2, scale2):
    return ln(((scale1 + scale2) ** 2 + (loc1 - loc2) ** 2) / (4 * scale1 * scale2))


def rayleigh_pair(scale1, scale2):
    ratio = (scale1 / scale2) ** 2
    return ratio - 1 - ln(ratio)


def half_cauchy_pair(scale1, scale2):
    return ln((scale1 + scale2) ** 2 / (4 * scale1 * scale2))


def beta_pair(a1, b1, a2, b2):
    gap = lambda x, y: lgamma(y) - lgamma(x) - (y - x) * digamma(x)
    return gap(a1, a2) + gap(b1, b2) - gap(a1 + b1, a2 + b2)


def von_mises_pair(loc1, kappa1, loc2, kappa2):
    turned = kappa1 - kappa2 * cos(loc1 - loc2)
    return log_i0(kappa2) - log_i0(kappa1) + bessel_ratio(kappa1) * turned


# --- the parameters ---------------------------------------------------------------------------

LOCATED = [(0, 1), (1.5, 0.25), (-3, 7), (40, 0.5)]
SHAPED = [(0.1, 2), (0.5, 0.25), (3, 1.5), (100, 10), (1e4, 1)]
ORDINARY = {
    "normal": LOCATED,
    "laplace": LOCATED,
    "cauchy": LOCATED,
    "logistic": LOCATED,
    "log_normal": [(0, 1), (1.5, 0.25), (-2, 2), (0.5, 1e-2)],
    "half_normal": [(1,), (0.25,), (30,)],
    "truncated_normal": [(0, 1, -1, 2), (1.5, 0.25, 1, inf), (-3, 7, -inf, inf), (2, 3, -5, 7)],
    "exponential": [(1,), (0.25,), (30,)],
    "uniform": [(0, 1), (0.5, 4), (20, 21), (-3, 5)],
    "log_uniform": [(1, 2), (0.5, 4), (20, 21), (1e-3, 50)],
    "gamma": SHAPED,
    "gumbel": [(0, 1), (1.5, 0.5), (-3, 7), (40, 2)],
    "half_cauchy": [(1,), (0.25,), (30,)],
    "rayleigh": [(1,), (0.25,), (30,)],
    "pareto": [(1, 1), (0.25, 0.5), (3, 2.5), (10, 12)],
    "weibull": [(1, 1), (0.25, 0.5), (2, 1.5), (30, 12)],
    "frechet": [(1, 1), (0.25, 0.5), (2, 1.5), (30, 12)],
    "chi2": [(0.2,), (1,), (6,), (2e4,)],
    "inverse_gamma": SHAPED,
    "von_mises": [(0, 1), (1.5, 0.25), (-3, 7), (3, 40)],
    "beta": [(2, 3), (0.5, 0.5), (0.1, 20), (1e4, 30), (1e4, 2e4)],
}
# Pairs that nearly agree, where the textbook form cancels.
NEAR = {
    ("normal", "normal"): [
        (0, 1, 0, 1.0001),
        (0, 1, 1e-4, 1),
        (0, 1, 0, 1),
        (100, 3, 100.001, 3.0001),
        (0, 1e-20, 1e-20, 2e-20),
        (0, 1, 1e3, 1),
        (0, 1, 0, 1e10),
        (0, 100, 0, 1e-3),
        (0, 1, 0, 1.0000001),
    ],
    ("log_normal", "log_normal"): [
        (0, 1, 0, 1.0001),
        (2, 0.5, 2.0001, 0.5),
        (0, 1, 0, 1),
        (0, 1, 50, 1e-2),
    ],
    ("half_normal", "half_normal"): [(1, 1.0001), (1, 1), (3, 3.000001), (1, 1e10), (1e10, 1)],
    ("rayleigh", "rayleigh"): [(1, 1.0001), (1, 1), (3, 3.000001), (1, 1e10), (1e10, 1)],
    ("exponential", "exponential"): [
        (1, 1.0001),
        (1, 1),
        (3, 3.000001),
        (1, 1e10),
        (1e10, 1),
        (1e-20, 2e-20),
    ],
    ("half_normal", "gamma"): [
        (1.8552119, 1.3639357, 0.9215039),
        (0.59574437, 1.3639524, 2.8694534),
        (0.014423777, 1.37, 118.51686),
    ],
    ("normal", "laplace"): [(0, 1, 0, 0.798), (0, 3, 0, 2.3937), (0, 1, 0.01, 0.8)],
    ("logistic", "laplace"): [(0, 1, 0, 1.3863), (0, 1, 0, 1.38), (0, 1, 0.01, 1.4)],
    ("laplace", "laplace"): [
        (0, 1, 0, 1.0001),
        (0, 1, 1e-4, 1),
        (0, 1, 0, 1),
        (0, 1, 1e3, 1),
        (5, 2, 5.0001, 2.0001),
    ],
    ("cauchy", "cauchy"): [
        (0, 1, 0, 1.0001),
        (0, 1, 1e-4, 1),
        (0, 1, 0, 1),
        (0, 1, 1e10, 1),
        (0, 1e-10, 0, 1e10),
    ],
    ("gamma", "gamma"): [
        (1e4, 1, 10001, 1),
        (1e4, 1, 1e4, 1.0001),
        (1e4, 1, 10001, 1.0001),
        (2, 3, 2.0001, 3),
        (2, 3, 2, 3.0001),
        (0.1, 1, 0.1001, 1),
        (3, 2, 3, 2),
        (1e-2, 1, 1e-3, 1),
        (1e6, 1e3, 1.001e6, 1e3),
        (1, 1, 1e4, 1),
        (5, 1, 5.0005, 1.0001),
        (1e6, 1, 1e6 + 1, 1),
        (1e-3, 1, 1.001e-3, 1),
    ],
    ("gumbel", "gumbel"): [
        (0, 1, 0, 1.0001),
        (0, 1, 1e-4, 1),
        (0, 1, 0, 1),
        (100, 3, 100.001, 3.0001),
        (0, 1e-20, 1e-20, 2e-20),
        (0, 1, 0, 1e10),
        (0, 1, 0, 1.0000001),
        (5, 1, 2, 1e-2),
    ],
    ("weibull", "weibull"): [
        (1, 1, 1, 1.0001),
        (2, 3, 2.0001, 3),
        (2, 3, 2.0001, 3.0001),
        (1, 1, 1, 1),
        (1e-20, 0.5, 2e-20, 0.5),
        (1, 100, 1, 101),
        (1, 0.5, 1, 30),
        (1, 30, 1, 0.01),
        (3, 1.0000001, 3, 1),
    ],
    ("frechet", "frechet"): [
        (1, 1, 1, 1.0001),
        (2, 3, 2.0001, 3),
        (2, 3, 2.0001, 3.0001),
        (1, 1, 1, 1),
        (1e-20, 0.5, 2e-20, 0.5),
        (1, 100, 1, 101),
        (1, 0.5, 1, 30),
        (1, 30, 1, 0.01),
        (3, 1.0000001, 3, 1),
    ],
    ("pareto", "pareto"): [
        (1, 1, 1, 1.0001),
        (1.0001, 3, 1, 3),
        (2, 3, 2, 3.0001),
        (1, 1, 1, 1),
        (0.9, 1, 1, 1),
        (1e20, 1e-3, 1e-20, 2),
    ],
    ("half_cauchy", "half_cauchy"): [(1, 1.0001), (1, 1), (3, 3.000001), (1e-10, 1e10)],
    ("exponential", "weibull"): [(1, 1, 1.0001), (2, 0.5001, 1), (3, 2, 0.9)],
    ("weibull", "exponential"): [(1, 1.0001, 1), (2, 1, 0.5001), (1, 0.9, 1)],
    ("weibull", "gamma"): [
        (1, 1, 1, 1.0001),
        (1, 1.0001, 1, 1),
        (1, 1, 1.0001, 1),
        (1, 1.2, 1.3, 1.4),
        (0.5, 0.8, 0.7, 1.1),
        (1, 30, 600, 610),
        (1, 0.1, 0.05, 1e-3),
    ],
    ("gumbel", "normal"): [(0, 1, 0.5772, 1.2825), (0, 1e-10, 0, 1e10)],
    ("normal", "gumbel"): [(0, 1, -0.5, 1), (100, 2, 99, 2.0001), (0, 1, 0, 0.05)],
    ("chi2", "chi2"): [(2e4, 20001), (3, 3.0001), (7, 7), (2e-3, 2.002e-3), (2e6, 2e6 + 1)],
    ("chi2", "gamma"): [(2e4, 1e4, 0.5), (2e4, 1e4, 0.50005), (3, 1.5, 0.5), (3, 1.5001, 0.5)],
    ("gamma", "chi2"): [(1e4, 0.5, 2e4), (1e4, 0.50005, 2e4), (1.5, 0.5, 3), (1.5001, 0.5, 3)],
    ("inverse_gamma", "inverse_gamma"): [
        (1e4, 1, 10001, 1),
        (1e4, 1, 1e4, 1.0001),
        (2, 3, 2.0001, 3),
        (3, 2, 3, 2),
    ],
    ("von_mises", "von_mises"): [
        (0, 1, 0, 1.0001),
        (0, 1, 1e-4, 1),
        (0, 1, 0, 1),
        (1, 1e4, 1, 10001),
        (1, 1e4, 1.0001, 1e4),
        (1, 1e4, -2, 1e-3),
        (0, 1e-3, 0, 1.001e-3),
        (0, 1e-3, 2, 1e-2),
        (0, 0, 1, 2),
        (2, 3, 1, 0),
        (0, 5, 0, 5.0005),
        (0, 11.5, 0, 12.5),
        (0, 100, 0, 300),
    ],
    ("beta", "beta"): [
        (2, 3, 2.0001, 3),
        (2, 3, 2, 3),
        (2, 3, 2.0002, 3.0003),
        (1e4, 1e4, 10001, 10001),
        (1e4, 1e4, 10001, 9999),
        (1e4, 30, 10010, 30.03),
        (1e4, 30, 9999, 30),
        (1e6, 3, 1.001e6, 3.003),
        (1e6, 3, 2e6, 3),
        (1, 1e6, 3, 1e6),
        (0.1, 0.2, 0.1001, 0.2002),
        (1e-3, 1e-3, 1e-2, 1e-2),
        (1, 1, 1e4, 1e4),
        (1e6, 1e6, 1, 1),
        (7.9, 7.9, 8.1, 8.1),
        (7.9, 100, 8.1, 101),
    ],
    ("truncated_normal", "truncated_normal"): [
        # Nearly the same Normal on the same interval, then on a longer one.
        (0, 1, -1, 2, 0, 1.0001, -1, 2),
        (0, 1, -1, 2, 1e-4, 1, -1, 2),
        (0, 1, -1, 2, 0, 1, -1, 2.0001),
        (0, 1, -1, 2, 0, 1, -1.0001, 3),
        (0, 1, -inf, inf, 0, 1.0001, -inf, inf),
        (0, 1, -inf, inf, 0, 1.3, -inf, inf),
        (0, 1, -inf, inf, 0.3, 0.8, -inf, inf),
        (0, 1, -inf, inf, 0, 1e10, -inf, inf),
        (0, 1, -1, inf, 0.1, 1.1, -1, inf),
        (0, 1, -8, 2, 0.01, 1, -9, inf),
        # Far out in one tail or both, where no normaliser is a number in f32.
        (0, 1, 40, inf, 0, 1.01, 40, inf),
        (0, 1, 40, inf, 0.5, 1, 39, inf),
        (0, 1, 40, 41, 0, 1, -inf, inf),
        (0, 1, -41, -40, 80, 2, -inf, -40),
        (0, 1, 15, 16, 3, 1, 15, 16),
        (0, 1, 1000, inf, 1, 1, 1000, inf),
        (-40, 1, 0, 0.25, 40, 1, 0, 0.5),
        (-40, 1, 0, 0.25, 40, 30, -1, 100),
        # Narrow intervals, where both are nearly uniform.
        (0, 1, -1e-3, 1e-3, 1, 2, -1e-3, 1e-3),
        (0, 1, 1e-3, 2e-3, 0, 2, 0, 2),
        (5, 1, -1e-3, 0, -5, 1, -1e-3, 0),
        (5, 1, -1e-10, 0, -5, 1, -1e-10, 0),
        (0, 1, 0.5, 1, 0, 1e-3, 0.5, 1),
        # One far narrower than the other.
        (0, 1e-3, -1, 1, 0, 1, -1, 1),
        (0, 1, -1, 1, 0, 1e-3, -1, 1),
        (0, 1, 0, inf, 3, 0.01, 0, inf),
        (0, 100, -1, 3, 1, 0.5, -1, 3),
        (0, 1, -1, 1, 0, 1, -0.9, 1),
    ],
    ("truncated_normal", "normal"): [
        (0, 1, -inf, inf, 0, 1.0001),
        (0, 1, -8, 8, 0, 1),
        (0, 1, -3, 3, 0, 0.98),
        (0, 1, 40, inf, 40, 0.025),
        (0, 1, 40, 41, 0, 1),
        (0, 1, -1e-3, 1e-3, 0, 1e-3),
        (1, 2, 0, inf, 3, 1.5),
    ],
    ("uniform", "truncated_normal"): [
        (0, 1, 0, 1e3, 0, 1),
        (0, 1, 0, 10, -0.1, 1),
        (0, 1, 0.5, 1, 0, 1),
        (0, 1, -40, 1, 0, inf),
        (-1e-3, 1e-3, 0, 1, -inf, inf),
        (1e3, 1001, 1000.5, 0.4, 1e3, 1001),
        (0, 1, 3, 0.1, 0, 1),
    ],
    ("truncated_normal", "uniform"): [
        (0, 1e3, 0, 1, 0, 1),
        (0, 10, 0, 1, -0.1, 1),
        (0.5, 1, 0, 1, 0, 1),
        (0, 1, 40, 41, 40, 41),
        (0, 1, -1e-3, 1e-3, -1e-3, 1e-3),
        (0, 1e-3, -1, 3, -1, 4),
        (0, 1, -1, 2, -1e10, 1e10),
        (0, 1, -1, 2, -0.5, 2),
    ],
    ("uniform", "uniform"): [
        (0, 1, -1e-3, 1.001),
        (0, 1, 0, 1),
        (0, 1, 0, 1.0000001),
        (0, 1, 0.1, 2),
        (0, 1, -1, 0.9),
        (5, 6, 0, 1e10),
    ],
    ("log_uniform", "log_uniform"): [
        (1, 2, 0.9999, 2.0001),
        (1, 2, 1, 2),
        (1, 2, 1, 2.0000002),
        (1, 1.0000001, 1, 1.0000002),
        (20, 21, 19.999998, 21),
        (1, 1.0000001, 1e-30, 1e30),
        (1e-30, 1e30, 2e-38, 3e38),
        (0.5, 2, 0.6, 3),
        (0.5, 2, 0.4, 1.9999999),
    ],
    ("exponential", "gamma"): [(1, 1.0001, 1), (1, 1, 1), (2, 1, 2.0001)],
    ("gamma", "exponential"): [(1.0001, 1, 1), (1, 1, 1), (1, 2, 2.0001), (0.5, 1, 1e5)],
    ("gamma", "normal"): [
        (1e4, 1, 1e4, 100),
        (1e6, 1e3, 1e3, 1),
        (100, 10, 10, 1),
        (1e4, 1, 1e4, 101),
    ],
    ("gamma", "log_normal"): [
        (1e4, 1, 9.21034, 0.01),
        (100, 10, 2.3, 0.1),
        (1e6, 1, 13.815511, 1e-3),
    ],
    ("log_normal", "normal"): [
        (0, 1e-3, 1, 1e-3),
        (0, 0.01, 1, 0.01),
        (1, 0.05, 2.72, 0.14),
        (0, 4, 0, 1),
    ],
    ("log_normal", "gamma"): [(0, 1e-2, 1e4, 1e4), (0, 1e-3, 1e6, 1e6), (0, 0.1, 100, 100)],
    ("half_normal", "normal"): [(1, 0, 1), (1, 0.8, 0.6)],
    ("uniform", "normal"): [(-1e-3, 1e-3, 0, 1), (1e3, 1001, 1e3, 0.3)],
    ("uniform", "log_normal"): [(1, 1.001, 0, 1), (100, 101, 4.6, 0.01)],
    ("uniform", "gamma"): [(1, 1.001, 2, 1), (100, 101, 1e4, 100), (0, 1, 1, 1)],
    ("uniform", "cauchy"): [
        (-1e-3, 1e-3, 0, 1),
        (1e3, 1001, 0, 1),
        (-1e-2, 1e-2, 0, 100),
        (-1e10, 1e10, 0, 1),
    ],
    ("uniform", "exponential"): [(0, 1, 1), (0, 1e-10, 1), (10, 10.5, 1)],
    ("uniform", "half_normal"): [(0, 1, 1), (0, 1e-10, 1), (10, 10.5, 1)],
    ("uniform", "laplace"): [(-1, 1, 0, 0.5), (-1e-10, 1e-10, 0, 1), (10, 10.5, 10.25, 0.1)],
}
FINITE = (
    [
        (f.name, f.name)
        for f in FAMILIES
        if f.name not in ("logistic", "log_logistic", "kumaraswamy", "student_t")
    ]
    + [
        ("uniform", q)
        for q in (
            "normal",
            "exponential",
            "gamma",
            "laplace",
            "cauchy",
            "half_normal",
            "log_normal",
        )
    ]
    + [
        (p, q)
        for p in ("exponential", "gamma", "half_normal", "log_normal")
        for q in ("normal", "half_normal", "log_normal", "exponential", "gamma", "laplace")
        if p != q
    ]
    + [
        ("truncated_normal", "normal"),
        ("uniform", "truncated_normal"),
        ("truncated_normal", "uniform"),
        ("chi2", "gamma"),
        ("gamma", "chi2"),
        ("normal", "laplace"),
        ("laplace", "normal"),
        ("logistic", "normal"),
        ("logistic", "laplace"),
        ("gumbel", "normal"),
        ("normal", "gumbel"),
        ("exponential", "weibull"),
        ("log_normal", "weibull"),
        ("weibull", "exponential"),
        ("weibull", "gamma"),
        ("weibull", "log_normal"),
        ("half_cauchy", "log_normal"),
        ("pareto", "log_normal"),
    ]
)
INFINITE = (
    [(p, q) for p in ("normal", "laplace", "logistic", "cauchy") for q in POSITIVE + ("uniform",)]
    + [(p, "uniform") for p in POSITIVE]
    + [("cauchy", q) for q in ("normal", "laplace")]
    + [("gumbel", q) for q in POSITIVE + ("weibull", "uniform")]
    + [(p, "weibull") for p in ("normal", "laplace", "logistic", "cauchy")]
    + [(p, "uniform") for p in ("weibull", "pareto", "half_cauchy")]
    + [("cauchy", "gumbel")]
    + [("half_cauchy", q) for q in ("normal", "half_normal", "exponential", "gamma", "laplace")]
)


def rows(p_name, q_name):
    return [(*p, *q) for p in ORDINARY[p_name] for q in ORDINARY[q_name]] + NEAR.get(
        (p_name, q_name), []
    )


def names(p_name, q_name):
    return [f"p_{n}" for n in BY_NAME[p_name].parameters] + [
        f"q_{n}" for n in BY_NAME[q_name].parameters
    ]


def table():
    for p_name, q_name in FINITE:
        inputs = columns(names(p_name, q_name), rows(p_name, q_name))
        yield case(f"kl_{p_name}_{q_name}", closed_form(p_name, q_name), inputs)
    for p_name, q_name in INFINITE:
        inputs = columns(names(p_name, q_name), rows(p_name, q_name)[:3])
        yield case(f"kl_{p_name}_{q_name}", closed_form(p_name, q_name), inputs, conditioned=False)
    yield simplex.divergences()
    yield from discrete_pairs()


# --- gradients --------------------------------------------------------------------------------
# Where P is far narrower or wider than Q or far away, and the derivatives of the value's own terms
# cancel; and where that of 1/r would overflow.

APART = {
    ("laplace", "laplace"): [
        (-6.652, 0.001553, 9.364, 0.001329),
        (-9.151, 0.002723, 3.466, 0.00184),
        (-2.218, 0.007439, 1.484, 0.001304),
    ],
    ("gumbel", "gumbel"): [
        (4.204, 0.01684, 3.366, 5143),
        (-2.03, 0.0771, -1.566, 2774),
        (3.619, 0.805, -8.946, 7127),
    ],
    ("beta", "beta"): [
        (0.02121, 115.8, 0.006506, 53.87),
        (0.2832, 72.14, 0.001323, 3470),
        (0.2272, 274.1, 0.001014, 686.3),
    ],
    ("uniform", "gamma"): [
        (6.016, 6.023, 0.001872, 285.8),
        (7.395, 186.8, 93.44, 3798),
        (0.1191, 0.1265, 0.00162, 4451),
    ],
    ("uniform", "laplace"): [
        (5.147, 8.816, -0.351, 5422),
        (-5.265, -5.245, -9.874, 4067),
        (-2.062, -1.93, -3.523, 1431),
    ],
    ("uniform", "cauchy"): [
        (-0.8904, 3.586, 9.961, 0.001882),
        (2.323, 5.722, 9.066, 0.04715),
        (-1.668, 0.07399, -3.49, 0.001748),
    ],
    ("exponential", "laplace"): [
        (15.21, 1.746, 3135),
        (4191, -3.993, 0.001155),
        (6477, 7.729, 5021),
    ],
    ("gamma", "laplace"): [
        (32.5, 6.748, -0.1278, 1070),
        (3, 258.5, -1.704, 151.3),
        (56.19, 14.5, 2.55, 1411),
    ],
    ("half_normal", "gamma"): [
        (2144, 0.1624, 9356),
        (1878, 0.03967, 557.8),
        (114.1, 0.009505, 4904),
    ],
    ("half_normal", "laplace"): [
        (0.001496, -5.114, 0.003173),
        (0.003374, -6.48, 0.004726),
        (0.004881, -8.126, 6506),
    ],
    ("log_normal", "gamma"): [
        (8.383, 0.004239, 0.02011, 6555),
        (5.976, 0.6728, 0.01711, 4089),
        (3.62, 1.7, 0.01247, 4357),
    ],
    ("normal", "laplace"): [
        (9.653, 0.009638, -8.432, 0.02477),
        (-3.844, 0.2941, 9.41, 4892),
        (3.42, 0.002534, 8.474, 6434),
    ],
    ("logistic", "laplace"): [
        (-0.869, 0.1615, -5.466, 0.001096),
        (2.316, 0.1687, 0.8173, 1105),
        (8.486, 9446, 0.9136, 6.016),
    ],
    ("exponential", "weibull"): [
        (0.5768, 3.327, 0.001275),
        (1e-30, 2e29, 0.7),
    ],
    ("weibull", "exponential"): [
        (4.6999478, 0.032777064, 1.4018136e-34),
        (1e28, 0.5, 2e-29),
    ],
    ("half_normal", "exponential"): [
        (1e25, 1e-24),
        (3e30, 2e-31),
    ],
    ("exponential", "half_normal"): [
        (1e-25, 1e25),
        (2e-30, 3e29),
    ],
    ("uniform", "exponential"): [
        (1e28, 3e30, 1e-30),
    ],
    ("log_normal", "weibull"): [
        (-9.256, 0.01468, 3.269, 5302),
        (-2.065, 0.5114, 449.6, 40.29),
        (-9.905, 0.00217, 0.08803, 6146),
    ],
    ("weibull", "gamma"): [
        (0.004573, 0.05429, 0.1876, 9.39),
        (2712, 0.1616, 0.1053, 4993),
        (2722, 0.09614, 30.53, 101.6),
    ],
}


def gradients():
    """The derivative in each parameter, and the sum over the inputs of |x| times its own."""
    for (p_name, q_name), settings in APART.items():
        inputs = columns(names(p_name, q_name), settings)
        value = closed_form(p_name, q_name)
        for index, name in enumerate(inputs):
            slope = lambda *row, index=index, value=value: derivative(value, row, index)
            yield case(f"kl_{p_name}_{q_name}_by_{name}", slope, inputs)


# --- Bernoulli and Categorical ----------------------------------------------------------------


def discrete_kl(log_p, log_q):
    terms = [(p, q) for p, q in zip(log_p, log_q, strict=True) if p > -inf]
    return inf if any(q == -inf for _, q in terms) else sum(exp(p) * (p - q) for p, q in terms)


def discrete_pairs():
    probs = [(0.3, 0.3001), (0.5, 0.5), (1e-15, 1e-10), (1e-10, 1e-30), (0.999, 0.1), (0.25, 0.75)]
    probs += [(1, 1), (1, 0.5), (0.5, 1), (1e-6, 1.0001e-6), (1 - 2**-24, 0.5)]
    logits = [(0, 1), (2, 2.0001), (-3, 3), (30, 20), (1e-3, -1e-3), (7, 7), (-20, -20.001)]
    logits += [(-80, -80.01), (-80, -40), (-40, -80), (8, 8.001)]
    for family, settings in ((counts.GeometricLogits(), logits), (counts.GeometricProbs(), probs)):
        parameter = family.parameters[0]
        inputs = columns((f"p_{parameter}", f"q_{parameter}"), settings)
        yield case(f"kl_{family.name}", geometric_pair(family), inputs)
    yield from counted_pairs(probs, logits)
    rates = [(1, 1), (1, 2), (5, 5.0001), (1e-3, 1e3), (1e3, 1e-3), (1e6, 1e6 + 1), (0, 0), (0, 2)]
    rates += [(2, 0), (1e-20, 2e-20), (100, 130), (1e8, 1.0001e8)]
    inputs = columns(("p_rate", "q_rate"), rates)
    yield case("kl_poisson_poisson", poisson_pair, inputs)
    logits = [
        (0, 1),
        (2, 2.0001),
        (-3, 3),
        (50, 40),
        (-50, 50),
        (100, -100),
        (1e-3, -1e-3),
        (7, 7),
        (-20, -20.001),
        (40, 0),
    ]
    probs = [
        (0, 0),
        (0, 1),
        (1, 1),
        (1, 0),
        (0, 0.3),
        (0.3, 0),
        (0.3, 0.3001),
        (0.5, 0.5),
        (1e-30, 1e-10),
        (1e-10, 1e-30),
        (0.999, 0.1),
        (1 - 2**-24, 0.5),
        (0.25, 0.75),
    ]
    for family, settings in ((discrete.BernoulliLogits, logits), (discrete.BernoulliProbs, probs)):
        inputs = columns((f"p_{family.parameter}", f"q_{family.parameter}"), settings)
        yield case(f"kl_{family.name}", pair_formula(family), inputs)
    for family, extra in (
        (discrete.CategoricalLogits, ([0.5, -1.0, 2.0], [0.5, -1.0, 2.0001])),
        (discrete.CategoricalProbs, ([0.5, 0.25, 0.25], [0.5, 0.2501, 0.2499])),
    ):
        settings = [
            (p, q) for p in family.settings for q in family.settings if len(p) == len(q)
        ] + [extra]
        inputs = columns((f"p_{family.parameter}", f"q_{family.parameter}"), settings)
        yield case(f"kl_{family.name}", pair_formula(family), inputs)


def geometric_pair(family):
    def kl(p, q):
        trials = 1 / exp(family.log_success(p))
        success = family.log_success(p) - family.log_success(q)
        if family.log_failure(p) == -inf:
            return success
        if family.log_failure(q) == -inf:
            return inf
        return success + (trials - 1) * (family.log_failure(p) - family.log_failure(q))

    return kl


def counted_pairs(probs, logits):
    """Laws of repeated trials, as many of them with probabilities as of Geometrics, and negative
    binomials of different numbers of failures."""
    for family, settings in (
        (counts.BinomialLogits(), logits),
        (counts.BinomialProbs(), probs),
        (counts.NegativeBinomialLogits(), logits),
        # The event that is counted may not be certain.
        (counts.NegativeBinomialProbs(), [(p, q) for p, q in probs if p < 1] + [(0, 0.3), (0.3, 0)]),
    ):
        numbers = (1, 30, 1e6) if isinstance(family, counts.Binomial) else (0.25, 1, 30.5)
        rows = [(n, p, n, q) for n in numbers for p, q in settings]
        names = [f"{side}_{name}" for side in "pq" for name in family.parameters]
        # Equal numbers are one number, and what it loses both lose.
        moving = [name for name in names if not name.endswith("total_count")]
        result = case(f"kl_{family.name}", counted_pair(family), columns(names, rows), moving=moving)
        if others := UNEQUAL.get(family.name):
            apart = case(result["function"], counted_pair(family), columns(names, others))
            for name in names:
                result["inputs"][name] += apart["inputs"][name]
            for key in ("expected", "condition", "sensitivity"):
                result[key] += apart[key]
        yield result


# Few failures and many, nearly as many, and of the same mean.
UNEQUAL = {
    "negative_binomial_logits": [
        (30.5, 0, 30.6, 0.01),
        (0.25, 2.5, 1, -1),
        (1, -3, 0.25, 3),
        (1e6, -2, 999999, -2),
        (1e6, -7, 1e3, 0),
        (3, 5, 1e6, -7),
        (1e-2, 8, 2e-2, 8),
        (1e-2, 9, 4e-2, -2.5),
        (100, 1e-3, 101, -0.009),
        (7, -30, 7.5, -30),
        (2, 15, 40, 12),
        (0.5, 0, 3, -1.79176),
        (5, 3, 4.9995, 3.0001),
        (1e3, 20, 1001, 20),
    ],
    "negative_binomial_probs": [
        (30.5, 0.3, 30.6, 0.3),
        (0.25, 0.999, 1, 0.25),
        (1, 0.5, 0.25, 0.75),
        (1e6, 1e-3, 999999, 1e-3),
        (3, 0.9, 1e6, 3e-5),
        (1e-2, 0.999, 2e-2, 0.999),
        (7, 1e-10, 7.5, 1e-10),
        (5, 0.3, 4.9995, 0.3001),
        (2, 0.999, 40, 0.99),
        (2, 0, 3, 0.3),
        (2, 0.3, 3, 0),
    ],
}


def counted_pair(family):
    def kl(n, p, m, q):
        log_p, log_q = [(family.log_failure(t), family.log_success(t)) for t in (p, q)]
        if isinstance(family, counts.Binomial):
            return n * discrete_kl(log_p, log_q) if n == m else nan
        if n == m or log_p[1] == -inf:
            # The failures are n, and the trials n for each chance of one.
            return n * discrete_kl(log_p, log_q) / exp(log_p[0]) if n == m else -m * log_q[0]
        if log_q[1] == -inf:
            return inf
        odds = exp(log_p[1] - log_p[0])
        events = n * odds * (log_p[1] - log_q[1])
        return gamma_ratio(n, m, odds) + n * log_p[0] - m * log_q[0] + events

    return kl


def gamma_ratio(n, m, odds):
    """E ln(G(X + n)/G(X + m)) - ln(G(n)/G(m)) for the gamma function G, by Malmsten's integral.

    In ln t, where the integrand falls exponentially on both sides: equal steps h of it leave
    exp(-pi^2/h).
    """
    depth = mp.dps * ln(mpf(10))
    low = -ln(max(n * odds, odds, n, m, mpf(1))) - depth
    high = ln(depth * 1.1 / min(n, m))
    count = int((high - low) * depth * 1.1 / pi**2) + 1
    step = (high - low) / count
    t, factor, total = exp(low + step / 2), exp(step), mpf(0)
    for _ in range(count):
        share = -expm1(-t)
        total += (exp(-m * t) - exp(-n * t)) * -expm1(-n * log1p(odds * share)) / share
        t *= factor
    return total * step


def poisson_pair(p, q):
    if p == 0:
        return q
    return p * ln(p / q) + q - p if q > 0 else inf


def pair_formula(family):
    return lambda p, q: discrete_kl(family.log_probs(p), family.log_probs(q))
