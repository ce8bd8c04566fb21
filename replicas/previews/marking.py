"""Write words across a picture, so that a copy of it says for whom it was made. Done for each view, never kept."""

import io
from functools import lru_cache

from django.conf import settings
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont

from replicas.previews.storing import path_of

ANGLE = 28  # degrees
QUALITY = 82
SHARE_OF_WIDTH = 22  # the letters are a 22nd of the picture's width high, at least 11 pixels


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(settings.BASE_DIR / "static" / "fonts" / "inter.woff2", size)


def marked(picture: bytes, words: str) -> bytes:
    """A JPEG of the same size with ``words`` repeated over all of it, light with a dark edge, half transparent.

    ``picture`` must be one of our own files (``previews.rendering`` made it): nothing is checked here.
    """
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    font = _font(max(11, image.width // SHARE_OF_WIDTH))
    left, top, right, bottom = font.getbbox(words)
    across, down = int(right - left + font.size * 2), int(bottom - top + font.size * 4)
    side = int((image.width**2 + image.height**2) ** 0.5) + across
    layer = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    for row, y in enumerate(range(0, side, down)):
        for x in range(-across * (row % 2) // 2, side, across):
            pen.text((x, y), words, font=font, fill=(255, 255, 255, 120), stroke_width=1, stroke_fill=(0, 0, 0, 90))
    layer = layer.rotate(ANGLE, resample=Image.Resampling.BILINEAR)
    corner = ((side - image.width) // 2, (side - image.height) // 2)
    layer = layer.crop((*corner, corner[0] + image.width, corner[1] + image.height))
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
