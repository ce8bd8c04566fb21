"""Hair, beards and head coverings: a shell over the skull, with an opening for the face."""

import math
from dataclasses import dataclass

from portal.demo.portraits.curves import bell, smooth
from portal.demo.portraits.head import Head
from portal.demo.portraits.people import Person


@dataclass(frozen=True, slots=True)
class Cut:
    """``thick``: over the skull. ``high``: above the crown. ``line``: where the forehead ends. ``temple``: angle from
    which the sides are covered. ``reach``: how far down it falls (heads, below 0 is under the chin). ``spread``: how
    much it widens on the way. ``waves``, ``strands``, ``knots``: depth of its textures."""

    thick: float
    high: float
    line: float = 0.8
    temple: float = 1.22
    reach: float = 0.26
    spread: float = 0.0
    waves: float = 0.0
    strands: float = 0.0
    knots: float = 0.0
    swept: float = 0.0


CUTS = {
    "buzz": Cut(0.014, 0.015, line=0.83, reach=0.3),
    "crop": Cut(0.045, 0.085, line=0.81, strands=0.006),
    "quiff": Cut(0.06, 0.15, line=0.8, strands=0.008, swept=0.1),
    "curls": Cut(0.1, 0.17, line=0.78, knots=0.03, reach=0.24),
    "afro": Cut(0.2, 0.3, line=0.79, temple=1.16, knots=0.018, reach=0.16),
    "bob": Cut(0.1, 0.1, line=0.81, temple=1.02, reach=0.0, spread=0.1, strands=0.008, swept=0.03),
    "long": Cut(0.085, 0.09, line=0.82, temple=1.08, reach=-0.72, spread=0.1, strands=0.011),
    "waves": Cut(0.11, 0.13, line=0.81, temple=1.04, reach=-0.5, spread=0.17, waves=0.032, strands=0.006),
    "bun": Cut(0.028, 0.035, line=0.82, strands=0.005),
    "tail": Cut(0.035, 0.05, line=0.82, strands=0.006),
    "locs": Cut(0.1, 0.13, line=0.8, temple=1.1, reach=-0.45, spread=0.08, strands=0.034, waves=0.008),
    "scarf": Cut(0.05, 0.06, line=0.8, temple=0.98, reach=-0.4, spread=0.02, waves=0.012),
    "beanie": Cut(0.055, 0.16, line=0.765, temple=0.0, reach=0.7, strands=0.009),
    "receding": Cut(0.03, 0.03, line=0.93, temple=1.2, strands=0.004),
    "fringe": Cut(0.085, 0.1, line=0.665, temple=1.02, reach=0.06, spread=0.05, strands=0.012),
}
CLOTH = ("scarf", "beanie")


class Hair:
    """The shell of one person. ``top`` is the height of its highest point."""

    def __init__(self, who: Person, head: Head) -> None:
        self.who, self.head = who, head
        self.cut = CUTS.get(who.style)
        self.cloth = who.style in CLOTH
        self.high = self.cut.high * who.volume if self.cut else 0.0
        self.thick = self.cut.thick * who.volume if self.cut else 0.0
        shift = who.length * (0.35 if self.cut and self.cut.reach < 0 else 0.08)
        self.reach = self.cut.reach - shift + 0.04 if self.cut else 1.0
        self.top = 1.0 + self.high

    def radius(self, y: float, angle: float) -> float:
        """Outside of the shell, or 0 where there is none."""
        cover = self._cover(y, abs(angle)) if self.cut else 0.0
        if cover <= 0 or not self.cut:
            return 0.0
        level = y if y < 0.55 else 0.55 + (y - 0.55) * 0.45 / (0.45 + self.high)
        bone = self.head.skull(min(0.998, max(level, 0.3 + 0.1 * min(0.0, y))), angle)
        if self.who.style == "afro":
            ball = 0.37 + self.thick
            wide = math.sqrt(max(0.0, ball * ball - (y - self.top + ball) ** 2))
            return max(bone, wide + self._texture(y, angle)) if cover > 0.3 else 0.0
        fall = max(0.0, 0.45 - y)
        thick = self.thick + self.cut.spread * min(1.0, fall * 1.5) + self._texture(y, angle)
        if self.cut.swept:
            thick += self.cut.swept * bell(angle - 0.5 * self.who.side, 0.7) * smooth(0.72, 0.95, y)
        crown = smooth(self.top + 0.001, self.top - 0.2, y)
        return bone + thick * cover * (0.25 + 0.75 * crown)

    def _cover(self, y: float, angle: float) -> float:
        """0 to 1: whether there is hair here, with a soft border."""
        cut = self.cut
        if not cut or y < self.reach - 0.04:
            return 0.0
        ends = smooth(self.reach - 0.04, self.reach + 0.02, y)
        line = cut.line - 0.035 * bell(angle - 0.9, 0.4) + (0.06 * bell(angle, 0.3) if self.who.style == "scarf" else 0)
        if y > line:
            start = 0.6 if self.who.style in ("fringe", "bob", "beanie", "scarf") else 0.12
            return min(ends, start + (1 - start) * smooth(line, line + 0.09, y))
        temple = cut.temple
        if self.who.style == "scarf":
            temple = 0.35 + 0.72 * smooth(-0.06, 0.3, y) if y > -0.06 else -0.2
        elif cut.reach > 0.15 and y < 0.55:
            temple += 0.55 * smooth(0.55, 0.34, y)  # behind the ear
        elif y < 0.2:
            temple += 0.2 * smooth(0.2, -0.1, y)
        return ends * smooth(temple - 0.05, temple + 0.1, angle)

    def _texture(self, y: float, angle: float) -> float:
        cut, phase = self.cut, self.who.texture
        depth = 0.0
        if not cut:
            return depth
        if cut.waves:
            depth += cut.waves * math.sin(y * 21 + 3 * math.sin(angle * 2 + phase) + phase)
        if cut.strands:
            drift = angle * (22 if self.who.style in ("locs", "beanie") else 31) + 3 * math.sin(y * 3 + phase)
            depth += cut.strands * math.sin(drift)
        if cut.knots:
            depth += (
                cut.knots * math.sin(angle * 11 + 5 * math.sin(y * 9 + phase)) * math.sin(y * 34 + phase + angle * 3)
            )
        return depth

    def beard(self, y: float, angle: float) -> float:
        """How far a beard stands off the face here."""
        kind, side = self.who.beard, abs(angle)
        if kind == "none" or y > 0.46:
            return 0.0
        if kind == "chin":
            return 0.045 * bell(side, 0.34) * smooth(0.17, 0.1, y)
        deep = 0.075 if kind == "full" else 0.03
        upper = 0.2 + 0.26 * smooth(0.55, 1.25, side)
        lip = 0.5 * bell(y - 0.275, 0.02) * smooth(0.5, 0.3, side)
        cover = max(smooth(upper, upper - 0.07, y), lip) * smooth(1.62, 1.45, side)
        grain = 1 + 0.16 * math.sin(angle * 34 + self.who.texture) * math.sin(y * 60)
        return deep * cover * grain
