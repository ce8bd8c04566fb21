"""Who is drawn: the measures of one invented person, all from one seed."""

from dataclasses import dataclass
from random import Random

STYLES = (
    *("shaved", "buzz", "crop", "quiff", "curls", "afro", "bob", "long", "waves"),
    *("bun", "tail", "locs", "scarf", "beanie", "receding", "fringe"),
)
WEIGHTS = (3, 6, 11, 9, 9, 6, 9, 8, 10, 8, 6, 6, 3, 3, 5, 6)


@dataclass(frozen=True, slots=True)
class Person:
    """Lengths are in heads (chin to crown = 1); factors are around 1; angles in radians."""

    wide: float
    jaw: float
    chin: float
    cheek: float
    nose: float
    nose_wide: float
    hook: float
    brow: float
    lips: float
    eyes: float
    ears: float
    neck: float
    shoulders: float
    slope: float
    weight: float
    style: str
    volume: float
    length: float
    side: float
    beard: str
    glasses: bool
    collar: str
    turn: float
    tilt: float
    texture: float


def person(random: Random) -> Person:
    """An invented person. Build and hair go together loosely, as they do."""
    build = random.random()  # 0 slight, 1 broad
    style = random.choices(STYLES, WEIGHTS)[0]
    beards = build > 0.45 and style not in ("bob", "scarf", "long", "waves", "bun", "fringe")
    return Person(
        wide=random.uniform(0.9, 1.02) + build * 0.09,
        jaw=random.uniform(0.78, 0.98) + build * 0.22,
        chin=random.uniform(0.85, 1.2),
        cheek=random.uniform(0.3, 1.5),
        nose=random.uniform(0.75, 1.3),
        nose_wide=random.uniform(0.8, 1.4),
        hook=random.uniform(-0.5, 1.0),
        brow=random.uniform(0.4, 1.0) + build * 0.6,
        lips=random.uniform(0.6, 1.5),
        eyes=random.uniform(0.92, 1.1),
        ears=random.uniform(0.6, 1.25) if style != "scarf" else 0.0,
        neck=random.uniform(0.84, 0.98) + build * 0.26,
        shoulders=random.uniform(0.84, 0.98) + build * 0.24,
        slope=random.uniform(0.8, 1.25),
        weight=random.triangular(0.86, 1.42, 1.0),
        style=style,
        volume=random.uniform(0.75, 1.35),
        length=random.uniform(0.0, 1.0),
        side=random.choice((-1.0, 1.0)),
        beard=random.choices(("none", "full", "short", "chin"), (5, 3, 3, 2))[0] if beards else "none",
        glasses=random.random() < 0.14,
        collar=random.choice(("crew", "vee", "turtle", "shirt", "hood", "open")) if style != "scarf" else "turtle",
        turn=random.choice((-1, 1)) * random.uniform(0.06, 0.62),
        tilt=random.uniform(-0.07, 0.07),
        texture=random.uniform(0, 6.28),
    )
