"""`generate.py --check`: the tables against SciPy, published values and independent quadrature."""

import json
import math
import random

from mpmath import exp, inf, isfinite, ln, mp, mpf, quad, sqrt

from . import divergence, families
from . import functions as fn

RELATIVE_TO_SCIPY = 1e-10
QUADRATURE_DIGITS = 30
PUBLISHED_TOLERANCE = 1e-6


def run(folder):
    tables = {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}
    for step in (schema, scipy_families, scipy_special, published, implicit_gradient, divergences, transformed_moments):
        print(f"{step.__name__}: {step(tables)} points agree", flush=True)


def find(tables, table, function):
    return next(c for c in tables[table]["cases"] if c["function"] == function)


def rows(entry):
    return zip(zip(*entry["inputs"].values(), strict=True), entry["expected"], strict=True)


def close(value, expected, relative, where, absolute=0.0):
    value, expected = mpf(value), mpf(expected)
    same = value == expected or (mp.isnan(value) and mp.isnan(expected))
    assert same or abs(value - expected) <= max(relative * abs(expected), absolute), f"{where}: {value} against {expected}"


# --- the schema ------------------------------------------------------------------------------


def schema(tables):
    count = 0
    for name, table in tables.items():
        assert table["name"] == name and table["digits"] == 50
        functions = [c["function"] for c in table["cases"]]
        assert len(set(functions)) == len(functions), name
        for entry in table["cases"]:
            lengths = {len(c) for c in entry["inputs"].values()} | {len(entry["expected"])}
            lengths |= {len(entry[k]) for k in ("condition", "sensitivity") if k in entry}
            assert len(lengths) == 1 and 0 not in lengths, (name, entry["function"])
            for column in entry["inputs"].values():
                for value in column:
                    for number in value if isinstance(value, list) else [value]:
                        assert float.fromhex(float(number).hex()) == number == to_f32(number)
            count += len(entry["expected"])
    return count


def to_f32(number):
    import numpy

    return float(numpy.float32(number))


# --- SciPy -----------------------------------------------------------------------------------


def scipy_laws():
    from scipy import stats

    return {
        "normal": lambda loc, scale: stats.norm(loc, scale), "laplace": lambda loc, scale: stats.laplace(loc, scale),
        "cauchy": lambda loc, scale: stats.cauchy(loc, scale), "logistic": lambda loc, scale: stats.logistic(loc, scale),
        "log_normal": lambda loc, scale: stats.lognorm(scale, scale=math.exp(loc)),
        "half_normal": lambda scale: stats.halfnorm(scale=scale), "exponential": lambda rate: stats.expon(scale=1 / rate),
        "uniform": lambda low, high: stats.uniform(low, high - low), "gamma": lambda a, rate: stats.gamma(a, scale=1 / rate),
        "bernoulli_probs": lambda p: stats.bernoulli(p),
    }


SCIPY_NAMES = {"log_prob": "logpdf", "cdf": "cdf", "log_cdf": "logcdf", "survival": "sf", "log_survival": "logsf",
               "quantile": "ppf", "mean": "mean", "variance": "var", "std_dev": "std", "entropy": "entropy"}


def scipy_families(tables):
    """Every ordinary point. SciPy's own error is allowed for through the condition number."""
    count = 0
    for family, law in scipy_laws().items():
        for function, method in SCIPY_NAMES.items():
            entry = find(tables, family, function)
            if family == "bernoulli_probs":
                if function in ("quantile", "log_prob"):
                    continue
            for (row, expected), condition in zip(rows(entry), entry.get("condition", [1.0] * 10**4)):
                ordinary = isfinite(mpf(expected)) and 1e-200 < abs(float(expected)) < 1e200 and condition < 1e4
                if not ordinary or imprecise_in_scipy(family, function, row):
                    continue
                value = scipy_value(law, method, row, summary=function in ("mean", "variance", "std_dev", "entropy"))
                if not math.isfinite(value):
                    continue
                close(value, expected, RELATIVE_TO_SCIPY * (1 + condition), (family, function, row), 1e-14)
                count += 1
    return count


def scipy_value(law, method, row, summary):
    """nan where SciPy overflows, or takes the logarithm of an underflowed density."""
    try:
        return getattr(law(*row), method)() if summary else getattr(law(*row[1:]), method)(row[0])
    except OverflowError:
        return math.nan


def imprecise_in_scipy(family, function, row):
    # SciPy's Gamma cancels at an extreme concentration, its LogNormal variance at a small scale.
    if family == "gamma" and function == "log_prob":
        return row[1] > 1e6
    if family == "log_normal" and function in ("variance", "std_dev"):
        return row[1] < 0.1
    return function == "entropy" and family == "gamma" and not 1e-2 < row[0] < 1e4


