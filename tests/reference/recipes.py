"""Writes recipes.json: 40-digit values of the special functions at numbers exact in f32.

Usage: python recipes.py [points per function] > recipes.json   (needs mpmath and numpy)
"""

import json
import sys

import numpy as np
from mpmath import *

mp.dps = 40
POINTS = int(sys.argv[1]) if len(sys.argv) > 1 else 24
rng = np.random.default_rng(20250101)


def log_uniform(low, high, count=None):
    return np.exp(rng.uniform(np.log(low), np.log(high), count or POINTS))


def uniform(low, high, count=None):
    return rng.uniform(low, high, count or POINTS)


def both_signs(values):
    return values * rng.choice([-1, 1], len(values))


def ndtr(x):
    return erfc(-x / sqrt(mpf(2))) / 2


def log_ndtr(x):
    return log(ndtr(x)) if x < 0 else log1p(-ndtr(-x))


def hazard(x):
    return npdf(x) / ndtr(-x)


def npdf(x):
    return exp(-x * x / 2) / sqrt(2 * pi)


def ndtri_exp(y):
    p = exp(y) if y > -40 else None
    x = mpf(1) if p is None else sqrt(mpf(2)) * erfinv(2 * p - 1)
    if p is None:
        x = -sqrt(-2 * y) + log(sqrt(-2 * y) * 2.5066) / sqrt(-2 * y)
    for _ in range(50):
        step = (log_ndtr(x) - y) / hazard(-x)
        x -= step
        if abs(step) < mpf(10) ** -36 * (1 + abs(x)):
            break
    return x


def ndtri(p):
    return -ndtri_exp(log1p(-p)) if p > 0.5 else ndtri_exp(log(p))


def stirling(x):
    return loggamma(x) - ((x - 0.5) * log(x) - x + log(2 * pi) / 2)


def pow_inputs():
    x = [*log_uniform(1e-35, 1e35), *(1 + both_signs(log_uniform(1e-6, 0.3)))]
    return [(v, rng.uniform(-80, 80) / np.log(v)) for v in x]


UNARY = {
    "exp_m1": (expm1, lambda: [*both_signs(log_uniform(1e-6, 80)), *uniform(-2, 2)]),
    "ln_1p": (log1p, lambda: [*both_signs(log_uniform(1e-6, 0.99)), *log_uniform(1, 1e6)]),
    "ln_1p_remainder": (lambda x: log1p(x) - x, lambda: both_signs(log_uniform(1e-5, 0.9))),
    "tanh": (tanh, lambda: both_signs(log_uniform(1e-4, 20))),
    "atan": (atan, lambda: both_signs(log_uniform(1e-4, 1e4))),
    "sin_pi": (sinpi, lambda: both_signs(log_uniform(1e-3, 50))),
    "cos_pi": (cospi, lambda: both_signs(log_uniform(1e-3, 50))),
    "erf": (erf, lambda: both_signs(log_uniform(1e-4, 5))),
    "erfc": (erfc, lambda: [*uniform(-3, 3), *uniform(0, 9)]),
    "erfcx": (lambda x: exp(x * x) * erfc(x), lambda: [*uniform(-5, 0), *log_uniform(1e-3, 1e6)]),
    "log_ndtr": (log_ndtr, lambda: [*uniform(-6, 13), *both_signs(log_uniform(1e-3, 3)), *-log_uniform(6, 1e4)]),
    "normal_hazard": (hazard, lambda: [*uniform(-12, 6), *log_uniform(1, 1e4)]),
    "ndtri": (ndtri, lambda: [*uniform(0, 1), *log_uniform(1e-37, 0.5), *(1 - 2.0 ** -uniform(1, 24))]),
    "ndtri_exp": (ndtri_exp, lambda: -log_uniform(1e-7, 1e6)),
    "ln_gamma": (loggamma, lambda: [*log_uniform(1e-30, 1e8), *uniform(0, 9), *(1 + 2.0 ** -uniform(2, 22)), *(2 - 2.0 ** -uniform(2, 22))]),
    "ln_gamma_stirling": (stirling, lambda: log_uniform(1e-6, 1e6)),
    "digamma": (lambda x: psi(0, x), lambda: [*log_uniform(1e-30, 1e8), *uniform(0, 9), *(1.4616321 + both_signs(2.0 ** -uniform(2, 22)))]),
    "digamma_stirling": (lambda x: x * (log(x) - psi(0, x)), lambda: log_uniform(1e-6, 1e6)),
    "trigamma": (lambda x: psi(1, x), lambda: [*log_uniform(1e-15, 1e8), *uniform(0, 9)]),
}
BINARY = {
    "pow": (lambda x, y: x**y, pow_inputs),
}




