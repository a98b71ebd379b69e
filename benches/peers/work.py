"""What the contestants share: sizes, and numbers to work on."""

import numpy as np

COUNT = 1_000_000
rng = np.random.default_rng(0)


def uniform(low, high, *shape):
    return rng.uniform(low, high, shape or (COUNT,)).astype(np.float32)


# A Bayesian network: three linear layers, examples, and the prior's two Normals of Blundell et al. (2015).
UNITS, EXAMPLES = 512, 128
PRIOR_SHARE, PRIOR_SCALES = 0.5, (1.0, 0.0025)
# A flow: spline couplings over rows.
FEATURES, ROWS, LAYERS, BINS, HIDDEN = 6, 256, 8, 8, 64
