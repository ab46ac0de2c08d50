"""Graph to arrays: evaluation (the project's only numerical semantics), statistics and pooling."""

from matcube.values.contract import contract
from matcube.values.evaluate import Progress, Result, Values, evaluate
from matcube.values.online import Running, running_softmax
from matcube.values.pool import Pooled, area_sums, extremes, pool, pooled_shape
from matcube.values.stats import Summary, bin_edges, spectrum, stats

__all__ = [
    "Pooled",
    "Progress",
    "Result",
    "Running",
    "Summary",
    "Values",
    "area_sums",
    "bin_edges",
    "contract",
    "evaluate",
    "extremes",
    "pool",
    "pooled_shape",
    "running_softmax",
    "spectrum",
    "stats",
]
