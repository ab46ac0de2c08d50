"""``python -m matcube``."""

from matcube.cli.entry import run

if __name__ == "__main__":
    run()
