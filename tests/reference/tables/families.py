"""The continuous families: one class a family, in the notation of the crate.

`inside` is the log-density as a smooth formula on the support (edges by the one-sided limit); the
gradients are its derivatives, and outside the support log_prob is -inf with zero gradient.
"""

from mpmath import (atan, erf, erfc, erfinv, euler, exp, expm1, inf, ln, log1p, mp, mpf, nan, pi, psi,
                    sqrt, tan)

from . import functions as fn
from .functions import digamma, lgamma, log_ndtr, ndtr, ndtri, softplus, xlogy

PROBABILITIES = [0.0, 1e-37, 1e-30, 1e-10, 1e-7, 1e-3, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999, 1 - 2**-24, 1.0]
CENTRAL_PROBABILITIES = [1e-10, 0.01, 0.3, 0.5, 0.6, 0.99]


class Family:
    """Defaults: each tail from the other, standard deviation from the variance."""

    low = -inf
    capabilities = ("log_prob", "cdf", "log_cdf", "survival", "log_survival", "quantile")
    summaries = ("mean", "variance", "std_dev", "mode", "entropy")

    def contains(self, x, *parameters):
        return x >= self.low

    def log_prob(self, x, *parameters):
        return self.inside(x, *parameters) if self.contains(x, *parameters) else -inf

    def std_dev(self, *parameters):
        return sqrt(self.variance(*parameters))

    def log_cdf(self, x, *parameters):
        return fn.log(self.cdf(x, *parameters))

    def log_survival(self, x, *parameters):
        return fn.log(self.survival(x, *parameters))


class LocationScale(Family):
    """Families symmetric about loc: the right tail is the left tail mirrored."""

    parameters = ("loc", "scale")
    settings = [(0, 1), (1.5, 0.25), (-3, 1e3), (100, 1e-2)]
    near = [0.0, 0.5, -0.5, 1.0, -1.0, 2.5, -2.5, 5.0, -5.0]
    far = [1e-10, 10, -10, 14, -14, 40, -40, 1e3, -1e3]

    def points(self):
        for loc, scale in self.settings:
            for z in self.near + (self.far if loc == 0 else []):
                yield (loc + scale * z, loc, scale)
        yield from [(0, 0, 1e-23), (1e-20, 0, 1e-20), (1e-20, 0, 1e10), (40, -40, 2), (1e3, -1e3, 2)]

    def log_cdf(self, x, loc, scale):
        if x <= loc:
            return ln(self.cdf(x, loc, scale))
        return log1p(-self.survival(x, loc, scale))

    def survival(self, x, loc, scale):
        return self.cdf(2 * loc - x, loc, scale)

    def log_survival(self, x, loc, scale):
        return self.log_cdf(2 * loc - x, loc, scale)

    def mean(self, loc, scale):
        return loc

    def mode(self, loc, scale):
        return loc


# --- Normal ----------------------------------------------------------------------------------


class Normal(LocationScale):
    name = "normal"

    def inside(self, x, loc, scale):
        return -(((x - loc) / scale) ** 2) / 2 - ln(scale) - ln(2 * pi) / 2

    def cdf(self, x, loc, scale):
        return ndtr((x - loc) / scale)

    def quantile(self, p, loc, scale):
        return loc + scale * ndtri(p)

    def variance(self, loc, scale):
        return scale**2

    def entropy(self, loc, scale):
        return ln(2 * pi * mp.e) / 2 + ln(scale)

    def points(self):
        yield from super().points()
        yield from [(1e18, 0, 1), (1e19, 0, 1), (1e20, 0, 1)]


# --- LogNormal -------------------------------------------------------------------------------


class LogNormal(Family):
    name = "log_normal"
    parameters = ("loc", "scale")
    low = 0
    settings = [(0, 1), (1.5, 0.25), (-3, 4), (0, 1e-3)]

    def points(self):
        for loc, scale in self.settings:
            for z in (-5, -2, -0.5, 0, 0.5, 2, 5, -8, 8):
                yield (exp(mpf(loc) + mpf(scale) * z), loc, scale)
        yield from [(0, 0, 1), (-1, 0, 1), (-1e10, 1, 2), (2e-38, 0, 1), (1e-20, 0, 1), (3e38, 0, 1)]
        yield from [(1, 40, 1), (1, -40, 1), (1, 1000, 1), (1, -1000, 1), (1, 0, 1), (1.0000001, 0, 1e-3)]

    def inside(self, x, loc, scale):
        return -inf if x == 0 else NORMAL.inside(ln(x), loc, scale) - ln(x)

    def cdf(self, x, loc, scale):
        return NORMAL.cdf(ln(x), loc, scale) if x > 0 else mpf(0)

    def log_cdf(self, x, loc, scale):
        return NORMAL.log_cdf(ln(x), loc, scale) if x > 0 else -inf

    def survival(self, x, loc, scale):
        return NORMAL.survival(ln(x), loc, scale) if x > 0 else mpf(1)

    def log_survival(self, x, loc, scale):
        return NORMAL.log_survival(ln(x), loc, scale) if x > 0 else mpf(0)

    def quantile(self, p, loc, scale):
        return exp(NORMAL.quantile(p, loc, scale))

    def mean(self, loc, scale):
        return exp(loc + scale**2 / 2)

    def variance(self, loc, scale):
        return expm1(scale**2) * exp(2 * loc + scale**2)

    def mode(self, loc, scale):
        return exp(loc - scale**2)

    def entropy(self, loc, scale):
        return loc + NORMAL.entropy(loc, scale)


