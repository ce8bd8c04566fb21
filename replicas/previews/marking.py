"""Write words across a picture, so that a copy of it says for whom it was made. Done for each view, never kept."""

import io
from functools import lru_cache

from django.conf import settings
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont

from replicas.previews.storing import path_of

ANGLE = 28  # degrees
QUALITY = 82
SHARE_OF_WIDTH = 16  # the letters are a 16th of the picture's width high, at least 11 pixels


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(settings.BASE_DIR / "static" / "fonts" / "inter.woff2", size)


@lru_cache(maxsize=8)
def _across(words: str, width: int, height: int) -> Image.Image:
    """The words as they lie across a picture of this size. Kept, because all pictures of one page share it."""
    font = _font(max(11, width // SHARE_OF_WIDTH))
    left, top, right, bottom = font.getbbox(words)
    one = Image.new("RGBA", (int(right - left + font.size * 2), int(bottom - top + font.size * 4)), (0, 0, 0, 0))
    ImageDraw.Draw(one).text(
        (0, 0), words, font=font, fill=(255, 255, 255, 120), stroke_width=1, stroke_fill=(0, 0, 0, 90)
    )
    side = int((width**2 + height**2) ** 0.5) + 1
    layer = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    for row, y in enumerate(range(0, side, one.height)):
        for x in range(-(one.width // 2) * (row % 2), side, one.width):
            layer.paste(one, (x, y))
    layer = layer.rotate(ANGLE, resample=Image.Resampling.BILINEAR)
    corner = ((side - width) // 2, (side - height) // 2)
    return layer.crop((*corner, corner[0] + width, corner[1] + height))


def marked(picture: bytes, words: str) -> bytes:
    """A JPEG of the same size with ``words`` repeated over all of it, light with a dark edge, half transparent.

    ``picture`` must be one of our own files (``previews.rendering`` made it): nothing is checked here.
    """
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    layer = _across(words, *image.size)
    image.paste(layer, (0, 0), layer)
    written = io.BytesIO()
    image.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def marked_file(key: str, width: int, words: str) -> bytes | None:
    """``marked`` for one kept size (``width`` pixels) of a preview; None when the file is not there."""
    try:
        with default_storage.open(path_of(key, width, "jpg")) as file:
            return marked(file.read(), words)
    except (FileNotFoundError, ValueError):
        return None
