#!/usr/bin/env python3
"""Reference values at 50 digits for every family, bijector, divergence and special function.

How to run (Python 3.11 or newer):

    pip install mpmath==1.3.0            # gmpy2 as well makes it several times faster
    python tests/reference/generate.py             # rewrites every tests/reference/<name>.json
    python tests/reference/generate.py normal kl   # only these
    pip install scipy numpy
    python tests/reference/generate.py --check     # checks the files as they are; writes nothing

What a file holds (one table, one line a column):

    {"name": "normal", "digits": 50, "cases": [
      {"function": "log_prob",
       "inputs": {"value": [0.0, ..], "loc": [0.0, ..], "scale": [1.0, ..]},
       "expected": ["-0.91893853320467274178032973640561763986139747363778", ..],
       "condition": [0.0, ..], "sensitivity": [0.0, ..]}, ..]}

* Columns have equal length. Every input is exactly representable in f32 and not subnormal, so the
  same numbers are exact in f32 and f64. For vectors (Categorical) an entry is a list. An infinite
  end of an interval is the string "inf" or "-inf".
* `expected` holds strings of 50 significant digits, "inf", "-inf" or "nan"; lists of them where the
  result is a vector. Values beyond f32's range are kept: a test decides what it makes of them.
* `sensitivity` is S = sum over inputs x of |x df/dx|; `condition` is S / |f|, 0 where f is zero or
  not finite, null where it is infinite. An implementation that rounds each input once is off by
  about eps * S, so a fair tolerance is eps * (k |f| + S) with a small k. Vector and step-valued functions have neither.

Conventions: log_prob outside the support is -inf with zero gradient, at an edge the one-sided
limit; the edges themselves and Laplace's kink are left out of the gradients. The density of a Gamma
of concentration below one peaks at zero, so its mode is 0; Uniform has no single mode and no row.
Undefined moments are "nan" (Cauchy), infinite ones "inf". `implicit_gradient` is d ln z /
d concentration of a standard Gamma sample; `implicit_gradient_from_log` takes ln z where z
underflows. log1mexp(x) is ln(1 - exp(-x)). Entropies are in nats. KL cases are named kl_<p>_<q>,
inputs p_<parameter> and q_<parameter>. The discrete families' conventions are in
tables/discrete.py and tables/counts.py.

How a value earns its 50 digits: each formula runs at rising working precision, from 60 digits,
until two runs agree to 52 digits (tables/precision.py); quadratures halve their step until 53
stand still.
"""

import argparse
import pathlib
import sys

sys.dont_write_bytecode = True

from mpmath import mp

from tables import (
    bijectors,
    check,
    continuous,
    counts,
    discrete,
    divergence,
    families,
    multivariate,
    precision,
    simplex,
    special,
    transformed,
)

FOLDER = pathlib.Path(__file__).parent
LARGEST_FILE = 400_000


def recipes():
    """Each table's name and the function that makes its cases."""
    continuous_tables = {f.name: lambda f=f: continuous.table(f) for f in families.FAMILIES}
    discrete_tables = {
        "bernoulli_logits": lambda: discrete.bernoulli(discrete.BernoulliLogits),
        "bernoulli_probs": lambda: discrete.bernoulli(discrete.BernoulliProbs),
        "categorical_logits": lambda: discrete.categorical(discrete.CategoricalLogits),
        "categorical_probs": lambda: discrete.categorical(discrete.CategoricalProbs),
    }
    counts_tables = {f.name: lambda f=f: counts.table(f) for f in counts.FAMILIES}
    others = {
        "dirichlet": simplex.table,
        "kl": divergence.table,
        "kl_gradients": divergence.gradients,
        "low_rank_multivariate_normal": multivariate.low_rank,
        "multivariate_normal": multivariate.full,
        "bijectors": bijectors.table,
        "special": special.table,
        "transformed": transformed.table,
    }
    return continuous_tables | discrete_tables | counts_tables | others


def main():
    available = recipes()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", help=f"tables to write (default: all of {', '.join(available)})"
    )
    parser.add_argument(
        "--check", action="store_true", help="check the written tables instead of writing them"
    )
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.names) - set(available)):
        parser.error(f"no table called {', '.join(unknown)}")
    mp.dps = 60
    if arguments.check:
        check.run(FOLDER, available)
        return
    for name in arguments.names or available:
        size = precision.write(FOLDER / f"{name}.json", name, list(available[name]()))
        assert size < LARGEST_FILE, f"{name}.json has {size} bytes"
        print(f"{name}.json: {size} bytes", flush=True)


if __name__ == "__main__":
    main()
