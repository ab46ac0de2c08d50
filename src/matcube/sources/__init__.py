"""Sources of programs (text, lazy matrices, graphs with arrays), and arrays from objects and files."""
