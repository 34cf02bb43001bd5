"""The store of finished runs, whose records are read once and then kept in memory."""

from __future__ import annotations

from reportgen.records import Record
from reportgen.store.objects import Header, Store


class Remembering(Store):
    """A store that reads and verifies a record once, as long as its header stands.

    A report is drawn again and again from the same runs; what is known of a record (its digest, its
    figures) is known by its identity.

    Parameters
    ----------
    store : Store
    records : dict
        What is remembered, by key; outlives this object.
    """

    def __init__(self, store: Store, records: dict[str, tuple[Header, Record]]) -> None:
        super().__init__(store.root, store.warn)
        self._records = records

    def record(self, key: str) -> Record | None:
        """The record of an object; None where missing or damaged."""
        header, known = self.header(key), self._records.get(key)
        if header is None:
            return None
        if known is not None and known[0] == header:
            return known[1]
        record = super().record(key)
        if record is not None:
            self._records[key] = (header, record)
        return record
