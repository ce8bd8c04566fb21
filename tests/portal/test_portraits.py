"""The demo's portraits: the same person every time, nobody twice, quick, and readable on their ground."""

import time
from itertools import product
from random import Random

import pytest

from portal.demo.portraits import SIZE, draw_portrait
from portal.demo.portraits.palettes import palette
from portal.demo.portraits.people import STYLES, person
from tests.test_contrast import contrast

KINDS = ("face", "body", "voice", "motion")
SMALL = (300, 400)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_draws_the_same_picture(kind):
    first, again, other = (draw_portrait(seed, kind=kind, size=SMALL).tobytes() for seed in (7, 7, 8))
    assert first == again
    assert first != other


@pytest.mark.parametrize(("kind", "size"), list(product(("face", "motion"), ((300, 400), (400, 400), (333, 457)))))
def test_the_picture_has_the_size_asked_for(kind, size):
    image = draw_portrait(3, kind=kind, size=size)
    assert (image.size, image.mode) == (size, "RGB")


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_picture_takes_about_half_a_second(kind):
    started = time.process_time()
    image = draw_portrait(11, kind=kind)
    assert image.size == SIZE
    assert time.process_time() - started < 1.2  # 0.1 to 0.4 s on a quiet machine


def test_a_hundred_and_twenty_seeds_are_a_hundred_and_twenty_people():
    people = [person(Random(f"{seed}:person")) for seed in range(120)]
    assert len({(who.style, round(who.wide, 2), round(who.jaw, 2), round(who.turn, 1)) for who in people}) > 112
    assert len({who.style for who in people}) >= len(STYLES) - 2


def test_lines_are_readable_on_their_ground():
    for seed in range(200):
        colors = palette(Random(f"{seed}:colors"))
        for ink in (colors.skin, colors.hair, colors.cloth):
            assert contrast(_code(colors.ground), _code(ink)) >= 4.5


def test_a_picture_has_light_and_dark():
    for kind in KINDS:
        low, high = draw_portrait(5, kind=kind, size=SMALL).convert("L").getextrema()
        assert low < 40
        assert high > 150


def _code(color):
    return "#{:02X}{:02X}{:02X}".format(*color)
