"""The families whose distribution functions are powers, and exponentials of powers."""

from mpmath import atan, beta, euler, exp, expm1, gamma, inf, ln, log1p, mpf, pi, psi, sin, sqrt, tan

from . import functions as fn
from .family import Family
from .located import LocationScale


def log1mexp(x):
    """As that of `functions`, but for large x too its sensitivity does not need a precision of x."""
    return log1p(-exp(-x)) if x > 1 else fn.log1mexp(x)



# --- Gumbel ----------------------------------------------------------------------------------


class Gumbel(LocationScale):
    name = "gumbel"
    far = [1e-10, 10, -4, 14, 40, 100, 1e3, -10, -100]

    def y(self, x, loc, scale):
        return exp(-(x - loc) / scale)

    def inside(self, x, loc, scale):
        return -(x - loc) / scale - self.y(x, loc, scale) - ln(scale)

    def points(self):
        yield from super().points()
        yield from [(1e18, 0, 1), (3, 1e-3, 100), (-600, 0, 1)]

    def cdf(self, x, loc, scale):
        return exp(-self.y(x, loc, scale))

    def log_cdf(self, x, loc, scale):
        return -self.y(x, loc, scale)

    def survival(self, x, loc, scale):
        return -expm1(-self.y(x, loc, scale))

    def log_survival(self, x, loc, scale):
        return log1mexp(self.y(x, loc, scale))

    def quantile(self, p, loc, scale):
        if p == 0 or p == 1:
            return -inf if p == 0 else inf
        return loc - scale * ln(-ln(p))

    def mean(self, loc, scale):
        return loc + euler * scale

    def variance(self, loc, scale):
        return (pi * scale) ** 2 / 6

    def entropy(self, loc, scale):
        return ln(scale) + euler + 1


# --- HalfCauchy ------------------------------------------------------------------------------


class HalfCauchy(Family):
    name = "half_cauchy"
    parameters = ("scale",)
    low = 0
    settings = [(1,), (0.25,), (1e3,), (1e-20,)]

    def points(self):
        for (scale,) in self.settings:
            for z in (0, 1e-10, 1e-3, 0.5, 1, 2.5, 40):
                yield (scale * z, scale)
        yield from [(z, 1) for z in (0.1, 1e3, 1e8, 1e18, 1e30, 1e-30, -1, -1e-30, -1e10)]

    def inside(self, x, scale):
        return ln(2 / (pi * scale)) - log1p((x / scale) ** 2)

    def cdf(self, x, scale):
        return 2 * atan(x / scale) / pi if x > 0 else mpf(0)

    def survival(self, x, scale):
        return 2 * atan(scale / x) / pi if x > 0 else mpf(1)

    def log_cdf(self, x, scale):
        return fn.log(self.cdf(x, scale)) if x < scale else log1p(-self.survival(x, scale))

    def log_survival(self, x, scale):
        return log1p(-self.cdf(x, scale)) if x < scale else ln(self.survival(x, scale))

    def quantile(self, p, scale):
        return scale * tan(pi * p / 2) if p < 1 else inf

    def mean(self, scale):
        return inf

    def variance(self, scale):
        return inf

    def mode(self, scale):
        return mpf(0)

    def entropy(self, scale):
        return ln(2 * pi * scale)


# --- Weibull ---------------------------------------------------------------------------------


