"""`python -m reportgen` and the console script."""

import sys
from pathlib import Path


def main() -> None:
    """Run the command line; the current folder is no place to import modules from."""
    here = str(Path.cwd())
    sys.path[:] = [
        place for place in sys.path if place not in ("", here) or (Path(place or here) / "reportgen").is_dir()
    ]
    try:
        from reportgen.cli import run

        run()
    except KeyboardInterrupt:  # before anybody listens to signals
        sys.stderr.write("stopped\n")
        sys.exit(130)
    except ModuleNotFoundError as error:  # not even what reads the words is there
        if (error.name or "reportgen").startswith("reportgen"):
            raise
        hint = "`python -m reportgen.doctor` says what is missing, and the line that mends it"
        sys.stderr.write(f"error: {error.name} cannot be imported: {error}\n  {hint}\n")
        sys.exit(5)


if __name__ == "__main__":
    main()
