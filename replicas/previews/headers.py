"""What a file is and how large a picture it declares, from its first bytes. Nothing is decoded here.

Sources: PNG specification 5.2 and 11.2.2; JPEG (ITU-T T.81) Annex B; WebP container specification; RFC 6386 §9.1.
"""

from typing import BinaryIO

from replicas.previews.limits import MAX_PIXELS, MAX_SIDE
from replicas.previews.refusing import BROKEN, EMPTY, Unusable

SEGMENTS = 2000  # a camera writes dozens before the picture; a file of nothing but segments would keep us reading
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "a GIF"),
    (b"BM", "a BMP"),
    (b"II*\0", "a TIFF"),
    (b"MM\0*", "a TIFF"),
    (b"II+\0", "a TIFF"),
    (b"MM\0+", "a TIFF"),
    (b"\0\0\1\0", "an icon file"),
    (b"SIMPLE  =", "a FITS file"),
    (b"%!PS", "a PostScript file"),
    (b"\xc5\xd0\xd3\xc6", "a PostScript file"),
    (b"%PDF-", "a PDF"),
    (b"PK\3\4", "a ZIP or Office file"),
    (b"8BPS", "a Photoshop file"),
    (b"glTF", "a 3D model"),
    (b"\x76\x2f\x31\x01", "an OpenEXR file"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 file"),
    (b"\xffO\xffQ", "a JPEG 2000 file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)


def format_of(head: bytes) -> str | None:
    """“JPEG”, “PNG” or “WEBP” by the first bytes, else None. The file's name never counts."""
    if head.startswith(PNG):
        return "PNG"
    if head.startswith(JPEG):
        return "JPEG"
    return "WEBP" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


def other_name(head: bytes) -> str | None:
    """What people call the file that these first bytes begin, or None when we do not know it."""
    for start, name in OTHERS:
        if head.startswith(start):
            return name
    if head[4:8] == b"ftyp":
        return "a HEIC or AVIF picture" if head[8:11] in (b"hei", b"hev", b"mif", b"avi", b"msf") else "a video"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<svg", b"<?xml")):
        return "an SVG or XML file"
    return "a web page" if text.startswith((b"<!doctype", b"<html", b"<script")) else None


def picture_format(head: bytes) -> str:
    """Like ``format_of``; raises ``Unusable`` with the formats we take."""
    if not head:
        raise Unusable(EMPTY)
    found = format_of(head)
    if found:
        return found
    name = other_name(head)
    raise Unusable(
        f"This is {name}; send JPEG, PNG or WebP." if name else "This isn't a picture; send JPEG, PNG or WebP."
    )


def declared_size(file: BinaryIO, kind: str) -> tuple[int, int]:
    """Width and height in pixels as the header says; raises ``Unusable`` when there is no whole header."""
    readers = {"PNG": _png, "JPEG": _jpeg, "WEBP": _webp}
    file.seek(0)
    size = readers[kind](file)
    if not size or not all(size):
        raise Unusable(BROKEN)
    return size


def check_size(width: int, height: int) -> None:
    """Raise ``Unusable`` for more pixels than we decode."""
    if width * height > MAX_PIXELS:
        count = max(MAX_PIXELS / 1e6 + 0.1, width * height / 1e6)
        shown = f"{count:,.0f}" if count >= MAX_PIXELS / 1e6 + 1 else f"{count:.1f}"
        raise Unusable(f"This picture has {shown} megapixels; the most we take is {MAX_PIXELS // 1_000_000}.")
    if max(width, height) > MAX_SIDE:
        raise Unusable(f"This picture is {max(width, height):,} pixels long; the longest side we take is {MAX_SIDE:,}.")


def _png(file: BinaryIO) -> tuple[int, int] | None:
    head = file.read(24)
    if len(head) < 24 or head[12:16] != b"IHDR":
        return None
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")


def _webp(file: BinaryIO) -> tuple[int, int] | None:
    head = file.read(30)
    if len(head) < 30:
        return None
    if head[12:16] == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if head[12:16] == b"VP8 ":
        return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF
    return None


def _jpeg(file: BinaryIO) -> tuple[int, int] | None:
    file.seek(2)
    for _ in range(SEGMENTS):
        mark = file.read(2)
        if len(mark) < 2 or mark[0] != 0xFF:
            return None
        if mark[1] == 0xFF:  # fill byte
            file.seek(-1, 1)
            continue
        length = int.from_bytes(file.read(2), "big")
        if length < 2:
            return None
        if 0xC0 <= mark[1] <= 0xCF and mark[1] not in (0xC4, 0xC8, 0xCC):
            frame = file.read(5)
            return (int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big")) if len(frame) == 5 else None
        if mark[1] == 0xDA:
            return None
        file.seek(length - 2, 1)
    return None
