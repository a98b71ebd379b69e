"""The laws of counts 0, 1, 2, …: Poisson; Geometric, NegativeBinomial and Binomial, each from logits
and from probabilities.

Conventions: a mode that ties is the smallest; quantile(p) is the smallest k with cdf(k) >= p, and
has no row for p = 1, where none is. The sensitivities are to the parameters alone.
"""

from mpmath import ceil, exp, expm1, inf, ln, log1p, mp, mpf, sqrt

from . import functions as fn
from .functions import lgamma, log_sigmoid, sigmoid, xlogy
from .precision import case, columns, derivative

# None that a distribution function meets exactly.
LEVELS = [0.0, 1e-30, 1e-7, 1e-3, 0.1, 0.37, 0.52, 0.77, 0.99, 0.9997, 1 - 2**-24]


class Counts:
    """Defaults of a law of counts; `log_mass`, the tails and the moments are a family's own."""

    summaries = ("mean", "variance", "std_dev", "mode", "entropy")
    # Whose slopes by the last parameter are in the table, and further parameters for them.
    sloped = ("mean", "variance", "std_dev")
    sloping = []
    far = []
    # Tails of many trials, to which the last digit of a logit of the probability would matter.
    tails = []

    def std_dev(self, *parameters):
        return sqrt(self.variance(*parameters))

    def log_prob(self, k, *parameters):
        return self.log_mass(k, *parameters) if k >= 0 else -inf

    def quantile(self, p, *parameters):
        """By bisection, comparing in the smaller tail."""
        if p == 0:
            return mpf(0)
        with mp.workdps(60):
            reached = lambda k: (
                self.cdf(k, *parameters) >= p
                if p < 0.5
                else self.survival(k, *parameters) <= 1 - p
            )
            low, high = mpf(-1), mpf(1)
            while not reached(high):
                low, high = high, 2 * high
            while high - low > 1:
                middle = mp.floor((low + high) / 2)
                low, high = (low, middle) if reached(middle) else (middle, high)
            return high


class Geometric(Counts):
    sloped = (*Counts.sloped, "entropy")

    def cdf(self, k, t):
        return -expm1((k + 1) * self.log_failure(t)) if k >= 0 else mpf(0)

    def survival(self, k, t):
        return exp((k + 1) * self.log_failure(t)) if k >= 0 else mpf(1)

    def log_cdf(self, k, t):
        wait = -(k + 1) * self.log_failure(t)
        if k < 0 or wait == inf:
            return -inf if k < 0 else mpf(0)
        return log1p(-exp(-wait)) if wait > 1 else fn.log1mexp(wait)

    def log_survival(self, k, t):
        return (k + 1) * self.log_failure(t) if k >= 0 else mpf(0)

    def log_mass(self, k, t):
        return self.log_success(t) + (k * self.log_failure(t) if k > 0 else 0)

    def mean(self, t):
        return exp(self.log_failure(t) - self.log_success(t))

    def variance(self, t):
        return exp(self.log_failure(t) - 2 * self.log_success(t))

    def mode(self, t):
        return mpf(0)

    def entropy(self, t):
        if self.log_failure(t) == -inf:
            return mpf(0)
        return -self.log_success(t) - self.mean(t) * self.log_failure(t)

    def points(self):
        for (t,) in self.settings:
            for k in (0, 1, 2, 5, 40):
                yield (k, t)
            for share in (0.5, 3):
                k = int(share * float(min(self.mean(mpf(t)), mpf(10) ** 6)))
                yield (k, t)
        yield from [(-1, t) for (t,) in self.settings[:3]]


class GeometricLogits(Geometric):
    name = "geometric_logits"
    parameters = ("logits",)
    settings = [(t,) for t in (0.0, 0.5, -0.5, 1e-3, 2.5, -2.5, 8, -8, -14, 30, 80)]
    extreme = [(-40,), (-80,)]
    # Where the slopes of the steps of a quotient overflow.
    sloping = [(t,) for t in (-78.60707, -57.978706, -47.91005, -33.523495, -236.99567, 60)]

    def log_failure(self, t):
        return log_sigmoid(-t)

    def log_success(self, t):
        return log_sigmoid(t)


class GeometricProbs(Geometric):
    name = "geometric_probs"
    parameters = ("probs",)
    settings = [(p,) for p in (0.5, 0.25, 0.9, 0.1, 1e-3, 0.999, 1 - 2**-22, 1e-6, 1.0)]
    extreme = [(1e-10,), (1e-30,), (1e-37,)]
    sloping = [(p,) for p in (5.3250999e-22, 1e-13, 1e-19)]

    def log_failure(self, p):
        return log1p(-p) if p < 1 else -inf

    def log_success(self, p):
        return ln(p)


