"""A movement: one body at sixty moments, the last of them bright, joints leaving their paths behind."""

import math
from dataclasses import dataclass
from random import Random

from portal.demo.portraits.palettes import Color, mixed
from portal.demo.portraits.sheet import Sheet

MOMENTS, KEYS = 64, 5
Point = tuple[float, float, float]
BONES = (
    *(("hip", "neck"), ("neck", "head"), ("left shoulder", "right shoulder"), ("left hip", "right hip")),
    *((f"{side} {a}", f"{side} {b}") for side in ("left", "right") for a, b in (
        ("shoulder", "elbow"), ("elbow", "hand"), ("hip", "knee"), ("knee", "foot"), ("foot", "toe"),
    )),
)  # fmt: skip
TRACED = ("head", "left hand", "right hand", "left foot", "right foot")


@dataclass(frozen=True, slots=True)
class Move:
    """Of one movement: angles in radians, lengths in leg lengths, ``beats`` steps on the way."""

    way: float
    beats: float
    stride: float
    knee: float
    swing: float
    elbow: float
    lean: float
    leap: float
    turn: float
    reach: float


MOVES = (
    Move(way=2.5, beats=1.6, stride=0.48, knee=0.7, swing=0.5, elbow=0.4, lean=0.06, leap=0.03, turn=0.0, reach=0.0),
    Move(way=2.7, beats=1.5, stride=0.85, knee=1.5, swing=0.9, elbow=1.5, lean=0.26, leap=0.12, turn=0.0, reach=0.0),
    Move(way=2.7, beats=0.75, stride=1.1, knee=0.8, swing=1.0, elbow=0.4, lean=0.12, leap=0.75, turn=0.0, reach=0.9),
    Move(way=1.7, beats=0.6, stride=0.35, knee=0.5, swing=0.3, elbow=0.5, lean=0.0, leap=0.12, turn=6.3, reach=1.5),
    Move(way=1.9, beats=0.8, stride=0.6, knee=0.6, swing=1.3, elbow=0.9, lean=0.3, leap=0.05, turn=0.9, reach=1.2),
)


