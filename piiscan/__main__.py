"""``python -m piiscan``: the same as the command ``piiscan``."""

import sys

from piiscan.cli import main

if __name__ == "__main__":
    sys.exit(main())