class Poisson(Counts):
    sloped = ()
    name = "poisson"
    parameters = ("rate",)
    settings = [
        (rate,) for rate in (0.5, 1, 5, 12.5, 100, 1e-3, 1e-10, 3.3, 9.99, 10, 1e4, 1e6, 0.0)
    ]
    extreme = [(1e-30,), (1.5,), (1.999,), (2,), (2.5,), (15.99,), (16,), (17,)] + [
        (rate,) for rate in (50, 127.9, 128, 150, 1e3, 1e8, 1e20)
    ]

    far = [(1e8, 1e8), (16777216, 1.678e7), (1e8, 1.0002e8)]

    def log_mass(self, k, rate):
        return xlogy(k, rate) - rate - lgamma(k + 1)

    def cdf(self, k, rate):
        if k < 0:
            return mpf(0)
        return fn.gammaincc(k + 1, rate) if rate > 0 else mpf(1)

    def survival(self, k, rate):
        if k < 0:
            return mpf(1)
        return fn.gammainc(k + 1, rate) if rate > 0 else mpf(0)

    def log_cdf(self, k, rate):
        if k < 0:
            return -inf
        return fn.log_gammaincc(k + 1, rate) if rate > 0 else mpf(0)

    def log_survival(self, k, rate):
        if k < 0:
            return mpf(0)
        return fn.log_gammainc(k + 1, rate) if rate > 0 else -inf

    def mean(self, rate):
        return rate

    variance = mean

    def mode(self, rate):
        return max(ceil(rate) - 1, mpf(0))

    def entropy(self, rate):
        """-sum p ln p over all counts that matter to 70 digits."""
        if rate == 0:
            return mpf(0)
        if rate > 2000:
            return self.asymptotic(rate)
        with mp.workdps(75):
            spread = sqrt(rate)
            low, high = max(0, int(rate - 20 * spread - 30)), int(rate + 20 * spread + 90)
            mass, total = exp(self.log_mass(mpf(low), rate)), mpf(0)
            log_mass = self.log_mass(mpf(low), rate)
            for k in range(low, high):
                total -= mass * log_mass
                mass *= rate / (k + 1)
                log_mass += ln(rate) - ln(mpf(k + 1))
            return total

    def asymptotic(self, rate):
        """By the moments of ln k! about the mean: E of Stirling's series, term by term."""
        # Central moments of a Poisson by the recurrence m[n+1] = rate * sum C(n, j) m[j], j < n.
        order = 60
        with mp.workdps(90):
            moments = [mpf(1), mpf(0)]
            for n in range(1, order):
                moments.append(rate * sum(mp.binomial(n, j) * moments[j] for j in range(n)))
            # ln Γ(k + 1) about k = rate, by its derivatives.
            total = rate - rate * ln(rate) + lgamma(rate + 1)
            for n in range(2, order):
                total += mp.psi(n - 1, rate + 1) * moments[n] / mp.factorial(n)
            return total

    def points(self):
        for (rate,) in self.settings:
            spread = rate**0.5
            near = {int(max(0, rate + z * spread)) for z in (-7, -3, -1, 0, 1, 3, 7)}
            for k in sorted(near | {0, 1, 2, 5}):
                yield (k, rate)
        yield from [(-1, 0.5), (-1, 100), (-3, 0.0), (30, 1), (200, 100), (20, 100), (100, 1e-3)]


