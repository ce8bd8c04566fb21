"""What a picture or a paper may be. Standard library only: the child process reads this without Django."""

MEGABYTE = 1_000_000  # as file managers and phones count

MAX_BYTES = 20 * MEGABYTE
MAX_PIXELS = 40_000_000
MAX_SIDE = 16_000  # WebP ends at 16,383 pixels a side
FORMATS = ("JPEG", "PNG", "WEBP")  # what we read, by Pillow's names

WIDTHS = (320, 800, 1600)  # pixels, never enlarged
MADE = ("WEBP", "JPEG")  # each width is kept in both
EXTENSIONS = {"WEBP": "webp", "JPEG": "jpg"}
CONTENT_TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "pdf": "application/pdf"}

MEMORY = 1_000_000_000  # address space of the child, bytes
SECONDS = 10  # of processor time and of waiting
OUTPUT_BYTES = 32 * MEGABYTE  # the largest single file the child may write

DOCUMENT_MAX_BYTES = 10 * MEGABYTE
PAGE_WIDTH = 2400  # a photographed script page stays readable


def widths_of(width: int, wanted: tuple[int, ...] = WIDTHS) -> tuple[int, ...]:
    """Widths (pixels) kept of a picture ``width`` pixels wide: never more than its own, never more than the largest."""
    return (*(each for each in wanted if each < width), *([width] if width <= wanted[-1] else []))


def nearest(stored: int, wanted: int) -> int:
    """The kept width (pixels) of a picture whose largest kept width is ``stored`` that serves ``wanted`` best."""
    kept = widths_of(stored)
    return next((each for each in kept if each >= wanted), kept[-1])
