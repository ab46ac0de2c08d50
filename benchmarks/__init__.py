"""Measured claims: ratios in one run, printed as a table by ``make bench``."""
