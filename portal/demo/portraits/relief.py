"""From rings to relief: a body given as stacked horizontal rings, seen a little from above, lit, its contours drawn.

The strip between two rings is painted before the ring's own line, rings from the lowest to the highest: seen from above, a
higher ring is never behind a lower one, so this order alone hides what must be hidden.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from portal.demo.portraits.palettes import Color, mixed, ramp
from portal.demo.portraits.sheet import Sheet

STEPS = 64
SKIN, HAIR, CLOTH = 0, 1, 2


@dataclass(slots=True)
class Ring:
    """Points (x to the right, z toward the viewer) at height ``y``, counter-clockwise from above, with their materials."""

    y: float
    points: list[tuple[float, float]]
    materials: Sequence[int]


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the body stands on the sheet (units), how large one of its lengths is, how far we look down (radians)."""

    x: float
    y: float
    scale: float
    pitch: float
    light: tuple[float, float, float]
    line: float = 2.6
    fade: tuple[float, float] = (9999.0, 10000.0)  # sheet heights between which the lines sink into the ground

    def lit(self) -> tuple[float, float, float]:
        length = math.sqrt(sum(each * each for each in self.light))
        return (self.light[0] / length, self.light[1] / length, self.light[2] / length)


class Relief:
    """Draws tubes (lists of rings with the same number of points) on one sheet."""

    def __init__(self, sheet: Sheet, camera: Camera) -> None:
        self.sheet, self.camera = sheet, camera
        ground, inks = sheet.palette.ground, (sheet.palette.skin, sheet.palette.hair, sheet.palette.cloth)
        dark = mixed(ground, (0, 0, 0), 0.3)
        self._faces = [ramp(dark, mixed(ground, ink, 0.42), STEPS) for ink in inks]
        self._lines = [ramp(mixed(ground, ink, 0.3), mixed(ink, (255, 255, 255), 0.12), STEPS) for ink in inks]
        self._sin, self._cos = math.sin(camera.pitch), math.cos(camera.pitch)

    def draw(self, tubes: list[list[Ring]]) -> None:
        """All tubes together, from the lowest strip to the highest, farther before nearer at one height."""
        strips = []
        for tube in tubes:
            seen = [self._projected(ring) for ring in tube]
            for lower in range(len(tube) - 1):
                depth = sum(z for _, z in tube[lower].points) / len(tube[lower].points)
                strips.append((tube[lower].y, depth, tube[lower], tube[lower + 1], seen[lower], seen[lower + 1]))
        strips.sort(key=lambda strip: (round(strip[0], 3), strip[1]))
        for _, _, low, high, seen_low, seen_high in strips:
            self._strip(low, high, seen_low, seen_high)

    def _projected(self, ring: Ring) -> list[tuple[float, float]]:
        unit, scale = self.sheet.u(1), self.camera.scale
        left, top, rise = self.camera.x, self.camera.y, ring.y * self._cos
        return [((left + x * scale) * unit, (top + (z * self._sin - rise) * scale) * unit) for x, z in ring.points]

    def _strip(
        self, low: Ring, high: Ring, seen_low: list[tuple[float, float]], seen_high: list[tuple[float, float]]
    ) -> None:
        count = len(low.points)
        visible = []
        for here in range(count):
            there = (here + 1) % count
            (ax, ay), (bx, by) = seen_low[here], seen_low[there]
            (cx, cy), (dx, dy) = seen_high[there], seen_high[here]
            if (cx - ax) * (dy - by) - (cy - ay) * (dx - bx) < 0:
                visible.append((low.points[here][1] + low.points[there][1], here, there))
        visible.sort()
        polygon, line = self.sheet.draw.polygon, self.sheet.draw.line
        width = self.sheet.stroke(self.camera.line)
        strokes = []
        for _, here, there in visible:
            light = self._light(low, high, here, there)
            step = int(light * (STEPS - 1))
            material = low.materials[here] or low.materials[there]  # the edge of hair or cloth hides the skin beside it
            a, b = seen_low[here], seen_low[there]
            polygon((a, b, seen_high[there], seen_high[here]), fill=self._sunk(self._faces[material][step], a[1]))
            strokes.append((a, b, self._sunk(self._lines[material][step], a[1])))
        for a, b, color in strokes:
            line((a, b), fill=color, width=width)

    def _light(self, low: Ring, high: Ring, here: int, there: int) -> float:
        """0 to 1: how much light the face gets, from its normal; a little of it comes from everywhere."""
        (ax, az), (bx, bz) = low.points[here], low.points[there]
        dx, dz = high.points[here]
        dx, dy, dz = dx - ax, high.y - low.y, dz - az
        bx, bz = bx - ax, bz - az
        nx, ny, nz = -bz * dy, bz * dx - bx * dz, bx * dy
        length = math.sqrt(nx * nx + ny * ny + nz * nz) or 1.0
        lx, ly, lz = self.camera.lit()
        shine = (nx * lx + ny * ly + nz * lz) / length
        return min(1.0, 0.1 + 0.9 * shine**1.35) if shine > 0 else 0.1 + max(-0.1, shine * 0.14)

    def _sunk(self, color: Color, pixel: float) -> Color:
        start, end = self.camera.fade
        height = pixel / self.sheet.u(1)
        if height <= start:
            return color
        return mixed(
            color, mixed(self.sheet.palette.ground, (0, 0, 0), 0.3), min(1.0, (height - start) / (end - start))
        )
