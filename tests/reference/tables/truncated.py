"""The truncated normal distribution."""

from mpmath import exp, inf, isinf, ln, log1p, mpf, pi, sqrt

from . import functions as fn
from .family import Family
from .functions import ndtr
from .precision import case, columns, derivative


def density(z):
    return exp(-z * z / 2) / sqrt(2 * pi) if not isinf(z) else mpf(0)


def mass(a, b):
    """Phi(b) - Phi(a), from the tails on the side where both are small."""
    if isinf(a) and isinf(b):
        return mpf(1)
    if a > 0:
        return mass(-b, -a)
    upper = ndtr(b) if not isinf(b) else mpf(1)
    return upper - (ndtr(a) if not isinf(a) else mpf(0))


def moment(a, b):
    """b phi(b) - a phi(a)."""
    return (b * density(b) if not isinf(b) else 0) - (a * density(a) if not isinf(a) else 0)


class TruncatedNormal(Family):
    name = "truncated_normal"
    parameters = ("loc", "scale", "low", "high")
    settings = [
        (0, 1, -1, 2),
        (1.5, 0.25, 1, inf),
        (0, 1, 40, inf),
        (0, 2, -inf, -80),
        (-40, 1, 0, 0.25),
        (0, 1, 15, 16),
        (-2, 3, 5, 1000),
        (0, 1, -inf, inf),
        (0.5, 1, 0.5, 3),
    ]
    summary_settings = [
        (0, 1, -1e-3, 1e-3),
        (0, 1, 1e-3, 2e-3),
        (-5, 1, 0, 1e-3),
        (5, 1, -1e-3, 0),
        (0, 1, -16, -15),
        (0, 1, 1000, inf),
        (1e4, 2, -inf, 0),
        (3, 0.5, -inf, inf),
        (0, 1, -30, 0.5),
        (0, 100, -1, 3),
        (0, 1e-3, -1, 3),
        (0, 1, 4, 5),
        (0, 1, -0.5, 40),
        (1, 1, 0, inf),
    ]
    # Far ends on both sides, which alone move the mean from loc.
    wide_settings = [
        (0, 1, -inf, 3.102046489515576),
        (0, 1, -4.0854716300964355, inf),
        (0, 1, -6.212769985198975, 137.9433135986328),
        (0, 1, -inf, 24.163646697998047),
        (0, 0.25, -1.5, 1.625),
        (1e-3, 2, -8, 10),
        (0, 1, -1.0625, 7),
        (0, 1, -13, 12.75),
    ]
    # At a standard deviation from both ends the mean changes its formula.
    summary_settings += [*wide_settings, (0, 3, -3.0625, 3)]

    def contains(self, x, loc, scale, low, high):
        return low <= x <= high

    def ends(self, loc, scale, low, high):
        return [low, high]

    def points(self):
        for setting in self.settings:
            for p in (1e-10, 1e-3, 0.3, 0.5, 0.8, 0.999, 1 - 1e-9):
                yield (self.quantile(mpf(p), *[mpf(v) for v in setting]), *setting)
        yield from [(-1, 0, 1, -1, 2), (2, 0, 1, -1, 2), (0, -40, 1, 0, 0.25), (0.25, -40, 1, 0, 0.25)]
        yield from [(-1.5, 0, 1, -1, 2), (3, 0, 1, -1, 2), (1e30, 0, 1, -1, 2), (-1, 1.5, 0.25, 1, inf)]
        yield from [(30, 0, 1, 0, inf), (-30, 0, 1, -50, 50), (30, 0, 1, -50, 50), (45, 0, 1, 40, inf)]
        yield from [(-5, 0, 1, -5, 5), (1e-3, -5, 1, 0, 2e-3), (1e-10, 0, 1, 0, inf), (1000, 1, 1, 0, inf)]

    def scaled(self, x, loc, scale):
        return (x - loc) / scale

    def whole(self, loc, scale, low, high):
        return mass(self.scaled(low, loc, scale), self.scaled(high, loc, scale))

    def inside(self, x, loc, scale, low, high):
        z = self.scaled(x, loc, scale)
        return -z * z / 2 - ln(scale * sqrt(2 * pi)) - ln(self.whole(loc, scale, low, high))

    def cdf(self, x, loc, scale, low, high):
        if x <= low or x >= high:
            return mpf(0) if x <= low else mpf(1)
        return self.whole(loc, scale, low, x) / self.whole(loc, scale, low, high)

    def survival(self, x, loc, scale, low, high):
        if x <= low or x >= high:
            return mpf(1) if x <= low else mpf(0)
        return self.whole(loc, scale, x, high) / self.whole(loc, scale, low, high)

    def log_cdf(self, x, *parameters):
        below, above = self.cdf(x, *parameters), self.survival(x, *parameters)
        return fn.log(below) if below < above else log1p(-above)

    def log_survival(self, x, *parameters):
        below, above = self.cdf(x, *parameters), self.survival(x, *parameters)
        return fn.log(above) if above < below else log1p(-below)

    def quantile(self, p, loc, scale, low, high):
        if p == 0 or p == 1:
            return low if p == 0 else high
        a, b = self.scaled(low, loc, scale), self.scaled(high, loc, scale)
        # On the side where the tails are small.
        if a > 0:
            return loc - scale * fn.ndtri(self.between(-b, -a, 1 - p))
        return loc + scale * fn.ndtri(self.between(a, b, p))

    def between(self, a, b, p):
        below = ndtr(a) if not isinf(a) else mpf(0)
        return below + p * mass(a, b)

    def spread(self, loc, scale, low, high):
        a, b = self.scaled(low, loc, scale), self.scaled(high, loc, scale)
        total = mass(a, b)
        first = (density(a) - density(b)) / total
        return first, 1 - moment(a, b) / total

    def mean(self, loc, scale, low, high):
        return loc + scale * self.spread(loc, scale, low, high)[0]

    def variance(self, loc, scale, low, high):
        first, second = self.spread(loc, scale, low, high)
        return scale**2 * (second - first**2)

    def slopes(self):
        """Slopes that are 0 but for the ends."""
        settings = columns(self.parameters, self.wide_settings)
        for of, index in (("mean", 1), ("std_dev", 0), ("entropy", 0)):
            slope = lambda *row, of=of, index=index: derivative(getattr(self, of), row, index)
            yield case(f"{of}_grad_{self.parameters[index]}", slope, settings)

    def mode(self, loc, scale, low, high):
        return min(max(loc, low), high)

    def entropy(self, loc, scale, low, high):
        _, second = self.spread(loc, scale, low, high)
        return ln(scale * sqrt(2 * pi) * self.whole(loc, scale, low, high)) + second / 2
