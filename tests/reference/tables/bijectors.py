"""Forward, inverse and both log-determinants of every bijector, as `<bijector>.<method>`."""

from mpmath import atanh, exp, expm1, inf, ln, log1p, mp, mpf, sign, tanh

from . import functions as fn
from .functions import log, log_sigmoid, logit, sigmoid, softplus, softplus_inverse
from .precision import case, columns

REALS = [
    0.0,
    1e-30,
    1e-10,
    -1e-10,
    1e-4,
    -1e-4,
    1e-3,
    -1e-3,
    0.01,
    0.1,
    -0.1,
    0.3,
    -0.3,
    0.5,
    -0.5,
    0.5000001,
    0.7,
    1,
    -1,
    2,
    -2,
    3.5,
    5,
    -5,
    8,
    9,
    -9,
    10,
    -10,
    16,
    -16,
    20,
    -20,
    30,
    -30,
    50,
    -50,
    80,
    -80,
]
BEYOND = [100, -100, 200, -200, 1e3, -1e3, 1e10, -1e10, 1e30, -1e30]
POSITIVES = [
    2e-38,
    1e-30,
    1e-20,
    1e-10,
    1e-7,
    1e-4,
    1e-3,
    0.01,
    0.1,
    0.25,
    0.5,
    0.6931472,
    0.9,
    0.99999994,
    1,
    1.0000001,
    1.1,
    1.5,
    2,
    3,
    5,
    10,
    16,
    20,
    40,
    80,
    100,
    1e3,
    1e5,
    1e10,
    1e20,
    1e30,
    3e38,
]
UNIT = [
    2.0**-126,
    1e-30,
    1e-20,
    1e-10,
    1e-7,
    1e-4,
    1e-3,
    0.01,
    0.1,
    0.25,
    0.3,
    0.4,
    0.49999997,
    0.5,
    0.50000006,
    0.6,
    0.7,
    0.75,
    0.9,
    0.99,
    0.999,
    0.9999,
    1 - 2**-20,
    1 - 2**-24,
]
INTERVAL = sorted({v for u in UNIT[1:] for v in (u, -u)} | {0.0})


# --- the four methods of each ----------------------------------------------------------------


class Exp:
    name, domain, codomain = "exp", [v for v in REALS + [88, -87, 85.5]], POSITIVES
    forward, inverse = staticmethod(exp), staticmethod(log)
    log_det = staticmethod(lambda x: x)


class Log:
    name, domain, codomain = "log", POSITIVES, [v for v in REALS + [88, -87, 85.5]]
    forward, inverse = staticmethod(log), staticmethod(exp)
    log_det = staticmethod(lambda x: -log(x))


class Tanh:
    name, domain, codomain = "tanh", REALS + BEYOND, INTERVAL
    forward, inverse = staticmethod(tanh), staticmethod(atanh)
    # 1 - tanh^2 = sech^2 without the subtraction.
    log_det = staticmethod(lambda x: -2 * log_cosh(x))


class Sigmoid:
    name, domain, codomain = "sigmoid", [v for v in REALS + BEYOND if v > -87] + [-87], UNIT
    forward, inverse = staticmethod(sigmoid), staticmethod(logit)
    log_det = staticmethod(lambda x: -softplus(x) - softplus(-x))


class Softplus:
    name, domain, codomain = "softplus", [v for v in REALS + BEYOND if v > -87] + [-87], POSITIVES
    forward, inverse = staticmethod(softplus), staticmethod(softplus_inverse)
    log_det = staticmethod(log_sigmoid)


class Identity:
    name, domain, codomain = "identity", REALS, REALS
    forward, inverse = staticmethod(lambda x: x), staticmethod(lambda y: y)
    log_det = staticmethod(lambda x: mpf(0))


def log_cosh(x):
    """ln cosh x = log1p(2 sinh^2(x/2)), and |x| - ln 2 + log1p(e^-2|x|) far out."""
    if abs(x) > 1:
        return abs(x) - ln(mpf(2)) + log1p(exp(-2 * abs(x)))
    return log1p(2 * (expm1(x / 2) - expm1(-x / 2)) ** 2 / 4)


def parameter_free(bijector):
    inverse_log_det = lambda y: -bijector.log_det(bijector.inverse(y))
    xs, ys = columns(("x",), [(v,) for v in bijector.domain]), columns(
        ("y",), [(v,) for v in bijector.codomain]
    )
    yield case(f"{bijector.name}.forward", bijector.forward, xs)
    yield case(f"{bijector.name}.log_det_jacobian", bijector.log_det, far_log_det(bijector, xs))
    yield case(f"{bijector.name}.inverse", bijector.inverse, ys)
    yield case(f"{bijector.name}.inverse_log_det_jacobian", inverse_log_det, ys)


def far_log_det(bijector, xs):
    """Log-dets exist far below where the value itself underflows."""
    extra = {"sigmoid": [-100, -200, -1e3, -1e30], "softplus": [-100, -200, -1e3, -1e30]}.get(
        bijector.name, []
    )
    return {"x": xs["x"] + columns(("x",), [(v,) for v in extra]).get("x", [])} if extra else xs


# --- with parameters -------------------------------------------------------------------------


def affine():
    settings = [(0, 1), (1.5, 2), (-3, -0.25), (100, 1e-3), (1e-10, -1e10)]
    xs = [0.0, 1e-10, 0.5, -1, 3, -40, 1e3, 1e10]
    forward = columns(("x", "loc", "scale"), [(x, *s) for s in settings for x in xs])
    inverse = columns(("y", "loc", "scale"), [(y, *s) for s in settings for y in xs])
    yield case("affine.forward", lambda x, loc, scale: loc + scale * x, forward)
    yield case("affine.log_det_jacobian", lambda x, loc, scale: ln(abs(scale)), forward)
    yield case("affine.inverse", lambda y, loc, scale: (y - loc) / scale, inverse)
    yield case("affine.inverse_log_det_jacobian", lambda y, loc, scale: -ln(abs(scale)), inverse)


def power():
    exponents = [0.5, 2, 3, -1, -2, 1, 0.1, 1 / 3, -0.7]
    xs = [1e-30, 1e-10, 1e-3, 0.5, 0.99999994, 1, 1.0000001, 2, 10, 1e3, 1e10, 1e30]
    in_range = lambda x, e: abs(mp.log(mpf(x), 10) * e) < 37
    forward = columns(("x", "exponent"), [(x, e) for e in exponents for x in xs if in_range(x, e)])
    inverse = columns(
        ("y", "exponent"), [(y, e) for e in exponents for y in xs if in_range(y, 1 / e)]
    )
    log_det = lambda x, e: ln(abs(e)) + (e - 1) * ln(x)
    yield case("power.forward", lambda x, e: x**e, forward)
    yield case("power.log_det_jacobian", log_det, forward)
    yield case("power.inverse", lambda y, e: y ** (1 / e), inverse)
    yield case(
        "power.inverse_log_det_jacobian", lambda y, e: -ln(abs(e)) - (e - 1) / e * ln(y), inverse
    )


def table():
    for bijector in (Exp, Log, Tanh, Sigmoid, Softplus, Identity):
        yield from parameter_free(bijector)
    yield from affine()
    yield from power()
