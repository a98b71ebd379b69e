"""Times the same work in PyTorch, JAX (NumPyro, flowjax) and pushforward, interleaved in one run.

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

import jax_rows
import torch
import torch_rows

torch.set_num_threads(2)


def best(work, seconds):
    end, fastest = time.perf_counter() + seconds, float("inf")
    while time.perf_counter() < end:
        start = time.perf_counter()
        work()
        fastest = min(fastest, time.perf_counter() - start)
    return fastest * 1e3


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
    every = dict.fromkeys(row for works in peers.values() for row in works)
    rows = [row for row in every if not only or row in only]
    for row in rows:
        for works in peers.values():
            if row in works:
                works[row]()  # compilation is not measured
    times = {row: {} for row in rows}
    for _ in range(rounds):
        for row in rows:
            for name, works in peers.items():
                if row not in works:
                    continue
                measured = best(works[row], seconds)
                times[row][name] = min(measured, times[row].get(name, float("inf")))
            measured = ours.measure(row, seconds)
            times[row]["pushforward"] = min(measured, times[row].get("pushforward", float("inf")))

    names = [*peers, "pushforward"]
    print("| work | " + " | ".join(names) + " | ratio to the fastest peer |")
    print("| --- |" + " ---: |" * (len(names) + 1))
    for row in rows:
        unit, factor = ("µs", 1e3) if "one" in row else ("ms", 1.0)
        measured = times[row]
        cells = [f"{measured[name] * factor:.3g} {unit}" if name in measured else "" for name in names]
        ratio = measured["pushforward"] / min(measured[name] for name in peers if name in measured)
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
    peers = {"torch": torch_rows.rows(False), "JAX jit": jax_rows.rows()}
    if not arguments.no_compile:
        peers["torch.compile"] = torch_rows.rows(True)
    ours = Ours(arguments.executable)
    peer_table(ours, peers, arguments.rounds, arguments.seconds, arguments.only)


if __name__ == "__main__":
    main()
