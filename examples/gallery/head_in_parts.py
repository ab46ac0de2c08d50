"""5 A head in parts."""

import matcube as mc
from examples.gallery.attention_head import FINISHED, PROGRAM
from matcube.api.demo import head


def f37_queries_cut() -> mc.Figure:
    """Queries cut, keys whole.

    Eight workers share the queries, and each of them needs all keys and values. That is why K and V are
    sent round when a sequence is shared out.
    """
    fig = mc.figure(PROGRAM, **head(96))
    fig = fig.animate("none", **FINISHED)
    fig = fig.partition({"attn.i": 8})
    fig = fig.layout(gap=10).style(sensitivity="local", contrast=6)
    return fig.view(target="attn", yaw=-34, pitch=22, distance=640)


def f38_queries_and_keys_cut() -> mc.Figure:
    """Queries and keys cut.

    With the keys cut as well, the scores fall into a grid of eight by eight blocks. Blocks above the
    diagonal are all masked, so nobody has to compute them.
    """
    fig = mc.figure(PROGRAM, **head(96))
    fig = fig.animate("none", **FINISHED)
    fig = fig.partition({"attn.i": 8, "attn.j": 8})
    fig = fig.layout(gap=10).style(sensitivity="local", contrast=6)
    return fig.view(target="attn", yaw=-34, pitch=22, distance=640)
