"""The families with shapes: Beta and Student's t, through the incomplete beta function."""

from mpmath import exp, inf, isfinite, ln, log1p, mp, mpf, nan, pi, sqrt

from .family import Family
from .functions import digamma, lgamma, xlogy
from .precision import case, columns, derivative, f32

# --- the incomplete beta function ------------------------------------------------------------


def lbeta(a, b):
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def log_series(a, b, x, y):
    """ln I_x(a, b) by x^a y^b / (a B(a, b)) sum (a + b)_n / (a + 1)_n x^n: positive terms."""
    # In integers of a fixed point, which are many times faster: the sum is at least one.
    bits = mp.prec + 64
    fixed = lambda v: int(mp.ldexp(v, bits))
    one, step, above, below = 1 << bits, fixed(x), fixed(a + b), fixed(a + 1)
    term = total = one
    while term:
        ratio = step * above // below
        term = term * ratio >> bits
        total += term
        above += one
        below += one
    total = mp.ldexp(mpf(total), -bits)
    return a * ln(x) + b * ln(y) - ln(a) - lbeta(a, b) + ln(total)


def terms(a, b, x, y):
    """About how many terms the series takes: up to its largest one, and down from there."""
    return 2 * max((x * (a + b) - a - 1) / y, 0) + mp.prec / -log1p(-y)


def log_tails(a, b, logit):
    """ln I and ln(1 - I) at x = 1/(1 + e^-logit)."""
    small = exp(-abs(logit))
    small, large = small / (1 + small), 1 / (1 + small)
    x, y = (small, large) if logit <= 0 else (large, small)
    if terms(a, b, x, y) <= terms(b, a, y, x):
        log_p = log_series(a, b, x, y)
        return log_p, log_rest(log_p)
    log_q = log_series(b, a, y, x)
    return log_rest(log_q), log_q


def log_rest(log_tail):
    # The tail may round to one at low working precision; nan then makes `settle` climb.
    tail = exp(log_tail)
    return log1p(-tail) if tail < 1 else nan


def beta_tails(a, b, x):
    """ln I_x(a, b) and ln(1 - I_x(a, b))."""
    if x <= 0 or x >= 1:
        return (-inf, mpf(0)) if x <= 0 else (mpf(0), -inf)
    return log_tails(a, b, ln(x) - log1p(-x))


def logit_inverse(a, b, p, q):
    """logit x with I_x(a, b) = p, given p and q = 1 - p, from the smaller."""
    lower = p < q
    target = ln(p if lower else q)
    tail = lambda z: log_tails(a, b, z)[0 if lower else 1]
    with mp.workdps(25 + int(-target / ln(10))):
        low, high = -mpf(1), mpf(1)
        # A tail lost beside one is far below any target.
        below = lambda z: (not tail(z) >= target) == lower
        while not below(low):
            low *= 2
        while below(high):
            high *= 2
        while high - low > mpf("1e-3") * min(1, sqrt((a + b) / (a * b))):
            middle = (low + high) / 2
            low, high = (middle, high) if below(middle) else (low, middle)
    z, digits = (low + high) / 2, mp.dps
    with mp.workdps(mp.dps + 20 + int(-target / ln(10))):
        for _ in range(60):
            value = tail(z)
            size = log1p(exp(-abs(z))) + max(z, mpf(0))
            log_kernel = a * z - (a + b) * size - lbeta(a, b)
            step = (value - target) / exp(log_kernel - value)
            z -= step if lower else -step
            if abs(step) <= max(abs(z), mpf(10) ** -10) * mpf(10) ** (-digits - 2):
                return z
    raise ArithmeticError(f"inverse incomplete beta at {a}, {b}, {p}")


def from_logit(z):
    return 1 / (1 + exp(-z))


# --- Beta ------------------------------------------------------------------------------------