# --- HalfNormal ------------------------------------------------------------------------------


class HalfNormal(Family):
    name = "half_normal"
    parameters = ("scale",)
    low = 0
    settings = [(1,), (0.25,), (1e3,), (1e-20,)]

    def points(self):
        for (scale,) in self.settings:
            for z in (0, 1e-10, 1e-3, 0.5, 1, 2.5, 5):
                yield (scale * z, scale)
        yield from [(z, 1) for z in (0.1, 7, 9, 10, 14, 40, 1e3, 1e18, -1, -1e-30, -1e10)]

    def inside(self, x, scale):
        return ln(2 / pi) / 2 - ln(scale) - (x / scale) ** 2 / 2

    def cdf(self, x, scale):
        return erf(x / (scale * sqrt(mpf(2)))) if x > 0 else mpf(0)

    def survival(self, x, scale):
        return erfc(x / (scale * sqrt(mpf(2)))) if x > 0 else mpf(1)

    def log_cdf(self, x, scale):
        return fn.log(self.cdf(x, scale)) if x < scale else log1p(-self.survival(x, scale))

    def log_survival(self, x, scale):
        return log1p(-self.cdf(x, scale)) if x < scale else ln(self.survival(x, scale))

    def quantile(self, p, scale):
        return -scale * ndtri((1 - p) / 2)

    def mean(self, scale):
        return scale * sqrt(2 / pi)

    def variance(self, scale):
        return scale**2 * (1 - 2 / pi)

    def mode(self, scale):
        return mpf(0)

    def entropy(self, scale):
        return ln(pi / 2) / 2 + ln(scale) + mpf(1) / 2


# --- Uniform ---------------------------------------------------------------------------------


class Uniform(Family):
    name = "uniform"
    parameters = ("low", "high")
    settings = [(0, 1), (5, 17), (-1e3, 1e-3), (1, 1.0000001), (-2e-30, 1e-30)]

    def points(self):
        for low, high in self.settings:
            # The unit interval is exact; elsewhere the ends themselves are exact.
            for fraction in (0, 1e-10, 1e-3, 0.25, 0.5, 0.75, 1 - 2**-24, 1):
                low32, high32 = mpf(low), mpf(high)
                yield (low32 + (high32 - low32) * mpf(fraction), low, high)
        yield from [(-1, 0, 1), (1.0000001, 0, 1), (-1e-30, 0, 1), (18, 5, 17), (1e20, 5, 17), (-3, 5, 17)]

    def contains(self, x, low, high):
        return low <= x <= high

    def inside(self, x, low, high):
        return -ln(high - low)

    def cdf(self, x, low, high):
        return min(max((x - low) / (high - low), mpf(0)), mpf(1))

    def survival(self, x, low, high):
        return min(max((high - x) / (high - low), mpf(0)), mpf(1))

    def quantile(self, p, low, high):
        return low + p * (high - low)

    def mean(self, low, high):
        return (low + high) / 2

    def variance(self, low, high):
        return (high - low) ** 2 / 12

    def mode(self, low, high):
        return low  # every point is a mode; reported for reference only

    def entropy(self, low, high):
        return ln(high - low)

    summaries = ("mean", "variance", "std_dev", "entropy")


# --- Exponential -----------------------------------------------------------------------------


class Exponential(Family):
    name = "exponential"
    parameters = ("rate",)
    low = 0
    settings = [(1,), (0.25,), (1e3,), (1e-10,)]

    def points(self):
        for (rate,) in self.settings:
            for z in (0, 1e-10, 1e-3, 0.5, 1, 2.5, 20):
                yield (z / rate, rate)
        yield from [(z, 1) for z in (0.6931472, 1e-30, 40, 80, 100, 1e3, 1e20, -1, -1e-30, -1e10)]

    def inside(self, x, rate):
        return ln(rate) - rate * x

    def cdf(self, x, rate):
        return -expm1(-rate * x) if x > 0 else mpf(0)

    def survival(self, x, rate):
        return exp(-rate * x) if x > 0 else mpf(1)

    def log_cdf(self, x, rate):
        return fn.log1mexp(rate * x) if x > 0 else -inf

    def log_survival(self, x, rate):
        return -rate * x if x > 0 else mpf(0)

    def quantile(self, p, rate):
        return -log1p(-p) / rate if p < 1 else inf

    def mean(self, rate):
        return 1 / rate

    def variance(self, rate):
        return 1 / rate**2

    def mode(self, rate):
        return mpf(0)

    def entropy(self, rate):
        return 1 - ln(rate)


# --- Laplace ---------------------------------------------------------------------------------


