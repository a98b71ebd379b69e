"""`generate.py --check`: the tables against SciPy, published values and independent quadrature."""

import json
import math

from mpmath import isfinite, mpf

from . import independent
from .comparison import close, find, rows

RELATIVE_TO_SCIPY = 1e-10
PUBLISHED_TOLERANCE = 1e-6


def run(folder, names):
    tables = {name: json.loads((folder / f"{name}.json").read_text()) for name in names}
    steps = (
        schema,
        scipy_families,
        scipy_special,
        published,
        independent.gradients,
        independent.implicit_gradient,
        independent.divergences,
        independent.transformed_laws,
        independent.multivariate,
    )
    for step in steps:
        print(f"{step.__name__}: {step(tables)} points agree", flush=True)


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
                        exact = float(number)
                        assert float.fromhex(exact.hex()) == exact == to_f32(exact)
            count += len(entry["expected"])
    return count


def to_f32(number):
    import numpy

    return float(numpy.float32(number))


# --- SciPy -----------------------------------------------------------------------------------


def scipy_laws():
    from scipy import stats

    return {
        "normal": lambda loc, scale: stats.norm(loc, scale),
        "laplace": lambda loc, scale: stats.laplace(loc, scale),
        "cauchy": lambda loc, scale: stats.cauchy(loc, scale),
        "logistic": lambda loc, scale: stats.logistic(loc, scale),
        "log_normal": lambda loc, scale: stats.lognorm(scale, scale=math.exp(loc)),
        "half_normal": lambda scale: stats.halfnorm(scale=scale),
        "exponential": lambda rate: stats.expon(scale=1 / rate),
        "uniform": lambda low, high: stats.uniform(low, high - low),
        "log_uniform": lambda low, high: stats.loguniform(low, high),
        "gamma": lambda a, rate: stats.gamma(a, scale=1 / rate),
        "gumbel": lambda loc, scale: stats.gumbel_r(loc, scale),
        "half_cauchy": lambda scale: stats.halfcauchy(scale=scale),
        "pareto": lambda scale, alpha: stats.pareto(alpha, scale=scale),
        "weibull": lambda scale, k: stats.weibull_min(k, scale=scale),
        "frechet": lambda scale, k: stats.invweibull(k, scale=scale),
        "beta": lambda a, b: stats.beta(a, b),
        "student_t": lambda df, loc, scale: stats.t(df, loc, scale),
        "bernoulli_probs": lambda p: stats.bernoulli(p),
    }


SCIPY_NAMES = {
    "log_prob": "logpdf",
    "cdf": "cdf",
    "log_cdf": "logcdf",
    "survival": "sf",
    "log_survival": "logsf",
    "quantile": "ppf",
    "mean": "mean",
    "variance": "var",
    "std_dev": "std",
    "entropy": "entropy",
}


def scipy_families(tables):
    """Every ordinary point. SciPy's own error is allowed for through the condition number."""
    count = 0
    for family, law in scipy_laws().items():
        for function, method in SCIPY_NAMES.items():
            entry = find(tables, family, function)
            if family == "bernoulli_probs":
                if function in ("quantile", "log_prob"):
                    continue
            for (row, expected), condition in zip(
                rows(entry), entry.get("condition", [1.0] * 10**4)
            ):
                ordinary = (
                    isfinite(mpf(expected))
                    and 1e-200 < abs(float(expected)) < 1e200
                    and condition is not None
                    and condition < 1e4
                )
                if not ordinary or imprecise_in_scipy(family, function, row):
                    continue
                value = scipy_value(
                    law, method, row, summary=function in ("mean", "variance", "std_dev", "entropy")
                )
                if not math.isfinite(value):
                    continue
                close(
                    value,
                    expected,
                    RELATIVE_TO_SCIPY * (1 + condition),
                    (family, function, row),
                    1e-14,
                )
                count += 1
    return count


def scipy_value(law, method, row, summary):
    """nan where SciPy overflows, or takes the logarithm of an underflowed density."""
    try:
        return getattr(law(*row), method)() if summary else getattr(law(*row[1:]), method)(row[0])
    except OverflowError:
        return math.nan