class Beta(Family):
    name = "beta"
    parameters = ("concentration1", "concentration0")
    low, high = 0, 1
    settings = [
        (2, 3),
        (0.5, 0.5),
        (1e-3, 1e-3),
        (0.1, 2),
        (1, 8),
        (5.5, 0.3),
        (20, 1),
        (1.5, 1.25),
        (100, 10),
        (1e4, 1e4),
        (1, 1e6),
        (0.5, 1e7),
    ]
    quantile_settings = settings[:10]

    def points(self):
        for a, b in self.settings:
            for p in (1e-6, 0.05, 0.5, 0.95, 1 - 1e-6):
                with mp.workdps(20):
                    x = f32_or_zero(from_logit(logit_inverse(mpf(a), mpf(b), mpf(p), 1 - mpf(p))))
                if 0 < x < 1:
                    yield (x, a, b)
        yield from [(0, 1, 8), (0, 1, 1), (0, 2, 8), (0, 0.5, 0.5), (1, 8, 1), (1, 2, 8)]
        yield from [(1, 0.5, 0.5), (1 - 2**-24, 0.5, 0.5), (1e-10, 1e-3, 1e-3), (0.9, 10, 0.1)]
        yield from [(0.5, 1, 1), (0.25, 1, 1), (-1e-30, 0.5, 3), (1.5, 2, 3), (-1e10, 2, 3)]
        yield from [(0.5, 1e4, 1e4), (0.51, 1e4, 1e4), (0.4, 1e4, 1e4), (0.25, 1e6, 3e6)]
        yield from [(1e-30, 2, 1), (1e-30, 1e-3, 5), (0.5, 3, 2), (1e-3, 30, 2), (1e-7, 1.5, 1e7)]
        # Beside the mean of a long tail on one side.
        yield from [(6.538076e-5, 1.0135434, 15513.03), (1.4591146e-4, 1.0430096, 7810.5557)]
        yield from [(1.22e-5, 1, 92771.37), (0.99983, 6107.3, 1.0037), (7e-4, 1.22, 1780)]

    def contains(self, x, a, b):
        return 0 <= x <= 1

    def ends(self, a, b):
        return [0, 1]

    def inside(self, x, a, b):
        return xlogy(a - 1, x) + xlogy(b - 1, 1 - x) - lbeta(a, b)

    def log_cdf(self, x, a, b):
        return beta_tails(a, b, x)[0]

    def log_survival(self, x, a, b):
        return beta_tails(a, b, x)[1]

    def cdf(self, x, a, b):
        return exp(self.log_cdf(x, a, b))

    def survival(self, x, a, b):
        return exp(self.log_survival(x, a, b))

    def quantile(self, p, a, b):
        if p <= 0 or p >= 1:
            return mpf(0) if p <= 0 else mpf(1)
        return from_logit(logit_inverse(a, b, p, 1 - p))

    def mean(self, a, b):
        return a / (a + b)

    def variance(self, a, b):
        return a * b / ((a + b) ** 2 * (a + b + 1))

    def mode(self, a, b):
        if a > 1 and b > 1:
            return (a - 1) / (a + b - 2)
        return mpf(1) if (a > 1 and b <= 1) or (a == 1 and b < 1) else mpf(0)

    def entropy(self, a, b):
        digammas = (a - 1) * digamma(a) + (b - 1) * digamma(b) - (a + b - 2) * digamma(a + b)
        return lbeta(a, b) - digammas

    def summary_settings(self):
        yield from [(1, 1), (1.0001, 1), (1, 0.5), (2, 1), (3, 3), (1.9, 1.9), (2.1, 1.5)]
        yield from [(1e8, 1e8), (1e6, 3), (1e-10, 1), (7.9, 8.1), (1e3, 2e3), (0.3, 0.2)]

    def implicit_gradients(self):
        """d logit / d concentration of a sample held at its quantile."""
        shapes = [(1e-3, 1e-3), (1e-3, 1), (0.03, 2), (0.1, 0.3), (0.5, 0.5), (1, 1), (0.7, 30)]
        shapes += [(1.5, 4), (8, 3), (5, 1e3), (20, 20), (300, 10), (1e4, 0.5), (1e3, 3e3)]
        shapes += [(1e4, 1e4), (1e-3, 1e4)]
        rows = []
        for a, b in shapes:
            for p in (1e-3, 0.05, 0.5, 0.95, 1 - 1e-3):
                with mp.workdps(20):
                    held = (mpf(f32(a)), mpf(f32(b)))
                    rows.append((logit_inverse(*held, mpf(p), 1 - mpf(p)), a, b))
        inputs = columns(("logit",) + self.parameters, rows)
        for index, name in ((1, "1"), (2, "0")):
            slope = lambda *row, index=index: logit_slope(*row, index)
            yield case(f"implicit_gradient{name}", slope, inputs, conditioned=False)


def logit_slope(z, a, b, index):
    """-(dI/d shape) / (density of the logit) from the smaller tail."""
    lower = log_tails(a, b, z)[0] < log_tails(a, b, z)[1]
    tail = lambda z, a, b: log_tails(a, b, z)[0 if lower else 1]
    value = tail(z, a, b)
    log_kernel = a * z - (a + b) * (log1p(exp(-abs(z))) + max(z, mpf(0))) - lbeta(a, b)
    slope = derivative(tail, (z, a, b), index) * exp(value - log_kernel)
    return -slope if lower else slope


def f32_or_zero(x):
    """Rounded to f32; 0 where that is subnormal."""
    return f32(x) if abs(x) >= 2.0**-126 else 0.0