class Weibull(Family):
    name = "weibull"
    parameters = ("scale", "concentration")
    low = 0
    settings = [(1, 1), (0.25, 0.5), (2, 1.5), (1e3, 12), (1e-10, 3), (1, 0.1)]
    summary_settings = [
        (scale, k)
        for scale in (1, 0.3, 1e-10, 1e4)
        for k in (0.1, 0.5, 1, 1.0001, 1.5, 2, 3.5, 7.25, 100, 1e4, 1e8)
    ]

    def points(self):
        for scale, k in self.settings:
            for y in (1e-8, 1e-3, 0.5, 1, 2.5, 20):
                x = scale * mpf(y) ** (1 / mpf(k))
                if 1e-37 < x < 1e37:
                    yield (x, scale, k)
        yield from [(0, 1, 1), (0, 4, 1), (0, 1, 2), (0, 1, 0.5), (-1, 2, 1), (-1e-30, 1, 0.5)]
        yield from [(1e-30, 1e-3, 2), (1e-30, 1, 10), (10, 1, 2), (1e-20, 1e20, 0.5), (3, 2, 100)]
        yield from [(1.0000001, 1, 1e3), (0.9, 1, 1e3), (1e20, 1e-20, 0.1), (-1e10, 1e4, 3)]

    def y(self, x, scale, k):
        return exp(k * ln(x / scale))

    def inside(self, x, scale, k):
        if x == 0:
            return inf if k < 1 else -ln(scale) if k == 1 else -inf
        return ln(k / scale) + (k - 1) * ln(x / scale) - self.y(x, scale, k)

    def cdf(self, x, scale, k):
        return -expm1(-self.y(x, scale, k)) if x > 0 else mpf(0)

    def survival(self, x, scale, k):
        return exp(-self.y(x, scale, k)) if x > 0 else mpf(1)

    def log_cdf(self, x, scale, k):
        return log1mexp(self.y(x, scale, k)) if x > 0 else -inf

    def log_survival(self, x, scale, k):
        return -self.y(x, scale, k) if x > 0 else mpf(0)

    def quantile(self, p, scale, k):
        return scale * (-log1p(-p)) ** (1 / k) if p < 1 else inf

    def mean(self, scale, k):
        return scale * gamma(1 + 1 / k)

    def variance(self, scale, k):
        return scale**2 * (gamma(1 + 2 / k) - gamma(1 + 1 / k) ** 2)

    def mode(self, scale, k):
        return scale * (1 - 1 / k) ** (1 / k) if k > 1 else mpf(0)

    def entropy(self, scale, k):
        return euler * (1 - 1 / k) + ln(scale / k) + 1


# --- Frechet ---------------------------------------------------------------------------------


