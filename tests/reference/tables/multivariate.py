"""MultivariateNormal and LowRankMultivariateNormal, whose matrices are lists of K*K numbers, row by row.

Everything follows from the covariance or the precision by LU decomposition, never by a Cholesky
factor. A covariance or precision counts by its symmetric part, so that a gradient has half of an
off-diagonal derivative in each of the two elements. `kappa` is the condition number of the matrix of
correlations in the norm of sums of rows: gradients and variances have it in place of a sensitivity.
Scales do not count, since substitution and factorisation commute with them. A low rank has a
sensitivity throughout.
"""

from functools import lru_cache

from mpmath import ln, matrix, mp, mpf, pi

from .precision import case, columns, f32, short, vector_case

FORMS = ("scale_tril", "covariance", "precision")

# --- settings -----------------------------------------------------------------------------------


def correlated(scales, correlation):
    return [
        [f32(a * b * correlation ** abs(i - j)) for j, b in enumerate(scales)]
        for i, a in enumerate(scales)
    ]


SYMMETRIC = [
    [[2.25]],
    [[1e-6]],
    [[1.0, 0.5], [0.5, 1.0]],
    [[4.0, -1.5], [-1.5, 1.0]],
    [[1.0, 0.999998], [0.999998, 1.0]],
    correlated([1.0, 2.0, 0.5], 0.5),
    correlated([1e3, 1.0, 1e-3], -0.75),
    [[f32(1 / mpf(i + j + 1)) for j in range(5)] for i in range(5)],
    correlated([1.0] * 8, 0.5),
    correlated([0.25, 4.0, 1.0, 30.0, 0.125, 2.0, 1.0, 8.0], -0.875),
]

TRIANGULAR = [
    [[1.5]],
    [[1e-4]],
    [[1.0, 0.0], [0.5, 0.25]],
    [[2.0, 0.0], [-3.0, 0.001]],
    [[1.0, 0.0, 0.0], [-0.5, 0.75, 0.0], [100.0, -7.0, 0.1]],
    [
        [f32(1.0 / (1 + i)) if i == j else f32((-0.5) ** (i - j)) if j < i else 0.0 for j in range(8)]
        for i in range(8)
    ],
]

LOW_RANK = [
    ([[0.5], [1.0]], [1.0, 0.25]),
    ([[1.0], [-2.0], [3.0]], [0.5, 0.125, 2.0]),
    ([[1000.0, 1.0], [-1000.0, 2.0], [500.0, -3.0]], [1.0, 0.25, 0.5]),
    ([[0.0, 1e-3], [0.5, 0.25], [0.25, -0.125], [1.0, 2.0]], [1.0, 2.0, 4.0, 0.01]),
]

# Value, factor and diagonal, where rows or columns of diag(d)^-1/2 W are of different sizes: the
# condition of the capacitance is more than f32 has digits, in the last one more than f64 has.
BADLY_SCALED = [
    ([3000.0, 1.0], [[3000.0, 3000.0], [1.0, -1.0]], [1.0, 1.0]),
    ([1000.0, 1.0], [[1000.0, 1000.0], [1.0, -1.0]], [1.0, 1.0]),
    ([1.0, 1.0], [[1000.0], [1.0]], [1.0, 1.0]),
    ([500.0], [[1000.0]], [1e-4]),
    ([0.0, 1.0], [[1.0], [0.0]], [1e-30, 1.0]),
    ([1.0, -2.0, 0.5], [[1e4, 1.0, 1e-4]] * 3, [0.5, 1.0, 2.0]),
    (
        [100.0, -7.0, 0.125, 200.0, -5000.0, 0.5],
        [
            [-296.1600341796875, -268.0071716308594, -188.4328155517578],
            [-0.8628996014595032, -0.03829852491617203, -1.034088134765625],
            [0.05155183747410774, 0.09460324794054031, 0.10548031330108643],
            [-276.02655029296875, 214.68374633789062, -198.52296447753906],
            [-5312.41064453125, -4251.505859375, -3681.14404296875],
            [0.029576094821095467, 0.14760254323482513, -0.3816734850406647],
        ],
        [
            3.484912395477295,
            2.258167266845703,
            0.09737910330295563,
            100.43898010253906,
            0.0011327414540573955,
            0.09423594176769257,
        ],
    ),
    ([1e6, 2e6, 1e-3], [[1e6, 1e6], [2e6, 2e6], [1e-3, -1e-3]], [1e-8, 1e-8, 1e-8]),
]


