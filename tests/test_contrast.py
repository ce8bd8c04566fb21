"""Every pair of colors that carries words reads at 4.5 : 1, in light and in dark; edges of controls at 3 : 1."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parent.parent / "static/css/tokens.css").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(?P<selector>:root[^{]*)\{(?P<body>[^}]*)\}", CSS)
GROUNDS = ("paper", "sheet", "sunk")
PAIRS = [
    *[(front, back) for front in ("ink", "soft", "accent", "accent-strong", "yes", "no", "wait") for back in GROUNDS],
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-yes", "yes"),
    ("on-no", "no"),
    *[(front, f"{front}-wash") for front in ("accent", "yes", "no", "wait")],
    *[(front, back) for front in ("ink", "soft") for back in ("accent-wash", "yes-wash", "no-wash", "wait-wash")],
]


def colors(body: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9A-Fa-f]{6})", body))


def themes() -> dict[str, dict[str, str]]:
    light, dark_by_system, dark_by_choice = (colors(body) for _, body in BLOCKS)
    return {"light": light, "dark by system": dark_by_system, "dark by choice": dark_by_choice}


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", themes())
@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_words_can_be_read(theme: str, front: str, back: str) -> None:
    palette = themes()[theme]
    assert contrast(palette[front], palette[back]) >= 4.5


@pytest.mark.parametrize("theme", themes())
def test_edges_of_controls_can_be_seen(theme: str) -> None:
    palette = themes()[theme]
    assert min(contrast(palette["edge"], palette[ground]) for ground in GROUNDS) >= 3


def test_both_ways_to_dark_are_the_same() -> None:
    both = themes()
    assert both["dark by system"] == both["dark by choice"]
    assert set(both["dark by system"]) == set(both["light"])


def test_measure_is_right() -> None:
    assert round(contrast("#000000", "#FFFFFF"), 1) == 21.0
