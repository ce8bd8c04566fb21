"""Portraits for the demo: people who do not exist, drawn as the contour lines of a scan. No photograph is involved.

Pure Pillow and the standard library. The same seed gives the same picture, on every machine.
"""

from collections.abc import Callable
from random import Random
from typing import Literal

from PIL import Image

from portal.demo.portraits import bust, figure, motion, voice
from portal.demo.portraits.palettes import palette
from portal.demo.portraits.sheet import Sheet

Kind = Literal["face", "body", "voice", "motion"]
SIZE = (1200, 1600)

_DRAW: dict[str, Callable[[Sheet, Random], None]] = {
    "face": bust.draw,
    "body": figure.draw,
    "voice": voice.draw,
    "motion": motion.draw,
}


def draw_portrait(seed: int, *, kind: Kind, size: tuple[int, int] = SIZE) -> Image.Image:
    """An RGB picture of ``size`` pixels. ``seed`` is the person: the same face, colors and build in every ``kind``."""
    sheet = Sheet(size, palette(Random(f"{seed}:colors")), Random(f"{seed}:{kind}:sheet"))
    _DRAW[kind](sheet, Random(f"{seed}:person"))
    return sheet.finished()