class Frechet(Family):
    name = "frechet"
    parameters = ("scale", "concentration")
    low = 0
    settings = [(1, 1), (0.25, 0.5), (2, 1.5), (1e3, 12), (1e-10, 3), (1, 0.1)]
    summary_settings = [
        (scale, k)
        for scale in (1, 0.3, 1e-10, 1e4)
        for k in (0.1, 0.5, 1, 1.0001, 1.5, 2, 2.0001, 2.5, 3.5, 7.25, 100, 1e4, 1e8)
    ] + [(1, 1.0000001), (1, 2.0000002), (1, 4), (1e30, 0.02), (1e10, 1e10), (1e-30, 1e-2)]
    variance_slope_settings = [(0.082200721, 1.8915817), (1, 2), (3, 1), (0.3, 2.5), (2, 3.5), (1e4, 100)]

    def contains(self, x, scale, k):
        return x > 0

    def points(self):
        for scale, k in self.settings:
            # The last two are far below the scale, where the density vanishes, and far above it.
            for y in (1e-8, 1e-3, 0.04, 0.06, 0.5, 1, 2.5, 20, 90, 1e-30):
                x = scale * mpf(y) ** (-1 / mpf(k))
                if 1e-37 < x < 1e37:
                    yield (x, scale, k)
            # Beside the mode, where the slope in the value passes 0.
            yield (scale * (k / (k + mpf(1))) ** (1 / mpf(k)) * mpf(1.001), scale, k)
        yield from [(0, 1, 1), (0, 4, 1), (0, 1, 0.5), (-1, 2, 1), (-1e-30, 1, 0.5), (-1e10, 4, 3)]
        # Where ln x and the power are equal and large, or the power leaves the range on either side.
        yield from [(1e-30, 1.7e-28, 0.5), (1e-30, 1, 2e-2), (1e-30, 2, 1), (1e30, 1, 10)]
        yield from [(1e-30, 1e-3, 2), (1e-3, 1e30, 2), (1e30, 1e-30, 1), (3, 2, 100), (1, 2, 100)]
        yield from [(1.0000001, 1, 1e3), (0.9, 1, 1e3), (1.1, 1, 1e3), (1e-20, 1e20, 0.1)]
        yield from [(1e20, 1e20, 1e20), (1e30, 1e-3, 1e-3), (1e-20, 1e20, 1e-3)]

    def y(self, x, scale, k):
        return exp(k * ln(scale / x))

    def inside(self, x, scale, k):
        return ln(k / x) + k * ln(scale / x) - self.y(x, scale, k)

    def cdf(self, x, scale, k):
        return exp(-self.y(x, scale, k)) if x > 0 else mpf(0)

    def survival(self, x, scale, k):
        return -expm1(-self.y(x, scale, k)) if x > 0 else mpf(1)

    def log_cdf(self, x, scale, k):
        return -self.y(x, scale, k) if x > 0 else -inf

    def log_survival(self, x, scale, k):
        return log1mexp(self.y(x, scale, k)) if x > 0 else mpf(0)

    def quantile(self, p, scale, k):
        if p == 0 or p == 1:
            return mpf(0) if p == 0 else inf
        return scale * (-ln(p)) ** (-1 / k)

    def mean(self, scale, k):
        return scale * gamma(1 - 1 / k) if k > 1 else inf

    def variance(self, scale, k):
        return scale**2 * (gamma(1 - 2 / k) - gamma(1 - 1 / k) ** 2) if k > 2 else inf

    def mode(self, scale, k):
        return scale * (k / (k + 1)) ** (1 / k)

    def entropy(self, scale, k):
        return euler * (1 + 1 / k) + ln(scale / k) + 1


# --- LogLogistic -----------------------------------------------------------------------------


class LogLogistic(Family):
    name = "log_logistic"
    parameters = ("scale", "concentration")
    low = 0
    settings = [(1, 1), (0.25, 0.5), (2, 1.5), (1e3, 12), (1e-10, 3), (1, 0.5)]
    summary_settings = [
        (scale, k)
        for scale in (1, 0.3, 1e-10, 1e4)
        for k in (0.1, 0.5, 1, 1.0001, 1.5, 2, 2.0001, 3.5, 7.25, 100, 1e4, 1e8)
    ] + [(1e10, 1e10)]
    variance_slope_settings = [(0.082200721, 1.8915817), (1, 2), (3, 1), (0.3, 2.5), (2, 3.5), (1e4, 100)]

    def points(self):
        for scale, k in self.settings:
            for r in (1e-8, 1e-3, 0.5, 1, 1.0001, 2.5, 1e6):
                x = scale * mpf(r) ** (1 / mpf(k))
                if 1e-37 < x < 1e37:
                    yield (x, scale, k)
        yield from [(0, 1, 1), (0, 4, 1), (0, 1, 2), (0, 1, 0.5), (-1, 2, 1), (-1e-30, 1, 0.5)]
        yield from [(1e-30, 1e-3, 2), (1e-30, 2, 1), (1e-20, 1e20, 0.5), (3, 2, 100)]
        yield from [(1.0000001, 1, 1e3), (0.9, 1, 1e3), (1e20, 1e-20, 0.1), (-1e10, 4, 3)]
        yield from [(1e20, 1e20, 1e20), (1e30, 1e-3, 1e-3)]

    def odds(self, x, scale, k):
        return exp(k * ln(x / scale))

    def inside(self, x, scale, k):
        if x == 0:
            return inf if k < 1 else -ln(scale) if k == 1 else -inf
        return ln(k / x) + k * ln(x / scale) - 2 * log1p(self.odds(x, scale, k))

    def cdf(self, x, scale, k):
        return 1 / (1 + 1 / self.odds(x, scale, k)) if x > 0 else mpf(0)

    def survival(self, x, scale, k):
        return 1 / (1 + self.odds(x, scale, k)) if x > 0 else mpf(1)

    def log_cdf(self, x, scale, k):
        return -log1p(1 / self.odds(x, scale, k)) if x > 0 else -inf

    def log_survival(self, x, scale, k):
        return -log1p(self.odds(x, scale, k)) if x > 0 else mpf(0)

    def quantile(self, p, scale, k):
        return scale * (p / (1 - p)) ** (1 / k) if p < 1 else inf

    def mean(self, scale, k):
        return scale * (pi / k) / sin(pi / k) if k > 1 else inf

    def variance(self, scale, k):
        if k <= 2:
            return inf
        return scale**2 * (2 * pi / k / sin(2 * pi / k) - (pi / k / sin(pi / k)) ** 2)

    def mode(self, scale, k):
        return scale * ((k - 1) / (k + 1)) ** (1 / k) if k > 1 else mpf(0)

    def entropy(self, scale, k):
        return ln(scale / k) + 2


