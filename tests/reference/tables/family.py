"""What every continuous family shares."""

from mpmath import inf, sqrt

from . import functions as fn


class Family:
    """Defaults: each tail from the other, standard deviation from the variance."""

    low = -inf
    high = inf
    summaries = ("mean", "variance", "std_dev", "mode", "entropy")
    # Settings of the rows of `quantile`, and of the summaries, where the family has its own.
    quantile_settings = None
    summary_settings = None

    def contains(self, x, *parameters):
        return x >= self.low

    def ends(self, *parameters):
        return [self.low]

    def log_prob(self, x, *parameters):
        return self.inside(x, *parameters) if self.contains(x, *parameters) else -inf

    def slopes(self):
        """Cases of slopes of other functions than the log-density."""
        return ()

    def implicit_gradients(self):
        return ()

    def std_dev(self, *parameters):
        return sqrt(self.variance(*parameters))

    def log_cdf(self, x, *parameters):
        return fn.log(self.cdf(x, *parameters))

    def log_survival(self, x, *parameters):
        return fn.log(self.survival(x, *parameters))
