"""``python -m matcube``."""

from matcube.cli.main import main

if __name__ == "__main__":
    main()
