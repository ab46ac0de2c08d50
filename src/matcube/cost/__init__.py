"""Operations, bytes and parameters of a graph, and its time on a machine. Reads shapes, never values."""

from matcube.cost.count import DTYPES, CostOptions, count
from matcube.cost.machines import MACHINES, Machine
from matcube.cost.models import MODELS, Model
from matcube.cost.parameters import PARAMETERS
from matcube.cost.roofline import Roof, Roofline, roofline
from matcube.cost.types import Cost, NodeCost

__all__ = [
    "DTYPES",
    "MACHINES",
    "MODELS",
    "PARAMETERS",
    "Cost",
    "CostOptions",
    "Machine",
    "Model",
    "NodeCost",
    "Roof",
    "Roofline",
    "count",
    "roofline",
]
