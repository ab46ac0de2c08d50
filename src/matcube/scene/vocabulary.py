"""The vocabulary of the panel, from the tables of the layers below."""

from __future__ import annotations

from matcube import layout, ops, partition, timeline, wire
from matcube.scene import scales


def vocabulary() -> wire.Vocabulary:
    """Operations, schemes, sensitivities, algorithms and presets, each with one line of help."""
    return wire.Vocabulary(
        operations=[
            wire.Operation(
                name=op.name,
                kind=op.kind,
                operands=-1 if op.operands == ("...",) else len(op.operands),
                help=op.help,
                parameters=[
                    wire.Parameter(
                        name=p.name,
                        type=p.type,
                        default=None if isinstance(p.default, tuple) else p.default,
                        min=p.min,
                        max=p.max,
                        help=p.help,
                    )
                    for p in op.parameters
                ],
            )
            for op in ops.vocabulary()
        ],
        schemes=[wire.Choice(name, scheme.help) for name, scheme in layout.SCHEMES.items()],
        sensitivities=scales.sensitivities(),
        algorithms=[wire.Choice(name, row.help) for name, row in timeline.ALGORITHMS.items()],
        presets=[wire.Choice(name, row.help) for name, row in partition.PRESETS.items()],
    )
