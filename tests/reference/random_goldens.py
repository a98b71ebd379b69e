"""Writes src/random/tests/goldens.rs: the random streams, computed independently of the crate.

Needs mpmath. Run from the root of the repository:

    python3 tests/reference/random_goldens.py > src/random/tests/goldens.rs
    rustfmt --edition 2024 src/random/tests/goldens.rs
"""
from mpmath import mp, mpf, erfc, log, sqrt, pi, exp

mp.dps = 50
MASK = 0xFFFFFFFF
KEY = 0x0123456789ABCDEF


def philox(counter, key):
    x, k = list(counter), [key & MASK, key >> 32]
    for _ in range(10):
        p0, p1 = 0xD2511F53 * x[0], 0xCD9E8D57 * x[2]
        x = [(p1 >> 32) ^ x[1] ^ k[0], p1 & MASK, (p0 >> 32) ^ x[3] ^ k[1], p0 & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return x


def block(position, draw=0, tag=0):
    return philox([position & MASK, position >> 32, draw, tag], KEY)


def stream(bits, i):
    if bits == 32:
        return block(i // 4)[i % 4]
    words = block(i // 2)
    return words[2 * (i % 2)] | words[2 * (i % 2) + 1] << 32


def attempt(bits, i, k, number):
    words = block(i, k, 1)
    return words[2 * number] | (words[2 * number + 1] << 32 if bits == 64 else 0)


def point(bits, word):
    return (mpf(word) + mpf(1) / 2) / mpf(2) ** bits


def quantile(p):
    if p > mpf(1) / 2:
        return -quantile(1 - p)
    start = -sqrt(-2 * log(2 * p)) * mpf("0.9") - mpf("1e-30")
    z = start
    for _ in range(200):
        step = (erfc(-z / sqrt(2)) / 2 - p) / (exp(-z * z / 2) / sqrt(2 * pi))
        # Halley's correction keeps the far tail from overshooting.
        z_next = z - step / (1 + z * step / 2)
        if abs(z_next - z) < mpf(10) ** -45 * max(abs(z), mpf(10) ** -25):
            return z_next
        z = z_next
    raise ValueError(p)


def exponential(p):
    return -log(p)


def log_gamma(bits, concentration, i):
    a = mpf(concentration)
    d = (a + 1 if a < 1 else a) - mpf(1) / 3
    for k in range(8):
        x = quantile(point(bits, attempt(bits, i, k, 0)))
        log_u = log(point(bits, attempt(bits, i, k, 1)))
        t = x / (3 * sqrt(d))
        if t <= -1:
            continue
        v = (1 + t) ** 3
        if log_u < x * x / 2 + d * (1 - v + log(v)):
            break
    boost = log(point(bits, stream(bits, i))) / a if a < 1 else 0
    return log(d) + log(v) + boost


def poisson(bits, rate, i):
    """Sequential search below 10, and above Hörmann's PTRS as he printed it, squeezes included."""
    rate = mpf(rate)
    if rate < 10:
        u, k, mass = point(bits, attempt(bits, i, 0, 0)), 0, exp(-rate)
        total = mass
        while total < u:
            k += 1
            mass *= rate / k
            total += mass
        return k
    b = mpf("0.931") + mpf("2.53") * sqrt(rate)
    a = mpf("-0.059") + mpf("0.02483") * b
    inverse_alpha = mpf("1.1239") + mpf("1.1328") / (b - mpf("3.4"))
    v_r = mpf("0.9277") - mpf("3.6224") / (b - 2)
    for attempted in range(16):
        u = point(bits, attempt(bits, i, attempted, 0)) - mpf(1) / 2
        v = point(bits, attempt(bits, i, attempted, 1))
        us = mpf(1) / 2 - abs(u)
        k = mp.floor((2 * a / us + b) * u + rate + mpf("0.43"))
        if us >= mpf("0.07") and v <= v_r:
            return int(k)
        if k < 0 or (us < mpf("0.013") and v > us):
            continue
        if log(v) + log(inverse_alpha) - log(a / us**2 + b) <= k * log(rate) - rate - mp.loggamma(k + 1):
            return int(k)
    return int(mp.floor(rate))


def number(value):
    return mp.nstr(value, 20, min_fixed=-5, max_fixed=10, strip_zeros=False)


def table(name, doc, kind, rows):
    print(f"\n/// {doc}\npub(super) const {name}: [{kind}; {len(rows)}] = [")
    for row in rows:
        print(f"    {row},")
    print("];")


def words_of_interest(bits):
    top = 2**bits - 1
    edges = [0, 1, 2, 3, 1000, 2 ** (bits // 2), int(mpf("0.075") * 2**bits), int(mpf("0.0750001") * 2**bits),
             int(mpf("0.0749999") * 2**bits), 2 ** (bits - 2), 2 ** (bits - 1) - 1, 2 ** (bits - 1) - 1000,
             int(mpf("0.3") * 2**bits), int(mpf("0.49") * 2**bits), int(mpf("1e-4") * 2**bits),
             int(mpf("1.3887943864964e-11") * 2**bits), int(mpf("1.1e-7") * 2**bits)]
    return sorted({w for e in edges for w in (e, top - e)})


print("//! Written by `tests/reference/random_goldens.py` from an independent implementation at 50 digits.")
print("#![allow(clippy::all, clippy::pedantic)]")
print(f"\n/// The key of every table in this file.\npub(super) const KEY: u64 = {KEY:#018x};")
table("WORDS", "The first words of the stream.", "u32", [f"{stream(32, i):#010x}" for i in range(64)])
table("UNIFORMS_F32", "The first `f32` uniforms, in units of 2⁻²⁴.", "u32", [str(stream(32, i) >> 8 | 1) for i in range(16)])
table("UNIFORMS_F64", "The first `f64` uniforms, in units of 2⁻⁵³.", "u64", [str(stream(64, i) >> 11 | 1) for i in range(16)])
for bits in (32, 64):
    table(f"NORMALS_F{bits}", f"The first `f{bits}` normals.", "f64", [number(quantile(point(bits, stream(bits, i)))) for i in range(16)])
    table(f"EXPONENTIALS_F{bits}", f"The first `f{bits}` exponentials.", "f64", [number(exponential(point(bits, stream(bits, i)))) for i in range(16)])
    rows = [(a, i) for i, a in enumerate(["0.0009765625", "0.125", "0.5", "0.75", "1.0", "1.5", "3.75", "10.0", "1024.0", "1048576.0"] * 12)]
    table(f"LOG_GAMMAS_F{bits}", f"(concentration, draw) of the first `f{bits}` log-gammas.", "(f64, f64)", [f"({a}, {number(log_gamma(bits, a, i))})" for a, i in rows])
    rates = ["0.0009765625", "0.5", "3.75", "9.9375", "10.0", "12.5", "40.0", "1024.0", "1048576.0"]
    rows = [(rate, i) for i, rate in enumerate(rates * 14)]
    table(f"POISSONS_F{bits}", f"(rate, draw) of the first `f{bits}` Poisson draws.", "(f64, u32)", [f"({rate}, {poisson(bits, rate, i)})" for rate, i in rows])
    kind = f"(u{bits}, f64, f64)"
    table(f"EXTREMES_F{bits}", "(word, normal, exponential) at ends, middle and seams.", kind,
          [f"({w}, {number(quantile(point(bits, w)))}, {number(exponential(point(bits, w)))})" for w in words_of_interest(bits)])
children = []
for data, tag in ((0, MASK), (1, MASK), (0, MASK - 1), (5, MASK - 1), (0xAF63DC4C8601EC8C, MASK - 2)):
    w = block(data, 0, tag)
    children.append(f"{w[0] | w[1] << 32:#018x}")
table("KEYS", "The keys split 0, split 1, fold_in 0, fold_in 5 and salted \"a\".", "u64", children)
