"""The clearance pack of a crowd as a ZIP that is sent while it is made: one license in memory at a time."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from replicas.certificates import Writer, certificate
from replicas.models import License
from replicas.rules.crowds.pack import (
    COLUMNS,
    INDEX,
    README,
    SUMS,
    TERMS,
    Signed,
    as_row,
    by_name,
    json_name,
    license_document,
    line_of,
    pdf_name,
)
from replicas.rules.register import safe_cell

BOM = "\ufeff"  # Excel reads UTF-8 only where this stands first


class _Pipe(io.RawIOBase):
    """What the ZIP writer writes into, and the answer takes out of. Nothing can be gone back to."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.waiting.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        data = b"".join(self.waiting)
        self.waiting.clear()
        return data


def pack(
    licenses: Iterable[tuple[License, Signed]], *, terms: dict[str, Any], readme: str, made_at: datetime
) -> Iterator[bytes]:
    """The bytes of the ZIP, piece by piece: a readme, the terms, each license as PDF and JSON, the index, the hashes.

    ``made_at`` (aware UTC) is the date of every file in it. What ``licenses`` yields is read once, in its order.
    """
    pipe, sums, lines = _Pipe(), [], []
    date = made_at.timetuple()[:6]
    writer = Writer()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as zipped:

        def put(name: str, data: bytes) -> str:
            entry = zipfile.ZipInfo(name, date_time=date)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            zipped.writestr(entry, data)
            digest = sha256(data).hexdigest()
            sums.append(f"{digest}  {name}\n")
            return digest

        put(README, readme.encode())
        put(TERMS, _json(terms))
        yield pipe.taken()
        for license_, signed in licenses:
            pdf = put(pdf_name(signed.ref), certificate(license_, writer))
            document = put(json_name(signed.ref), _json(license_document(signed)))
            lines.append(line_of(signed, pdf_sha256=pdf, json_sha256=document))
            yield pipe.taken()
        put(INDEX, _csv([as_row(line) for line in by_name(lines)]))
        zipped.writestr(zipfile.ZipInfo(SUMS, date_time=date), "".join(sums))
    yield pipe.taken()


def _json(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(rows: list[dict[str, str]]) -> bytes:
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow(COLUMNS.values())
    for row in rows:
        writer.writerow([safe_cell(row[name]) for name in COLUMNS])
    return (BOM + page.getvalue()).encode()
