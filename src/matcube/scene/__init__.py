"""The join of graph, values and placement with a style, and its wire format."""
