"""Rule R02: what asks for everything, forever, is refused with the reason; what only sounds like it may stand."""

import pytest

from replicas.rules.descriptions import catch_alls, together

REFUSED = [
    "in perpetuity",
    "In  Perpetuity",
    "the license runs in per\u00adpetuity",
    "ｉｎ ｐｅｒｐｅｔｕｉｔｙ",
    "a perpetual, worldwide license",
    "a perpetual and royalty-free right to the replica",
    "rights granted perpetually",
    "an everlasting right",
    "usage is valid indefinitely",
    "we may show it forever",
    "for ever",
    "until the end of time",
    "for an unlimited term",
    "an indefinite period",
    "without limitation as to time",
    "unlimited in time",
    "for the full term of copyright",
    "for the life of the copyright",
    "throughout the universe",
    "throughout the known universe",
    "across the entire universe",
    "anywhere in the universe",
    "universe-wide",
    "in any and all media",
    "all media",
    "any other medium",
    "all forms of media",
    "in all formats",
    "on all platforms",
    "by any means",
    "now known or hereafter devised",
    "currently existing or later invented",
    "media hereafter invented",
    "formats yet to be developed",
    "irrevocable consent",
    "irrevocably",
    "a non-revocable grant",
    "an unconditional license",
    "for any purpose",
    "for any lawful purpose whatsoever",
    "for all purposes",
    "any use whatsoever",
    "in any manner",
    "a full buy-out",
    "unlimited reuse",
    "including but not limited to any and all media",
]
MAY_STAND = [
    "a universal remote on the table",
    "the Universal Studios lot",
    "visitors at the perpetual motion machine exhibit",
    "a perpetual calendar hangs on the wall",
    "perpetuum mobile, the clockmaker's toy",
    "she is perpetually late for the ferry",
    "lays a wreath at the eternal flame",
    "walks through the Eternal City at dawn",
    "shoppers in front of a Forever 21 store",
    "a poster that says forever young",
    "in the universe of the novel, the harbor froze over",
    "the Marvel universe",
    "plays “Across the Universe” on a guitar",
    "a multimedia artist among the guests",
    "reads about it in the media",
    "in every medium shot of the market",
    "by all means polite, bows to the captain",
    "commuters on all platforms of Union Station",
    "not for any other purpose",
    "the face is never shown in any manner",
    "an all-purpose vehicle passes behind the crowd",
    "a bag of all purpose flour",
    "a story of unconditional love between two sisters",
    "regains full use of her left arm",
    "a term of office that ends in the spring",
    "streaming worldwide until November",
    "the crowd waits for every train",
    "a well known or famous fairground",
]


@pytest.mark.parametrize("text", REFUSED)
def test_a_catch_all_is_refused_with_what_to_write_instead(text):
    found = catch_alls(f"She stands in the crowd, {text}, seen from far away.")
    assert found
    for one in found:
        assert one.phrase in one.sentence
        assert len(one.sentence) > len(one.phrase) + 30


@pytest.mark.parametrize("text", MAY_STAND)
def test_what_only_sounds_like_one_may_stand(text):
    assert catch_alls(f"She stands in the crowd, {text}, seen from far away.") == []


def test_every_phrase_is_named_in_reading_order():
    found = catch_alls("Throughout the universe, in perpetuity, and irrevocably.")
    assert [one.phrase.lower() for one in found] == ["throughout the universe", "in perpetuity", "irrevocably"]


def test_line_breaks_and_curly_quotes_hide_nothing():
    assert [one.phrase for one in catch_alls("in\nall\r\nmedia")] == ["all media"]


def test_phrases_of_one_reason_share_a_sentence():
    found = catch_alls("In any and all media now known or hereafter devised, throughout the universe.")
    media, place = together(found)
    assert media.startswith("“any and all media”, “now known or hereafter” and “hereafter devised” can't be agreed")
    assert place.startswith("“throughout the universe” can't be agreed here. Name the territory")
