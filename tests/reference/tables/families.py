"""The continuous families: one class a family, in the notation of the crate.

`inside` is the log-density as a smooth formula on the support (edges by the one-sided limit); the
gradients are its derivatives, and outside the support log_prob is -inf with zero gradient.
"""

from .circular import VonMises
from .gammas import Chi2, InverseGamma
from .located import Cauchy, Laplace, Logistic, Normal, Uniform
from .positive import Exponential, Gamma, HalfNormal, LogNormal, LogUniform, Rayleigh
from .powers import Frechet, Gumbel, HalfCauchy, Kumaraswamy, LogLogistic, Pareto, Weibull
from .shaped import Beta, StudentT
from .truncated import TruncatedNormal

FAMILIES = [
    Normal(),
    LogNormal(),
    HalfNormal(),
    Uniform(),
    Exponential(),
    Laplace(),
    Cauchy(),
    Logistic(),
    Gamma(),
    Frechet(),
    Gumbel(),
    HalfCauchy(),
    Kumaraswamy(),
    LogLogistic(),
    LogUniform(),
    Pareto(),
    Rayleigh(),
    TruncatedNormal(),
    Weibull(),
    Chi2(),
    InverseGamma(),
    Beta(),
    StudentT(),
    VonMises(),
]
BY_NAME = {family.name: family for family in FAMILIES}
