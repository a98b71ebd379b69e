"""The von Mises family on (-pi, pi], by its Fourier series."""

from mpmath import besseli, cos, exp, floor, inf, ln, mp, mpf, nan, pi, sin, sqrt

from . import functions as fn
from .family import Family
from .precision import case, columns, derivative, f32


def log_i0(kappa):
    return ln(besseli(0, kappa))


def bessel_ratio(kappa):
    return besseli(1, kappa) / besseli(0, kappa)


def unrolled(theta, kappa):
    """P(Theta <= theta) about 0, and one more for every turn: the ladder takes the cancellation."""
    if kappa == 0:
        return mpf(1) / 2 + theta / (2 * pi)
    # I_n/I_0 falls like exp(-n^2/(2 kappa)), then faster; ratios by downward recurrence.
    count = int(sqrt(2 * kappa * mp.dps * 2.31)) + mp.dps + 30
    ratio, ratios = mpf(0), []
    for n in range(count, 0, -1):
        ratio = 1 / (2 * n / kappa + ratio)
        ratios.append(ratio)
    term, total = mpf(1), mpf(0)
    for n, ratio in enumerate(reversed(ratios), 1):
        term *= ratio
        total += term * sin(n * theta) / n
        if term < mp.eps:
            break
    return mpf(1) / 2 + theta / (2 * pi) + total / pi


class VonMises(Family):
    name = "von_mises"
    parameters = ("loc", "concentration")
    low, high = -4, 4
    summaries = ("entropy", "circular_variance")
    settings = [(0, 1), (1, 4), (-2, 0.5), (3, 30), (0, 1e-3), (0.5, 0), (-0.25, 1e3), (2.5, 1e4)]
    quantile_settings = settings[:7]

    def points(self):
        for loc, kappa in self.settings:
            width = min(1 / sqrt(mpf(kappa)) if kappa else mpf(1), mpf(1))
            for z in (-3, -0.7, 1e-3, 1.5, 4):
                x = mpf(loc) + width * z
                yield (x - 2 * pi * floor(x / (2 * pi) + mpf(1) / 2), loc, kappa)
            for x in (-3.1415925, -3.141, -2.5, 0, 1, 3.0, 3.14, 3.1415925):
                if kappa <= 100:
                    yield (x, loc, kappa)
        yield from [(3.2, 0, 1), (-4, 1, 2), (1e10, 0, 3), (1, 7, 2), (-1, 100, 2), (1, -3.5, 5)]
        yield from [(1e-10, 0, 1e6), (1e-3, 0, 1e6), (0.5, 0.5, 1e4)]
        # Tails that end a radian and more beyond.
        yield from [(-1.0031260, 0, 17.666172), (-1.0770597, -0.40950674, 15.960502)]
        yield from [(-0.49398389, 0, 14.678737), (1.5, 0, 40)]

    def contains(self, x, *parameters):
        return -pi <= x <= pi

    def inside(self, x, loc, kappa):
        return kappa * cos(x - loc) - ln(2 * pi) - log_i0(kappa)

    def cdf(self, x, loc, kappa):
        if not self.contains(x):
            return mpf(0) if x < 0 else mpf(1)
        return unrolled(x - loc, kappa) - unrolled(-pi - loc, kappa)

    def survival(self, x, loc, kappa):
        if not self.contains(x):
            return mpf(1) if x < 0 else mpf(0)
        return unrolled(pi - loc, kappa) - unrolled(x - loc, kappa)

    def log_cdf(self, *row):
        return fn.log(self.cdf(*row))

    def log_survival(self, *row):
        return fn.log(self.survival(*row))

    def quantile(self, p, loc, kappa):
        if p <= 0 or p >= 1:
            return -pi if p <= 0 else pi
        # From the smaller side, and without the ends: a step may lead past one.
        target, sign = (p, 1) if p < 0.5 else (1 - p, -1)
        function = lambda x, loc, kappa: sign * (
            unrolled(x - loc, kappa) - unrolled(sign * -pi - loc, kappa)
        )
        digits = mp.dps
        with mp.workdps(30 + int(-ln(target) / ln(10))):
            low, high = -pi, +pi
            while high - low > mpf("1e-4") / sqrt(1 + kappa):
                middle = (low + high) / 2
                below = (function(middle, loc, kappa) < target) == (sign > 0)
                low, high = (middle, high) if below else (low, middle)
        x = (low + high) / 2
        with mp.workdps(digits + 20 + int(-ln(target) / ln(10))):
            for _ in range(50):
                step = (function(x, loc, kappa) - target) / exp(self.inside(x, loc, kappa))
                x -= sign * step
                if abs(step) < mpf(10) ** (-digits - 2) * max(abs(x), mpf(10) ** -8):
                    return x
        raise ArithmeticError(f"von Mises quantile at {p}, {loc}, {kappa}")

    def entropy(self, loc, kappa):
        return ln(2 * pi) + log_i0(kappa) - kappa * bessel_ratio(kappa)

    def circular_variance(self, loc, kappa):
        return 1 - bessel_ratio(kappa)

    def summary_settings(self):
        yield from [(0.5, k) for k in (1e-6, 0.1, 3.9, 4.1, 11.9, 12.1, 100, 1e6)]

    def implicit_gradients(self):
        """d angle/d concentration about 0 at a fixed probability."""
        rows = []
        for kappa in (1e-3, 0.03, 0.3, 1, 3, 11, 13, 60, 300, 1e3, 1e4):
            for p in (1e-3, 0.05, 0.3, 0.9, 1 - 1e-3):
                with mp.workdps(20):
                    rows.append((self.quantile(mpf(p), mpf(0), mpf(f32(kappa))), kappa))
        inputs = columns(("angle", "concentration"), rows)
        yield case("implicit_gradient", self.slope, inputs, conditioned=False)

    def slope(self, angle, kappa):
        level = lambda kappa: unrolled(angle, kappa)
        return -derivative(level, (kappa,), 0) / exp(self.inside(angle, mpf(0), kappa))
