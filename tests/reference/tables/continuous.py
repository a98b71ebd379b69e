"""The table of one continuous family: every capability, and the gradients of its log-density."""

from mpmath import exp, isinf, ln, mp, mpf

from . import functions as fn
from .families import Gamma
from .precision import case, columns, derivative, f32

PROBABILITIES = [
    0.0,
    1e-37,
    1e-30,
    1e-10,
    1e-7,
    1e-3,
    0.1,
    0.25,
    0.5,
    0.75,
    0.9,
    0.999,
    1 - 2**-24,
    1.0,
]
CENTRAL_PROBABILITIES = [1e-10, 0.01, 0.3, 0.5, 0.6, 0.99]
SUMMARY_SCALES = [1e-10, 1e-3, 0.1, 0.5, 1.0, 2.0, 7.25, 100.0, 1e4]


def table(family):
    names = ("value",) + family.parameters
    rows = list(family.points())
    points = columns(names, rows)
    for function in ("log_prob", "cdf", "log_cdf", "survival", "log_survival"):
        yield case(function, getattr(family, function), points)
    yield from gradients(family, names, points)
    yield quantiles(family)
    settings = columns(family.parameters, list(summary_settings(family)))
    for function in family.summaries:
        yield case(function, getattr(family, function), settings)
    yield from family.slopes()
    if isinstance(family, Gamma):
        yield from implicit_gradients()
    yield from family.implicit_gradients()


def gradients(family, names, points):
    """Partials of log_prob, off the edges of the support (where only a one-sided one exists)."""
    rows = [row for row in zip(*points.values(), strict=True) if off_edges(family, row)]
    kept = columns(names, rows)
    for index, name in enumerate(names):
        yield case(f"grad_{name}", partial(family, index), kept)


def off_edges(family, row):
    x, *parameters = row
    ends = family.ends(*parameters)
    if family.name == "laplace" and x == parameters[0]:
        ends = [x]  # the kink; its gradient with respect to the scale alone would exist
    return x not in ends


def partial(family, index):
    def slope(*row):
        if not family.contains(*row) or isinf(row[index]):
            return mpf(0)
        return derivative(family.inside, row, index)

    return slope


def quantiles(family):
    rows = []
    for position, setting in enumerate(family.quantile_settings or family.settings):
        rows += [(p, *setting) for p in (PROBABILITIES if position < 2 else CENTRAL_PROBABILITIES)]
    if family.name == "chi2":
        rows = [r for r in rows if not 0 < family.quantile(mpf(r[0]), mpf(r[1])) < 2e-38]
    if family.name == "inverse_gamma":
        rows = [r for r in rows if r[0] == 1 or beyond(family, r) < 2e38]
    if isinstance(family, Gamma):
        # Below the smallest normal f32 the answer is zero on any backend: nothing to compare.
        rows = [r for r in rows if not 0 < fn.gammaincinv(mpf(r[1]), mpf(r[0])) / r[2] < 2e-38]
    if family.high == 1:
        # A Beta quantile may underflow too.
        rows = [r for r in rows if not 0 < family.quantile(*map(mpf, r)) < 2e-38]
    return case("quantile", family.quantile, columns(("p",) + family.parameters, rows))


def beyond(family, row):
    return abs(family.quantile(*[mpf(v) for v in row]))


def summary_settings(family):
    yield from family.settings
    if family.summary_settings is not None:
        settings = family.summary_settings
        yield from settings() if callable(settings) else settings
    elif family.parameters == ("loc", "scale"):
        scales = (
            [s for s in SUMMARY_SCALES if s <= 7.25]
            if family.name == "log_normal"
            else SUMMARY_SCALES
        )
        yield from [(loc, scale) for loc in (-2.5, 0.75) for scale in scales]
    elif family.name == "uniform":
        yield from [(-2.5, s) for s in SUMMARY_SCALES] + [(1e4, 10001), (-1e20, 3e20), (0.1, 0.2)]
    elif family.name == "inverse_gamma":
        concentrations = SUMMARY_SCALES[1:] + [1.4616321, 1.0000001, 2.0000002, 8.0, 1e6]
        yield from [(a, rate) for a in concentrations for rate in (1, 0.3)]
    elif family.name == "gamma":
        concentrations = SUMMARY_SCALES + [1.4616321, 1.0000001, 8.0, 1e6, 1e8]
        yield from [(a, rate) for a in concentrations for rate in (1, 0.3)]
    else:
        yield from [(s,) for s in SUMMARY_SCALES + [1e20, 0.3, 3.3]]


# --- the implicit reparameterisation gradient of Gamma ------------------------------------------


def implicit_gradients():
    """d ln z / d concentration of a standard Gamma sample z held at its quantile.

    Samples whose z is below the smallest normal f32 are given by ln z.
    """
    concentrations = [
        1e-3,
        3e-3,
        1e-2,
        0.03,
        0.1,
        0.3,
        0.7,
        1,
        1.5,
        3,
        5,
        8,
        12,
        20,
        60,
        100,
        300,
        1e3,
        3e3,
        1e4,
    ]
    linear, logarithmic = [], []
    for a in concentrations:
        for p in (1e-3, 0.05, 0.5, 0.95, 1 - 1e-3):
            with mp.workdps(30):
                log_z = fn.log_gammaincinv(mpf(f32(a)), mpf(p))
                if log_z > -87:
                    linear.append((a, exp(log_z)))
                else:
                    logarithmic.append((a, log_z))
    linear += [(1, 1), (0.1, 1e-3), (100, 110), (1e4, 1e4)]
    logarithmic += [(0.05, -100), (0.5, -200), (1e-3, -1e5), (2, -90)]
    yield case(
        "implicit_gradient",
        lambda a, z: fn.gamma_implicit_gradient(a, ln(z)),
        columns(("concentration", "value"), linear),
    )
    yield case(
        "implicit_gradient_from_log",
        fn.gamma_implicit_gradient,
        columns(("concentration", "log_value"), logarithmic),
    )
