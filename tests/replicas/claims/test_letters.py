"""Which letter goes where, on what it rests, and its words."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from replicas.rules.claiming import Ask, ClaimFacts, Place
from replicas.rules.letters import BASES, Basis, Grade, LetterFacts, bases_of, by_month, digest, letter

A = Ask
B = Basis
LAW = {
    Place.EU: {A.ACCESS: B.GDPR_ACCESS, A.DELETION: B.GDPR_ERASURE, A.DISCLOSURE: B.GDPR_ACCESS},
    Place.UK: {A.ACCESS: B.GDPR_ACCESS, A.DELETION: B.GDPR_ERASURE, A.DISCLOSURE: B.GDPR_ACCESS},
    Place.US_IL: dict.fromkeys(A, B.BIPA),
    Place.US: {},
    Place.OTHER: {},
}
SCAN = ClaimFacts(
    scanned_on=date(2023, 3, 14),
    place="a trailer in Atlanta",
    captured_by="Volume Stage",
    production="Low Tide",
    told="It is for the crowd",
    remembered="A ring of cameras around me",
)
ABOUT = LetterFacts(
    ref="S-7K3M9Q",
    performer="Marcus Bell",
    legal_name="Marcus Bell",
    holder="Volume Stage",
    facts=SCAN,
    place=Place.EU,
    ask=Ask.ACCESS,
    under_union=False,
    sent_on=date(2026, 1, 31),
    due_on=date(2026, 2, 28),
)


@pytest.mark.parametrize(("place", "ask", "union"), list(product(Place, Ask, (False, True))))
def test_the_law_of_the_place_comes_first_then_the_union_then_a_plain_request(place, ask, union):
    expected = [LAW[place][ask]] if ask in LAW[place] else []
    expected += [B.UNION] if union and ask is not A.DELETION else []
    assert bases_of(place, ask, under_union=union) == tuple(expected or [B.PLAIN])


def test_only_the_gdpr_sets_a_month():
    assert {basis for basis in Basis if by_month([basis])} == {B.GDPR_ACCESS, B.GDPR_ERASURE}


def test_every_basis_says_where_it_comes_from_and_how_good_that_is():
    assert {basis: BASES[basis].grade for basis in Basis} == {
        B.GDPR_ACCESS: Grade.SECONDARY,
        B.GDPR_ERASURE: Grade.SECONDARY,
        B.BIPA: Grade.PRIMARY,
        B.UNION: Grade.SECONDARY,
        B.PLAIN: Grade.PORTAL,
    }
    assert all(BASES[basis].source and BASES[basis].says for basis in Basis)


@pytest.mark.parametrize(("place", "ask", "union"), list(product(Place, Ask, (False, True))))
def test_every_letter_is_whole_and_short(place, ask, union):
    text = letter(replace(ABOUT, place=place, ask=ask, under_union=union))
    assert "{" not in text
    assert "None" not in text
    assert len(text.split()) <= 330
    for words in ("S-7K3M9Q", "Volume Stage", "Marcus Bell", "Feb 28, 2026", "Low Tide", "On Mar 14, 2023"):
        assert words in text


def test_a_letter_names_what_it_rests_on():
    def text(place, ask, union=False):
        return letter(replace(ABOUT, place=place, ask=ask, under_union=union))

    assert "Article 15 of the GDPR" in text(Place.EU, A.ACCESS)
    assert "Article 17 of the UK GDPR" in text(Place.UK, A.DELETION)
    assert "The law gives you one month." in text(Place.UK, A.DELETION)
    assert "740 ILCS 14/15" in text(Place.US_IL, A.DELETION)
    assert "The law gives you one month." not in text(Place.US_IL, A.DELETION)
    assert "§39.H" in text(Place.US, A.DISCLOSURE, union=True)
    assert "§39.H" not in text(Place.US, A.DELETION, union=True)
    plain = text(Place.OTHER, A.ACCESS)
    assert not any(words in plain for words in ("GDPR", "ILCS", "§", "law"))


def test_a_letter_says_only_what_the_actor_wrote():
    bare = replace(SCAN, scanned_on=None, about_when="spring 2023", production="", told="", remembered="")
    text = letter(replace(ABOUT, facts=bare, legal_name="Marcus A. Bell"))
    assert "About spring 2023, Volume Stage made a digital scan of me (where: a trailer in Atlanta)." in text
    assert "I was not told what it was for or who would keep it." in text
    assert "(legal name: Marcus A. Bell)" in text
    assert "remember being captured" not in text


def test_a_letter_is_known_by_its_hash():
    text = letter(ABOUT)
    assert digest(text) == digest(letter(ABOUT))
    assert digest(text) != digest(letter(replace(ABOUT, due_on=date(2026, 3, 1))))


def test_a_house_with_a_desk_here_needs_no_link():
    assert "secure link" in letter(ABOUT)
    here = letter(replace(ABOUT, on_portal=True))
    assert "secure link" not in here
    assert "on Understudy, where your house has a desk" in here
