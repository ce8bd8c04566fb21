"""The paper a portrait stands on: lit ground, grain, registration marks. Drawn at twice the size, then halved."""

import math
from random import Random

from PIL import Image, ImageChops, ImageDraw

from portal.demo.portraits.palettes import Color, Palette, mixed

SCALE = 2
UNIT = 1600  # every measure is in 1600ths of the sheet's height


class Sheet:
    """``draw`` and ``u(measure)`` work in the doubled picture; ``width`` and ``height`` are in units."""

    def __init__(self, size: tuple[int, int], palette: Palette, random: Random) -> None:
        self.size, self.palette, self.random = size, palette, random
        self.height = UNIT
        self.width = round(UNIT * size[0] / size[1])
        self._unit = size[1] * SCALE / UNIT
        self.image = self._ground()
        self.draw = ImageDraw.Draw(self.image)
        self._grid()

    def u(self, measure: float) -> float:
        """Pixels of the doubled picture."""
        return measure * self._unit

    def stroke(self, measure: float) -> int:
        """A line width in pixels of the doubled picture, never less than one."""
        return max(1, round(measure * self._unit))

    def finished(self) -> Image.Image:
        """The sheet at its own size, with marks and grain."""
        self._marks()
        small = self.image.reduce(SCALE)
        return ImageChops.add(small, self._grain(small.size), 1, -4)

    def _ground(self) -> Image.Image:
        """A soft glow behind the head, darker towards the edges."""
        across, down = 30, 40
        middle = (self.random.uniform(0.36, 0.64), self.random.uniform(0.3, 0.42))
        glow = mixed(self.palette.ground, self.palette.skin, 0.13)
        dark = mixed(self.palette.ground, (0, 0, 0), 0.34)
        cells: list[Color] = []
        for y in range(down):
            for x in range(across):
                away = math.hypot((x / (across - 1) - middle[0]) * 0.95, y / (down - 1) - middle[1])
                near = max(0.0, 1 - away / 0.62)
                base = mixed(self.palette.ground, dark, min(1.0, max(0.0, away - 0.25) * 1.25))
                cells.append(mixed(base, glow, near * near))
        small = Image.new("RGB", (across, down))
        small.putdata(cells)
        return small.resize((self.size[0] * SCALE, self.size[1] * SCALE), Image.Resampling.BICUBIC)

    def _grid(self) -> None:
        """Points every 100 units, as on a capture wall."""
        color = mixed(self.palette.ground, self.palette.skin, 0.24)
        half = self.u(1.1)
        for row in range(1, 16):
            for column in range(1, self.width // 100 + 1):
                x, y = self.u(column * 100), self.u(row * 100)
                self.draw.rectangle((x - half, y - half, x + half, y + half), fill=color)

    def _marks(self) -> None:
        faint, clear = (mixed(self.palette.ground, self.palette.skin, share) for share in (0.34, 0.62))
        edge, width, height = 44, self.width, self.height
        for x in (edge, width - edge):
            for y in (edge, height - edge):
                self._cross(x, y, clear)
        for step in range(1, 24):
            long = 16 if step % 4 == 0 else 8
            y = 200 + step * 50
            self._line(edge - long / 2, y, edge + long / 2, y, faint)
        for step in range(5):
            shade = mixed(self.palette.ground, self.palette.skin, 0.12 + step * 0.2)
            left = width - 240 + step * 26
            self.draw.rectangle(tuple(map(self.u, (left, height - 51, left + 20, height - 37))), fill=shade)
        self._code(clear)

    def _cross(self, x: float, y: float, color: Color) -> None:
        self._line(x - 16, y, x + 16, y, color)
        self._line(x, y - 16, x, y + 16, color)
        box = tuple(map(self.u, (x - 8, y - 8, x + 8, y + 8)))
        self.draw.ellipse(box, outline=color, width=self.stroke(1.4))

    def _code(self, color: Color) -> None:
        """A row of strokes, different on every sheet, where a scan sheet has its number."""
        left = 110.0
        for _ in range(18):
            wide = self.random.choice((1.5, 1.5, 3, 5))
            self.draw.rectangle(tuple(map(self.u, (left, self.height - 52, left + wide, self.height - 36))), fill=color)
            left += wide + self.random.choice((3, 4, 7))

    def _line(self, x1: float, y1: float, x2: float, y2: float, color: Color) -> None:
        self.draw.line(tuple(map(self.u, (x1, y1, x2, y2))), fill=color, width=self.stroke(1.4))

    def _grain(self, size: tuple[int, int]) -> Image.Image:
        """Noise of nine levels: hides the steps in the gradient, and looks like print."""
        tile = Image.frombytes("L", (256, 256), self.random.randbytes(256 * 256)).point(lambda value: value * 9 // 256)
        grain = Image.new("L", size)
        for x in range(0, size[0], 256):
            for y in range(0, size[1], 256):
                grain.paste(tile, (x, y))
        return Image.merge("RGB", (grain, grain, grain))