def tails(a, x):
    """(P, Q), each by a series or continued fraction of its own, so that neither is a difference."""
    with workdps(60):
        q_ratio = gammainc(a, x, inf, regularized=True)
        return gammainc(a, 0, x, regularized=True), q_ratio


def log_of(tail, rest):
    return log(tail) if tail < 0.5 else log1p(-rest)


def slope(a, log_z):
    """d ln z/da at fixed P(a, z), by quadrature over v = ln(t/z) of the tail away from the mode."""
    z = exp(log_z)
    side = -1 if z < a else 1
    phi = lambda v: (log_z + v - psi(0, a)) * exp(a * v - z * expm1(v))
    width = 1 / (abs(a - z) + sqrt(z)) if a >= 1 or z >= 1 else 1 / a
    ends = [0, 1, 3, 8, 20, 60, 200]
    if a < 1 and side < 0:
        ends = [0, a, 3 * a, 10 * a, 40 * a] + ends[1:]
    return side * quad(lambda s: phi(side * s * width) * width, ends)


def gamma_inputs():
    a = log_uniform(1e-4, 1e5, 3 * POINTS)
    z = uniform(-5, 5, len(a))
    bulk = a * np.maximum(1 - 1 / (9 * a) + z / (3 * np.sqrt(a)), 0.01) ** 3
    far = a * log_uniform(1e-3, 1e2, len(a))
    near_one = log_uniform(1e-3, 30, len(a))
    x = np.select([np.arange(len(a)) % 3 == 0, a > 100], [near_one, bulk], np.where(z < 0, bulk, far))
    return zip(a, np.maximum(x, 1e-30))


def gradient_inputs():
    for a in log_uniform(1e-3, 1e4, 2 * POINTS):
        p = rng.uniform(1e-3, 1 - 1e-3)
        n = -float(ndtri(mpf(1 - p)))
        base = 1 - 1 / (9 * a) + n / (3 * np.sqrt(a))
        log_z = np.log(a) + 3 * np.log(base) if base > 0.3 else (np.log(p) + float(loggamma(a + 1))) / a
        yield a, min(log_z, 6.0) if a < 1 else log_z


GAMMA_INPUTS = list(gamma_inputs())
BINARY |= {
    "gamma_p": (lambda a, x: tails(a, x)[0], lambda: GAMMA_INPUTS),
    "gamma_q": (lambda a, x: tails(a, x)[1], lambda: GAMMA_INPUTS),
    "log_gamma_p": (lambda a, x: log_of(*tails(a, x)), lambda: GAMMA_INPUTS),
    "log_gamma_q": (lambda a, x: log_of(*tails(a, x)[::-1]), lambda: GAMMA_INPUTS),
    "gamma_implicit_gradient": (slope, gradient_inputs),
}




def pairs(*columns):
    return [tuple(row) for row in zip(*columns)]


def differences():
    """(x, d) with x + d > 0: both of any size, d small, d negative."""
    x, small = log_uniform(1e-4, 1e6), log_uniform(0.3, 1e6)
    below = log_uniform(1e-2, 1e4)
    return (
        pairs(x, log_uniform(1e-4, 1e6))
        + pairs(small, small * both_signs(log_uniform(1e-6, 1e-1)))
        + pairs(below, -below * uniform(0.01, 0.99))
        # Whose quotient leaves the range of f32.
        + [(3.974196e-18, 4.109385e23), (9.729434e-27, 2.7286324e17), (1e-30, 1e30), (1e-37, 50)]
    )


def beta_arguments():
    return (
        pairs(log_uniform(1e-6, 1e6), log_uniform(1e-6, 1e6))
        + pairs(log_uniform(0.1, 10), log_uniform(1e3, 1e8))
        + pairs(1 + both_signs(log_uniform(1e-5, 0.5)), 1 + both_signs(log_uniform(1e-5, 0.5)))
    )