class NegativeBinomial(Counts):
    summaries = ("mean", "variance", "std_dev", "mode")
    # On both sides of where integrals, sums and an asymptotic series take over from each other.
    spread = [(r, p) for r in (0.25, 1, 1.0625, 2.9, 3.1, 17.9, 18.1, 63.9, 64.1) for p in (0.1, 0.49, 0.51)]
    spread += [(0.5, 0.99), (1.5, 0.98), (5, 0.97), (17.9, 0.8), (1e3, 0.01), (1e3, 0.03), (1e3, 0.07)]
    spread += [(1e6, 1e-5), (1e6, 7e-5), (50, 1e-5), (1e-3, 0.9)]

    def entropy(self, r, t):
        """The sum to where nothing is left."""
        p = exp(self.log_success(t))
        mass, total, k = exp(r * self.log_failure(t)), mpf(0), 0
        while k < r * p / (1 - p) or mass > mpf(10) ** (-mp.dps - 5) * total * (1 - p):
            total -= xlogy(mass, mass)
            mass *= p * (k + r) / (k + 1)
            k += 1
        return total

    def log_mass(self, k, r, t):
        log_q, log_p = self.log_failure(t), self.log_success(t)
        choices = lgamma(k + r) - lgamma(k + 1) - lgamma(r)
        return choices + r * log_q + (k * log_p if k > 0 else 0)

    def upto(self, k, r, t):
        """The sum of the masses from 0 to k, and that of those beyond."""
        p = exp(self.log_success(t))
        mass, below, above, j = exp(self.log_mass(mpf(0), r, t)), mpf(0), mpf(0), 0
        while j <= k or mass > above * mpf(10) ** (-mp.dps - 5) * (1 - p):
            if j <= k:
                below += mass
            else:
                above += mass
            mass *= p * (j + r) / (j + 1)
            j += 1
        return below, above

    def cdf(self, k, r, t):
        return self.upto(k, r, t)[0] if k >= 0 else mpf(0)

    def survival(self, k, r, t):
        return self.upto(k, r, t)[1] if k >= 0 else mpf(1)

    def log_cdf(self, k, r, t):
        below, above = self.upto(k, r, t) if k >= 0 else (mpf(0), mpf(1))
        return fn.log(below) if above > 0.01 else log1p(-above)

    def log_survival(self, k, r, t):
        below, above = self.upto(k, r, t) if k >= 0 else (mpf(0), mpf(1))
        return fn.log(above) if below > 0.01 else log1p(-below)

    def quantile(self, level, r, t):
        """By summing up to it, or down from where nothing is left."""
        with mp.workdps(60):
            p, k = exp(self.log_success(t)), 0
            mass, masses = exp(self.log_mass(mpf(0), r, t)), []
            while not masses or mass > mpf(10) ** -30 * (1 - p) or k < r * p / (1 - p):
                masses.append(mass)
                mass *= p * (k + r) / (k + 1)
                k += 1
            if level < 0.5:
                total = mpf(0)
                for k, mass in enumerate(masses):
                    total += mass
                    if total >= level:
                        return mpf(k)
            above, k = mpf(0), len(masses) - 1
            while above + masses[k] <= 1 - level and k > 0:
                above += masses[k]
                k -= 1
            return mpf(k)

    def mean(self, r, t):
        return r * exp(self.log_success(t) - self.log_failure(t))

    def variance(self, r, t):
        return self.mean(r, t) / exp(self.log_failure(t))

    def mode(self, r, t):
        return max(ceil((r - 1) * self.mean(mpf(1), t)) - 1, mpf(0))

    def points(self):
        for r, t in self.settings:
            mean, spread = float(self.mean(mpf(r), mpf(t))), float(sqrt(self.variance(mpf(r), mpf(t))))
            near = {int(max(0, mean + z * spread)) for z in (-3, -1, 0, 1, 4)}
            for k in sorted(near | {0, 1, 3}):
                yield (k, r, t)
        yield from [(-1, *setting) for setting in self.settings[:3]] + self.tails


class NegativeBinomialLogits(NegativeBinomial):
    name = "negative_binomial_logits"
    parameters = ("total_count", "logits")
    settings = [(1, 0), (0.5, 1.5), (3.5, -1), (20, -3), (0.01, 3), (7.25, 2.5), (300, 0.25)]
    extreme = [(1e6, -14), (1.5, -60), (2, 20)]
    spread = [(r, float(ln(mpf(p) / (1 - mpf(p))))) for r, p in NegativeBinomial.spread]
    sloping = [(3, 29), (2, 45), (0.5, 60), (1, 85)]
    far = [(100, 1e8, -14), (1e6, 1e6, 0), (1e8, 1e8, 0.001), (2, 5, -80)]
    log_failure, log_success = GeometricLogits.log_failure, GeometricLogits.log_success


class NegativeBinomialProbs(NegativeBinomial):
    name = "negative_binomial_probs"
    parameters = ("total_count", "probs")
    settings = [(1, 0.5), (0.5, 0.8), (3.5, 0.3), (20, 0.07), (0.01, 0.9), (7.25, 0.9), (300, 0.6)]
    extreme = [(1e6, 1e-6), (1.5, 1e-30), (2, 0.999)]
    far = [(100, 1e8, 1e-6), (1e6, 1e6, 0.5), (1e8, 1e8, 0.50001), (2, 5, 1e-30)]
    tails = [(k, 3e5, 3.17075930070132e-4) for k in (65, 180)] + [(0, 2e5, 1.1013534822268412e-4)]
    log_failure, log_success = GeometricProbs.log_failure, GeometricProbs.log_success


