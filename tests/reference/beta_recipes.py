"""Writes beta_recipes.json: 40-digit values of the beta and Bessel functions at numbers exact in f32.

Usage: python beta_recipes.py [points] > beta_recipes.json   (needs mpmath and numpy)

Rows of "incomplete_beta": a, b, x, y, P, Q, ln P, ln Q, d logit/da, d logit/db at fixed P, the
logarithm of the density of the logit, logit(x). Rows of "student_t": freedom, t, P(T > |t|),
P(0 < T < |t|), ln P(T > |t|), log-density, d ln|t|/d freedom at fixed P. Rows of "bessel": x, i0e,
i1e, ln I0, A = I1/I0, 1 - A, A'. Rows of "von_mises": concentration, angle, P(angle < X < pi),
P(0 < X < angle), the logarithm of the first, log-density, d angle/d concentration at fixed P.
The smaller of x and y is exact, the other its complement rounded.
"""

import json
import sys

import numpy as np
from mpmath import *

mp.dps = 40
POINTS = int(sys.argv[1]) if len(sys.argv) > 1 else 60
rng = np.random.default_rng(20250102)
NODES = {}


def legendre_rule(count):
    if count not in NODES:
        rule = []
        for guess in np.polynomial.legendre.leggauss(count)[0]:
            x = mpf(float(guess))
            for _ in range(4):
                low, high = mpf(1), x
                for k in range(2, count + 1):
                    low, high = high, ((2 * k - 1) * x * high - (k - 1) * low) / k
                slope = count * (x * high - low) / (x * x - 1)
                x -= high / slope
            rule.append((x, 2 / ((1 - x * x) * slope**2)))
        NODES[count] = rule
    return NODES[count]


def integrals(function, edges):
    """Composite Gauss-Legendre integrals of a function with several values."""
    total = None
    for low, high in zip(edges[:-1], edges[1:]):
        middle, half = (low + high) / 2, (high - low) / 2
        for node, weight in legendre_rule(30):
            values = [half * weight * v for v in function(middle + half * node)]
            total = values if total is None else [t + v for t, v in zip(total, values)]
    return total


def upper(a, b, x, y):
    """Integrals over the logit from that of x to infinity, relative to the density at x:
    of the density, and of its derivatives in a and b."""
    psi_n = psi(0, a + b)
    psi_a, psi_b, log_x, log_y = psi(0, a), psi(0, b), log(x), log(y)

    def at(v):
        shift = v + log(x + y * exp(-v))
        density = exp(a * v - (a + b) * shift)
        return density, density * (log_x + v - shift - psi_a + psi_n), density * (log_y - shift - psi_b + psi_n)

    fall = lambda v: (a + b) * (v + log(x + y * exp(-v))) - a * v
    # The end: where the density, which may first rise, has fallen by 95 in the logarithm.
    peak = max(log(a / b) - log_x + log_y, mpf(0))
    top = fall(peak)
    end = mpf(1) / (a + b) + 1e-10
    while fall(peak + end) - top < 95:
        end *= 2
    scale = min(1, 1 / sqrt((a + b) * a / (a + b) * b / (a + b))) if peak else min(mpf(1), end / 60)
    scale = min(scale, 1 / abs(b * x - a * y))
    points = {mpf(0), peak, peak + end}
    for center in (mpf(0), peak, max(-log(x / y), mpf(0))):
        for k in range(-6, 250):
            w = scale * mpf(2) ** (k / 2)
            points |= {center + w, center - w}
    edges = sorted(p for p in points if 0 <= p <= peak + end)
    merged = [edges[0]]
    for edge in edges[1:]:
        if edge - merged[-1] > scale / 8:
            merged.append(edge)
    return integrals(at, merged)


def incomplete_beta(a, b, small, is_x):
    x, y = (small, 1 - small) if is_x else (1 - small, small)
    log_kernel = a * log(x) + b * log(y) - (loggamma(a) + loggamma(b) - loggamma(a + b))
    right, left = upper(a, b, x, y), upper(b, a, y, x)
    kernel = exp(log_kernel)
    q, p = kernel * right[0], kernel * left[0]
    assert abs(p + q - 1) < mpf(10) ** -18, (a, b, x, p + q - 1)
    log_of = lambda tail, rest, scaled: log_kernel + log(scaled) if tail < 0.5 else log1p(-rest)
    # dQ = -dP: the side with the smaller integral has not cancelled.
    pick = lambda i, j: right[i] if abs(right[0]) < abs(left[0]) else -left[j]
    return [p, q, log_of(p, q, left[0]), log_of(q, p, right[0]), pick(1, 2), pick(2, 1), log_kernel, log(x / y)]


def single(value):
    return mpf(float(np.float32(float(value))))


