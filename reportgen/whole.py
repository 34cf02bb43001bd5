"""Writing a file at one stroke: whoever reads it finds the old content or the new one, never a part."""

from __future__ import annotations

import contextlib
import os
import uuid
from pathlib import Path

from reportgen.errors import StorageError


def write_whole(path: Path, content: bytes, lasting: bool = False) -> None:
    """Put content in the place of a file, whose folder is there.

    Parameters
    ----------
    path : Path
    content : bytes
    lasting : bool
        Whether it must be on the disk, and not only on its way there, before its name points to it.

    Raises
    ------
    StorageError
        It cannot be written; the old content is still there.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with temporary.open("xb") as stream:
            stream.write(content)
            if lasting:
                stream.flush()
                os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise StorageError(path, error.strerror or str(error)) from error
