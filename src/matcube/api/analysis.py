"""Numbers about a figure: values, NaN, costs, devices. These functions are methods of ``Figure``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from matcube import cost as costs
from matcube.api.dtypes import Dtype, dtype_bytes, dtype_name
from matcube.api.renamed import old_keywords
from matcube.api.roofline import RooflinePicture, chosen_machine
from matcube.api.vocabulary import Count
from matcube.cost import Cost, CostOptions
from matcube.engine import Program
from matcube.engine.results import NonFiniteTable, nonfinite_rows, value_of
from matcube.errors.values import bounded
from matcube.ops import Array
from matcube.partition import Devices
from matcube.wire import View

MOST_PATTERNS = 4000

if TYPE_CHECKING:
    from matcube.engine.explain import Explanation


class Computed(Protocol):
    """A figure, as far as these functions read it."""

    @property
    def state(self) -> View: ...

    @property
    def title(self) -> str: ...

    @property
    def _program(self) -> Program: ...


def value(self: Computed, name: str | None = None) -> Array:
    """The values of a named matrix; read-only.

    A bound array comes back in its own dtype (float16, int64, …). Computed values are float64 where an
    operand is float64 or an integer of 32 bits or more (exact up to 2**53), else float32: a product of
    float16 or bfloat16 does not overflow where that dtype would.

    Args:
        name: a name of the program (``"attn"``), a piece of it (``"Q @ K.T"``), one head of it
            (``"attn[3]"``), or None for the result.

    Raises:
        OptionError: there is no such name; similar names are suggested.
        DataError: the matrix has a shape and no values.

    Example:
        >>> import matcube as mc
        >>> mc.figure("C = A @ B", A=[[1.0, 2.0]], B=[[3.0], [4.0]]).value("C")
        array([[11.]])
    """
    return value_of(self._program, name)


def nonfinite(self: Computed) -> NonFiniteTable:
    """Where NaN and infinities are, in the order of the program: the first row is where they come from.

    Minus infinities in scores that a softmax reads are meant as a mask: they are counted apart, and rows of
    them alone are last.

    Returns:
        A list with a row (name, nan, inf, first, masks) for every matrix that holds any, a table when
        printed; masked cells are not counted.
    """
    return nonfinite_rows(self._program)


def explain(self: Computed, cell: str) -> Explanation:
    """One cell in words of numbers: the products of its sum, then each step of its maps.

    ``print(fig.explain("C[1, 0]"))`` shows ``C[1, 0]: 5·1 + 6·0 + 7·2 + 8·1 = 27``. Of more than 12 products
    the 8 largest come first, and the others as one number. Softmax shows its largest value, exponential and
    sum, layernorm mean and deviation, rope its angle and the pair, a re-indexing the cell that it moves.

    Args:
        cell: an address, head first: ``"C[3, 7]"``, ``"attn[2][5, 3]"``, ``"[3, 7]"`` of the result.

    Returns:
        The steps, each with its exact terms and their cells.

    Raises:
        OptionError: it is no address, or there is no such matrix or cell.
        DataError: the matrix has a shape and no values.

    Example:
        >>> import matcube as mc
        >>> print(mc.figure("C = A @ B", A=[[5, 6, 7]], B=[[1], [0], [2]]).explain("C[0, 0]"))
        C[0, 0]: 5·1 + 6·0 + 7·2 = 19
    """
    from matcube.engine.explain import explain as explained

    return explained(self._program, cell)


@old_keywords(model="count")
def cost(
    self: Computed,
    *,
    parameters: Sequence[str] | str | None = None,
    count: Count = "multiply_add",
    dtype: Dtype = "float32",
) -> Cost:
    """FLOPs, bytes moved, FLOPs per byte and parameters, for each node and in all.

    No value is computed: leaves that are shapes alone will do.

    Args:
        parameters: names or patterns (``"W*"``) of the leaves that are parameters; None takes those whose
            names begin with w or W, and b, b1, bQ, bias…, gamma…, beta….
        count: ``multiply_add`` (2 for each product, as torch counts), ``multiply`` (1), or
            ``each_operation`` (maps count too).
        dtype: of every cell: ``float64``, ``float32``, ``bfloat16``, ``float16``, ``float8``, ``int8`` or
            ``int4``, short (``"bf16"``), or a dtype of NumPy or torch.

    Returns:
        A table when printed; ``rows`` and ``total`` as data.

    Raises:
        OptionError: an unknown count or dtype, or a pattern that fits no leaf.

    Example:
        >>> import matcube as mc
        >>> cost = mc.figure("relu(x @ W + b)", x="shape(8, 64)", W="shape(64, 32)", b="shape(32)").cost()
        >>> cost.total.flops, cost.total.parameters
        (32768, 2080)
    """
    names = (parameters,) if isinstance(parameters, str) else parameters
    options = CostOptions(
        None if names is None else tuple(bounded(names, MOST_PATTERNS, "parameters")),
        count,
        dtype_name(dtype),
    )
    return costs.count(self._program.graph, options)


@old_keywords(model="count")
def roofline(
    self: Computed,
    machine: str | None = None,
    *,
    peak: float | None = None,
    bandwidth: float | None = None,
    dtype: Dtype = "float32",
    count: Count = "multiply_add",
) -> RooflinePicture:
    """What bounds each node on a machine, the share of its peak that it can reach, and its time.

    Args:
        machine: a row of the table of machines (``a100``, ``H100``, ``tpu-v5e``, …), or any name for the
            one that ``peak`` and ``bandwidth`` describe.
        peak: operations per second (FLOP/s), such as ``312e12``.
        bandwidth: bytes per second from memory (B/s), such as ``2e12``.
        dtype: of every cell, as in ``cost``; the peaks in the table are those of 16 bits, ``"bfloat16"``.
        count: what counts as an operation; see ``cost``.

    Returns:
        A table when printed; ``rows`` as data, ``svg()`` and ``save("roofline.svg")`` as a drawing.

    Raises:
        OptionError: an unknown machine, or a number that is not above 0.

    Example:
        >>> import matcube as mc
        >>> fig = mc.figure("A @ B", A="shape(4096, 4096)", B="shape(4096, 4096)")
        >>> fig.roofline("h100").rows[0].bound, fig.roofline(peak=1e12, bandwidth=1e8).rows[0].bound
        ('compute', 'memory')
    """
    table = costs.roofline(
        cost(self, dtype=dtype, count=count), chosen_machine(machine, peak=peak, bandwidth=bandwidth)
    )
    return RooflinePicture(table.machine, table.rows, self.title)


@old_keywords(itemsize="dtype")
def devices(self: Computed, *, dtype: Dtype = "float32") -> Devices:
    """What each device of the partition holds, computes and must send; ``print`` shows a table.

    Args:
        dtype: of every number, as in ``cost``.

    Returns:
        Rows by matrix (``nodes``) and by device (``rows``), and every exchange (``collectives``).

    Example:
        >>> import matcube as mc
        >>> fig = mc.figure("A @ B", A="eye(8, 4)", B="eye(4, 8)").partition(A_cols=4)
        >>> [(one.kind, one.bytes) for one in fig.devices().collectives]
        [('all-reduce', 384)]
    """
    return self._program.devices(self.state.partition, itemsize=dtype_bytes(dtype))
