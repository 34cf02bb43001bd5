"""A process that sets one PDF: it reads a pickled manuscript and answers with the pickled PDF.

It is started before it is needed, so that its libraries are imported by then, and can be ended at any
time. Both ends of its pipes are ours: ``python -m reportgen.report.setter`` is nothing for a person.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle  # both ends are this program
import sys

from reportgen.errors import ReportgenError


def main() -> None:
    """Set what comes on standard input, if anything does."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no part of the answer
    from reportgen.report.pdf import import_weasyprint, this_system
    from reportgen.report.render import paper

    with contextlib.suppress(ReportgenError):  # `paper` raises it again
        import_weasyprint(this_system())
    content = sys.stdin.buffer.read()
    if not content:
        return
    try:
        answer: tuple[str, object] = ("pdf", paper(pickle.load(io.BytesIO(content))))  # noqa: S301
    except ReportgenError as error:
        answer = ("fault", str(error))
    pickle.dump(answer, answers)
    answers.close()


if __name__ == "__main__":
    main()
