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


# --- families: slopes of moments, entropies and probabilities, which cancel in their steps ------


def beta_mean(a, b):
    return a / (a + b)


def beta_variance(a, b):
    return a * b / ((a + b) ** 2 * (a + b + 1))


def probability(logit):
    return 1 / (1 + mp.exp(-logit))


def bernoulli_variance(logit):
    return probability(logit) * probability(-logit)


def bernoulli_entropy(logit):
    return -sum(p * mp.log(p) for p in (probability(logit), probability(-logit)))


def kumaraswamy_moment(n, a, b):
    return b * mp.beta(1 + n / a, b)


def kumaraswamy_std_dev(a, b):
    return mp.sqrt(kumaraswamy_moment(2, a, b) - kumaraswamy_moment(1, a, b) ** 2)


def kumaraswamy_entropy(a, b):
    return 1 - 1 / b + (1 - 1 / a) * (mp.digamma(b + 1) + mp.euler) - mp.log(a * b)


def student_t_variance(df, scale):
    return scale**2 * df / (df - 2)


def truncated(loc, scale, low, high):
    """The mass, and E z and E z^2 for z in standard deviations from loc."""
    a, b = (low - loc) / scale, (high - loc) / scale
    mass = mp.ncdf(-a) - mp.ncdf(-b) if a > 0 else mp.ncdf(b) - mp.ncdf(a)
    first = (mp.npdf(a) - mp.npdf(b)) / mass
    return mass, first, 1 + (a * mp.npdf(a) - b * mp.npdf(b)) / mass


def truncated_mean(loc, scale, low, high):
    return loc + scale * truncated(loc, scale, low, high)[1]


def truncated_std_dev(loc, scale, low, high):
    _, first, second = truncated(loc, scale, low, high)
    return scale * mp.sqrt(second - first**2)


def truncated_entropy(loc, scale, low, high):
    mass, _, second = truncated(loc, scale, low, high)
    return mp.log(scale * mp.sqrt(2 * mp.pi) * mass) + second / 2


def truncated_cdf(loc, scale, low, high, x):
    return truncated(loc, scale, low, x)[0] / truncated(loc, scale, low, high)[0]


def truncated_survival(loc, scale, low, high, x):
    return truncated(loc, scale, x, high)[0] / truncated(loc, scale, low, high)[0]


def truncated_log_cdf(*arguments):
    return mp.log(truncated_cdf(*arguments))


def truncated_log_survival(*arguments):
    return mp.log(truncated_survival(*arguments))


NARROW = (2.0**-20, 3.25, -(2.0**-15), 2.0**-13)
NARROW_OUT = (2.0**-7, 124, 0.125, 0.1875)
# The value is 48 and 600 standard deviations out, where its tail underflows.
BELOW = (0.5, 0.25, -11.75, 1, -11.5)
ABOVE = (0.5, 0.015625, -2, 12, 9.875)

# 300 standard deviations out, where the law is nearly exponential.
FAR = (0.5, 0.25, 75.5, 75.53125)

FAMILIES = {
    "bernoulli variance": (bernoulli_variance, [(2.0**-20,), (-(2.0**-26),), (30,)]),
    "bernoulli std_dev": (lambda x: mp.sqrt(bernoulli_variance(x)), [(2.0**-20,), (-60,)]),
    "bernoulli entropy": (bernoulli_entropy, [(2.0**-20,), (-(2.0**-26),), (30,)]),
    "beta mean": (beta_mean, [(2.0**16, 2.0**-12), (2.0**-12, 2.0**16), (3, 5)]),
    "beta variance": (beta_variance, [(2.0**16, 2.0**-12), (2.0**-12, 2.0**16), (3, 5)]),
    "dirichlet mean": (beta_mean, [(2.0**16, 2.0**-12), (2.0**-12, 2.0**16)]),
    "dirichlet variance": (beta_variance, [(2.0**16, 2.0**-12), (2.0**-12, 2.0**16)]),
    "kumaraswamy mean": (lambda a, b: kumaraswamy_moment(1, a, b), [(2.0**18, 2.0**-9), (7, 3)]),
    "kumaraswamy std_dev": (
        kumaraswamy_std_dev,
        [(2.0**14, 2.0**15), (2.0**13, 2.0**10), (2.0**19, 2.0**15), (7, 3)],
    ),
    "kumaraswamy entropy": (kumaraswamy_entropy, [(2.0**-8, 2.0**-9), (2.0**-12, 2.0**-11)]),
    "student_t variance": (student_t_variance, [(2.0**20, 3), (5, 0.25)]),
    "truncated_normal mean": (truncated_mean, [NARROW, NARROW_OUT, BELOW[:4]]),
    "truncated_normal std_dev": (truncated_std_dev, [NARROW, NARROW_OUT, FAR]),
    "truncated_normal entropy": (truncated_entropy, [NARROW, NARROW_OUT, FAR]),
    "truncated_normal cdf": (
        truncated_cdf,
        [NARROW + (2.0**-14,), NARROW_OUT + (0.171875,), (0.5, 0.25, -20, 1.5, 0.5 + 2.0**-20)],
    ),
    "truncated_normal survival": (truncated_survival, [NARROW + (2.0**-14,)]),
    "truncated_normal log_cdf": (truncated_log_cdf, [BELOW, NARROW + (2.0**-14,)]),
    "truncated_normal log_survival": (truncated_log_survival, [ABOVE, NARROW_OUT + (0.140625,)]),
    "uniform cdf": (
        lambda low, high, x: (x - low) / (high - low),
        [(2.0**-10, 22220.5, 1.0625 * 2.0**-10), (-(2.0**-10), 3, 3 - 2.0**-20)],
    ),
    "uniform survival": (
        lambda low, high, x: (high - x) / (high - low),
        [(2.0**-10, 22220.5, 1.0625 * 2.0**-10), (-(2.0**-10), 3, 3 - 2.0**-20)],
    ),
}

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


def partials(function, arguments, step=mpf(10) ** -20):
    for index in range(len(arguments)):
        along = lambda t: function(*arguments[:index], t, *arguments[index + 1 :])
        yield mp.diff(along, arguments[index], h=abs(arguments[index]) * step)


def row(name, point, value, slopes):
    digits = lambda value: mp.nstr(value, 25)
    return {
        "function": name,
        "arguments": [float(x) for x in point],
        "expected": digits(value),
        "partials": [digits(slope) for slope in slopes],
    }


def main():
    rows = []
    for name, (function, points) in FUNCTIONS.items():
        for point in points:
            arguments = [mpf(x) for x in point]
            rows.append(row(name, point, function(*arguments), partials(function, arguments)))
    # Moments of narrow intervals and tails beside one lose most of many digits.
    mp.dps = 150
    for name, (function, points) in FAMILIES.items():
        for point in points:
            arguments = [mpf(x) for x in point]
            slopes = partials(function, arguments, mpf(10) ** -45)
            rows.append(row(name, point, function(*arguments), slopes))
    text = json.dumps(rows, indent=1)
    Path(__file__).with_name("far.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
