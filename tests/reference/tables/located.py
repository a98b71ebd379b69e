"""The families on the whole line, and Uniform: settled by a location and a width."""

from mpmath import atan, exp, inf, ln, log1p, mp, mpf, nan, pi, tan

from . import functions as fn
from .family import Family
from .functions import ndtr, ndtri, softplus


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
        yield from [
            (0, 0, 1e-23),
            (1e-20, 0, 1e-20),
            (1e-20, 0, 1e10),
            (40, -40, 2),
            (1e3, -1e3, 2),
        ]

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


# --- Uniform ---------------------------------------------------------------------------------


class Uniform(Family):
    name = "uniform"
    parameters = ("low", "high")
    summaries = ("mean", "variance", "std_dev", "entropy")  # every point is a mode
    settings = [(0, 1), (5, 17), (-1e3, 1e-3), (1, 1.0000001), (-2e-30, 1e-30)]

    def ends(self, low, high):
        return [low, high]

    def points(self):
        for low, high in self.settings:
            # The unit interval is exact; elsewhere the ends themselves are exact.
            for fraction in (0, 1e-10, 1e-3, 0.25, 0.5, 0.75, 1 - 2**-24, 1):
                low32, high32 = mpf(low), mpf(high)
                yield (low32 + (high32 - low32) * mpf(fraction), low, high)
        yield from [
            (-1, 0, 1),
            (1.0000001, 0, 1),
            (-1e-30, 0, 1),
            (18, 5, 17),
            (1e20, 5, 17),
            (-3, 5, 17),
        ]

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

    def entropy(self, low, high):
        return ln(high - low)