def choices():
    n = np.floor(log_uniform(1, 1e6))
    return pairs(n, np.floor(n * uniform(0, 1))) + pairs(n, np.minimum(n, np.arange(POINTS)))


def negative_and_positive():
    return [*-log_uniform(1e-5, 30), *-uniform(0, 6), *log_uniform(1e-3, 1e3)]


def log_binomial(n, k):
    return loggamma(n + 1) - loggamma(k + 1) - loggamma(n - k + 1)


def multivariate(p):
    return lambda a: mpf(p * (p - 1)) / 4 * log(pi) + sum(loggamma(a - mpf(j) / 2) for j in range(p))


def gamma_inverse(lower):
    """The root of ln P = ln p, or of ln Q = ln q, by Newton's method in ln z, where both are concave."""

    def inverse(a, p):
        with workdps(60):
            side = lower == (p < 0.5)  # whether the smaller of the two tails is P
            target = log(p) if p < 0.5 else log1p(-p)
            normal = ndtri(min(p, 1 - p)) * (1 if side else -1)
            root = 1 - 1 / (9 * a) + normal / (3 * sqrt(a))
            v = log(a * max(root, 0.1) ** 3) if a >= 1 or not side else (target + loggamma(a + 1)) / a
            for _ in range(200):
                z = exp(v)
                tail = gammainc(a, 0, z, regularized=True) if side else gammainc(a, z, inf, regularized=True)
                kernel = exp(a * v - z - loggamma(a))
                step = (log(tail) - target) * tail / kernel * (1 if side else -1)
                v -= max(min(step, 2), -2)
                if abs(step) < mpf(10) ** -32:
                    return exp(v)
        raise ArithmeticError(f"no inverse at {a}, {p}")

    return inverse


def probabilities():
    a = log_uniform(1e-1, 1e3)
    return pairs(a, uniform(0.01, 0.99)) + pairs(a, log_uniform(1e-12, 1e-1))


# All of it comes from one stream of random numbers: a new function goes last, so that the rows of
# the others stay as they are.
FUNCTIONS = {**UNARY, **BINARY}
# Named with their order, which is no argument of the table.
for order in (2, 3, 5, 8):
    FUNCTIONS[f"polygamma_{order}"] = (
        lambda x, order=order: psi(order, x),
        # In f32 the eighth power overflows at the last of them, where the function does not underflow.
        lambda: [*log_uniform(1e-3, 1e3), *uniform(0, 12), 14800, 22107.31, 45000, 66099.734],
    )
FUNCTIONS |= {
    "ln_abs_gamma": (lambda x: re(loggamma(x)), negative_and_positive),
    "digamma_real": (lambda x: psi(0, x), negative_and_positive),
    "trigamma_real": (lambda x: psi(1, x), negative_and_positive),
    "ln_multivariate_gamma_3": (multivariate(3), lambda: 1 + log_uniform(1e-3, 1e6)),
    "ln_multivariate_gamma_6": (multivariate(6), lambda: 2.5 + log_uniform(1e-3, 1e6)),
    "ln_beta": (lambda a, b: loggamma(a) + loggamma(b) - loggamma(a + b), beta_arguments),
    "log_binomial": (log_binomial, choices),
    "log_gamma_difference": (lambda x, d: loggamma(x + d) - loggamma(x), differences),
    "digamma_difference": (lambda x, d: psi(0, x + d) - psi(0, x), differences),
    "gamma_p_inverse": (gamma_inverse(True), probabilities),
    "gamma_q_inverse": (gamma_inverse(False), probabilities),
}


def main():
    table = {}
    for name, (function, inputs) in FUNCTIONS.items():
        rows = []
        for x in inputs():
            x = [float(np.float32(v)) for v in (x if isinstance(x, tuple) else (x,))]
            rows.append([*x, float(function(*map(mpf, x)))])
        table[name] = rows
    lines = (f'"{name}":{json.dumps(rows, separators=(",", ":"))}' for name, rows in table.items())
    print("{\n" + ",\n".join(lines) + "\n}")


main()
