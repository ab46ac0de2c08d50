"""Decks: heads side by side, so that the matrices that are cut into heads or joined from them show blocks.

A deck is a translation: head h has the place of head 0, h pitches further along the direction of the merged
letter ``(h d)``. The pitch is one head's thickness in that direction, so heads never overlap. ``sections``
reads decks from the graph, ``heads`` plans their branches, ``pitches`` finds their distances.
"""
