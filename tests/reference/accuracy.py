#!/usr/bin/env python3
"""Writes accuracy.json: values and derivatives of the special functions, interval by interval.

    pip install mpmath==1.3.0
    python tests/reference/accuracy.py           # rewrites tests/reference/accuracy.json
    python tests/reference/accuracy.py erf ndtr  # only these functions, the others as they are

Every argument is exact in f32. `expected` and each of `partials` (one list an argument) hold 25
digits, computed with 60. `scale`, where an interval has it, is the size against which errors are
measured because the function crosses zero inside; elsewhere errors are relative.
"""

import json
import math
import pathlib
import random
import sys

sys.dont_write_bytecode = True

from mpmath import isfinite, mp, mpf, nstr

from tables import functions as fn
from tables.precision import f32

FILE = pathlib.Path(__file__).parent / "accuracy.json"
POINTS = 24
WORKING, KEPT = 60, 25
# What the command line leaves as it is.
KEPT_ENTRIES = {}


def spread(low, high):
    """Numbers over an interval: evenly where its ends are alike in size, else by their logarithm."""

    def draw(rng):
        if low * high > 0 and max(low / high, high / low) > 8:
            sign = 1 if low > 0 else -1
            ends = sorted([math.log(abs(low)), math.log(abs(high))])
            return sign * math.exp(rng.uniform(*ends))
        return rng.uniform(low, high)

    return draw


def rows(name, domains):
    """Random points of the product of the domains, and its corners."""
    rng = random.Random(name)
    corners = [[low for low, _ in domains], [high for _, high in domains]]
    inside = [[spread(*domain)(rng) for domain in domains] for _ in range(POINTS - 2)]
    return [[f32(x) for x in row] for row in corners + inside]


