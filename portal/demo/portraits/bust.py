"""Head and shoulders."""

import math
from random import Random

from portal.demo.portraits.curves import Profile, bell, oval, smooth
from portal.demo.portraits.hair import Hair
from portal.demo.portraits.head import Head, around
from portal.demo.portraits.people import Person, person
from portal.demo.portraits.relief import CLOTH, HAIR, SKIN, Camera, Relief, Ring
from portal.demo.portraits.sheet import Sheet

POINTS = 144
STEP = 0.0185  # between two rings, in heads
BOTTOM = -1.32


def draw(sheet: Sheet, random: Random) -> None:
    """A portrait a little from above, lit from one side."""
    who = person(random)
    side = random.choice((-1.0, 1.0))
    hair_up = Hair(who, Head(who)).top
    scale = random.uniform(640, 690) / max(1.0, hair_up * 0.94)
    camera = Camera(
        x=sheet.width / 2 - 40 * who.turn,
        y=sheet.height * 0.64 + (scale - 660) * 0.2,
        scale=scale,
        pitch=random.uniform(0.24, 0.34),
        light=(0.75 * side, random.uniform(0.35, 0.6), random.uniform(0.55, 0.8)),
        fade=(1330, 1590),
    )
    build = Bust(who)
    relief = Relief(sheet, camera)
    relief.draw([build.rings(), *build.knot()])
    if who.glasses and abs(who.turn) < 0.42:  # a rim beside the nose would need to hide half of itself
        _glasses(sheet, camera, build)


class Bust:
    """The rings of one person, from the chest to the top of the hair."""

    def __init__(self, who: Person) -> None:
        self.who = who
        self.head = Head(who)
        self.hair = Hair(who, self.head)
        self.angles = around(POINTS)
        neck, wide, drop = who.neck, who.shoulders, who.slope
        self._wide = Profile(
            *((-1.4, 1.02 * wide), (-1.0, 1.01 * wide), (-0.74 * drop, 0.93 * wide), (-0.6 * drop, 0.79 * wide)),
            *((-0.5 * drop, 0.58 * wide), (-0.42 * drop, 0.39 * neck), (-0.33 * drop, 0.275 * neck)),
            *((-0.2, 0.225 * neck), (0.0, 0.21 * neck), (0.3, 0.22 * neck)),
        )
        self._front = Profile(
            *((-1.4, 0.5), (-1.0, 0.46), (-0.7, 0.36), (-0.5, 0.25), (-0.38, 0.185), (-0.2, 0.165), (0.3, 0.15))
        )
        self._back = Profile(*((-1.4, 0.46), (-0.9, 0.46), (-0.6, 0.42), (-0.4, 0.34), (-0.2, 0.28), (0.3, 0.3)))

    def rings(self) -> list[Ring]:
        count = int((self.hair.top - 0.002 - BOTTOM) / STEP)
        return [self._ring(BOTTOM + STEP * step) for step in range(count)] + [self._ring(self.hair.top - 0.004)]

    def place(self, y: float, radius: float, angle: float) -> tuple[float, float]:
        """A point of the head in the room: turned and tilted, more so the higher it is."""
        return (radius * math.sin(angle) + self.who.tilt * max(0.0, y + 0.2), radius * math.cos(angle) + 0.03)

    def _ring(self, y: float) -> Ring:
        who, points, materials = self.who, [], []
        turned = smooth(-0.35, -0.02, y)  # the neck turns with the head, the shoulders less
        turn = who.turn * (0.28 + 0.72 * turned)
        relative = [(angle - turn + math.pi) % (2 * math.pi) - math.pi for angle in self.angles]
        face = self.head.row(y, relative) if y > -0.045 else [0.0] * POINTS
        wide, front, back = self._wide(y), self._front(y), self._back(y)
        for angle, own, bare in zip(self.angles, relative, face, strict=True):
            body, material = self._body(y, angle - who.turn * 0.28, (wide, front, back))
            skin = bare
            if bare and (beard := self.hair.beard(y, own)) > 0.004:
                skin, material_face = bare + beard, HAIR
            else:
                material_face = SKIN
            shell = self.hair.radius(y, own)
            radius = max(body, skin, shell)
            if radius == shell and shell > 0:
                material = CLOTH if self.hair.cloth else HAIR
            elif radius == skin and skin > 0:
                material = material_face
            points.append(self.place(y, radius, angle))
            materials.append(material)
        return Ring(y, points, materials)

    def _body(self, y: float, angle: float, axes: tuple[float, float, float]) -> tuple[float, int]:
        """Neck, shoulders and what is worn on them."""
        if y > 0.3:
            return 0.0, SKIN
        radius = oval(angle, *axes, 2.3)
        ahead = math.cos(angle)
        if y < -0.02:
            radius += 0.02 * bell(y + 0.12, 0.05) * bell(angle, 0.2)  # throat
        edge, stands = self._collar(angle, ahead)
        if y < edge:
            return radius + stands * (0.4 + 0.6 * smooth(edge - 0.22, edge - 0.02, y)), CLOTH
        if y < -0.3:
            radius += 0.016 * bell(abs(angle) - 0.45, 0.4) * bell(y + 0.44, 0.05)  # collar bones
        return radius, SKIN

    def _collar(self, angle: float, ahead: float) -> tuple[float, float]:
        """How high cloth reaches here, and how far it stands off."""
        near, drop = max(0.0, ahead), self.who.slope
        return {
            "crew": (-0.31 * drop - 0.1 * near**2, 0.022),
            "vee": (-0.3 * drop - 0.42 * near**6, 0.022),
            "turtle": (-0.13, 0.035),
            "shirt": (-0.2 - 0.3 * near**10, 0.04),
            "hood": (-0.2 - 0.3 * near**4, 0.1 - 0.05 * near),
            "open": (-0.38 * drop - 0.24 * near**2, 0.02),
        }[self.who.collar]

    def knot(self) -> list[list[Ring]]:
        """A bun or a tail, where this person wears one: its own small ball behind the crown."""
        if self.who.style not in ("bun", "tail"):
            return []
        high, back, size = (1.06, 0.12, 0.165) if self.who.style == "bun" else (0.93, 0.42, 0.2)
        size *= 0.85 + 0.2 * self.who.volume
        rings, turn = [], self.who.turn
        for step in range(-9, 10):
            level = step / 9.2
            y, radius = high + level * size, size * math.sqrt(1 - level * level)
            points = []
            for angle in self.angles:
                knot = radius * (1.08 + 0.05 * math.sin(angle * 9 + level * 7 + self.who.texture))
                x, z = self.place(y, 0.0, 0.0)
                points.append(
                    (
                        x - back * math.sin(turn) + knot * math.sin(angle),
                        z - back * math.cos(turn) + knot * math.cos(angle),
                    )
                )
            rings.append(Ring(y, points, [HAIR] * POINTS))
        return [rings]


