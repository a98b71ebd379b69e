"""Entropy, mean and variance of Tanh, Sigmoid, Softplus and Exp of a base law, by quadrature.

The quadrature is the trapezoid rule after a change of variable that makes the integrand analytic
and doubly exponentially (or at least exponentially) decaying, so it converges exponentially; the
step is halved until 53 digits stand still. Infinite moments are "inf", as in a Pareto law.
"""

from mpmath import exp, inf, isfinite, ln, mp, mpf, pi, sin, sqrt, tanh

from .bijectors import Sigmoid, Softplus, Tanh
from .families import BY_NAME
from .functions import lgamma, xlogy
from .precision import DIGITS, case, columns, digits_of, f32

BASES = {
    "normal": [(loc, scale) for loc in (-3, -0.5, 0, 1, 4) for scale in (0.05, 0.5, 1, 2, 5)],
    "laplace": [(0, 1), (0.5, 0.25), (-2, 0.45)],
    "logistic": [(0, 1), (0.5, 0.25), (-2, 0.45)],
    "uniform": [(0, 1), (-2, 3), (4, 4.25)],
    "exponential": [(1,), (2.5,), (0.3,)],
    "gamma": [(0.5, 1), (2, 3), (20, 4)],
}
WORKING = 90
NOISE = mpf(10) ** -75  # the mean of an odd function of a symmetric law is zero up to this


# --- nodes of E[g(X)]: for each base a list of (x, weight) at a given step ---------------------


def trapezoid(step, low, high, point):
    first, last = int(low / step), int(high / step)
    for k in range(first, last + 1):
        yield point(k * step)


def normal_nodes(step, loc, scale):
    for t, w in trapezoid(step, -19, 19, lambda t: (t, step * exp(-t * t / 2) / sqrt(2 * pi))):
        yield loc + scale * t, w


def logistic_nodes(step, loc, scale):
    def point(s):
        t = s * (1 + s * s / 3)  # odd, smooth: thins the nodes in the exponential tails
        return t, step * (1 + s * s) * exp(-abs(t)) / (1 + exp(-abs(t))) ** 2

    for t, w in trapezoid(step, -10, 10, point):
        yield loc + scale * t, w


def gamma_nodes(step, a, rate):
    def point(s):
        # x = exp(s - e^-s): to zero doubly exponentially, to infinity exponentially.
        log_x = s - exp(-s)
        x = exp(log_x)
        return x, step * (1 + exp(-s)) * exp(a * log_x - x - lgamma(a))

    for x, w in trapezoid(step, -8, 6, point):
        yield x / rate, w


def exponential_nodes(step, rate):
    return gamma_nodes(step, mpf(1), rate)


def laplace_nodes(step, loc, scale):
    for x, w in gamma_nodes(step, mpf(1), mpf(1)):
        yield loc + scale * x, w / 2
        yield loc - scale * x, w / 2


def uniform_nodes(step, low, high):
    def point(s):
        u = tanh(pi / 2 * mp.sinh(s))
        return u, step * pi / 4 * mp.cosh(s) * (1 - u * u)

    for u, w in trapezoid(step, -5, 5, point):
        yield (low + high) / 2 + (high - low) / 2 * u, w


NODES = {
    "normal": normal_nodes,
    "laplace": laplace_nodes,
    "logistic": logistic_nodes,
    "uniform": uniform_nodes,
    "exponential": exponential_nodes,
    "gamma": gamma_nodes,
}


def integrate(base, bijector, parameters):
    """(entropy, mean, variance) of bijector(X)."""
    parameters = [mpf(p) for p in parameters]
    with mp.workdps(WORKING):
        step, previous = mpf(1) / 8, None
        for _ in range(9):
            current = sums(NODES[base](step, *parameters), bijector)
            current[0] += BY_NAME[base].entropy(*parameters)
            if previous and all(still(a, b) for a, b in zip(previous, current)):
                return [v if abs(v) > NOISE else mpf(0) for v in current]
            previous, step = current, step / 2
    raise ArithmeticError(f"{base}{parameters} through {bijector.name}")


def still(previous, current):
    return abs(previous - current) <= max(abs(current) * mpf(10) ** -(DIGITS + 3), NOISE)


def sums(nodes, bijector):
    log_det = mean = square = mpf(0)
    for x, weight in nodes:
        if weight < mpf(10) ** -(WORKING + 10):
            continue
        y = bijector.forward(x)
        log_det += weight * bijector.log_det(x)
        mean += weight * y
        square += weight * y * y
    return [log_det, mean, square - mean**2]


# --- Exp of a base: moment generating functions -------------------------------------------------


def moment_generating(base, t, parameters):
    """E exp(t X), or inf."""
    if base == "normal":
        loc, scale = parameters
        return exp(t * loc + (t * scale) ** 2 / 2)
    if base == "laplace":
        loc, scale = parameters
        return exp(t * loc) / (1 - (t * scale) ** 2) if t * scale < 1 else inf
    if base == "logistic":
        loc, scale = parameters
        return exp(t * loc) * pi * t * scale / sin(pi * t * scale) if t * scale < 1 else inf
    if base == "uniform":
        low, high = parameters
        return (exp(t * high) - exp(t * low)) / (t * (high - low))
    a, rate = parameters if base == "gamma" else (mpf(1), *parameters)
    return (1 - t / rate) ** -a if t < rate else inf


def of_exp(base, parameters):
    parameters = [mpf(p) for p in parameters]
    with mp.workdps(WORKING):
        family = BY_NAME[base]
        first, second = (moment_generating(base, t, parameters) for t in (1, 2))
        variance = second - first**2 if isfinite(second) else inf
        return [family.entropy(*parameters) + family.mean(*parameters), first, variance]


def table():
    for base, settings in BASES.items():
        inputs = columns(BY_NAME[base].parameters, settings)
        rows = list(zip(*inputs.values(), strict=True))
        for bijector in (Tanh, Sigmoid, Softplus):
            yield from three_cases(
                bijector.name, base, inputs, [integrate(base, bijector, row) for row in rows]
            )
        yield from three_cases("exp", base, inputs, [of_exp(base, row) for row in rows])


def three_cases(bijector, base, inputs, results):
    for position, function in enumerate(("entropy", "mean", "variance")):
        expected = [digits_of(result[position]) for result in results]
        yield {
            "function": f"{bijector}_{base}.{function}",
            "inputs": dict(inputs),
            "expected": expected,
        }