class Binomial(Counts):
    summaries = ("mean", "variance", "std_dev", "mode")
    # Variances around which an asymptotic series takes over from a sum, and small ones.
    spread = [(n, p) for p in (0.5, 0.47, 0.1, 0.96875, 1e-3) for n in (2, 5, 36, 63, 65, 158, 162)]
    spread += [(n, 0.1) for n in (175, 180, 440, 450)] + [(n, 1e-3) for n in (1e3, 15999, 16050)]
    spread += [(39990, 1e-3), (40100, 1e-3), (1e5, 0.2), (1e6, 0.01), (1e7, 2e-6), (1e7, 1e-9)]

    def entropy(self, n, t):
        """The sum from the likeliest count both ways, to where nothing is left."""
        n, log_q, log_p = int(n), self.log_failure(t), self.log_success(t)
        odds, mode = exp(log_p - log_q), int(self.mode(mpf(n), t))
        top = exp(self.log_mass(mpf(mode), mpf(n), t))
        total = -xlogy(top, top)
        for step in (1, -1):
            k, mass = mode, top
            while mass > mpf(10) ** (-mp.dps - 5) * total and 0 <= k + step <= n:
                mass *= (n - k) * odds / (k + 1) if step > 0 else k / ((n - k + 1) * odds)
                k += step
                total -= xlogy(mass, mass)
        return total

    def log_mass(self, k, n, t):
        if k > n:
            return -inf
        log_q, log_p = self.log_failure(t), self.log_success(t)
        choices = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
        return choices + (k * log_p if k > 0 else 0) + ((n - k) * log_q if n > k else 0)

    def upto(self, k, n, t):
        """The sum of the masses from 0 to k, and that of those beyond, to where nothing is left."""
        k, n, mode = int(k), int(n), self.mode(n, t)

        def masses(first, last):
            total = mpf(0)
            for j in range(first, last + 1):
                mass = exp(self.log_mass(mpf(j), n, t))
                total += mass
                if j > mode and mass < total * mpf(10) ** (-mp.dps - 10):
                    break
            return total

        return masses(0, min(k, n)), masses(k + 1, n)

    cdf, survival = NegativeBinomial.cdf, NegativeBinomial.survival
    log_cdf, log_survival = NegativeBinomial.log_cdf, NegativeBinomial.log_survival

    def quantile(self, level, n, t):
        """By summing up to it from the nearer end."""
        with mp.workdps(60):
            masses = [exp(self.log_mass(mpf(j), n, t)) for j in range(int(n) + 1)]
            if level < 0.5:
                total = mpf(0)
                for k, mass in enumerate(masses):
                    total += mass
                    if total >= level:
                        return mpf(k)
            above, k = mpf(0), int(n)
            while k > 0 and above + masses[k] <= 1 - level:
                above += masses[k]
                k -= 1
            return mpf(k)

    def mean(self, n, t):
        return n * exp(self.log_success(t))

    def variance(self, n, t):
        return n * exp(self.log_success(t) + self.log_failure(t))

    def mode(self, n, t):
        return min(max(ceil((n + 1) * exp(self.log_success(t))) - 1, mpf(0)), n)

    def points(self):
        for n, t in self.settings:
            mean = float(self.mean(mpf(n), mpf(t)))
            spread = float(sqrt(self.variance(mpf(n), mpf(t))))
            near = {int(min(max(0, mean + z * spread), n)) for z in (-3, -1, 0, 1, 4)}
            for k in sorted(near | {0, 1, n - 1, n, n + 1}):
                if k >= 0:
                    yield (k, n, t)
        yield from [(-1, *setting) for setting in self.settings[:3]] + self.tails


class BinomialLogits(Binomial):
    name = "binomial_logits"
    parameters = ("total_count", "logits")
    settings = [(1, 0.5), (10, 0.25), (7, -3), (30, 6), (100, 0.125), (400, -1.5), (25, -20)]
    extreme = [(1e6, -14), (3, -60), (2, 20), (0, 1.5), (1e6, 0)]
    spread = [(n, float(ln(mpf(p) / (1 - mpf(p))))) for n, p in Binomial.spread]
    # Where the events' and their absences' shares of a slope nearly cancel.
    sloping = [(649, 1.5805756e-7), (13, 6.022906e-4), (150, -1e-3), (4, 1e-10), (60, 0.01)]
    sloping += [(n, t) for n in (1, 2, 3, 7, 40, 160, 190) for t in (-1e-5, 0.1)] + [(12, -0.35), (5, 0.6)]
    spread += sloping
    far = [(100, 1e8, -14), (500000, 1e6, 0), (50002500, 1e8, 1e-4), (2, 5, -80)]
    log_failure, log_success = GeometricLogits.log_failure, GeometricLogits.log_success


