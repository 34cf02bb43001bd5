"""Where PDFs are set, in processes of their own: the newest report alone counts."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.errors import RenderError
from reportgen.report.setter import LENGTH

if TYPE_CHECKING:
    from reportgen.report.render import Manuscript

Set = tuple[bytes, tuple[str, ...]] | RenderError
"""A PDF and what must be said of it, or why there is none."""

_PACKAGE = str(Path(__file__).parents[2])


class Desk:
    """Sets one PDF at a time, and has a process at hand that has its libraries imported.

    Parameters
    ----------
    folder : Path
        An empty one: what lies in the current folder can alter how libraries are imported.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ready: subprocess.Popen[bytes] | None = None
        self._busy: subprocess.Popen[bytes] | None = None

    def stand_by(self) -> None:
        """Have a process at hand."""
        if self._ready is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._ready = subprocess.Popen(
                [sys.executable, "-m", "reportgen.report.setter"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self._folder,
                env=os.environ
                | {"PYTHONPATH": os.pathsep.join([_PACKAGE, os.environ.get("PYTHONPATH", "")])},
                start_new_session=True,  # Ctrl-C at the terminal is not for it
            )

    def set(self, manuscript: Manuscript, done: Callable[[Set], None]) -> None:
        """Begin to set a PDF, instead of any other.

        Parameters
        ----------
        manuscript : Manuscript
        done : callable
            Is told the outcome, from another thread; never if it is given up.
        """
        self.give_up()
        self.stand_by()
        process, self._busy, self._ready = self._ready, self._ready, None
        assert process is not None

        def work() -> None:
            outcome = _outcome(process, pickle.dumps(manuscript))
            if process is self._busy:
                done(outcome)

        threading.Thread(target=work, name="desk", daemon=True).start()

    def give_up(self) -> None:
        """Stop what is being set: nobody needs it any longer."""
        process, self._busy = self._busy, None
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End all processes."""
        self.give_up()
        process, self._ready = self._ready, None
        if process is not None:
            process.kill()
            process.wait()


def _outcome(process: subprocess.Popen[bytes], manuscript: bytes) -> Set:
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(len(manuscript).to_bytes(LENGTH, "big") + manuscript)
        process.stdin.flush()  # it stays open: its end would tell that nobody wants the PDF any longer
        kind, content = pickle.loads(process.stdout.read())  # noqa: S301 both ends are this program
    except (OSError, ValueError, EOFError, pickle.UnpicklingError):
        return RenderError(f"no PDF: the process that sets it ended with status {process.wait()}")
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
    return content if kind == "pdf" else RenderError(content)