# --- Pareto ----------------------------------------------------------------------------------


class Pareto(Family):
    name = "pareto"
    parameters = ("scale", "alpha")
    settings = [(1, 1), (0.25, 0.5), (3, 2.5), (1e3, 12), (1e-10, 3)]
    summary_settings = [
        (scale, alpha)
        for scale in (1, 0.3, 1e-10, 1e4)
        for alpha in (0.1, 1, 1.0001, 1.5, 2, 2.0001, 3.5, 7.25, 100, 1e4, 1e8)
    ]
    variance_slope_settings = [(0.082200721, 1.8915817), (1, 2), (3, 1), (0.3, 2.5), (2, 3.5), (1e4, 100)]

    def contains(self, x, scale, alpha):
        return x >= scale

    def ends(self, scale, alpha):
        return [scale]

    def points(self):
        for scale, alpha in self.settings:
            for log in (0, 1e-6, 1e-3, 0.5, 1, 2.5, 20):
                yield (scale * exp(mpf(log)), scale, alpha)
        yield from [(0, 1, 1), (-1, 1, 1), (0.999, 1, 3), (-1e10, 3, 2), (1e30, 1e-3, 0.5)]
        yield from [(1e30, 1e-10, 1e-3), (1.0000001, 1, 1e6), (1, 1, 1e-3), (1e20, 1e-20, 0.1)]

    def excess(self, x, scale, alpha):
        return alpha * ln(x / scale)

    def inside(self, x, scale, alpha):
        return ln(alpha / x) - self.excess(x, scale, alpha)

    def cdf(self, x, scale, alpha):
        return -expm1(-self.excess(x, scale, alpha)) if x > scale else mpf(0)

    def survival(self, x, scale, alpha):
        return exp(-self.excess(x, scale, alpha)) if x > scale else mpf(1)

    def log_cdf(self, x, scale, alpha):
        return log1mexp(self.excess(x, scale, alpha)) if x > scale else -inf

    def log_survival(self, x, scale, alpha):
        return -self.excess(x, scale, alpha) if x > scale else mpf(0)

    def quantile(self, p, scale, alpha):
        return scale * (1 - p) ** (-1 / alpha) if p < 1 else inf

    def mean(self, scale, alpha):
        return scale * alpha / (alpha - 1) if alpha > 1 else inf

    def variance(self, scale, alpha):
        if alpha <= 2:
            return inf
        return scale**2 * alpha / ((alpha - 1) ** 2 * (alpha - 2))

    def mode(self, scale, alpha):
        return scale

    def entropy(self, scale, alpha):
        return ln(scale / alpha) + 1 / alpha + 1


# --- Kumaraswamy -----------------------------------------------------------------------------