def entry(name, function, arguments, interval, points, scale=None):
    """One interval of one function."""
    if (name, interval) in KEPT_ENTRIES:
        return KEPT_ENTRIES[name, interval]
    expected, partials = [], [[] for _ in arguments]
    for row in points:
        with mp.workdps(WORKING):
            exact = [mpf(x) for x in row]
            expected.append(nstr(function(*exact), KEPT))
            for at in range(len(arguments)):
                along = lambda t: function(*exact[:at], t, *exact[at + 1 :])
                step = mpf(10) ** (-WORKING // 3) * (abs(exact[at]) or 1)
                with mp.workdps(2 * WORKING):
                    slope = (along(exact[at] + step) - along(exact[at] - step)) / (2 * step)
                partials[at].append(nstr(slope, KEPT) if isfinite(slope) else "nan")
    result = {
        "function": name,
        "interval": interval,
        "arguments": [[a, [row[at] for row in points]] for at, a in enumerate(arguments)],
        "expected": expected,
        "partials": partials,
    }
    if scale is not None:
        result["scale"] = scale
    return result


def number(x):
    return f"{x:g}"


def unary(name, function, argument, *domains):
    """A function of one argument over intervals; a third number in one is its scale."""
    for low, high, *scale in domains:
        interval = f"{argument} ∈ [{number(low)}, {number(high)}]"
        points = rows(f"{name} {interval}", [(low, high)])
        yield entry(name, function, [argument], interval, points, *scale)


def product(name, function, arguments, *domains):
    """A function of several arguments over boxes; a last number in one is its scale."""
    for domain in domains:
        scale = [domain[-1]] if len(domain) > len(arguments) else []
        box = domain[: len(arguments)]
        interval = ", ".join(
            f"{a} ∈ [{number(low)}, {number(high)}]" for a, (low, high) in zip(arguments, box)
        )
        points = rows(f"{name} {interval}", box)
        yield entry(name, function, arguments, interval, points, *scale)


NEAR_ONE = 1 - 2.0**-24


def logaddexp(x, y):
    return max(x, y) + fn.log1p(fn.exp(-abs(x - y)))


def xlog1py(x, y):
    return x * fn.log1p(y)


def erfcx(x):
    return fn.exp(x * x) * fn.erfc(x)


def ndtri_exp(y):
    """Newton's iteration on log_ndtr, from the other functions' starting values."""
    x = fn.ndtri(fn.exp(y)) if y > -700 else -fn.sqrt(-2 * y)
    for _ in range(80):
        value = fn.log_ndtr(x)
        hazard = fn.exp(-x * x / 2 - value) / fn.sqrt(2 * fn.pi)
        step = (value - y) / hazard
        x -= step
        if abs(step) <= abs(x) * mpf(10) ** (5 - mp.dps):
            return x
    raise ArithmeticError(f"ndtri_exp({y})")


def elementary():
    yield from unary("expm1", fn.expm1, "x", (-80, -1), (-1, -1e-30), (1e-30, 1), (1, 88))
    yield from unary(
        "log1p", fn.log1p, "x", (-NEAR_ONE, -0.5), (-0.5, -1e-30), (1e-30, 0.5), (0.5, 1e30)
    )
    yield from unary("log1mexp", fn.log1mexp, "x", (1e-30, 0.69), (0.69, 80))
    yield from unary("softplus", fn.softplus, "x", (-80, -1), (-1, 1), (1, 1e30))
    yield from unary("log1pexp", fn.softplus, "x", (-80, -1), (-1, 1), (1, 1e30))
    yield from unary(
        "softplus_inverse", fn.softplus_inverse, "x", (1e-30, 0.5), (0.5, 1, 1), (1, 1e30)
    )
    yield from unary("logit", fn.logit, "p", (1e-30, 0.25), (0.25, 0.75), (0.75, NEAR_ONE))
    yield from unary("log_sigmoid", fn.log_sigmoid, "x", (-1e30, -1), (-1, 1), (1, 80))
    yield from product(
        "xlogy",
        fn.xlogy,
        ["x", "y"],
        ((-1e3, 1e3), (1e-30, 0.9)),
        ((-1e3, 1e3), (0.9, 1.1)),
        ((1e-30, 1e3), (1.1, 1e30)),
    )
    yield from product(
        "xlog1py",
        xlog1py,
        ["x", "y"],
        ((-1e3, 1e3), (-NEAR_ONE, -1e-30)),
        ((1e-30, 1e3), (1e-30, 1e30)),
    )
    yield from product(
        "logaddexp", logaddexp, ["x", "y"], ((1, 50), (1, 50)), ((-50, 0), (-50, 0), 1)
    )


def normal():
    yield from unary("erf", fn.erf, "x", (-6, -1), (1e-30, 1), (1, 6))
    yield from unary("erfc", fn.erfc, "x", (-6, 0), (1e-30, 2), (2, 9))
    yield from unary("erfcx", erfcx, "x", (-9, 0), (1e-30, 5), (5, 1e30))
    yield from unary("erfinv", erfinv, "p", (-NEAR_ONE, -0.5), (1e-30, 0.5), (0.5, NEAR_ONE))
    yield from unary("ndtr", fn.ndtr, "x", (-12.5, -2), (-2, 2), (2, 6))
    yield from unary(
        "log_ndtr", fn.log_ndtr, "x", (-1e10, -5), (-5, 0), (0, 5), (5, 12.5)
    )
    yield from unary("ndtri", fn.ndtri, "p", (1e-30, 0.01), (0.01, 0.49), (0.51, NEAR_ONE))
    yield from unary("ndtri_exp", ndtri_exp, "y", (-1e10, -10), (-10, -0.7), (-0.68, -1e-10))


def erfinv(p):
    return mp.erfinv(p)


def gammas():
    ends = (1e-30, 0.5), (0.5, 1.5), (1.5, 2.5), (2.5, 8), (8, 1e3), (1e3, 1e30)
    below = (-0.9, -0.1, 1), (-20.9, -1.1, 16)
    yield from unary("lgamma", fn.lgamma, "x", *ends, *below)
    ends = (1e-30, 1), (1, 2), (2, 10), (10, 1e30)
    yield from unary("digamma", fn.digamma, "x", *ends, *below)
    yield from unary("trigamma", fn.trigamma, "x", (1e-15, 1), (1, 10), (10, 1e30), (-0.9, -0.1))
    for order in (2, 8):
        law = lambda x: mp.psi(order, x)
        ends = (1e-2, 1), (1, 10), (10, 1e3)
        yield from unary(f"polygamma of order {order}", law, "x", *ends)
    yield from unary("mvlgamma of order 3", mvlgamma, "a", (1.1, 4, 4), (4, 1e6))
    yield from product(
        "lbeta",
        lbeta,
        ["a", "b"],
        ((1e-5, 1), (1e-5, 1), 1),
        ((1, 100), (1, 100)),
        ((1e-3, 1), (1e3, 1e8), 4),
        ((1e3, 1e8), (1e3, 1e8)),
    )
    yield entry(
        "log_binomial",
        lambda n, k: -lbeta(n - k + 1, k + 1) - fn.log(n + 1),
        ["n", "k"],
        "n ∈ [1, 1e6], k ∈ [0.1 n, 0.9 n]",
        [[n, f32(n * part)] for n, part in rows("log_binomial", [(1, 1e6), (0.1, 0.9)])],
    )
    yield from product(
        "log_gamma_difference",
        lambda x, d: fn.lgamma(x + d) - fn.lgamma(x),
        ["x", "d"],
        ((10, 1e8), (1e-6, 1e-1)),
        ((10, 1e8), (1, 100)),
        ((0.1, 10), (1e-3, 10), 1),
    )


def mvlgamma(a):
    return sum(fn.lgamma(a - mpf(i) / 2) for i in range(3)) + fn.ln(fn.pi) * 6 / 4


def lbeta(a, b):
    return fn.lgamma(a) + fn.lgamma(b) - fn.lgamma(a + b)


def around_mean(name, low, high):
    """Pairs (a, x) with x within eight standard deviations of a, or over (0, 20) for small a."""
    rng = random.Random(name)
    pairs = []
    while len(pairs) < POINTS:
        a = spread(low, high)(rng)
        x = a + rng.uniform(-8, 8) * math.sqrt(a) if a > 2 else math.exp(rng.uniform(-12, 3))
        if x > 0:
            pairs.append([f32(a), f32(x)])
    return pairs


def incomplete_gammas():
    named = {
        "gammainc": fn.gammainc,
        "gammaincc": fn.gammaincc,
        "log_gammainc": fn.log_gammainc,
        "log_gammaincc": fn.log_gammaincc,
    }
    for name, function in named.items():
        for low, high in ((1e-4, 1), (1, 100), (100, 1e5)):
            where = "x ∈ [6e-6, 20]" if high <= 1 else "x within 8 σ of a"
            interval = f"a ∈ [{number(low)}, {number(high)}], {where}"
            points = around_mean(f"{name} {interval}", low, high)
            yield entry(name, function, ["a", "x"], interval, points)


def inverse_gammas():
    for name, function in (("gammaincinv", fn.gammaincinv), ("gammainccinv", fn.gammainccinv)):
        yield from product(
            name,
            function,
            ["a", "q" if name == "gammainccinv" else "p"],
            ((0.1, 1), (1e-4, 0.9999)),
            ((1, 100), (1e-10, 0.9999)),
            ((100, 1e4), (1e-10, 0.9999)),
        )


def betainc(a, b, x):
    """The series of positive terms, from the nearer end."""
    if x * (a + b + 2) > a + 1:
        return 1 - betainc(b, a, 1 - x)
    return fn.exp(log_front(a, b, x)) * series(a, b, x)


def betaincc(a, b, x):
    return betainc(b, a, 1 - x)


def log_betainc(a, b, x):
    if x * (a + b + 2) > a + 1:
        return fn.log1p(-betainc(b, a, 1 - x))
    return log_front(a, b, x) + fn.log(series(a, b, x))


def log_betaincc(a, b, x):
    return log_betainc(b, a, 1 - x)


def log_front(a, b, x):
    return a * fn.log(x) + b * fn.log1p(-x) - lbeta(a, b) - fn.log(a)


def series(a, b, x):
    term = total = mpf(1)
    n = 0
    while term > total * mp.eps or (a + b + n) * x > (a + 1 + n) * mpf("0.999"):
        term *= (a + b + n) / (a + 1 + n) * x
        total += term
        n += 1
    return total


def betaincinv(a, b, p):
    """Bisection in the logit, then Newton's iteration."""
    low, high = mpf(-200), mpf(200)
    point = lambda logit: 1 / (1 + fn.exp(-logit))
    with mp.workdps(20):
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (middle, high) if betainc(a, b, point(middle)) < p else (low, middle)
    logit = (low + high) / 2
    for _ in range(60):
        x = point(logit)
        kernel = fn.exp(a * fn.log(x) + b * fn.log(1 / (1 + fn.exp(logit))) - lbeta(a, b))
        step = (betainc(a, b, x) - p) / kernel
        logit -= step
        # 1 − x has lost the digits of x near 1.
        if abs(step) < mpf(10) ** (25 - mp.dps) * (1 + abs(logit)):
            return point(logit)
    raise ArithmeticError(f"betaincinv({a}, {b}, {p})")


def around_beta_mean(name, low, high, count):
    """Triples (a, b, x) with x within six standard deviations of the mean in the logit."""
    rng = random.Random(name)
    triples = []
    while len(triples) < count:
        a, b = spread(low, high)(rng), spread(low, high)(rng)
        width = min(math.sqrt(1 / a + 1 / b), 4)
        logit = math.log(a / b) + rng.uniform(-6, 6) * width
        if abs(logit) < 40:
            triples.append([f32(a), f32(b), f32(1 / (1 + math.exp(-logit)))])
    return [triple for triple in triples if 0 < triple[2] < 1]


def incomplete_betas():
    named = {
        "betainc": betainc,
        "betaincc": betaincc,
        "log_betainc": log_betainc,
        "log_betaincc": log_betaincc,
    }
    for name, function in named.items():
        for low, high, count in ((1e-2, 1, 24), (1, 100, 24), (100, 1e4, 12)):
            interval = f"a, b ∈ [{number(low)}, {number(high)}], x within 6 σ of the mean"
            points = around_beta_mean(f"{name} {interval}", low, high, count)
            yield entry(name, function, ["a", "b", "x"], interval, points)
    inverses = {"betaincinv": betaincinv, "betainccinv": lambda a, b, q: 1 - betaincinv_of_q(a, b, q)}
    for name, function in inverses.items():
        arguments = ["a", "b", "q" if name == "betainccinv" else "p"]
        yield from product(
            name,
            function,
            arguments,
            ((0.1, 1), (0.1, 1), (1e-3, 0.999)),
            ((1, 100), (1, 100), (1e-6, 0.999)),
        )


def betaincinv_of_q(a, b, q):
    """1 − x with 1 − I_x(a, b) = q."""
    return betaincinv(b, a, q)


def bessels():
    i0e = lambda x: mp.besseli(0, x) * fn.exp(-abs(x))
    i1e = lambda x: mp.besseli(1, x) * fn.exp(-abs(x))
    log_i0 = lambda x: fn.log(mp.besseli(0, x))
    for name, function in (("i0e", i0e), ("i1e", i1e), ("log_i0", log_i0)):
        yield from unary(name, function, "x", (-10, -0.1), (1e-10, 1), (1, 10), (10, 1e4))


def main():
    if len(sys.argv) > 1:
        for made in json.loads(FILE.read_text()):
            if made["function"] not in sys.argv[1:]:
                KEPT_ENTRIES[made["function"], made["interval"]] = made
    groups = [elementary, normal, gammas, incomplete_gammas, inverse_gammas]
    groups += [incomplete_betas, bessels]
    entries = [made for group in groups for made in group()]
    lines = [json.dumps(made, ensure_ascii=False) for made in entries]
    FILE.write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
