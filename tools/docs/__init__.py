"""The guide, the Python reference and the pages of docs as a static site."""
