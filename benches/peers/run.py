"""Times the same work in PyTorch, JAX (NumPyro) and pushforward, interleaved in one run.

    pip install -r benches/peers/requirements.txt
    cargo bench --bench peers --no-run        # prints the path of the executable
    python3 benches/peers/run.py PATH [--rounds 5] [--seconds 0.4] [--only normal uniform]
    python3 benches/peers/run.py PATH --scaling

Every contestant measures every row once a round; the table shows the best round of each and the ratio of
pushforward to the fastest peer. Threads: two for everybody.

With `--scaling`, pushforward alone: the time on one thread over that on two, and the cost of an element
from 10^5 to 10^7 of them.
"""

import argparse
import os
import subprocess
import time

os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ.setdefault("RAYON_NUM_THREADS", "2")

import jax
import jax.numpy as jnp
import numpy as np
import numpyro.distributions as nd
import torch
import torch.distributions as td

torch.set_num_threads(2)
COUNT = 1_000_000
rng = np.random.default_rng(0)


def uniform(low, high, *shape):
    return rng.uniform(low, high, shape or (COUNT,)).astype(np.float32)


def best(work, seconds):
    end, fastest = time.perf_counter() + seconds, float("inf")
    while time.perf_counter() < end:
        start = time.perf_counter()
        work()
        fastest = min(fastest, time.perf_counter() - start)
    return fastest * 1e3


def torch_rows(compiled):
    wrap = torch.compile if compiled else (lambda f: f)
    t = torch.from_numpy

    def log_prob(law, value, *parameters):
        f = wrap(lambda x, *p: law(*p, validate_args=False).log_prob(x))
        arguments = [t(value), *map(t, parameters)]
        return lambda: f(*arguments)

    def gradient(count):
        x, loc, scale = t(uniform(-3, 3, count)), t(uniform(-1, 1, count)), t(uniform(0.5, 2, count))
        loc.requires_grad_(), scale.requires_grad_()
        f = wrap(lambda x, l, s: td.Normal(l, s, validate_args=False).log_prob(x))

        def work():
            loc.grad = scale.grad = None
            f(x, loc, scale).sum().backward()

        return work

    def tanh_normal():
        loc, scale = t(uniform(-1, 1)), t(uniform(0.5, 2))

        def draw(loc, scale):
            law = td.Normal(loc, scale, validate_args=False)
            x = law.rsample()
            y = torch.tanh(x)
            log_det = 2 * (np.log(2.0) - x - torch.nn.functional.softplus(-2 * x))
            return y, law.log_prob(x) - log_det

        f = wrap(draw)
        return lambda: f(loc, scale)

    def rsample():
        loc, scale = t(uniform(-1, 1)), t(uniform(0.5, 2))
        f = wrap(lambda l, s: td.Normal(l, s, validate_args=False).rsample())
        return lambda: f(loc, scale)

    def gamma(gradient):
        a, b = t(uniform(0.1, 4.1)), t(uniform(0.5, 2))
        f = wrap(lambda a, b: td.Gamma(a, b, validate_args=False).rsample())
        if not gradient:
            return lambda: f(a, b)
        a.requires_grad_(), b.requires_grad_()

        def work():
            a.grad = b.grad = None
            f(a, b).sum().backward()

        return work

    def categorical():
        logits, index = t(uniform(-3, 3, 10_000, 100)), t(rng.integers(0, 100, 10_000))
        f = wrap(lambda l, i: td.Categorical(logits=l, validate_args=False).log_prob(i))
        return lambda: f(logits, index)

    return {
        "normal_log_prob": log_prob(td.Normal, uniform(-3, 3), uniform(-1, 1), uniform(0.5, 2)),
        "normal_gradient": gradient(COUNT),
        "log_normal_log_prob": log_prob(td.LogNormal, uniform(0.1, 5), uniform(-1, 1), uniform(0.5, 2)),
        "gamma_log_prob": log_prob(td.Gamma, uniform(0.1, 5), uniform(0.1, 4.1), uniform(0.5, 2)),
        "tanh_normal": tanh_normal(),
        "categorical_log_prob": categorical(),
        "normal_one": log_prob(td.Normal, uniform(-3, 3, 1), uniform(-1, 1, 1), uniform(0.5, 2, 1)),
        "normal_one_gradient": gradient(1),
        "normal_rsample": rsample(),
        "uniform": wrap(lambda: torch.rand(COUNT)),
        "gamma_rsample": gamma(False),
        "gamma_rsample_gradient": gamma(True),
    }


