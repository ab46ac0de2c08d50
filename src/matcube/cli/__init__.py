"""The command line: show, save, open, cost, ls, demo. Each command is a file."""
