"""The public interface: figures, lazy matrices, and how they are opened and saved.

``matcube`` exports its names, each on first use. Nothing heavy is imported before a figure is made.
"""
