"""Values and derivatives far out, where terms underflow, overflow or cancel: makes far.json.

Every argument is exact in f32. Run from the root of the repository:

    python tests/reference/far.py
"""

import json
from pathlib import Path

from mpmath import mp, mpf

mp.dps = 60


def erfcx(x):
    return mp.exp(x * x) * mp.erfc(x)


def log_binomial(n, k):
    # The logarithms cancel to 1.6 k (n - k) where both are small.
    return mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)


def log_gamma_difference(x, d):
    return mp.loggamma(x + d) - mp.loggamma(x)


def lower_sum(a, x):
    """The sum of x^n/((a + 1) ... (a + n)), all positive."""
    term = total = mpf(1)
    n = 0
    while term > total * mpf(10) ** (-mp.dps - 5):
        n += 1
        term *= x / (a + n)
        total += term
    return total


def log_gammainc(a, x):
    return a * mp.log(x) - x - mp.loggamma(a + 1) + mp.log(lower_sum(a, x))


def log_gammaincc(a, x):
    # Lentz's way through the continued fraction, for x above a.
    tiny = mpf(10) ** -1000
    b = x + 1 - a
    c, d = 1 / tiny, 1 / b
    value = d
    for n in range(1, 200000):
        step = -n * (n - a)
        b += 2
        d = 1 / (step * d + b)
        c = b + step / c
        value *= c * d
        if abs(c * d - 1) < mpf(10) ** (-mp.dps + 5):
            break
    return a * mp.log(x) - x - mp.loggamma(a) + mp.log(value)


def beta_sum(a, b, x):
    term = total = mpf(1)
    n = 0
    while term > total * mpf(10) ** (-mp.dps - 5):
        term *= x * (a + b + n) / (a + 1 + n)
        total += term
        n += 1
    return total


def log_betainc(a, b, x):
    kernel = a * mp.log(x) + b * mp.log1p(-x) - mp.log(a)
    return kernel + mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b) + mp.log(beta_sum(a, b, x))


def log_betaincc(a, b, x):
    return log_betainc(b, a, 1 - x)


def polygamma(order):
    return lambda x: mp.psi(order, x)


FUNCTIONS = {
    "erfcx": (erfcx, [(5,), (8,), (10,), (20,), (42,), (67,), (300,)]),
    "polygamma of order 5": (polygamma(5), [(2.0**18,), (2.0**19,)]),
    "polygamma of order 8": (polygamma(8), [(2.0**12,), (2.0**13,)]),
    "log_binomial": (
        log_binomial,
        [
            (2.0**-10, 2.0**-25),
            (2.0**-7, 2.0**-8),
            (0.25, 2.0**-9),
            (0.75, 0.25),
            (0.75, 0.5),
            (100, 2.0**-20),
            (100, 100 - 2.0**-16),
            (7, 3),
        ],
    ),
    "log_gamma_difference": (log_gamma_difference, [(0.1875, 3.671875), (0.25, 3.34375)]),
    "log_gammainc": (log_gammainc, [(600, 64), (7872, 43), (200000, 75000), (20, 2.0**-20)]),
    "log_gammaincc": (log_gammaincc, [(28000, 2000000), (3760, 36000), (100, 1400), (0.5, 80)]),
    "log_betainc": (log_betainc, [(300, 500, 0.0625), (20000, 30000, 0.25), (50, 0.5, 0.125)]),
    "log_betaincc": (log_betaincc, [(300, 500, 0.75), (20000, 30000, 0.5), (0.5, 50, 0.875)]),
}


def partials(function, arguments):
    for index in range(len(arguments)):
        along = lambda t: function(*arguments[:index], t, *arguments[index + 1 :])
        yield mp.diff(along, arguments[index], h=abs(arguments[index]) * mpf(10) ** -20)


def main():
    rows = []
    for name, (function, points) in FUNCTIONS.items():
        for point in points:
            arguments = [mpf(x) for x in point]
            digits = lambda value: mp.nstr(value, 25)
            rows.append(
                {
                    "function": name,
                    "arguments": [float(x) for x in point],
                    "expected": digits(function(*arguments)),
                    "partials": [digits(value) for value in partials(function, arguments)],
                }
            )
    text = json.dumps(rows, indent=1)
    Path(__file__).with_name("far.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