def offsets(size):
    """A mean, and values near it, far from it and on it."""
    loc = [f32((-1) ** i * (0.5 + 3 * i)) for i in range(size)]
    near = [f32(m + 0.375 * ((5 * i) % 7 - 3)) for i, m in enumerate(loc)]
    far = [f32(m + 40 * ((3 * i) % 5 - 1.5)) for i, m in enumerate(loc)]
    return [(loc, loc), (near, loc), (far, [0.0] * size)]


def flat(rows):
    return [element for row in rows for element in row]


def settings(form):
    return TRIANGULAR if form == "scale_tril" else SYMMETRIC


# --- matrices -----------------------------------------------------------------------------------


def square(elements):
    size = int(len(elements) ** 0.5 + 0.5)
    return matrix([[elements[i * size + j] for j in range(size)] for i in range(size)])


def lower(m):
    return matrix([[m[i, j] if j <= i else mpf(0) for j in range(m.cols)] for i in range(m.rows)])


@lru_cache(maxsize=None)
def both(form, elements, _digits):
    """Covariance and precision."""
    m = square(elements)
    if form == "scale_tril":
        m = lower(m)
        m = m * m.T
        return m, m**-1
    m = (m + m.T) / 2
    return (m, m**-1) if form == "covariance" else (m**-1, m)


def pair(form, elements):
    return both(form, tuple(elements), mp.dps)


def difference(value, loc):
    return matrix([a - b for a, b in zip(value, loc)])


def dot(a, b):
    return (a.T * b)[0]


def log_det(m):
    return ln(mp.det(m))


def log_prob(form):
    def formula(value, loc, elements):
        covariance, precision = pair(form, elements)
        d = difference(value, loc)
        known = -log_det(precision) if form == "precision" else log_det(covariance)
        return -(dot(d, precision * d) + known + len(loc) * ln(2 * pi)) / 2

    return formula


def grad_value(form):
    return lambda value, loc, elements: list(
        -pair(form, elements)[1] * difference(value, loc)
    )


def grad_matrix(form):
    def formula(value, loc, elements):
        covariance, precision = pair(form, elements)
        d = difference(value, loc)
        a = precision * d
        of_covariance = (a * a.T - precision) / 2
        if form == "covariance":
            return list(of_covariance)
        if form == "precision":
            return list((covariance - d * d.T) / 2)
        return list(lower(2 * of_covariance * lower(square(elements))))

    return formula


def entropy(form):
    def formula(elements):
        covariance, _ = pair(form, elements)
        return (log_det(covariance) + covariance.rows * (1 + ln(2 * pi))) / 2

    return formula


def variance(form):
    def formula(elements):
        covariance, _ = pair(form, elements)
        return [covariance[i, i] for i in range(covariance.rows)]

    return formula


def divergence(form, other):
    def formula(p_loc, p_elements, q_loc, q_elements):
        covariance, _ = pair(form, p_elements)
        to_covariance, precision = pair(other, q_elements)
        d = difference(p_loc, q_loc)
        product = precision * covariance
        trace = sum(product[i, i] for i in range(product.rows))
        gap = log_det(to_covariance) - log_det(covariance)
        return (trace + dot(d, precision * d) - len(p_loc) + gap) / 2

    return formula


def kappa(form, elements):
    with mp.workdps(60):
        covariance, precision = pair(form, [mpf(x) for x in elements])
        scales = [mp.sqrt(covariance[i, i]) for i in range(covariance.rows)]
        down, up = mp.diag([1 / s for s in scales]), mp.diag(scales)
        correlation, inverse = down * covariance * down, up * precision * up
        return short(mp.mnorm(correlation, mp.inf) * mp.mnorm(inverse, mp.inf))


