"""Scripts for those who work on matcube; none of them is installed."""