def jax_rows():
    def blocked(f, *arguments):
        f, arguments = jax.jit(f), [jnp.asarray(a) for a in arguments]
        return lambda: jax.block_until_ready(f(*arguments))

    def gradient(count):
        def total(l, s, x):
            log_prob = nd.Normal(l, s).log_prob(x)
            return log_prob.sum(), log_prob

        f = jax.value_and_grad(total, (0, 1), has_aux=True)
        return blocked(f, uniform(-1, 1, count), uniform(0.5, 2, count), uniform(-3, 3, count))

    def tanh_normal(l, s, key):
        law = nd.Normal(l, s)
        x = law.sample(key)
        return jnp.tanh(x), law.log_prob(x) - 2 * (jnp.log(2.0) - x - jax.nn.softplus(-2 * x))

    def gamma(a, b, key):
        return nd.Gamma(a, b).sample(key)

    def total(a, b, key):
        draws = gamma(a, b, key)
        return draws.sum(), draws

    key = jax.random.PRNGKey(0)
    normal = lambda x, l, s: nd.Normal(l, s).log_prob(x)
    return {
        "normal_log_prob": blocked(normal, uniform(-3, 3), uniform(-1, 1), uniform(0.5, 2)),
        "normal_gradient": gradient(COUNT),
        "log_normal_log_prob": blocked(
            lambda x, l, s: nd.LogNormal(l, s).log_prob(x), uniform(0.1, 5), uniform(-1, 1), uniform(0.5, 2)
        ),
        "gamma_log_prob": blocked(
            lambda x, a, b: nd.Gamma(a, b).log_prob(x), uniform(0.1, 5), uniform(0.1, 4.1), uniform(0.5, 2)
        ),
        "tanh_normal": blocked(tanh_normal, uniform(-1, 1), uniform(0.5, 2), key),
        "categorical_log_prob": blocked(
            lambda l, i: nd.Categorical(logits=l).log_prob(i),
            uniform(-3, 3, 10_000, 100),
            rng.integers(0, 100, 10_000),
        ),
        "normal_one": blocked(normal, uniform(-3, 3, 1), uniform(-1, 1, 1), uniform(0.5, 2, 1)),
        "normal_one_gradient": gradient(1),
        "normal_rsample": blocked(lambda l, s, k: nd.Normal(l, s).sample(k), uniform(-1, 1), uniform(0.5, 2), key),
        "uniform": blocked(lambda k: jax.random.uniform(k, (COUNT,)), key),
        "gamma_rsample": blocked(gamma, uniform(0.1, 4.1), uniform(0.5, 2), key),
        "gamma_rsample_gradient": blocked(jax.value_and_grad(total, (0, 1), has_aux=True), uniform(0.1, 4.1), uniform(0.5, 2), key),
    }


class Ours:
    def __init__(self, executable, threads=2):
        pipe, environment = subprocess.PIPE, {**os.environ, "RAYON_NUM_THREADS": str(threads)}
        self.process = subprocess.Popen([executable, "--bench"], stdin=pipe, stdout=pipe, env=environment, text=True)

    def measure(self, row, seconds):
        self.process.stdin.write(f"{row} {seconds}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


SCALING = ["normal_log_prob", "gamma_log_prob", "tanh_normal", "uniform", "normal_rsample", "gamma_rsample"]
SIZES = [100_000, 1_000_000, 10_000_000]


def scaling(executable, rounds, seconds):
    """The best of each row, size and number of threads, in interleaved rounds."""
    contestants = {threads: Ours(executable, threads) for threads in (1, 2)}
    times = {}
    for _ in range(rounds):
        for row in SCALING:
            for size in SIZES:
                for threads, ours in contestants.items():
                    place = row, size, threads
                    times[place] = min(ours.measure(f"{row}@{size}", seconds), times.get(place, float("inf")))
    print("| work | " + " | ".join(f"10^{len(str(size)) - 1}" for size in SIZES) + " | one thread over two, 10^6 |")
    print("| --- |" + " ---: |" * (len(SIZES) + 1))
    for row in SCALING:
        cells = [f"{times[row, size, 2] / size * 1e6:.3g} ns" for size in SIZES]
        print(f"| {row} | " + " | ".join(cells) + f" | {times[row, 10**6, 1] / times[row, 10**6, 2]:.2f} |")


def peer_table(ours, peers, rounds, seconds, only):
    rows = [row for row in peers["torch"] if not only or row in only]
    for row in rows:
        for works in peers.values():
            works[row]()  # compilation is not measured
    times = {row: {} for row in rows}
    for _ in range(rounds):
        for row in rows:
            for name, works in peers.items():
                measured = best(works[row], seconds)
                times[row][name] = min(measured, times[row].get(name, float("inf")))
            measured = ours.measure(row, seconds)
            times[row]["pushforward"] = min(measured, times[row].get("pushforward", float("inf")))

    names = [*peers, "pushforward"]
    print("| work | " + " | ".join(names) + " | ratio to the fastest peer |")
    print("| --- |" + " ---: |" * (len(names) + 1))
    for row in rows:
        unit, factor = ("µs", 1e3) if "one" in row else ("ms", 1.0)
        cells = [f"{times[row][name] * factor:.3g} {unit}" for name in names]
        ratio = times[row]["pushforward"] / min(times[row][name] for name in peers)
        print(f"| {row} | " + " | ".join(cells) + f" | {ratio:.2f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("executable")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.4)
    parser.add_argument("--no-compile", action="store_true", help="leave torch.compile out")
    parser.add_argument("--only", nargs="+", help="these rows alone")
    parser.add_argument("--scaling", action="store_true", help="threads and sizes, without the peers")
    arguments = parser.parse_args()

    if arguments.scaling:
        scaling(arguments.executable, arguments.rounds, arguments.seconds)
        return
    peers = {"torch": torch_rows(False), "JAX jit": jax_rows()}
    if not arguments.no_compile:
        peers["torch.compile"] = torch_rows(True)
    ours = Ours(arguments.executable)
    peer_table(ours, peers, arguments.rounds, arguments.seconds, arguments.only)


if __name__ == "__main__":
    main()
