"""The join: graph, values, placement, film and devices with a style, as one scene of wire structs."""
