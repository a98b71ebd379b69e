"""Special functions in forms that stay accurate in relative terms at any argument."""

from statistics import NormalDist

from mpmath import (
    atan,
    erf,
    erfc,
    erfinv,
    exp,
    expm1,
    gamma,
    inf,
    isfinite,
    ln,
    loggamma,
    log1p,
    mp,
    mpf,
    nan,
    pi,
    psi,
    sqrt,
    tan,
)


def lgamma(x):
    return loggamma(x) if x > 0 else ln(abs(gamma(x)))


def digamma(x):
    return psi(0, x)


def trigamma(x):
    return psi(1, x)


def xlogy(x, y):
    return mpf(0) if x == 0 else x * log(y)


def log(x):
    return ln(x) if x > 0 else (-inf if x == 0 else nan)


def ndtr(x):
    return erfc(-x / sqrt(mpf(2))) / 2


def log_ndtr(x):
    return ln(ndtr(x)) if x < 0 else log1p(-ndtr(-x))


def ndtri(p):
    """Newton's iteration on log_ndtr, started from double precision."""
    if p <= 0 or p >= 1:
        return -inf if p == 0 else inf if p == 1 else nan
    if p > mpf(1) / 2:
        return -ndtri(1 - p)
    if p > mpf(1) / 4:
        return -sqrt(mpf(2)) * erfinv(1 - 2 * p)
    # Below the range of doubles the leading term of the asymptotic series is near enough.
    x = mpf(NormalDist().inv_cdf(float(p))) if p > 1e-300 else -sqrt(-2 * ln(p))
    for _ in range(60):
        step = (log_ndtr(x) - ln(p)) * ndtr(x) * sqrt(2 * pi) * exp(x * x / 2)
        x -= step
        if abs(step) <= abs(x) * mpf(10) ** (3 - mp.dps):
            return x
    raise ArithmeticError(f"ndtri({p})")


def softplus(x):
    return log1p(exp(-abs(x))) + max(x, mpf(0))


def softplus_inverse(y):
    return y + log(-expm1(-y))


def log_sigmoid(x):
    return -softplus(-x)


def sigmoid(x):
    return 1 / (1 + exp(-x))


def logit(p):
    return log(p) - (log1p(-p) if p < 1 else -inf)


def log1mexp(x):
    """ln(1 - exp(-x)) of x >= 0."""
    return log(-expm1(-x))


def tan_pi(x):
    doubled = 2 * x
    if doubled == int(doubled):
        return mpf(0) if int(doubled) % 2 == 0 else nan
    return tan(pi * x)


# --- incomplete gamma ------------------------------------------------------------------------


def log_gamma_prefactor(a, x):
    """ln(x^a e^-x / Gamma(a))."""
    return a * ln(x) - x - lgamma(a)


def lower_series(a, log_x):
    """P(a, x) / prefactor = sum x^n / (a (a+1) ... (a+n)): every term is positive."""
    x = exp(log_x)
    term = total = 1 / a
    n = a
    while term > total * mp.eps / 4:
        n += 1
        term *= x / n
        total += term
    return total


def upper_fraction(a, x):
    """Q(a, x) / prefactor by Legendre's continued fraction, modified Lentz."""
    b = x + 1 - a
    c = 1 / mpf(10) ** (4 * mp.dps)
    d = 1 / b
    h = d
    c = 1 / c
    for i in range(1, 1_000_000):
        numerator = -i * (i - a)
        b += 2
        d = 1 / (numerator * d + b)
        c = b + numerator / c
        factor = c * d
        h *= factor
        if abs(factor - 1) < mp.eps * 4:
            return h
    raise ArithmeticError(f"upper_fraction({a}, {x})")


def far_right(a, x):
    """Where the continued fraction converges fast and Q is the small tail."""
    return x > 20 and x > a + 10 * sqrt(a)


def gammainc(a, x):
    """Regularised lower incomplete gamma function P(a, x)."""
    if x <= 0:
        return mpf(0)
    if far_right(a, x):
        return 1 - gammaincc(a, x)
    return exp(a * ln(x) - x - lgamma(a)) * lower_series(a, ln(x))