# --- tables -------------------------------------------------------------------------------------


def with_kappa(result, form, key):
    return result | {"kappa": [kappa(form, row) for row in result["inputs"][key]]}


def full():
    for form in FORMS:
        matrices = [flat(m) for m in settings(form)]
        size = lambda m: int(len(m) ** 0.5 + 0.5)
        rows = [(value, loc, m) for m in matrices for value, loc in offsets(size(m))]
        points = columns(("value", "loc", form), rows)
        yield case(f"log_prob_{form}", log_prob(form), points)
        few = columns(("value", "loc", form), [row for at, row in enumerate(rows) if at % 3 == 1])
        yield with_kappa(vector_case(f"grad_value_{form}", grad_value(form), few), form, form)
        yield with_kappa(vector_case(f"grad_matrix_{form}", grad_matrix(form), few), form, form)
        alone = columns((form,), [(m,) for m in matrices])
        yield case(f"entropy_{form}", entropy(form), alone)
        yield with_kappa(vector_case(f"variance_{form}", variance(form), alone), form, form)
    yield from divergences()


def divergences():
    for form in FORMS:
        for other in FORMS:
            rows = []
            for p in settings(form):
                # The first of the same order, and the last.
                same = [q for q in settings(other) if len(q) == len(p)]
                for q in same[:1] + same[1:][-1:]:
                    loc = offsets(len(p))[1]
                    rows.append((loc[0], flat(p), loc[1], flat(q)))
            names = ("p_loc", f"p_{form}", "q_loc", f"q_{other}")
            yield case(f"kl_{form}_{other}", divergence(form, other), columns(names, rows))


def low_rank_covariance(factor, diagonal):
    size = len(diagonal)
    rank = len(factor) // size
    w = matrix([[factor[i * rank + j] for j in range(rank)] for i in range(size)])
    return w * w.T + mp.diag(diagonal)


def low_rank_gradients(which):
    """Of the density, with respect to the value, the factor or the diagonal."""

    def formula(value, loc, factor, diagonal):
        size, rank = len(diagonal), len(factor) // len(diagonal)
        precision = low_rank_covariance(factor, diagonal) ** -1
        a = precision * difference(value, loc)
        whole = a * a.T - precision
        if which == "value":
            return list(-a)
        if which == "cov_diag":
            return [whole[i, i] / 2 for i in range(size)]
        return list(whole * matrix([factor[i * rank : (i + 1) * rank] for i in range(size)]))

    return formula


def low_rank():
    def density(value, loc, factor, diagonal):
        covariance = low_rank_covariance(factor, diagonal)
        d = difference(value, loc)
        form = dot(d, mp.lu_solve(covariance, d))
        return -(form + log_det(covariance) + len(loc) * ln(2 * pi)) / 2

    rows = [
        (value, loc, flat(factor), diagonal)
        for factor, diagonal in LOW_RANK
        for value, loc in offsets(len(diagonal))
    ]
    rows += [
        (value, [0.0] * len(value), flat(factor), diagonal)
        for value, factor, diagonal in BADLY_SCALED
    ]
    names = ("value", "loc", "cov_factor", "cov_diag")
    points = columns(names, rows)
    yield case("log_prob", density, points)
    for name in ("value", "cov_factor", "cov_diag"):
        yield vector_case(f"grad_{name}", low_rank_gradients(name), points, conditioned=True)
    laws = LOW_RANK + [(factor, diagonal) for _, factor, diagonal in BADLY_SCALED]
    alone = columns(names[2:], [(flat(factor), diagonal) for factor, diagonal in laws])

    def whole_entropy(factor, diagonal):
        return (log_det(low_rank_covariance(factor, diagonal)) + len(diagonal) * (1 + ln(2 * pi))) / 2

    def whole_variance(factor, diagonal):
        covariance = low_rank_covariance(factor, diagonal)
        return [covariance[i, i] for i in range(len(diagonal))]

    yield case("entropy", whole_entropy, alone)
    yield vector_case("variance", whole_variance, alone, conditioned=True)
