"""A whole body on a turntable, arms a little away from it, as people are asked to stand for a scan."""

import math
from random import Random

from portal.demo.portraits.bust import Bust
from portal.demo.portraits.curves import Profile, oval
from portal.demo.portraits.palettes import mixed
from portal.demo.portraits.people import Person, person
from portal.demo.portraits.relief import CLOTH, SKIN, Camera, Relief, Ring
from portal.demo.portraits.sheet import Sheet

FINE, COARSE = 0.034, 0.05  # between two rings on the head and below it, in heads
CROTCH, SOLE = -3.42, -6.72
LIMB_POINTS = 40


def draw(sheet: Sheet, random: Random) -> None:
    """The person of the portrait, from head to foot."""
    who = person(random)
    body = Figure(who, random)
    camera = Camera(
        x=sheet.width / 2,
        y=sheet.height * 0.2,
        scale=172 * random.uniform(0.94, 1.04),
        pitch=0.2,
        light=(0.8 * random.choice((-1.0, 1.0)), random.uniform(0.4, 0.6), 0.65),
        line=2.7,
    )
    _turntable(sheet, camera)
    Relief(sheet, camera).draw(body.tubes())


class Figure(Bust):
    """A bust with everything below it. Lengths in heads."""

    def __init__(self, who: Person, random: Random) -> None:
        super().__init__(who)
        self.stance = random.uniform(0.0, 0.12)
        self.spread = random.uniform(0.25, 0.5)
        wide, heavy, neck = who.shoulders, who.weight, who.neck
        hips = random.uniform(0.94, 1.12) * (0.55 + 0.45 * heavy)
        waist = random.uniform(0.9, 1.05) * heavy
        self._wide = Profile(
            *((CROTCH, 0.05), (-3.3, 0.24), (-3.12, 0.46 * hips), (-2.9, 0.59 * hips), (-2.5, 0.53 * hips)),
            *((-2.05, 0.46 * waist), (-1.55, 0.53 * waist), (-1.15, 0.61 * wide), (-0.9, 0.71 * wide)),
            *((-0.74, 0.79 * wide), (-0.62, 0.75 * wide), (-0.53, 0.59 * wide), (-0.45, 0.4 * wide)),
            *((-0.38, 0.28 * neck), (-0.2, 0.225 * neck), (0.3, 0.22 * neck)),
        )
        self._front = Profile(
            *((CROTCH, 0.2), (-3.1, 0.29), (-2.6, 0.3 * heavy), (-2.1, 0.31 * waist), (-1.2, 0.38), (-0.8, 0.3)),
            *((-0.5, 0.2), (-0.36, 0.17), (0.3, 0.15)),
        )
        self._back = Profile(
            *((CROTCH, 0.2), (-2.95, 0.4 * hips), (-2.1, 0.27), (-1.2, 0.36), (-0.7, 0.34), (-0.35, 0.28), (0.3, 0.3))
        )

    def tubes(self) -> list[list[Ring]]:
        """Trunk with head, limbs and a knot of hair if there is one; limbs stand a hair's breadth behind, so the trunk hides
        their roots."""
        trunk = [self._ring(CROTCH + COARSE * step) for step in range(int((-0.4 - CROTCH) / COARSE))]
        count = int((self.hair.top + 0.396) / FINE)
        trunk += [self._ring(-0.4 + FINE * step) for step in range(count)] + [self._ring(self.hair.top - 0.004)]
        limbs = [make(side) for side in (-1, 1) for make in (self._leg, self._arm)]
        return [trunk, *limbs, *self.knot()]

    def _leg(self, side: int) -> list[Ring]:
        heavy = self.who.weight
        out = Profile((SOLE, 0.33 + self.stance), (-5.0, 0.31 + self.stance / 2), (-3.2, 0.285), (-2.7, 0.27))
        thick = Profile(
            *((SOLE, 0.13), (-6.45, 0.12), (-6.2, 0.125), (-5.6, 0.2), (-5.3, 0.205), (-4.95, 0.175)),
            *((-4.3, 0.235 * heavy), (-3.6, 0.28 * heavy), (-3.1, 0.275 * heavy), (-2.7, 0.2)),
        )
        toes = Profile((SOLE, 0.42), (-6.62, 0.38), (-6.5, 0.2), (-6.4, 0.13), (-6.2, 0.13))
        rings = []
        for step in range(int((-2.75 - SOLE) / COARSE)):
            y = SOLE + COARSE * step
            radius = thick(y)
            front = max(toes(y), radius) if y < -6.2 else radius * 1.08
            rings.append(
                self._limb(y, side * out(y), -0.04, (radius, front, radius * 1.12), CLOTH if y > -6.35 else SKIN)
            )
        return rings

    def _arm(self, side: int) -> list[Ring]:
        wide, heavy = self.who.shoulders, (1 + self.who.weight) / 2
        out = Profile(
            *((-3.45, 0.98 * wide + self.spread), (-1.9, 0.82 * wide + self.spread * 0.55)),
            *((-1.0, 0.69 * wide + self.spread * 0.14), (-0.58, 0.58 * wide)),
        )
        thick = Profile(
            *(
                (-3.48, 0.03),
                (-3.4, 0.075),
                (-3.1, 0.11),
                (-2.95, 0.085),
                (-2.8, 0.085),
                (-2.3, 0.125 * heavy),
                (-1.9, 0.115),
            ),
            *((-1.3, 0.15 * heavy), (-0.9, 0.175), (-0.66, 0.15), (-0.5, 0.06)),
        )
        rings = []
        for step in range(int((-0.5 + 3.48) / COARSE) + 1):
            y = -3.48 + COARSE * step
            radius = thick(y)
            deep = radius * (1.25 if y < -2.9 else 1.05)
            rings.append(self._limb(y, side * out(y), -0.04, (radius, deep, deep), CLOTH if y > -2.85 else SKIN))
        return rings

    def _limb(self, y: float, x: float, z: float, axes: tuple[float, float, float], material: int) -> Ring:
        turn = self.who.turn * 0.28
        points = []
        for step in range(LIMB_POINTS):
            angle = 2 * math.pi * step / LIMB_POINTS
            radius = oval(angle, *axes, 2.1)
            across, deep = x + radius * math.sin(angle), z + radius * math.cos(angle)
            points.append(
                (
                    across * math.cos(turn) + deep * math.sin(turn),
                    deep * math.cos(turn) - across * math.sin(turn),
                )
            )
        return Ring(y, points, [material] * LIMB_POINTS)


def _turntable(sheet: Sheet, camera: Camera) -> None:
    """Circles on the floor with a degree scale."""
    ground, ink = sheet.palette.ground, sheet.palette.skin
    middle = (camera.x, camera.y - SOLE * math.cos(camera.pitch) * camera.scale)
    flat = math.sin(camera.pitch)
    for radius, share in ((1.0, 0.22), (1.75, 0.3), (1.9, 0.42)):
        wide = radius * camera.scale
        box = (middle[0] - wide, middle[1] - wide * flat, middle[0] + wide, middle[1] + wide * flat)
        sheet.draw.ellipse(tuple(map(sheet.u, box)), outline=mixed(ground, ink, share), width=sheet.stroke(1.5))
    for step in range(72):
        angle = math.pi * step / 36
        near, far = (1.9 * camera.scale, (2.06 if step % 6 == 0 else 1.97) * camera.scale)
        ends = [(middle[0] + r * math.sin(angle), middle[1] + r * math.cos(angle) * flat) for r in (near, far)]
        sheet.draw.line(
            [(sheet.u(x), sheet.u(y)) for x, y in ends], fill=mixed(ground, ink, 0.4), width=sheet.stroke(1.5)
        )
