"""A process that sets one PDF: it reads a pickled manuscript and answers with the pickled PDF.

It is started before it is needed, so that its libraries are imported by then. It ends when its standard
input does: nobody is there any longer who wants the PDF. Both ends of its pipes are this program:
``python -m reportgen.report.setter`` is nothing for a person.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import sys
import threading
from typing import Any

from reportgen.errors import ReportgenError

LENGTH = 8
"""Bytes before a manuscript that say how long it is."""


def main() -> None:
    """Set what comes on standard input, if anything does."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no part of the answer
    came: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(came,), daemon=True).start()
    from reportgen.report.pdf import import_weasyprint, this_system
    from reportgen.report.render import paper

    with contextlib.suppress(ReportgenError):  # `paper` raises it again
        import_weasyprint(this_system())
    manuscript: Any = pickle.loads(came.get())  # noqa: S301
    try:
        answer: tuple[str, object] = ("pdf", paper(manuscript))
    except ReportgenError as error:
        answer = ("fault", str(error))
    except Exception as error:
        answer = ("fault", f"no PDF: {type(error).__name__}: {error}")
    pickle.dump(answer, answers)
    answers.flush()
    os._exit(0)  # a million boxes need not be put away one by one


def _listen(came: queue.SimpleQueue[bytes]) -> None:
    """Pass the manuscript on; leave at once where the other end is gone, before or after that."""
    length = int.from_bytes(sys.stdin.buffer.read(LENGTH), "big")
    if length:
        came.put(sys.stdin.buffer.read(length))
        sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