def scipy_special(tables):
    from scipy import special

    functions = {"lgamma": special.gammaln, "digamma": special.digamma, "trigamma": lambda x: special.polygamma(1, x),
                 "erf": special.erf, "erfc": special.erfc, "log_ndtr": special.log_ndtr, "ndtr": special.ndtr, "ndtri": special.ndtri,
                 "gammainc": special.gammainc, "gammaincc": special.gammaincc, "gammaincinv": special.gammaincinv,
                 "gammainccinv": special.gammainccinv, "log1p": special.log1p, "expm1": special.expm1, "logit": special.logit,
                 "xlogy": special.xlogy, "log_sigmoid": special.log_expit, "lgamma_reflected": special.gammaln,
                 "digamma_reflected": special.digamma}
    count = 0
    for function, peer in functions.items():
        entry = find(tables, "special", function)
        for (row, expected), condition in zip(rows(entry), entry["condition"], strict=True):
            if isfinite(mpf(expected)) and condition < 1e4 and 1e-250 < abs(float(expected)) < 1e250:
                close(float(peer(*row)), expected, RELATIVE_TO_SCIPY * (1 + condition), (function, row), 1e-14)
                count += 1
    return count


# --- published values, recomputed by hand from the formulas' literature --------------------------

# (table, function, inputs, value to the digits shown)
PUBLISHED = [
    ("normal", "log_prob", (40, 0, 1), "-800.9189385"), ("normal", "log_prob", (0, 0, 1e-23), "52.04051861"),
    ("normal", "log_prob", (1e-20, 0, 1e-20), "44.63276333"), ("normal", "log_survival", (40, 0, 1), "-804.608442014"),
    ("normal", "log_cdf", (-1000, 0, 1), "-500007.826695"), ("normal", "log_cdf", (5, 0, 1), "-2.86651613e-7"),
    ("special", "log_ndtr", (-5,), "-15.064998394"), ("special", "log_ndtr", (-6,), "-20.73676895"),
    ("special", "log_ndtr", (-10,), "-53.2312851505"), ("special", "log_ndtr", (-14,), "-101.563034407"),
    ("special", "log_ndtr", (10,), "-7.619853024e-24"), ("special", "ndtri", (1e-30,), "-11.46402469"),
    ("special", "erfc", (9.1945,), "1.18e-38"), ("special", "softplus", (-20,), "2.06115362e-9"),
    ("special", "softplus", (100,), "100.0000000"), ("special", "softplus_inverse", (1e-10,), "-23.02585093"),
    ("special", "softplus_inverse", (1e-3,), "-6.90725519"), ("special", "log_sigmoid", (-200,), "-200.0000000"),
    ("special", "log_sigmoid", (20,), "-2.06115362e-9"), ("special", "log1mexp", (1e-10,), "-23.02585093"),
    ("special", "log1mexp", (20,), "-2.061153625e-9"), ("special", "log1mexp", (0.693,), "-0.6932944"),
    ("special", "log1mexp", (0,), "-inf"), ("special", "log1p", (5e-8,), "5.00000e-8"), ("special", "expm1", (1.1e-5,), "1.100006e-5"),
    ("special", "erf", (1e-6,), "1.128379e-6"), ("special", "xlogy", (0, 0), "0"), ("special", "logit", (1 - 2**-24,), "16.63553227"),
    ("special", "logit", (2.0**-126,), "-87.33654475"), ("bijectors", "softplus.inverse_log_det_jacobian", (1e-10,), "23.02585093"),
    ("bijectors", "tanh.inverse", (1 - 2**-24,), "8.664339742"), ("bijectors", "tanh.log_det_jacobian", (5,), "-8.613796437"),
    ("bijectors", "tanh.log_det_jacobian", (9,), "-16.61370567"), ("bijectors", "tanh.log_det_jacobian", (-50,), "-98.61370564"),
    ("bijectors", "tanh.log_det_jacobian", (1e-3,), "-9.99999833e-7"), ("bijectors", "sigmoid.log_det_jacobian", (100,), "-100.0000000"),
    ("bijectors", "sigmoid.log_det_jacobian", (-100,), "-100.0000000"), ("bijectors", "sigmoid.inverse", (2.0**-126,), "-87.33654475"),
    ("gamma", "log_prob", (1e-30, 1e-3, 1), "62.10129635"), ("gamma", "log_prob", (0, 1, 1), "0"),
    ("gamma", "log_prob", (0, 2, 1), "-inf"), ("gamma", "log_prob", (0, 0.5, 1), "inf"), ("gamma", "entropy", (1e-3, 1), "-992.6668175"),
    ("gamma", "entropy", (1e8, 1), "10.6292789018"), ("kl", "kl_gamma_gamma", (1e4, 1, 10001, 1), "5.000083333e-5"),
    ("kl", "kl_normal_normal", (0, 1, 0, 1.0001), "1.000165e-8"), ("special", "gammainc", (1e-3, 1e-30), "0.9337923777"),
    ("special", "gammainc", (1e4, 1e4), "0.5013298083"), ("special", "log_gammaincc", (0.5, 100), "-102.8799890"),
    ("log_normal", "log_prob", (0, 0, 1), "-inf"), ("half_normal", "log_prob", (-1, 1), "-inf"),
    ("special", "digamma", (1e-10,), "-1.000000e10"), ("special", "trigamma", (1e-3,), "1000001.643"),
    ("special", "trigamma", (1e6,), "1.0000005e-6"), ("cauchy", "cdf", (-1e10, 0, 1), "3.183098862e-11"),
    ("cauchy", "log_prob", (1e20, 0, 1), "-93.24813361"), ("logistic", "log_prob", (200, 0, 1), "-200.0000000"),
    ("laplace", "log_cdf", (-1000, 0, 1), "-1000.693147"), ("exponential", "cdf", (1e-10, 1), "1.000000e-10"),
    ("uniform", "log_prob", (5, 5, 17), "-2.48490665"), ("uniform", "log_prob", (17, 5, 17), "-2.48490665"),
    ("bernoulli_logits", "log_prob", (0, 1000), "-1000.000000"), ("bernoulli_logits", "log_prob", (1, 1e38), "0"),
    ("bernoulli_probs", "log_prob", (1, 0), "-inf"), ("kl", "kl_bernoulli_probs", (0, 0), "0"), ("kl", "kl_bernoulli_probs", (0, 1), "inf"),
    ("gamma", "implicit_gradient", (1, 1), "1.173563027"), ("gamma", "implicit_gradient", (0.1, 1e-3), "64.90724738"),
    ("gamma", "implicit_gradient", (100, 110), "0.00954691474"),
]