def gammaincc(a, x):
    """Regularised upper incomplete gamma function Q(a, x)."""
    if x <= 0:
        return mpf(1)
    if far_right(a, x):
        return exp(log_gamma_prefactor(a, x)) * upper_fraction(a, x)
    return 1 - gammainc(a, x)


def log_gammainc(a, x):
    if x <= 0:
        return -inf
    if far_right(a, x):
        return log1p(-gammaincc(a, x))
    return log_gamma_prefactor(a, x) + ln(lower_series(a, ln(x)))


def log_gammaincc(a, x):
    if x <= 0:
        return mpf(0)
    if far_right(a, x):
        return log_gamma_prefactor(a, x) + ln(upper_fraction(a, x))
    p = gammainc(a, x)
    # P may round to one at low working precision; nan then makes `settle` climb.
    return log1p(-p) if p < 1 else nan


def log_gammaincinv(a, p):
    """ln x with P(a, x) = p, by bracketing and Newton's iteration on ln P as a function of ln x."""
    return _log_inverse(a, p, log_gammainc, rising=True)


def log_gammainccinv(a, q):
    return _log_inverse(a, q, log_gammaincc, rising=False)


def _log_inverse(a, p, log_tail, rising):
    # Solve on the smaller tail: there the logarithm of the tail is smooth and far from flat.
    if p > mpf(3) / 4:
        return _log_inverse(a, 1 - p, log_gammaincc if rising else log_gammainc, not rising)
    # 1 - P loses the digits of a small Q, and the prefactor those of a large `a`.
    guard = 15 + int(-ln(p) / ln(10)) + 2 * int(ln(a + 1))
    with mp.workdps(20 + guard):
        w = _bracketed(a, ln(p), log_tail, rising)
    target_digits = mp.dps
    with mp.workdps(mp.dps + guard):
        return _newton(a, ln(p), w, log_tail, rising, target_digits)


def _newton(a, target, w, log_tail, rising, digits):
    sign = 1 if rising else -1
    for _ in range(40):
        x = exp(w)
        log_value = log_tail(a, x)
        slope = sign * exp(log_gamma_prefactor(a, x) - log_value)
        step = (log_value - target) / slope
        w -= step
        if abs(step) <= max(abs(w), 1) * mpf(10) ** (-digits - 2):
            return w
    raise ArithmeticError(f"inverse incomplete gamma at {a}, {target}")


def _bracketed(a, target, log_tail, rising):
    below = lambda w: (_or_zero(log_tail(a, exp(w))) < target) == rising
    low, high = -mpf(1), ln(a + 1)
    while not below(low):
        low = low * 2 - 1
    while below(high):
        high = high + 1
    while high - low > mpf("1e-4") * max(1, abs(low)) / (1 + sqrt(a)):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return (low + high) / 2


def _or_zero(x):
    return x if isfinite(x) else (-mpf(10) ** 30 if x == -inf else mpf(0) - mpf(10) ** 30)


def gammaincinv(a, p):
    if p <= 0 or p >= 1:
        return mpf(0) if p == 0 else inf if p == 1 else nan
    return exp(log_gammaincinv(a, p))


def gammainccinv(a, q):
    if q <= 0 or q >= 1:
        return inf if q == 0 else mpf(0) if q == 1 else nan
    return exp(log_gammainccinv(a, q))


def gamma_implicit_gradient(a, log_x):
    """d ln x / d a of a standard Gamma(a) sample held at its quantile: -(dP/da) / (x p(x)).

    With P = e^L S, L = a ln x - x - lnGamma(a) and x p(x) = e^L, the ratio is
    -(S L' + S'), L' = ln x - digamma(a): nothing can underflow, however small x is.
    """
    x = exp(log_x)
    s, s_slope = mpf(0), mpf(0)
    term, log_slope, n = 1 / a, -1 / a, a
    while True:
        s += term
        s_slope += term * log_slope
        if n > x and term * (1 + abs(log_slope)) < (abs(s_slope) + s) * mp.eps / 4:
            break
        n += 1
        term *= x / n
        log_slope -= 1 / n
    return -(s * (log_x - digamma(a)) + s_slope)