# --- Student's t -----------------------------------------------------------------------------


class StudentT(Family):
    name = "student_t"
    parameters = ("df", "loc", "scale")
    settings = [
        (3, 0, 1),
        (1, 1.5, 0.25),
        (0.1, 0, 1),
        (0.5, -3, 7),
        (2, 0, 1e-20),
        (4.5, 0, 1),
        (30, 0, 2),
        (1e3, 0, 1),
    ]
    quantile_settings = settings
    variance_slope_settings = [(1.5, 0, 2), (2, 1, 0.5), (2.5, 0, 3), (7.25, 0, 0.1), (1e4, 0, 1e4)]

    def points(self):
        for df, loc, scale in self.settings:
            for t in (-20, -2.5, -1, -1e-3, 0, 0.3, 1, 4, 1e3):
                yield (loc + scale * mpf(t), df, loc, scale)
        yield from [(1, df, 0, 1) for df in (1e4, 1e6, 1e8, 1e10, 1e20)]
        yield from [(t, 1e6, 0, 1) for t in (-5, 0.1, 3, 10)]
        yield from [(1e20, 1, 0, 1), (-1e20, 2, 0, 1), (1e30, 0.5, 0, 1e-5), (1e18, 3, 0, 1e-15)]
        yield from [(-1e10, 1e-3, 0, 1), (1e-30, 3, 0, 1), (100, 60, 0, 1), (-12, 40, 0, 1)]

    def inside(self, x, df, loc, scale):
        z = (x - loc) / scale
        return -lbeta(df / 2, mpf(1) / 2) - ln(df) / 2 - ln(scale) - (df + 1) / 2 * log1p(z * z / df)

    def tails(self, x, df, loc, scale):
        """ln P(T <= z) and ln P(T > z)."""
        z = (x - loc) / scale
        if z == 0:
            return -ln(mpf(2)), -ln(mpf(2))
        log_tail = log_tails(df / 2, mpf(1) / 2, ln(df) - 2 * ln(abs(z)))[0] - ln(mpf(2))
        pair = (log_tail, log1p(-exp(log_tail)))
        return pair if z < 0 else pair[::-1]

    def log_cdf(self, *row):
        return self.tails(*row)[0]

    def log_survival(self, *row):
        return self.tails(*row)[1]

    def cdf(self, *row):
        return exp(self.tails(*row)[0])

    def survival(self, *row):
        return exp(self.tails(*row)[1])

    def quantile(self, p, df, loc, scale):
        if p <= 0 or p >= 1:
            return -inf if p <= 0 else inf
        if p == mpf(1) / 2:
            return loc
        tail = min(p, 1 - p)
        logit = logit_inverse(df / 2, mpf(1) / 2, 2 * tail, 1 - 2 * tail)
        size = sqrt(df) * exp(-logit / 2)
        return loc + scale * (-size if p < mpf(1) / 2 else size)

    def mean(self, df, loc, scale):
        return loc if df > 1 else nan

    def variance(self, df, loc, scale):
        if df <= 1:
            return nan
        return scale**2 * df / (df - 2) if df > 2 else inf

    def std_dev(self, *row):
        variance = self.variance(*row)
        return sqrt(variance) if isfinite(variance) else variance

    def mode(self, df, loc, scale):
        return loc

    def entropy(self, df, loc, scale):
        half = (df + 1) / 2
        digammas = half * (digamma(half) - digamma(df / 2))
        return digammas + ln(df) / 2 + lbeta(df / 2, mpf(1) / 2) + ln(scale)

    def summary_settings(self):
        yield from [(df, -2.5, 0.75) for df in (1e-3, 1, 1.5, 2, 2.0001, 7.9, 16, 1e5, 1e10)]

    def implicit_gradients(self):
        """dt/d df of a sample held at its quantile."""
        rows = []
        for df in (1e-3, 0.03, 0.1, 0.7, 1, 2.5, 8, 30, 100, 1e3, 1e4):
            for p in (1e-3, 0.05, 0.3, 0.9, 1 - 1e-3):
                with mp.workdps(20):
                    t = self.quantile(mpf(p), mpf(f32(df)), mpf(0), mpf(1))
                if abs(t) < 1e37:
                    rows.append((t, df))
        inputs = columns(("value", "df"), rows)
        yield case("implicit_gradient", self.slope, inputs, conditioned=False)

    def slope(self, t, df):
        # By the tail beyond |t|, whose logarithm has no cancellation.
        size = abs(t)
        tail = lambda df: self.tails(size, df, mpf(0), mpf(1))[1]
        density = self.inside(size, df, mpf(0), mpf(1))
        slope = derivative(tail, (df,), 0) * exp(tail(df) - density)
        return slope if t > 0 else -slope