def published(tables):
    for table, function, inputs, value in PUBLISHED:
        wanted = tuple(to_f32(v) for v in inputs)
        match = [e for row, e in rows(find(tables, table, function)) if tuple(row) == wanted]
        assert match, f"{table}.{function}{inputs} is not tabulated"
        digits = len(value.split("e")[0].replace("-", "").replace(".", "").lstrip("0")) if value[-1].isdigit() else 1
        # Some of the published values were taken at the decimal input, not at the f32 nearest to it.
        # Below 1e-300 zero is as good.
        close(match[0], value, max(10.0 ** (1 - digits), PUBLISHED_TOLERANCE), (table, function, inputs), 1e-300)
    return len(PUBLISHED)


# --- independent routes ------------------------------------------------------------------------


def implicit_gradient(tables):
    """Against a numerical derivative of the regularised incomplete gamma function."""
    count = 0
    for (a, z), expected in rows(find(tables, "gamma", "implicit_gradient")):
        if a > 400:
            continue
        with mp.workdps(80):
            a, z = mpf(a), mpf(z)
            step = a * mpf(10) ** -20
            slope = (fn.gammainc(a + step, z) - fn.gammainc(a - step, z)) / (2 * step)
            close(-slope / exp(fn.log_gamma_prefactor(a, z)), expected, mpf(10) ** -30, ("implicit_gradient", a, z))
        count += 1
    return count


# In the variable w of each family: x, and the weight dx/dw. Positive laws are integrated in ln x.
def integration_plan(p_name, parameters):
    family = divergence.BY_NAME[p_name]
    if p_name == "uniform":
        low, high = parameters
        return (lambda w: w), (lambda w: mpf(1)), [low, (low + high) / 2, high]
    if p_name in divergence.POSITIVE:
        return exp, exp, log_breaks(p_name, parameters)
    loc, scale = parameters
    reach = {"normal": 14, "laplace": 90, "logistic": 90, "cauchy": None}[p_name]
    if reach is None:  # x = loc + scale sinh(w): the algebraic tails become exponential
        return (lambda w: loc + scale * mp.sinh(w)), (lambda w: scale * mp.cosh(w)), [mpf(v) for v in range(-120, 121, 10)]
    return (lambda w: loc + scale * w), (lambda w: scale), [reach * mpf(k) / 12 for k in range(-12, 13)]


