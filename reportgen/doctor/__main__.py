"""The doctor without the command line, whose own packages may be missing: `python -m reportgen.doctor`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from reportgen.doctor import examine
from reportgen.workspace import find_workspace


def main() -> int:
    """Say what this machine lacks; return the exit code."""
    faults = 0
    for finding in examine(find_workspace(Path("experiments.toml"), os.environ), os.environ):
        remedy = f"\n      {finding.remedy}" if finding.remedy else ""
        sys.stdout.write(f"{finding.state:4}  {finding.text}{remedy}\n")
        faults += not finding.fine
    return 5 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