def draw(sheet: Sheet, random: Random) -> None:
    """From the first moment, faint, to the last."""
    for _ in range(9):
        random.random()
    stage = Stage(sheet, random)
    stage.floor()
    moments = [stage.pose(step / (MOMENTS - 1)) for step in range(MOMENTS)]
    ground, ink = sheet.palette.ground, sheet.palette
    for step, joints in enumerate(moments):
        age = step / (MOMENTS - 1)
        key = step % (MOMENTS // KEYS) == (MOMENTS - 1) % (MOMENTS // KEYS)
        color = mixed(ground, ink.hair if key else ink.cloth, (0.4 if key else 0.2) + 0.36 * age)
        stage.bones(joints, color, 3.4 if key else 1.5)
    for name in TRACED:
        stage.path([joints[name] for joints in moments])
    stage.body(moments[-1])


class Stage:
    """Where it happens, seen a little from the side and from above."""

    def __init__(self, sheet: Sheet, random: Random) -> None:
        self.sheet, self.move = sheet, random.choice(MOVES)
        self.side = random.choice((-1, 1))
        self.phase = random.uniform(0, 6.28)
        self.look = random.uniform(0.35, 0.6) * self.side
        self.scale = 284 * random.uniform(0.94, 1.06)
        self.loose = random.uniform(0.85, 1.2)

    def pose(self, when: float) -> dict[str, Point]:
        """Joints at a moment (0 to 1): x along the way, y up, z toward the viewer."""
        move, beat = self.move, self.phase + when * self.move.beats * 2 * math.pi
        air = move.leap * (math.sin(math.pi * when) ** 2 if move.leap > 0.3 else abs(math.sin(beat)))
        hip = ((when - 0.5) * move.way, 0.98 + air - 0.05 * abs(math.cos(beat)), 0.0)
        face = move.turn * when * self.side
        lean = move.lean * self.loose
        neck = (hip[0] + math.sin(lean) * 0.78, hip[1] + math.cos(lean) * 0.78, 0.0)
        head = (neck[0] + math.sin(lean * 1.3) * 0.28, neck[1] + 0.28, 0.0)
        joints: dict[str, Point] = {"hip": hip, "neck": neck, "head": head}
        for name, side, step in (("left", -1, beat), ("right", 1, beat + math.pi)):
            self._leg(joints, name, side, step)
            self._arm(joints, name, side, (step, when))
        return {name: _turned(point, hip, face) for name, point in joints.items()}

    def _leg(self, joints: dict[str, Point], name: str, side: int, step: float) -> None:
        move, (x, y, _) = self.move, joints["hip"]
        thigh = move.stride * math.sin(step) * self.loose + 0.1
        shin = thigh - move.knee * max(0.0, math.sin(step - 1.2)) ** 1.4 - 0.08
        z = side * 0.15
        joints[f"{name} hip"] = (x, y, z)
        knee = (x + math.sin(thigh) * 0.5, y - math.cos(thigh) * 0.5, z)
        foot = (knee[0] + math.sin(shin) * 0.48, knee[1] - math.cos(shin) * 0.48, z)
        joints[f"{name} knee"], joints[f"{name} foot"] = knee, foot
        joints[f"{name} toe"] = (foot[0] + math.cos(shin) * 0.2, foot[1] + math.sin(shin) * 0.2 - 0.05, z)

    def _arm(self, joints: dict[str, Point], name: str, side: int, time: tuple[float, float]) -> None:
        move, (x, y, _), (step, when) = self.move, joints["neck"], time
        lift = move.reach * math.sin(math.pi * min(1.0, when * 1.15)) ** 1.5 * (1.3 if side == self.side else 0.8)
        upper = -move.swing * math.sin(step) * self.loose + lift
        lower = upper + move.elbow * (0.6 + 0.4 * math.sin(step + math.pi)) * (1 - 0.5 * min(1.0, lift))
        wide = side * 0.22
        joints[f"{name} shoulder"] = (x, y - 0.06, wide)
        out = side * (0.06 + 0.22 * lift)
        elbow = (x + math.sin(upper) * 0.36, y - 0.06 - math.cos(upper) * 0.36, wide + out)
        joints[f"{name} elbow"] = elbow
        joints[f"{name} hand"] = (
            elbow[0] + math.sin(lower) * 0.36,
            elbow[1] - math.cos(lower) * 0.36,
            elbow[2] + out / 2,
        )

    def seen(self, point: Point) -> tuple[float, float]:
        """Pixels of the doubled sheet."""
        x, y, z = point[0] * self.side, point[1], point[2]
        across, deep = (
            x * math.cos(self.look) + z * math.sin(self.look),
            z * math.cos(self.look) - x * math.sin(self.look),
        )
        near = 1 / (1 - deep * 0.13)
        left = self.sheet.width / 2 + across * self.scale * near
        return self.sheet.u(left), self.sheet.u(1120 - (y - 0.15) * self.scale * near + deep * 70)

    def bones(self, joints: dict[str, Point], color: Color, wide: float) -> None:
        """All bones of a moment as strokes."""
        width = self.sheet.stroke(wide)
        for one, other in BONES:
            self.sheet.draw.line((self.seen(joints[one]), self.seen(joints[other])), fill=color, width=width)

    def path(self, points: list[Point]) -> None:
        """Where a joint has been, brighter the later."""
        ground, ink = self.sheet.palette.ground, self.sheet.palette.hair
        seen = [self.seen(point) for point in points]
        for step in range(len(seen) - 1):
            color = mixed(ground, ink, 0.3 + 0.7 * step / len(seen))
            self.sheet.draw.line(seen[step : step + 2], fill=color, width=self.sheet.stroke(3))

    def body(self, joints: dict[str, Point]) -> None:
        """The last moment: bones over their own shadow, a marker on every joint, an oval for the head."""
        ground, skin, draw = self.sheet.palette.ground, self.sheet.palette.skin, self.sheet.draw
        self.bones(joints, mixed(ground, (0, 0, 0), 0.3), 14)
        self.bones(joints, skin, 5.5)
        for name, point in joints.items():
            x, y = self.seen(point)
            size = self.sheet.u(38 if name == "head" else 9)
            tall = size * (1.22 if name == "head" else 1)
            draw.ellipse((x - size, y - tall, x + size, y + tall), fill=mixed(ground, (0, 0, 0), 0.2), outline=skin,
                         width=self.sheet.stroke(4))  # fmt: skip
            if name == "head":
                for band in range(-4, 5):
                    half = size * math.sqrt(1 - (band / 5) ** 2)
                    level = y + tall * band / 5
                    draw.arc((x - half, level - tall * 0.1, x + half, level + tall * 0.1), 0, 180, fill=skin,
                             width=self.sheet.stroke(2))  # fmt: skip

    def floor(self) -> None:
        """A capture floor: lines along and across the way."""
        color = mixed(self.sheet.palette.ground, self.sheet.palette.skin, 0.2)
        for step in range(-8, 9):
            for line in (
                ((step * 0.25, 0.0, -1.0), (step * 0.25, 0.0, 1.0)),
                ((-2.0, 0.0, step / 8), (2.0, 0.0, step / 8)),
            ):
                self.sheet.draw.line([self.seen(point) for point in line], fill=color, width=self.sheet.stroke(1.3))


def _turned(point: Point, around: Point, angle: float) -> Point:
    if not angle:
        return point
    x, z = point[0] - around[0], point[2]
    return (
        around[0] + x * math.cos(angle) + z * math.sin(angle),
        point[1],
        z * math.cos(angle) - x * math.sin(angle),
    )
