"""Grounds and inks: dark, warm or cool, in the family of the site's own colors, so that they sit on paper and on night alike."""

import colorsys
from dataclasses import dataclass
from random import Random

Color = tuple[int, int, int]

# ground, skin ink, hair ink, cloth ink
FAMILIES: tuple[tuple[str, str, str, str], ...] = (
    ("#1F1524", "#F0D3B4", "#C58BC0", "#A893B8"),  # aubergine
    ("#10222A", "#CFE6E2", "#E2B98A", "#6FA3A8"),  # deep water
    ("#2A1814", "#F3C9A5", "#D98A62", "#B98F7C"),  # umber
    ("#17211A", "#DDE5C4", "#C8B46C", "#88A585"),  # moss
    ("#1A1A33", "#DAD6F5", "#9D93E0", "#929CC8"),  # indigo
    ("#221E19", "#EFE4D0", "#BFA680", "#9A9081"),  # warm charcoal
    ("#2B1119", "#F5CDC6", "#DE8B8B", "#B18490"),  # oxblood
    ("#161D26", "#DCE4EC", "#E0C27C", "#8198B2"),  # slate
    ("#0F231F", "#F1DCC0", "#6FBFA4", "#7BA094"),  # pine
    ("#281A2B", "#F4D7DC", "#E5AE6D", "#AB8AA8"),  # plum
    ("#0F1A2E", "#F2DFC4", "#7FA9DB", "#8094B5"),  # ink
    ("#291F10", "#F4E2B8", "#D9A441", "#A99870"),  # tobacco
)


@dataclass(frozen=True, slots=True)
class Palette:
    """One ground and three inks; every ink stands at least 4.5 : 1 on its ground."""

    ground: Color
    skin: Color
    hair: Color
    cloth: Color


def palette(random: Random) -> Palette:
    """One of the families, shifted a little, so that two sheets of one family still differ."""
    family = random.choice(FAMILIES)
    turn, light = random.uniform(-0.025, 0.025), random.uniform(0.93, 1.05)
    return Palette(*(_shifted(code, turn, light) for code in family))


def _shifted(code: str, turn: float, light: float) -> Color:
    red, green, blue = (int(code[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    shifted = colorsys.hls_to_rgb((hue + turn) % 1, min(0.95, lightness * light), saturation)
    return (round(shifted[0] * 255), round(shifted[1] * 255), round(shifted[2] * 255))


def mixed(one: Color, other: Color, share: float) -> Color:
    """``one`` with ``share`` (0 to 1) of ``other`` in it."""
    left = 1 - share
    return (
        round(one[0] * left + other[0] * share),
        round(one[1] * left + other[1] * share),
        round(one[2] * left + other[2] * share),
    )


def ramp(low: Color, high: Color, steps: int = 64) -> list[Color]:
    """``steps`` colors from ``low`` to ``high``."""
    return [mixed(low, high, step / (steps - 1)) for step in range(steps)]
