"""The families on the positive half-line."""

from mpmath import euler, erf, erfc, exp, expm1, inf, ln, log1p, mpf, pi, sqrt

from . import functions as fn
from .family import Family
from .functions import digamma, lgamma, ndtri, xlogy
from .located import Normal
from .precision import case, columns, derivative

NORMAL = Normal()


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
        yield from [
            (0, 0, 1),
            (-1, 0, 1),
            (-1e10, 1, 2),
            (2e-38, 0, 1),
            (1e-20, 0, 1),
            (3e38, 0, 1),
        ]
        yield from [
            (1, 40, 1),
            (1, -40, 1),
            (1, 1000, 1),
            (1, -1000, 1),
            (1, 0, 1),
            (1.0000001, 0, 1e-3),
        ]

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


# --- Rayleigh --------------------------------------------------------------------------------


class Rayleigh(Family):
    name = "rayleigh"
    parameters = ("scale",)
    low = 0
    settings = [(1,), (0.25,), (1e3,), (1e-20,)]

    def points(self):
        for (scale,) in self.settings:
            for z in (0, 1e-10, 1e-3, 0.5, 1, 2.5, 5):
                yield (scale * z, scale)
        yield from [(z, 1) for z in (0.1, 7, 9, 14, 40, 1e3, 1e18, 1e-30, -1, -1e-30, -1e10)]
        yield from [(1e-20, 1e20), (1e10, 1e-8), (1e-10, 1e-10), (1e-20, 1e-10), (3e-20, 1e-10)]
        yield from [(1.1e20, 1e10), (1e20, 2e10)]

    def y(self, x, scale):
        return (x / scale) ** 2 / 2

    def inside(self, x, scale):
        return fn.log(x) - 2 * ln(scale) - self.y(x, scale)

    def cdf(self, x, scale):
        return -expm1(-self.y(x, scale)) if x > 0 else mpf(0)

    def survival(self, x, scale):
        return exp(-self.y(x, scale)) if x > 0 else mpf(1)

    def log_cdf(self, x, scale):
        return fn.log1mexp(self.y(x, scale)) if x > 0 else -inf

    def log_survival(self, x, scale):
        return -self.y(x, scale) if x > 0 else mpf(0)

    def quantile(self, p, scale):
        return scale * sqrt(-2 * log1p(-p)) if p < 1 else inf

    def mean(self, scale):
        return scale * sqrt(pi / 2)

    def variance(self, scale):
        return scale**2 * (2 - pi / 2)

    def mode(self, scale):
        return scale

    def entropy(self, scale):
        return 1 + ln(scale) + (euler - ln(mpf(2))) / 2


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


# --- LogUniform ------------------------------------------------------------------------------


class LogUniform(Family):
    name = "log_uniform"
    parameters = ("low", "high")
    settings = [(1, 2), (0.5, 1e3), (3, 3.0000002), (1e-30, 1e30), (2e-38, 3e38)]
    # Where a slope of the mean cancels and where that of the standard deviation is 0.
    summary_settings = (
        [(0.75, 0.75 * (1 + d)) for d in (1e-6, 1e-4, 1e-2, 0.1, 0.3, 0.5, 0.7, 1.2, 2, 3.5, 6)]
        + [(0.3, 0.3 * exp(mpf(length))) for length in (2, 3, 3.15, 3.5, 4, 5, 5.99, 6.01, 8, 15, 30, 80)]
        + [(1e-20, 1e20), (3e-38, 4e-38), (1e38, 3e38), (2e-38, 1), (1, 3e38)]
        # The logarithms of the median and of the length are equal and opposite.
        + [(1 / mpf(2) / exp(mpf(1)), exp(mpf(1)) / 2), (1e-14, 9e9), (0.01, 0.0114)]
    )

    def ends(self, low, high):
        return [low, high]

    def points(self):
        for low, high in self.settings:
            for fraction in (0, 1e-10, 1e-3, 0.25, 0.4999, 0.5, 0.75, 1 - 2**-24, 1):
                yield (low * (mpf(high) / mpf(low)) ** fraction, low, high)
        # Beside the ends of a wide interval.
        yield from [(1.0000001, 1, 1e10), (99999.99, 1e-3, 1e5), (1.0001, 1, 1e10)]
        # Where ln x and ln ln(high/low) are equal and opposite.
        yield from [(0.007, 2e-38, 3e38), (0.1, 0.01, 200), (7, 5, 5.77), (1e7, 1e7, 1.0000001e7)]
        yield from [(0, 1, 2), (-1, 1, 2), (0.9999999, 1, 2), (2.0000002, 1, 2), (1e30, 1, 2)]
        yield from [(-1e-30, 1e-30, 1), (2e-38, 1, 2)]

    def contains(self, x, low, high):
        return low <= x <= high

    def inside(self, x, low, high):
        return -ln(x) - ln(ln(high / low))

    def cdf(self, x, low, high):
        return ln(min(max(x, low), high) / low) / ln(high / low)

    def survival(self, x, low, high):
        return ln(high / min(max(x, low), high)) / ln(high / low)

    def quantile(self, p, low, high):
        return low * (high / low) ** p

    def mean(self, low, high):
        return (high - low) / ln(high / low)

    def variance(self, low, high):
        return (high**2 - low**2) / (2 * ln(high / low)) - self.mean(low, high) ** 2

    def mode(self, low, high):
        return low

    def entropy(self, low, high):
        return ln(low * high) / 2 + ln(ln(high / low))

    def slopes(self):
        settings = columns(self.parameters, self.summary_settings)
        for function in ("mean", "std_dev", "entropy"):
            for index, name in enumerate(self.parameters):
                slope = lambda *row, f=getattr(self, function), i=index: derivative(f, row, i)
                yield case(f"{function}_grad_{name}", slope, settings)


# --- Gamma -----------------------------------------------------------------------------------


class Gamma(Family):
    name = "gamma"
    parameters = ("concentration", "rate")
    low = 0
    settings = [
        (1e-3, 1),
        (0.1, 2),
        (0.5, 0.25),
        (1, 1),
        (2, 3),
        (5.5, 1e-3),
        (20, 1),
        (100, 10),
        (1e4, 1),
    ]

    def points(self):
        for a, rate in self.settings:
            for p in (1e-6, 0.05, 0.5, 0.95, 1 - 1e-6):
                x = exp(fn.log_gammaincinv(mpf(a), mpf(p))) / rate
                if x > 1e-36:
                    yield (x, a, rate)
        yield from [
            (0, 1, 1),
            (0, 1, 4),
            (0, 2, 1),
            (0, 0.5, 1),
            (-1, 2, 1),
            (-1e-30, 0.5, 1),
            (-1e10, 1e4, 1),
        ]
        yield from [
            (1e-30, 1e-3, 1),
            (1, 1e-3, 1),
            (100, 0.5, 1),
            (1e4, 1e4, 1),
            (8e3, 1e4, 1),
            (1.2e4, 1e4, 1),
        ]
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