def beta_rows():
    rows = []
    k = 0
    while len(rows) < POINTS:
        k += 1
        a, b = (single(10 ** rng.uniform(-6, 5) if k % 3 else 10 ** rng.uniform(-1, 1.5)) for _ in "ab")
        centre = float(log(a / b))
        width = float(sqrt((a + b) / (a * b)))
        logit = [centre + rng.uniform(-8, 8) * min(width, 4), rng.uniform(-25, 25), rng.standard_cauchy()][k % 3]
        if k % 5 == 0 or abs(logit) > 80:
            logit = centre + rng.uniform(-2, 2) * min(width, 1)
        small, is_x = single(1 / (1 + np.exp(abs(logit)))), logit <= 0
        values = incomplete_beta(a, b, small, is_x)
        if min(values[2], values[3]) < -700:
            continue
        large = single(1 - small)
        x, y = (small, large) if is_x else (large, small)
        rows.append([float(v) for v in [a, b, x, y, *values]])
        print(len(rows), file=sys.stderr, end="\r")
    return rows


def student_rows():
    rows = []
    for k in range(POINTS // 2):
        freedom = single(10 ** rng.uniform(-2, 6))
        t = single([10 ** rng.uniform(-4, 1.2), rng.uniform(0.3, 4), 10 ** rng.uniform(-3, 30)][k % 3])
        if t > 20 and freedom > 40:
            t = single(5)
        ratio = t * t / freedom
        small = min(ratio, 1 / ratio)
        values = incomplete_beta(freedom / 2, mpf(0.5), small / (1 + small), ratio > 1)
        p, q, log_p, _, slope, _, log_kernel, _ = values
        slope = (1 / freedom - slope / 2) / 2
        rows.append([float(v) for v in [freedom, t, p / 2, q / 2, log_p - log(2), log_kernel - log(t), slope]])
    return rows


def bessel_rows():
    rows = []
    for x in [*10 ** rng.uniform(-6, 8, POINTS // 3), *rng.uniform(0.5, 20, POINTS // 3)]:
        x = single(x)
        with workdps(60):
            i0, i1 = besseli(0, x), besseli(1, x)
            ratio = i1 / i0
            slope = 1 - ratio / x - ratio**2
            rows.append([float(v) for v in [x, exp(-x) * i0, exp(-x) * i1, log(i0), ratio, 1 - ratio, slope]])
    return rows


def von_mises_rows():
    rows = []
    for k in range(POINTS // 2):
        kappa = single(10 ** rng.uniform(-2, 6))
        width = min(3.1, 1 / np.sqrt(float(kappa)))
        theta = [width * rng.uniform(0.1, 4), rng.uniform(0, np.pi), np.pi - 10 ** rng.uniform(-4, 0), width * 10 ** rng.uniform(-3, 0)][k % 4]
        theta = single(theta)
        if theta > 3.1415925:
            theta = single(3)
        with workdps(60):
            ratio = besseli(1, kappa) / besseli(0, kappa)
        density = lambda s: exp(kappa * (cos(s) - 1))
        fall = kappa * (1 - cos(theta))
        scale = min(1 / sqrt(kappa + 1), 1 / (kappa * sin(theta) + mpf(10) ** -30))

        def parts(low, high):
            points = {low, high} | {theta + side * scale * mpf(2) ** (j / 2) for j in range(-6, 60) for side in (-1, 1)}
            points |= {scale * mpf(2) ** (j / 2) for j in range(-6, 60)}
            edges = sorted(p for p in points if low <= p <= high)
            merged = [edges[0]]
            for edge in edges[1:]:
                if edge - merged[-1] > scale / 16 or edge == high:
                    merged.append(edge)
            return integrals(lambda s: (exp(kappa * (cos(s) - cos(theta))), (cos(s) - ratio) * exp(kappa * (cos(s) - cos(theta)))), merged)

        inner, outer = parts(mpf(0), theta), parts(theta, pi)
        log_density = -fall - log(2 * pi * exp(-kappa) * besseli(0, kappa))
        tail, central = exp(log_density) * outer[0], exp(log_density) * inner[0]
        assert abs(tail + central - 0.5) < mpf(10) ** -18, (kappa, theta, tail + central)
        slope = outer[1] if abs(outer[0]) < abs(inner[0]) else -inner[1]
        log_tail = log_density + log(outer[0])
        rows.append([float(v) for v in [kappa, theta, tail, central, log_tail, log_density, slope]])
    return rows


TABLES = {
    "incomplete_beta": beta_rows,
    "student_t": student_rows,
    "bessel": bessel_rows,
    "von_mises": von_mises_rows,
}


def main():
    global rng
    table = {}
    for name, rows in TABLES.items():
        rng = np.random.default_rng(20250102)
        table[name] = rows()
    lines = (f'"{name}":{json.dumps(rows, separators=(",", ":"))}' for name, rows in table.items())
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main()