class BinomialProbs(Binomial):
    name = "binomial_probs"
    parameters = ("total_count", "probs")
    settings = [(1, 0.6), (10, 0.55), (7, 0.05), (30, 0.9975), (100, 0.53), (400, 0.2), (25, 1e-9)]
    extreme = [(1e6, 1e-6), (3, 1e-30), (2, 0.999), (0, 0.3), (1e6, 0.5)]
    far = [(100, 1e8, 1e-6), (500000, 1e6, 0.5), (50002500, 1e8, 0.50001), (2, 5, 1e-30)]
    tails = [(0, 94765, 1.768046204233542e-4), (1138, 140705, 0.006859843619167805)]
    tails += [(k, 2e5, 1.1013534822268412e-4) for k in (0, 3, 60)] + [(300, 4e4, 0.0112013556)]
    tails += [(k, 3e5, 3.17075930070132e-4) for k in (40, 180)] + [(3900, 4000, 0.98876953125)]
    log_failure, log_success = GeometricProbs.log_failure, GeometricProbs.log_success


FAMILIES = [
    GeometricLogits(),
    GeometricProbs(),
    Poisson(),
    NegativeBinomialLogits(),
    NegativeBinomialProbs(),
    BinomialLogits(),
    BinomialProbs(),
]


def table(family):
    names = ("value", *family.parameters)
    points = columns(names, list(family.points()))
    log_points = columns(names, list(family.points()) + family.far)
    moving = family.parameters
    yield case("log_prob", family.log_prob, log_points, moving=moving)
    # A number of trials is whole: the sums of masses step with it.
    of_tails = moving[isinstance(family, Binomial) :]
    for function in ("cdf", "log_cdf", "survival", "log_survival"):
        yield case(function, getattr(family, function), points, moving=of_tails)
    inner = [row for row in zip(*log_points.values(), strict=True) if smooth(family, row)]
    for index, name in enumerate(family.parameters, 1):
        # A number of trials is whole: no gradient flows to it.
        if (family.name, name) in {(f"binomial_{p}", "total_count") for p in ("logits", "probs")}:
            continue
        slope = lambda *row, index=index: derivative(family.log_mass, row, index)
        yield case(f"grad_{name}", slope, columns(names, inner), moving=moving)
    # At even odds all levels with few bits are met exactly.
    even = ((0.0,), (0.5,))
    levels = lambda s: [p for p in LEVELS if s not in even or p != 1 - 2**-24]
    rows = [(p, *s) for s in family.settings[:11] for p in levels(s)]
    inputs = columns(("p", *family.parameters), rows)
    yield case("quantile", family.quantile, inputs, conditioned=False)
    settings = columns(family.parameters, family.settings + family.extreme)
    for function in family.summaries:
        yield case(
            function, getattr(family, function), settings, conditioned=function != "mode"
        )
    yield from moment_slopes(family)
    if isinstance(family, (Binomial, NegativeBinomial)):
        extreme = family.extreme if isinstance(family, Binomial) else family.extreme[:2]
        rows = family.settings + extreme + family.spread
        moving = family.parameters[isinstance(family, Binomial) :]
        yield case("entropy", family.entropy, columns(family.parameters, rows), moving=moving)
        # Of no trials the entropy is 0 whatever the parameter.
        inputs = columns(family.parameters, [row for row in rows if row[0] > 0])
        slope = lambda *row: derivative(family.entropy, row, 1)
        yield case("entropy_slope", slope, inputs, moving=names[2:])


def moment_slopes(family):
    """Slopes by the last parameter, off the ends of its range."""
    rows = family.settings + family.extreme + family.sloping
    rows = [row for row in rows if family.parameters[-1] == "logits" or 0 < row[-1] and row != (1.0,)]
    for function in family.sloped:
        slope = lambda *row, of=getattr(family, function): derivative(of, row, len(row) - 1)
        inputs = columns(family.parameters, rows)
        yield case(f"{function}_slope", slope, inputs, moving=family.parameters[-1:])


def smooth(family, row):
    k, parameter = row[0], row[1]
    edge = {"poisson": 0, "geometric_probs": 1}.get(family.name)
    return k >= 0 and parameter != edge and family.log_mass(*map(mpf, row)) > -inf