def log_breaks(p_name, parameters):
    if p_name == "log_normal":
        loc, scale = parameters
        return [loc + 2 * scale * k for k in range(-8, 9 + int(scale))]
    if p_name == "gamma":
        a, rate = parameters
        mode = ln(a / rate)
        if a > 30:
            return [mode + k * mpf(2) / sqrt(a) for k in range(-10, 9)]
        low = mode - min(100 / a, 110000) - 5
        return [low + (mode - low) * mpf(k) / 20 for k in range(21)] + [mode + ln(1 + mpf(v)) for v in (0.5, 1.5, 4, 10, 30, 130 + 100 / a)]
    scale = parameters[0] if p_name == "half_normal" else 1 / parameters[0]
    right = 15 if p_name == "half_normal" else 95
    return [ln(scale) - v for v in (100, 70, 50, 30, 20, 12, 7, 4, 2, 1, 0)] + [ln(scale * v) for v in (2, 4, 8, mpf(right))]


def landmarks(p_name, own, q_name, others):
    """Where Q has its kink or its peak, in P's variable w: quadrature must break there."""
    if q_name not in ("normal", "laplace", "cauchy"):
        return []
    places = [others[0] + k * others[1] for k in (-8, -2, 0, 2, 8)]
    if p_name in divergence.POSITIVE:
        return [ln(x) for x in places if x > 0]
    if p_name == "uniform":
        return places
    centred = [(x - own[0]) / own[1] for x in places]
    return [mp.asinh(z) for z in centred] if p_name == "cauchy" else centred


def divergences(tables):
    """p ln(p/q) by tanh-sinh quadrature, to 30 digits, for two ordinary and the near-equal rows of each pair."""
    count, chooser = 0, random.Random(1)
    for p_name, q_name in divergence.FINITE:
        finite = [(r, e) for r, e in rows(find(tables, "kl", f"kl_{p_name}_{q_name}")) if isfinite(mpf(e)) and usable(p_name, r)]
        near = len(divergence.NEAR.get((p_name, q_name), []))
        chosen = chooser.sample(finite[: len(finite) - near] or finite, k=min(3, len(finite))) + finite[len(finite) - min(near, 4) :]
        for row, expected in chosen:
            close(integral(p_name, q_name, row), expected, mpf(10) ** -QUADRATURE_DIGITS, (p_name, q_name, row), mpf(10) ** -34)
            count += 1
    return count


def usable(p_name, row):
    return p_name != "gamma" or row[0] >= 0.1


def integral(p_name, q_name, row):
    p_family, q_family = divergence.BY_NAME[p_name], divergence.BY_NAME[q_name]
    split = len(p_family.parameters)
    with mp.workdps(50):
        own, others = [mpf(v) for v in row[:split]], [mpf(v) for v in row[split:]]
        place, weight, breaks = integration_plan(p_name, own)
        extra = landmarks(p_name, own, q_name, others)
        breaks = sorted(set(breaks) | {k for k in extra if breaks[0] < k < breaks[-1]})

        def integrand(w):
            x = place(w)
            density = p_family.inside(x, *own)
            if density == -inf:
                return mpf(0)
            return exp(density) * weight(w) * (density - q_family.inside(x, *others))

        return quad(integrand, breaks)


def transformed_moments(tables):
    """Closed forms that exist: entropies and moments of sigmoid and tanh of a standard logistic, and symmetry."""
    count = 0
    uniform = {"sigmoid_logistic.entropy": 0, "sigmoid_logistic.mean": mpf(1) / 2, "sigmoid_logistic.variance": mpf(1) / 12}
    for function, value in uniform.items():  # sigmoid of a standard Logistic is Uniform(0, 1)
        expected = next(e for row, e in rows(find(tables, "transformed", function)) if row == (0.0, 1.0))
        with mp.workdps(60):
            close(expected, value, mpf(10) ** -45, function, mpf(10) ** -45)
        count += 1
    for bijector in ("tanh", "sigmoid", "softplus"):
        count += against_quad(tables, bijector)
    return count


def against_quad(tables, bijector):
    """Normal bases by mpmath's own quadrature on the whole line."""
    from . import bijectors

    forward = {"tanh": bijectors.Tanh, "sigmoid": bijectors.Sigmoid, "softplus": bijectors.Softplus}[bijector].forward
    count = 0
    for (loc, scale), expected in rows(find(tables, "transformed", f"{bijector}_normal.mean")):
        if scale in (0.5, 2.0):
            with mp.workdps(40):
                density = lambda t: exp(-t * t / 2) / sqrt(2 * mp.pi)
                value = quad(lambda t: forward(mpf(loc) + mpf(scale) * t) * density(t), [mpf(k) for k in range(-14, 15, 2)])
                close(value, expected, mpf(10) ** -30, (bijector, loc, scale), mpf(10) ** -32)
            count += 1
    return count
