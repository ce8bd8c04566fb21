"""Papers that come with a request: a PDF, or a photographed page as JPEG or PNG. Standard library only."""

import hashlib
import re
import unicodedata
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO

from replicas.previews import limits
from replicas.previews.headers import format_of, other_name
from replicas.previews.refusing import BROKEN, Unusable
from replicas.previews.rendering import copied, process

NAMED = {"pdf": "PDF", "jpg": "JPEG", "jpeg": "JPEG", "png": "PNG"}
TAIL = 2048  # where a PDF's end mark stands


@dataclass(frozen=True, slots=True)
class Document:
    """A paper that may be kept. ``size`` in bytes; ``sha256`` (hex) is of the kept bytes; ``name`` is safe to show."""

    name: str
    extension: str
    content_type: str
    size: int
    sha256: str
    data: bytes = field(repr=False)


def check(path_or_file: str | Path | IO[bytes] | Any, name: str) -> Document:
    """Look at what ``name`` says it is and at what it is; raises ``Unusable`` with one sentence.

    A photographed page is decoded and written anew as JPEG, as previews are, so that no metadata or second file in
    it goes on. A PDF is kept byte for byte, because its hash is what both sides hold.
    """
    with copied(path_or_file, limits.DOCUMENT_MAX_BYTES) as file:
        head = file.read(64)
        found = "PDF" if head.startswith(b"%PDF-") else format_of(head)
        if found not in ("PDF", "JPEG", "PNG"):
            what = "a WebP" if found else other_name(head)
            raise Unusable(f"This is {what}; send PDF, JPEG or PNG." if what else "Send a PDF, a JPEG or a PNG.")
        said = NAMED.get(name.rsplit(".", 1)[-1].lower() if "." in name else "")
        if said != found:
            raise Unusable(f"This is a {found}, but its name says otherwise. Rename it to end in .{_ending(found)}.")
        data = _pdf(file) if found == "PDF" else _page(file)
    extension = _ending("JPEG" if found == "PNG" else found)
    kind = limits.CONTENT_TYPES[extension]
    return Document(safe_name(name, extension), extension, kind, len(data), hashlib.sha256(data).hexdigest(), data)


def safe_name(name: str, extension: str) -> str:
    """What a sender called a file, made harmless: no folders, controls, reading-direction marks or second ending."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C" and letter not in '<>:"|?*;%')
    stem = plain.rsplit(".", 1)[0] if "." in plain else plain
    stem = " ".join(stem.replace(".", " ").split())[:80].strip(" -_") or "page"
    return f"{stem}.{extension}"


def _ending(found: str) -> str:
    return {"PDF": "pdf", "JPEG": "jpg", "PNG": "png"}[found]


def _pdf(file: BinaryIO) -> bytes:
    if zipfile.is_zipfile(file):
        raise Unusable("This PDF has another file hidden in it. Print it to PDF again and send that.")
    file.seek(0)
    data = file.read()
    end = data.rfind(b"%%EOF", -TAIL)
    if end < 0:
        raise Unusable(BROKEN)
    if data[end + 5 :].strip(b"\r\n\t \0"):
        raise Unusable("Something is attached after the end of this PDF. Print it to PDF again and send that.")
    return data


def _page(file: BinaryIO) -> bytes:
    made = process(file, widths=(limits.PAGE_WIDTH,), formats=("JPEG",), most=limits.DOCUMENT_MAX_BYTES)
    return made.pictures[0].data
