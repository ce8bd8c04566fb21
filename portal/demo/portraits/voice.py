"""A voice: one spoken line as ridges, pitch to the right, time toward the viewer."""

import math
from random import Random

from portal.demo.portraits.curves import bell, smooth
from portal.demo.portraits.palettes import mixed, ramp
from portal.demo.portraits.relief import STEPS
from portal.demo.portraits.sheet import Sheet

ROWS, POINTS = 54, 190
TOP, BOTTOM, SIDE = 330, 1400, 150


def draw(sheet: Sheet, random: Random) -> None:
    """Ridges from the back to the front; each hides what stands behind it."""
    line = Line(random)
    ground, dark = sheet.palette.ground, mixed(sheet.palette.ground, (0, 0, 0), 0.3)
    inks = (sheet.palette.cloth, sheet.palette.hair, sheet.palette.skin)
    low, high = ramp(mixed(ground, inks[0], 0.45), inks[1], STEPS), ramp(inks[1], inks[2], STEPS)
    width = sheet.stroke(2.6)
    for row in range(ROWS):
        when = row / (ROWS - 1)
        margin = SIDE + 34 * (1 - when)
        base = TOP + (BOTTOM - TOP) * when**0.97
        ridge = [
            (margin + (sheet.width - 2 * margin) * x / POINTS, line.height(x / POINTS, when)) for x in range(POINTS + 1)
        ]
        seen = [(sheet.u(x), sheet.u(base - up * 210)) for x, up in ridge]
        floor = sheet.u(base + 24)
        sheet.draw.polygon([(seen[0][0], floor), *seen, (seen[-1][0], floor)], fill=dark)
        for step in range(POINTS):
            up = min(1.0, (ridge[step][1] + ridge[step + 1][1]) * 0.62)
            shade = low[int(up * 2 * (STEPS - 1))] if up < 0.5 else high[int((up * 2 - 1) * (STEPS - 1))]
            sheet.draw.line((seen[step], seen[step + 1]), fill=shade, width=width)


class Line:
    """One spoken line: syllables in time, and in each of them three or four resonances that glide."""

    def __init__(self, random: Random) -> None:
        self.pitch = random.uniform(26, 60)
        self.breath = [random.uniform(0, 6.28) for _ in range(5)]
        self.syllables: list[tuple[float, float, float]] = []
        when = random.uniform(0.04, 0.1)
        while when < 0.95:
            long = random.uniform(0.035, 0.085)
            self.syllables.append((when, long, random.uniform(0.5, 1.0)))
            when += long * random.uniform(1.5, 2.3) + (0.07 if random.random() < 0.2 else 0)
        self.tones = [
            (middle + random.uniform(-0.05, 0.05), random.uniform(0.03, 0.07), strength * random.uniform(0.75, 1.2))
            for middle, strength in ((0.17, 1.0), (0.34, 0.85), (0.52, 0.62), (0.69, 0.4), (0.83, 0.2))
        ]
        self.glide = [(random.uniform(0.02, 0.07), random.uniform(5, 13), random.uniform(0, 6.28)) for _ in self.tones]

    def height(self, x: float, when: float) -> float:
        """0 to about 1.2: how strong this pitch (0 to 1) sounds at this moment (0 to 1)."""
        loud = sum(strong * bell(when - middle, long) for middle, long, strong in self.syllables)
        sound = 0.0
        for (middle, wide, strength), (far, fast, phase) in zip(self.tones, self.glide, strict=True):
            sound += strength * bell(x - middle - far * math.sin(when * fast + phase), wide)
        sound *= 0.82 + 0.18 * math.cos(x * self.pitch * 6.28 * (1 + 0.08 * math.sin(when * 9)))
        hush = 0.012 * sum(math.sin(x * (31 + 17 * n) + phase + when * 40) for n, phase in enumerate(self.breath))
        edge = smooth(0.0, 0.08, x) * smooth(1.0, 0.92, x)
        return max(0.0, (loud * sound + 0.028 + hush * 0.5) * edge)
