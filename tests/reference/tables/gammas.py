"""The families made of a Gamma: Chi2 and InverseGamma."""

from mpmath import exp, inf, ln, mpf

from . import functions as fn
from .functions import digamma, lgamma
from .family import Family
from .positive import Gamma

GAMMA = Gamma()


class Chi2(Family):
    name = "chi2"
    parameters = ("df",)
    low = 0
    settings = [(2e-3,), (0.3,), (1,), (2,), (3,), (11,), (100,), (2e4,)]

    def points(self):
        for (df,) in self.settings:
            for p in (1e-6, 0.05, 0.5, 0.95, 1 - 1e-6):
                x = 2 * exp(fn.log_gammaincinv(mpf(df) / 2, mpf(p)))
                if x > 1e-36:
                    yield (x, df)
        yield from [(0, 2), (0, 4), (0, 1), (-1, 3), (-1e-30, 1), (-1e10, 2e4)]
        yield from [(2e4, 2e4), (1.6e4, 2e4), (2e8, 2e8), (1e-10, 60), (2e3, 60), (1e-30, 2e-3)]

    def inside(self, x, df):
        return GAMMA.inside(x, df / 2, mpf(1) / 2)

    def cdf(self, x, df):
        return GAMMA.cdf(x, df / 2, mpf(1) / 2)

    def survival(self, x, df):
        return GAMMA.survival(x, df / 2, mpf(1) / 2)

    def log_cdf(self, x, df):
        return GAMMA.log_cdf(x, df / 2, mpf(1) / 2)

    def log_survival(self, x, df):
        return GAMMA.log_survival(x, df / 2, mpf(1) / 2)

    def quantile(self, p, df):
        return GAMMA.quantile(p, df / 2, mpf(1) / 2)

    def mean(self, df):
        return df

    def variance(self, df):
        return 2 * df

    def mode(self, df):
        return max(df - 2, mpf(0))

    def entropy(self, df):
        return GAMMA.entropy(df / 2, mpf(1) / 2)


class InverseGamma(Family):
    name = "inverse_gamma"
    parameters = ("concentration", "rate")
    low = 0
    settings = [
        (1e-3, 1),
        (0.1, 2),
        (0.5, 0.25),
        (1, 1),
        (2, 3),
        (2.5, 1e-3),
        (5.5, 1e3),
        (20, 1),
        (100, 10),
        (1e4, 1),
    ]

    def points(self):
        for a, rate in self.settings:
            for p in (1e-6, 0.05, 0.5, 0.95, 1 - 1e-6):
                x = rate / exp(fn.log_gammaincinv(mpf(a), mpf(p)))
                if x < 1e36:
                    yield (x, a, rate)
        yield from [(0, 1, 1), (0, 0.5, 4), (-1, 2, 1), (-1e-30, 0.5, 1), (-1e10, 1e4, 1)]
        yield from [
            (1e30, 1e-3, 1),
            (1, 1e-3, 1),
            (1e-2, 0.5, 1),
            (1e-3, 3, 1),
            (1e-4, 1e4, 1),
            (1.25e-4, 1e4, 1),
            (8e-5, 1e4, 1),
            (2e-4, 1e4, 1),
            (1e-8, 1e8, 1),
            (1e10, 30, 1),
        ]

    def inside(self, x, a, rate):
        return a * ln(rate) - (a + 1) * ln(x) - rate / x - lgamma(a) if x != 0 else -inf

    def cdf(self, x, a, rate):
        return GAMMA.survival(1 / x, a, rate) if x > 0 else mpf(0)

    def survival(self, x, a, rate):
        return GAMMA.cdf(1 / x, a, rate) if x > 0 else mpf(1)

    def log_cdf(self, x, a, rate):
        return GAMMA.log_survival(1 / x, a, rate) if x > 0 else -inf

    def log_survival(self, x, a, rate):
        return GAMMA.log_cdf(1 / x, a, rate) if x > 0 else mpf(0)

    def quantile(self, p, a, rate):
        if p == 0:
            return mpf(0)
        return rate / fn.gammainccinv(a, p) if p < 1 else inf

    def mean(self, a, rate):
        return rate / (a - 1) if a > 1 else inf

    def variance(self, a, rate):
        return rate**2 / ((a - 1) ** 2 * (a - 2)) if a > 2 else inf

    def mode(self, a, rate):
        return rate / (a + 1)

    def entropy(self, a, rate):
        return a + ln(rate) + lgamma(a) - (1 + a) * digamma(a)
