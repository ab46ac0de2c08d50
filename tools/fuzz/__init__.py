"""Random and damaged input for everything that reads: see ``python -m tools.fuzz --help``."""