def imprecise_in_scipy(family, function, row):
    # SciPy's Gamma and Beta cancel at an extreme concentration, its LogNormal variance at a small
    # scale, those of Weibull, Frechet and Pareto at a large power, and all of LogUniform's between close
    # ends, of which it has the logarithms.
    if family == "log_uniform":
        return row[-1] < 1.2 * row[-2]
    if family == "beta" and function in ("log_prob", "entropy"):
        return max(row[-2:]) > 1e5
    if family == "gamma" and function == "log_prob":
        return row[1] > 1e6
    if family == "log_normal" and function in ("variance", "std_dev"):
        return row[1] < 0.1
    if family in ("weibull", "frechet", "pareto") and function in ("variance", "std_dev"):
        return row[1] > 10
    return function == "entropy" and family == "gamma" and not 1e-2 < row[0] < 1e4


def scipy_special(tables):
    from scipy import special

    functions = {
        "lgamma": special.gammaln,
        "digamma": special.digamma,
        "trigamma": lambda x: special.polygamma(1, x),
        "erf": special.erf,
        "erfc": special.erfc,
        "log_ndtr": special.log_ndtr,
        "ndtr": special.ndtr,
        "ndtri": special.ndtri,
        "gammainc": special.gammainc,
        "gammaincc": special.gammaincc,
        "gammaincinv": special.gammaincinv,
        "gammainccinv": special.gammainccinv,
        "log1p": special.log1p,
        "expm1": special.expm1,
        "logit": special.logit,
        "xlogy": special.xlogy,
        "log_sigmoid": special.log_expit,
        "lgamma_reflected": special.gammaln,
        "digamma_reflected": special.digamma,
    }
    count = 0
    for function, peer in functions.items():
        entry = find(tables, "special", function)
        for (row, expected), condition in zip(rows(entry), entry["condition"], strict=True):
            if (
                isfinite(mpf(expected))
                and condition is not None
                and condition < 1e4
                and 1e-250 < abs(float(expected)) < 1e250
            ):
                close(
                    float(peer(*row)),
                    expected,
                    RELATIVE_TO_SCIPY * (1 + condition),
                    (function, row),
                    1e-14,
                )
                count += 1
    return count


# --- published values ------------------------------------------------------------------------

