"""Special and elementary functions at ordinary and extreme points."""

from mpmath import atan, erf, erfc, expm1, log1p, mpf

from . import functions as fn
from .bijectors import BEYOND, POSITIVES, REALS, UNIT
from .precision import case, columns

GAMMA_ARGUMENTS = POSITIVES + [
    1e-5,
    0.05,
    0.95,
    0.999,
    1.001,
    1.05,
    1.25,
    1.4616321,
    1.4616324,
    1.75,
    1.95,
    1.9999999,
    2.000001,
    2.5,
    2.7,
    4,
    6.5,
    7.9,
    8,
    8.1,
    13,
    1e4,
    1e6,
    1e8,
    1e15,
]
REFLECTED = [
    -0.5,
    -0.25,
    -1.5,
    -2.5,
    -3.25,
    -1e-3,
    -0.999,
    -10.5,
    -20.1,
    -0.50408304,
    -2.6,
    -100.75,
]
TAILS = [
    0.0,
    1e-30,
    1e-10,
    1e-6,
    1e-5,
    1e-3,
    0.01,
    0.1,
    0.46875,
    0.5,
    0.8,
    0.99,
    1,
    1.0000001,
    1.5,
    2,
    2.5,
    3,
    3.5,
    3.92,
    4,
    4.9,
    5,
    6,
    7,
    8,
    9,
    9.1945,
]
HALF_LINE = [
    1e-30,
    1e-10,
    1e-7,
    1e-3,
    0.1,
    0.3,
    0.5,
    0.693,
    0.6931472,
    0.7,
    1,
    1.5,
    2,
    5,
    10,
    16,
    17,
    20,
    40,
    80,
    86,
]


def mirrored(values):
    return sorted({v for x in values for v in (x, -x)})


def on(points):
    return columns(("x",), [(x,) for x in points])


def table():
    yield from elementary()
    yield from normal_functions()
    yield from gamma_functions()
    yield from incomplete_gamma()


def elementary():
    yield case(
        "log1p",
        log1p,
        on(
            [
                x
                for x in REALS + BEYOND + [5e-8, 1e-5, 1.1e-5, -0.99, -0.9999999, -1 + 2**-24]
                if x > -1
            ]
        ),
    )
    yield case("expm1", expm1, on(REALS + [5e-8, 1e-5, 1.1e-5, 85, 88, -100, -1e3]))
    yield case("softplus", fn.softplus, on([x for x in REALS + BEYOND if x > -87] + [-87]))
    yield case("softplus_inverse", fn.softplus_inverse, on(POSITIVES))
    yield case("log_sigmoid", fn.log_sigmoid, on([x for x in REALS + BEYOND if x < 87] + [86]))
    yield case("log1mexp", fn.log1mexp, on([0.0] + HALF_LINE))
    yield case("logit", fn.logit, on([0.0] + UNIT + [1.0]))
    yield case("atan", atan, on(REALS + BEYOND))
    yield case(
        "tan_pi",
        fn.tan_pi,
        on(
            mirrored(
                [
                    0.0,
                    1e-30,
                    1e-10,
                    1e-5,
                    1e-3,
                    0.01,
                    0.1,
                    0.2,
                    0.25,
                    0.3,
                    0.4,
                    0.45,
                    0.49,
                    0.499,
                    0.4999,
                    0.49999,
                    0.5 - 2**-20,
                    0.5 - 2**-25,
                ]
            )
        ),
    )
    pairs = [(0, y) for y in (0, 1, 1e-30, 1e30)] + [
        (x, y)
        for x in (1e-20, 0.5, -0.5, 1, 3, 1e4, -1e10)
        for y in (1e-30, 0.5, 0.99999994, 1, 1.0000001, 7, 1e20)
    ]
    yield case("xlogy", fn.xlogy, columns(("x", "y"), pairs))


def normal_functions():
    yield case("erf", erf, on(mirrored(TAILS + [10, 100])))
    yield case("erfc", erfc, on(mirrored(TAILS) + [-10, -100]))
    yield case("ndtr", fn.ndtr, on(mirrored(TAILS + [10, 12, 12.5]) + [40]))
    yield case(
        "log_ndtr",
        fn.log_ndtr,
        on(mirrored(TAILS + [10, 12, 12.5]) + [-14, -20, -40, -100, -1e3, -1e4, -1e10, -1e18]),
    )
    yield case(
        "ndtri", fn.ndtri, on([0.0] + UNIT + [1.0, 0.02425, 0.075, 0.425, 0.925, 1e-15, 1e-25])
    )


def gamma_functions():
    yield case("lgamma", fn.lgamma, on([x for x in GAMMA_ARGUMENTS if x < 1e36]))
    yield case("digamma", fn.digamma, on(GAMMA_ARGUMENTS))
    yield case("trigamma", fn.trigamma, on([x for x in GAMMA_ARGUMENTS if x > 1e-19]))
    yield case("lgamma_reflected", fn.lgamma, on(REFLECTED))
    yield case("digamma_reflected", fn.digamma, on(REFLECTED))


def incomplete_gamma():
    ordinary = [
        (a, x)
        for a in (1e-3, 0.1, 0.5, 1, 2.5, 10, 19, 21)
        for x in (1e-10, 0.05, 0.5, 1, 2.5, 11, 25)
    ]
    large = [
        (a, a * r)
        for a in (30, 100, 1e3, 1e4, 1e6)
        for r in (0.5, 0.69, 0.8, 0.95, 0.99, 1, 1.01, 1.05, 1.2, 1.31, 2)
    ]
    edges = [
        (1e-3, 1e-30),
        (0.5, 0),
        (3, 0),
        (0.5, 80),
        (1, 80),
        (5, 3),
        (1, 1),
        (1e8, 1e8),
        (1e-10, 1e-5),
        (1e-10, 1),
    ]
    rows = ordinary + large + edges
    visible = lambda f: [(a, x) for a, x in rows if x == 0 or f(mpf(a), mpf(x)) > mpf("1e-37")]
    on_pairs = lambda kept: columns(("a", "x"), kept)
    yield case("gammainc", fn.gammainc, on_pairs(visible(fn.gammainc)))
    yield case("gammaincc", fn.gammaincc, on_pairs(visible(fn.gammaincc)))
    far = [(0.5, 100), (1, 1e3), (10, 1e4), (1e4, 1e3), (100, 1e-10), (3, 1e-30)]
    yield case("log_gammainc", fn.log_gammainc, on_pairs(rows + far))
    yield case("log_gammaincc", fn.log_gammaincc, on_pairs(rows + far))

    levels = [0.0, 1e-30, 1e-7, 1e-3, 0.1, 0.5, 0.9, 0.999, 1 - 2**-24, 1.0]
    for name, function in (("gammaincinv", fn.gammaincinv), ("gammainccinv", fn.gammainccinv)):
        kept = [
            (a, p)
            for a in (0.01, 0.1, 0.5, 1, 2.5, 20, 1e3, 1e4)
            for p in levels
            if not 0 < function(mpf(a), mpf(p)) < mpf("2e-38")
        ]
        yield case(name, function, columns(("a", "p"), kept))
