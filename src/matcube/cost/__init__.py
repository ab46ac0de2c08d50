"""What a graph costs: operations, bytes, parameters; and how long a machine takes. No values."""

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