# (table, function, inputs, value to the digits shown)
PUBLISHED = [
    ("normal", "log_prob", (40, 0, 1), "-800.9189385"),
    ("normal", "log_prob", (0, 0, 1e-23), "52.04051861"),
    ("normal", "log_prob", (1e-20, 0, 1e-20), "44.63276333"),
    ("normal", "log_survival", (40, 0, 1), "-804.608442014"),
    ("normal", "log_cdf", (-1000, 0, 1), "-500007.826695"),
    ("normal", "log_cdf", (5, 0, 1), "-2.86651613e-7"),
    ("special", "log_ndtr", (-5,), "-15.064998394"),
    ("special", "log_ndtr", (-6,), "-20.73676895"),
    ("special", "log_ndtr", (-10,), "-53.2312851505"),
    ("special", "log_ndtr", (-14,), "-101.563034407"),
    ("special", "log_ndtr", (10,), "-7.619853024e-24"),
    ("special", "ndtri", (1e-30,), "-11.46402469"),
    ("special", "erfc", (9.1945,), "1.18e-38"),
    ("special", "softplus", (-20,), "2.06115362e-9"),
    ("special", "softplus", (100,), "100.0000000"),
    ("special", "softplus_inverse", (1e-10,), "-23.02585093"),
    ("special", "softplus_inverse", (1e-3,), "-6.90725519"),
    ("special", "log_sigmoid", (-200,), "-200.0000000"),
    ("special", "log_sigmoid", (20,), "-2.06115362e-9"),
    ("special", "log1mexp", (1e-10,), "-23.02585093"),
    ("special", "log1mexp", (20,), "-2.061153625e-9"),
    ("special", "log1mexp", (0.693,), "-0.6932944"),
    ("special", "log1mexp", (0,), "-inf"),
    ("special", "log1p", (5e-8,), "5.00000e-8"),
    ("special", "expm1", (1.1e-5,), "1.100006e-5"),
    ("special", "erf", (1e-6,), "1.128379e-6"),
    ("special", "xlogy", (0, 0), "0"),
    ("special", "logit", (1 - 2**-24,), "16.63553227"),
    ("special", "logit", (2.0**-126,), "-87.33654475"),
    ("bijectors", "softplus.inverse_log_det_jacobian", (1e-10,), "23.02585093"),
    ("bijectors", "tanh.inverse", (1 - 2**-24,), "8.664339742"),
    ("bijectors", "tanh.log_det_jacobian", (5,), "-8.613796437"),
    ("bijectors", "tanh.log_det_jacobian", (9,), "-16.61370567"),
    ("bijectors", "tanh.log_det_jacobian", (-50,), "-98.61370564"),
    ("bijectors", "tanh.log_det_jacobian", (1e-3,), "-9.99999833e-7"),
    ("bijectors", "sigmoid.log_det_jacobian", (100,), "-100.0000000"),
    ("bijectors", "sigmoid.log_det_jacobian", (-100,), "-100.0000000"),
    ("bijectors", "sigmoid.inverse", (2.0**-126,), "-87.33654475"),
    ("gumbel", "log_prob", (-5, 0, 1), "-143.4131591"),
    ("gumbel", "log_prob", (-100, 0, 1), "-2.688117e43"),
    ("gumbel", "log_prob", (100, 0, 1), "-100.0000000"),
    ("half_cauchy", "log_prob", (-1, 1), "-inf"),
    ("gamma", "log_prob", (1e-30, 1e-3, 1), "62.10129635"),
    ("gamma", "log_prob", (0, 1, 1), "0"),
    ("gamma", "log_prob", (0, 2, 1), "-inf"),
    ("gamma", "log_prob", (0, 0.5, 1), "inf"),
    ("gamma", "entropy", (1e-3, 1), "-992.6668175"),
    ("gamma", "entropy", (1e8, 1), "10.6292789018"),
    ("kl", "kl_gamma_gamma", (1e4, 1, 10001, 1), "5.000083333e-5"),
    ("kl", "kl_normal_normal", (0, 1, 0, 1.0001), "1.000165e-8"),
    ("special", "gammainc", (1e-3, 1e-30), "0.9337923777"),
    ("special", "gammainc", (1e4, 1e4), "0.5013298083"),
    ("special", "log_gammaincc", (0.5, 100), "-102.8799890"),
    ("log_normal", "log_prob", (0, 0, 1), "-inf"),
    ("half_normal", "log_prob", (-1, 1), "-inf"),
    ("special", "digamma", (1e-10,), "-1.000000e10"),
    ("special", "trigamma", (1e-3,), "1000001.643"),
    ("special", "trigamma", (1e6,), "1.0000005e-6"),
    ("cauchy", "cdf", (-1e10, 0, 1), "3.183098862e-11"),
    ("cauchy", "log_prob", (1e20, 0, 1), "-93.24813361"),
    ("logistic", "log_prob", (200, 0, 1), "-200.0000000"),
    ("laplace", "log_cdf", (-1000, 0, 1), "-1000.693147"),
    ("exponential", "cdf", (1e-10, 1), "1.000000e-10"),
    ("uniform", "log_prob", (5, 5, 17), "-2.48490665"),
    ("uniform", "log_prob", (17, 5, 17), "-2.48490665"),
    ("bernoulli_logits", "log_prob", (0, 1000), "-1000.000000"),
    ("bernoulli_logits", "log_prob", (1, 1e38), "0"),
    ("bernoulli_probs", "log_prob", (1, 0), "-inf"),
    ("kl", "kl_bernoulli_probs", (0, 0), "0"),
    ("kl", "kl_bernoulli_probs", (0, 1), "inf"),
    ("gamma", "implicit_gradient", (1, 1), "1.173563027"),
    ("gamma", "implicit_gradient", (0.1, 1e-3), "64.90724738"),
    ("gamma", "implicit_gradient", (100, 110), "0.00954691474"),
]


def published(tables):
    for table, function, inputs, value in PUBLISHED:
        wanted = tuple(to_f32(v) for v in inputs)
        match = [e for row, e in rows(find(tables, table, function)) if tuple(row) == wanted]
        assert match, f"{table}.{function}{inputs} is not tabulated"
        digits = (
            len(value.split("e")[0].replace("-", "").replace(".", "").lstrip("0"))
            if value[-1].isdigit()
            else 1
        )
        # Some published values were taken at the decimal input, not at the f32 nearest to it;
        # below 1e-300 zero is as good.
        close(
            match[0],
            value,
            max(10.0 ** (1 - digits), PUBLISHED_TOLERANCE),
            (table, function, inputs),
            1e-300,
        )
    return len(PUBLISHED)