def _glasses(sheet: Sheet, camera: Camera, build: Bust) -> None:
    """Two rims and a bridge, a little before the eyes."""
    who, sin, cos = build.who, math.sin(camera.pitch), math.cos(camera.pitch)
    round_rims = who.texture > 3

    def seen(across: float, y: float, z: float) -> tuple[float, float]:
        turn = who.turn
        x, z = across * math.cos(turn) + z * math.sin(turn), z * math.cos(turn) - across * math.sin(turn) + 0.03
        x += who.tilt * (y + 0.2)
        return sheet.u(camera.x + x * camera.scale), sheet.u(camera.y + (z * sin - y * cos) * camera.scale)

    lines = [[seen(-0.045, 0.525, 0.47), seen(0, 0.535, 0.475), seen(0.045, 0.525, 0.47)]]
    for side in (-1, 1):
        rim = []
        for step in range(41):
            angle = 2 * math.pi * step / 40
            power = 1.0 if round_rims else 0.62
            x = math.copysign(abs(math.cos(angle)) ** power, math.cos(angle)) * 0.108
            y = math.copysign(abs(math.sin(angle)) ** power, math.sin(angle)) * (0.088 if round_rims else 0.066)
            across = side * 0.15 + x
            rim.append(seen(across, 0.505 + y, 0.465 - 0.5 * across * across))
        lines.append(rim)
        if side * who.turn <= 0.12:
            lines.append([seen(side * 0.258, 0.525, 0.43), seen(side * 0.34, 0.525, 0.28)])
    for line in lines:
        sheet.draw.line(line, fill=sheet.palette.skin, width=sheet.stroke(4), joint="curve")
