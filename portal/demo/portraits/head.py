"""The head: skull, face and ears as a distance from an upright axis, for every height (chin 0, crown 1) and angle."""

import math

from portal.demo.portraits.curves import Profile, bell, oval, smooth
from portal.demo.portraits.people import Person

Feature = tuple[float, float, float, float, float]  # height, its reach, angle, its reach, amount

_BACK = Profile(
    *((-0.04, 0.02), (0.06, 0.12), (0.2, 0.28), (0.35, 0.39), (0.5, 0.45), (0.65, 0.465)),
    *((0.8, 0.42), (0.9, 0.325), (0.96, 0.21), (1.0, 0.02)),
)


class Head:
    """Radii of one person's head. ``skull`` is the bare bone under hair; ``radius`` has the face on it."""

    def __init__(self, who: Person) -> None:
        self.who = who
        jaw, chin, wide = who.jaw, who.chin, who.wide
        self._wide = Profile(
            *((-0.04, 0.05), (0.0, 0.135 * jaw), (0.06, 0.21 * jaw), (0.14, 0.27 * jaw), (0.28, 0.315 * (jaw + 1) / 2)),
            *((0.45, 0.352 * wide), (0.62, 0.368 * wide), (0.78, 0.345 * wide), (0.89, 0.275 * wide)),
            *((0.955, 0.18 * wide), (1.0, 0.02)),
        )
        self._front = Profile(
            *((-0.04, 0.2), (0.0, 0.3 * chin), (0.07, 0.345 * chin), (0.14, 0.335), (0.22, 0.35), (0.36, 0.352)),
            *((0.52, 0.36), (0.62, 0.392), (0.72, 0.392), (0.8, 0.36), (0.89, 0.285), (0.955, 0.185), (1.0, 0.02)),
        )
        self._nose = Profile(
            *((0.29, 0.0), (0.315, 0.05), (0.345, 0.13), (0.37, 0.138), (0.43, 0.1 + 0.012 * who.hook)),
            *((0.5, 0.062 + 0.026 * who.hook), (0.56, 0.026), (0.61, 0.0)),
        )
        self._features = tuple(self._face())

    def _face(self) -> list[Feature]:
        who = self.who
        eye = 0.4 * who.eyes
        both: list[Feature] = [
            (0.515, 0.05, eye, 0.2, -0.058),  # socket
            (0.512, 0.024, eye, 0.13, 0.034),  # lid
            (0.6, 0.03, eye * 0.95, 0.26, 0.026 * who.brow),
            (0.42, 0.075, 0.74, 0.26, 0.024 * who.cheek),
            (0.25, 0.085, 0.86, 0.25, -0.022 * who.cheek),
            (0.325, 0.022, 0.2 * who.nose_wide, 0.09, 0.05 * who.nose_wide),  # wing of the nose
        ]
        middle: list[Feature] = [
            (0.22, 0.08, 0.0, 0.5, 0.02),  # the mouth's bulge
            (0.238, 0.02, 0.0, 0.25, 0.028 * who.lips),
            (0.188, 0.022, 0.0, 0.21, 0.036 * who.lips),
            (0.213, 0.009, 0.0, 0.3, -0.02),
            (0.138, 0.024, 0.0, 0.3, -0.024),
            (0.055, 0.05, 0.0, 0.26, 0.03 * who.chin),
        ]
        mirrored = [(height, tall, -angle, far, amount) for height, tall, angle, far, amount in both]
        return both + mirrored + middle

    def skull(self, y: float, angle: float) -> float:
        """Bare: no face, no ears."""
        return oval(angle, self._wide(y), self._front(y), _BACK(y), 2.25)

    def row(self, y: float, angles: list[float]) -> list[float]:
        """Radii at height ``y`` for angles from the nose (−π to π)."""
        wide, front, back = self._wide(y), self._front(y), _BACK(y)
        bumps = [
            (angle, far, amount * bell(y - height, tall))
            for height, tall, angle, far, amount in self._features
            if abs(y - height) < tall * 3
        ]
        nose, ridge = self._nose(y) * self.who.nose, self._nose_width(y)
        ear = 0.075 * self.who.ears * smooth(0.32, 0.42, y) * smooth(0.61, 0.52, y)
        fold = 0.03 * self.who.ears * bell(y - 0.46, 0.05)
        return [self._one(angle, (wide, front, back), bumps, (nose, ridge), (ear, fold)) for angle in angles]

    def _one(
        self,
        angle: float,
        axes: tuple[float, float, float],
        bumps: list[tuple[float, float, float]],
        nose: tuple[float, float],
        ear: tuple[float, float],
    ) -> float:
        radius = oval(angle, *axes, 2.25)
        if -1.3 < angle < 1.3:
            radius += nose[0] * bell(angle, nose[1])
            for middle, far, amount in bumps:
                radius += amount * bell(angle - middle, far)
        elif ear[0] and abs(angle) < 2.1:
            radius += ear[0] * bell(abs(angle) - 1.74, 0.14) - ear[1] * bell(abs(angle) - 1.6, 0.06)
        return radius

    def _nose_width(self, y: float) -> float:
        return (0.115 + 0.055 * smooth(0.48, 0.34, y)) * (self.who.nose_wide + 1) / 2


def around(count: int) -> list[float]:
    """Angles of one ring, denser toward the front, where the face is."""
    whole = [2 * math.pi * step / count - math.pi for step in range(count)]
    return [angle - 0.42 * math.sin(angle) for angle in whole]