class Laplace(LocationScale):
    name = "laplace"

    def inside(self, x, loc, scale):
        return -abs(x - loc) / scale - ln(2 * scale)

    def cdf(self, x, loc, scale):
        z = (x - loc) / scale
        return exp(z) / 2 if z < 0 else 1 - exp(-z) / 2

    def survival(self, x, loc, scale):
        return self.cdf(2 * loc - x, loc, scale)

    def quantile(self, p, loc, scale):
        if p <= mpf(1) / 2:
            return loc + scale * fn.log(2 * p)
        return loc - scale * fn.log(2 * (1 - p))

    def variance(self, loc, scale):
        return 2 * scale**2

    def entropy(self, loc, scale):
        return 1 + ln(2 * scale)


# --- Cauchy ----------------------------------------------------------------------------------


class Cauchy(LocationScale):
    name = "cauchy"

    def points(self):
        yield from super().points()
        yield from [(-1e10, 0, 1), (1e10, 0, 1), (1e20, 0, 1), (-1e20, 0, 1), (1e30, 0, 1)]

    def inside(self, x, loc, scale):
        return -ln(pi * scale) - log1p(((x - loc) / scale) ** 2)

    def cdf(self, x, loc, scale):
        z = (x - loc) / scale
        return atan(-1 / z) / pi if z < 0 else mpf(1) / 2 + atan(z) / pi

    def quantile(self, p, loc, scale):
        if p == 0 or p == 1:
            return -inf if p == 0 else inf
        return loc - scale / tan(pi * p) if p != mpf(1) / 2 else loc

    def mean(self, loc, scale):
        return nan

    def variance(self, loc, scale):
        return nan

    def std_dev(self, loc, scale):
        return nan

    def entropy(self, loc, scale):
        return ln(4 * pi * scale)


# --- Logistic --------------------------------------------------------------------------------


class Logistic(LocationScale):
    name = "logistic"

    def points(self):
        yield from super().points()
        yield from [(200, 0, 1), (-200, 0, 1), (20, 0, 1), (-20, 0, 1)]

    def inside(self, x, loc, scale):
        # Even in z and analytic at zero in this form, so that its derivatives may be taken there.
        z = (x - loc) / scale
        return -softplus(z) - softplus(-z) - ln(scale)

    def cdf(self, x, loc, scale):
        return 1 / (1 + exp(-(x - loc) / scale))

    def log_cdf(self, x, loc, scale):
        return -softplus(-(x - loc) / scale)

    def quantile(self, p, loc, scale):
        return loc + scale * fn.logit(p) if 0 < p < 1 else (-inf if p == 0 else inf)

    def variance(self, loc, scale):
        return (scale * pi) ** 2 / 3

    def entropy(self, loc, scale):
        return ln(scale) + 2


# --- Gamma -----------------------------------------------------------------------------------


class Gamma(Family):
    name = "gamma"
    parameters = ("concentration", "rate")
    low = 0
    settings = [(1e-3, 1), (0.1, 2), (0.5, 0.25), (1, 1), (2, 3), (5.5, 1e-3), (20, 1), (100, 10), (1e4, 1)]

    def points(self):
        for a, rate in self.settings:
            for p in (1e-6, 0.05, 0.5, 0.95, 1 - 1e-6):
                x = exp(fn.log_gammaincinv(mpf(a), mpf(p))) / rate
                if x > 1e-36:
                    yield (x, a, rate)
        yield from [(0, 1, 1), (0, 1, 4), (0, 2, 1), (0, 0.5, 1), (-1, 2, 1), (-1e-30, 0.5, 1), (-1e10, 1e4, 1)]
        yield from [(1e-30, 1e-3, 1), (1, 1e-3, 1), (100, 0.5, 1), (1e4, 1e4, 1), (8e3, 1e4, 1), (1.2e4, 1e4, 1)]
        yield from [(5e3, 1e4, 1), (2e4, 1e4, 1), (1e8, 1e8, 1), (1e-10, 30, 1), (1e3, 30, 1)]

    def inside(self, x, a, rate):
        return a * ln(rate) + xlogy(a - 1, x) - rate * x - lgamma(a)

    def cdf(self, x, a, rate):
        return fn.gammainc(a, rate * x)

    def survival(self, x, a, rate):
        return fn.gammaincc(a, rate * x)

    def log_cdf(self, x, a, rate):
        return fn.log_gammainc(a, rate * x)

    def log_survival(self, x, a, rate):
        return fn.log_gammaincc(a, rate * x)

    def quantile(self, p, a, rate):
        return fn.gammaincinv(a, p) / rate

    def mean(self, a, rate):
        return a / rate

    def variance(self, a, rate):
        return a / rate**2

    def std_dev(self, a, rate):
        return sqrt(a) / rate

    def mode(self, a, rate):
        return max(a - 1, mpf(0)) / rate

    def entropy(self, a, rate):
        return a - ln(rate) + lgamma(a) + (1 - a) * digamma(a)


NORMAL = Normal()
FAMILIES = [NORMAL, LogNormal(), HalfNormal(), Uniform(), Exponential(), Laplace(), Cauchy(), Logistic(), Gamma()]
