"""``matcube explain``: one cell in words of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from matcube.cli import notes
from matcube.cli.command import Command
from matcube.cli.options import as_json as json_option
from matcube.cli.options import inputs, talk

if TYPE_CHECKING:
    from matcube.engine.explain import Explanation


@click.command(cls=Command)
@inputs
@click.argument("cell")
@json_option
@talk
def explain(program: str, cell: str, as_json: bool, **options: Any) -> None:
    """Print CELL of PROGRAM in words of numbers: the products of its sum, then each step.

    CELL is an address, head first: 'C[3, 7]', 'attn[2][5, 3]', or '[3, 7]' of the result.

    \b
    Examples:
      matcube explain 'C = A @ B' 'C[1, 0]' --let 'A=gaussian(3,4)' --let 'B=gaussian(4,2)'
      matcube explain 'softmax(tril(Q @ K.T / 4))' '[5, 2]' --data head.npz --json
    """
    from matcube.cli.figures import made

    result = made(program, **options).explain(cell)
    if as_json:
        notes.json(_json(result))
    else:
        notes.show(result)


def _json(result: Explanation) -> dict[str, Any]:
    """An explanation as plain data; docs/command.md names its keys."""
    steps = [
        {"cell": step.address, "text": step.text, "value": notes.finite(step.value),
         "terms": [{"text": term.text, "value": notes.finite(term.value), "cells": list(term.cells)}
                   for term in step.terms]}
        for step in result.steps
    ]  # fmt: skip
    return {"cell": result.address, "value": notes.finite(result.value), "steps": steps}
