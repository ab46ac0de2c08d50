"""Examples: short programs to read and to run."""
