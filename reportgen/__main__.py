"""`python -m reportgen` and the console script."""

import sys
from pathlib import Path


def main() -> None:
    """Run the command line; the current folder is no place to import modules from."""
    here = str(Path.cwd())
    sys.path[:] = [
        place for place in sys.path if place not in ("", here) or (Path(place or here) / "reportgen").is_dir()
    ]
    from reportgen.cli import run

    run()


if __name__ == "__main__":
    main()
