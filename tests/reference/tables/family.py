"""What every continuous family shares."""

from mpmath import inf, isinf, mpf, sqrt

from . import functions as fn
from .precision import case, columns, derivative


class Family:
    """Defaults: each tail from the other, standard deviation from the variance."""

    low = -inf
    high = inf
    summaries = ("mean", "variance", "std_dev", "mode", "entropy")
    # Settings of the rows of `quantile`, and of the summaries, where the family has its own.
    quantile_settings = None
    summary_settings = None
    # Settings of the rows of the slopes of the variance, where it may be infinite.
    variance_slope_settings = ()

    def contains(self, x, *parameters):
        return x >= self.low

    def ends(self, *parameters):
        return [self.low]

    def log_prob(self, x, *parameters):
        return self.inside(x, *parameters) if self.contains(x, *parameters) else -inf

    def slopes(self):
        """Cases of slopes of other functions than the log-density."""
        if self.variance_slope_settings:
            settings = columns(self.parameters, self.variance_slope_settings)
            for index, name in enumerate(self.parameters):
                if name == "loc":
                    continue
                slope = lambda *row, index=index: self.variance_slope(row, index)
                yield case(f"variance_grad_{name}", slope, settings)

    def variance_slope(self, row, index):
        return mpf(0) if isinf(self.variance(*row)) else derivative(self.variance, row, index)

    def implicit_gradients(self):
        return ()

    def std_dev(self, *parameters):
        return sqrt(self.variance(*parameters))

    def log_cdf(self, x, *parameters):
        return fn.log(self.cdf(x, *parameters))

    def log_survival(self, x, *parameters):
        return fn.log(self.survival(x, *parameters))
