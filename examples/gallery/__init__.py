"""Figures of the gallery: a module for each section, a function for each figure."""
