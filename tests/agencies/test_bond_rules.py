"""The bond's state machine over every state × move × side, and on the second it expires."""

from datetime import UTC, datetime, timedelta
from itertools import chain, combinations, islice, product

import pytest

from accounts.rules.refusal import Refused
from agencies.rules.bonds import (
    BondMove,
    BondSide,
    Standing,
    check_owners,
    check_resend,
    judge_bond,
    slug_candidates,
    standing_of_link,
)
from agencies.rules.organizations import BondState

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
SIDES = [frozenset(some) for some in chain.from_iterable(combinations(BondSide, count) for count in range(4))]
STATES = [None, *BondState]
H, P, C = BondSide.HOUSE, BondSide.PERSON, BondSide.PORTAL

# (move, opened by, state) -> (sides that may, where it leads). Everything else is refused.
ALLOWED = {
    **{(BondMove.INVITE, side, state): ({H}, "invited") for side in (H, P) for state in (None, "former", "declined")},
    **{(BondMove.ASK, side, state): ({P}, "invited") for side in (H, P) for state in (None, "former", "declined")},
    (BondMove.RESEND, H, "invited"): ({H}, "invited"),
    (BondMove.RESEND, P, "invited"): ({P}, "invited"),
    (BondMove.ACCEPT, H, "invited"): ({P}, "active"),
    (BondMove.ACCEPT, P, "invited"): ({H}, "active"),
    (BondMove.DECLINE, H, "invited"): ({P}, "declined"),
    (BondMove.DECLINE, P, "invited"): ({H}, "declined"),
    (BondMove.WITHDRAW, H, "invited"): ({H}, "declined"),
    (BondMove.WITHDRAW, P, "invited"): ({P}, "declined"),
    (BondMove.END, H, "active"): ({H, P}, "former"),
    (BondMove.END, P, "active"): ({H, P}, "former"),
}


def outcome(move, opened_by, state, sides, expires_at):
    try:
        return judge_bond(move, state=state, sides=sides, opened_by=opened_by, at=AT, expires_at=expires_at).value
    except Refused as refusal:
        return refusal.code


@pytest.mark.parametrize("move", BondMove)
def test_every_state_and_side_before_the_invitation_expires(move):
    later = AT + timedelta(seconds=1)
    for opened_by, state, sides in product((H, P), STATES, SIDES):
        may, leads_to = ALLOWED.get((move, opened_by, state.value if state else None), (set(), ""))
        result = outcome(move, opened_by, state, sides, later)
        if may & sides:
            assert result == leads_to, (move, opened_by, state, sides)
        else:
            assert result not in {"invited", "active", "former", "declined"}, (move, opened_by, state, sides)


@pytest.mark.parametrize(
    ("seconds", "accepted", "declined", "expired"),
    [
        (1, "active", "declined", "too-early"),
        (0, "expired", "expired", "declined"),
        (-1, "expired", "expired", "declined"),
    ],
)
def test_the_last_moment_itself_is_too_late(seconds, accepted, declined, expired):
    expires_at = AT + timedelta(seconds=seconds)
    state = BondState.INVITED
    assert outcome(BondMove.ACCEPT, H, state, frozenset({P}), expires_at) == accepted
    assert outcome(BondMove.DECLINE, H, state, frozenset({P}), expires_at) == declined
    assert outcome(BondMove.EXPIRE, H, state, frozenset({C}), expires_at) == expired


def test_sending_again_and_taking_back_work_after_the_time_ran_out():
    over = AT - timedelta(days=1)
    assert outcome(BondMove.RESEND, H, BondState.INVITED, frozenset({H}), over) == "invited"
    assert outcome(BondMove.WITHDRAW, H, BondState.INVITED, frozenset({H}), over) == "declined"


def test_a_question_without_an_end_never_expires():
    assert outcome(BondMove.ACCEPT, P, BondState.INVITED, frozenset({H}), None) == "active"
    assert outcome(BondMove.EXPIRE, P, BondState.INVITED, frozenset({C}), None) == "too-early"


def test_nobody_confirms_their_own_step():
    assert outcome(BondMove.ACCEPT, H, BondState.INVITED, frozenset({H}), None) == "not-yours"
    assert outcome(BondMove.ACCEPT, P, BondState.INVITED, frozenset({P}), None) == "not-yours"


@pytest.mark.parametrize(
    ("state", "link", "nonce", "expires_in", "ended_by", "standing"),
    [
        (BondState.INVITED, "a", "a", 1, None, Standing.OPEN),
        (BondState.INVITED, "a", "a", 0, None, Standing.EXPIRED),
        (BondState.INVITED, "a", "b", 1, None, Standing.REPLACED),
        (BondState.ACTIVE, "a", "b", 0, None, Standing.ACCEPTED),
        (BondState.FORMER, "a", "a", 1, 7, Standing.ENDED),
        (BondState.DECLINED, "a", "a", 1, 7, Standing.DECLINED),
        (BondState.DECLINED, "a", "", 1, 7, Standing.WITHDRAWN),
        (BondState.DECLINED, "a", "a", 0, None, Standing.EXPIRED),
    ],
)
def test_what_the_holder_of_a_link_finds(state, link, nonce, expires_in, ended_by, standing):
    expires_at = AT + timedelta(seconds=expires_in)
    found = standing_of_link(state, link_nonce=link, nonce=nonce, expires_at=expires_at, ended_by=ended_by, at=AT)
    assert found == standing


def test_a_letter_goes_out_at_most_every_ten_minutes():
    check_resend(AT - timedelta(minutes=10), at=AT)
    with pytest.raises(Refused) as refused:
        check_resend(AT - timedelta(minutes=10) + timedelta(seconds=1), at=AT)
    assert refused.value.code == "sent-just-now"


def test_a_house_keeps_an_owner():
    check_owners(1)
    with pytest.raises(Refused) as refused:
        check_owners(0)
    assert refused.value.code == "last-owner"


@pytest.mark.parametrize(
    ("slug", "first"),
    [
        ("nova-pictures", ["nova-pictures", "nova-pictures-2", "nova-pictures-3"]),
        ("staff", ["staff-2", "staff-3", "staff-4"]),
        ("actor", ["actor-2", "actor-3", "actor-4"]),
        ("", ["house", "house-2", "house-3"]),
    ],
)
def test_addresses_of_houses_never_take_the_name_of_another_desk(slug, first):
    assert list(islice(slug_candidates(slug), 3)) == first


def test_long_names_fit_their_column():
    assert max(len(slug) for slug in slug_candidates("a" * 120)) <= 60
