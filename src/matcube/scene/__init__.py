"""Scenes: graph, values, layouts, film and devices with the looks, as one ``wire.Head`` with its buffers."""
