"""The gallery: examples/gallery as rows, as a page, and as the presets of the served page."""