class Kumaraswamy(Family):
    name = "kumaraswamy"
    parameters = ("concentration1", "concentration0")
    settings = [(1, 1), (2, 3), (0.5, 0.25), (12, 0.7), (0.1, 40), (30, 1e3)]
    summary_settings = [
        (a, b)
        for a in (0.1, 0.5, 1, 1.0001, 2, 7.25, 100, 1e4)
        for b in (1e-3, 0.1, 0.5, 1, 1.0001, 2, 7.25, 100, 1e4)
    ]

    def contains(self, x, a, b):
        return 0 <= x <= 1

    def ends(self, a, b):
        return [0, 1]

    def points(self):
        for a, b in self.settings:
            for p in (1e-10, 1e-3, 0.3, 0.5, 0.8, 0.999):
                x = self.quantile(mpf(p), mpf(a), mpf(b))
                if 1e-37 < x < 1 - 2**-24:
                    yield (x, a, b)
        yield from [(0, a, b) for a, b in ((1, 1), (1, 3), (2, 1), (0.5, 2))]
        yield from [(1, a, b) for a, b in ((1, 1), (3, 1), (2, 2), (2, 0.5))]
        yield from [(-1, 2, 1), (2, 2, 1), (-1e-30, 0.5, 1), (1.0000001, 1, 1), (1e30, 2, 2)]
        yield from [(1e-30, 3, 1e20), (1 - 2**-24, 2, 3), (1e-30, 1e-3, 2), (0.999, 1e3, 0.1)]
        # Small concentrations, whose terms of the slope are large beside it.
        yield from [(0.36627548933029175, 0.011638856492936611, 0.02838912047445774)]
        yield from [(0.3, 0.004, 0.01), (0.9, 0.05, 0.02), (0.5, 1e-4, 1e-4), (0.1, 0.02, 3)]
        # Where half of the logarithm of the power is the other concentration.
        yield from [(0.6, 0.01, 0.0025), (0.001, 0.01, 0.03), (0.75, 1e-3, 1.5e-4)]

    def log_rest(self, x, a):
        """ln(1 - x^a)."""
        return log1mexp(-a * ln(x)) if x > 0 else mpf(0)

    def inside(self, x, a, b):
        if x == 0:
            return inf if a < 1 else ln(b) if a == 1 else -inf
        if x == 1:
            return inf if b < 1 else ln(a) if b == 1 else -inf
        return ln(a * b) + (a - 1) * ln(x) + (b - 1) * self.log_rest(x, a)

    def log_survival(self, x, a, b):
        if x >= 1:
            return -inf
        return b * self.log_rest(x, a) if x > 0 else mpf(0)

    def survival(self, x, a, b):
        return exp(self.log_survival(x, a, b)) if x < 1 else mpf(0)

    def cdf(self, x, a, b):
        return -expm1(self.log_survival(x, a, b)) if x < 1 else mpf(1)

    def log_cdf(self, x, a, b):
        if x >= 1:
            return mpf(0)
        return log1mexp(-self.log_survival(x, a, b)) if x > 0 else -inf

    def quantile(self, p, a, b):
        if p == 0 or p == 1:
            return p
        return (-expm1(log1p(-p) / b)) ** (1 / a)

    def moment(self, order, a, b):
        return b * beta(1 + order / a, b)

    def mean(self, a, b):
        return self.moment(1, a, b)

    def variance(self, a, b):
        return self.moment(2, a, b) - self.moment(1, a, b) ** 2

    def std_dev(self, a, b):
        return sqrt(self.variance(a, b))

    def mode(self, a, b):
        if a < 1 or (a == 1 and b >= 1):
            return mpf(0)
        return mpf(1) if b <= 1 else ((a - 1) / (a * b - 1)) ** (1 / a)

    def entropy(self, a, b):
        return (1 - 1 / b) + (1 - 1 / a) * (psi(0, b + 1) + euler) - ln(a * b)
