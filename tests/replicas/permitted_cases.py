"""Any standing rules and any terms, for the properties that hold for all of them."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from accounts.rules.people import Language
from replicas.rules.guardrails import Floor, Guardrails
from replicas.rules.permitted import SearchTerms
from replicas.rules.terms import OfferedTerms, UseTerms
from replicas.rules.vocabulary import AIUse, Currency, Medium, Sensitive, Territory, UseRole

BEGINS = date(2026, 3, 1)
# Few values, so that rules and terms meet often, at and around the same figures.
_FEES = st.sampled_from([Decimal(text) for text in ("0", "33.33", "99.99", "100", "100.01", "300", "12345.67")])
_DAYS = st.integers(1, 4)


def some(words, most=3):
    return st.frozensets(st.sampled_from([word.value for word in words]), max_size=most)


def _floors():
    key = st.tuples(st.sampled_from(UseRole), st.sampled_from([Currency.USD, Currency.EUR]))
    one = st.dictionaries(key, _FEES, max_size=3)
    return one.map(lambda least: frozenset(Floor(role, money, fee) for (role, money), fee in least.items()))


def guardrails():
    return st.builds(
        Guardrails,
        never_media=some(Medium),
        never_content=some(Sensitive),
        never_territories=some(Territory, 2),
        never_ai=some(AIUse),
        never_pairs=st.frozensets(
            st.tuples(st.sampled_from([word.value for word in Medium]), st.sampled_from([w.value for w in Sensitive])),
            max_size=6,
        ),
        longest_days=st.none() | _DAYS,
        notice_hours=st.just(48),
        floors=_floors(),
        languages=st.none() | some(Language),
        blocked=st.frozensets(st.integers(1, 3), max_size=2),
    )


def uses():
    return st.builds(
        UseTerms,
        title=st.just("Crowd"),
        description=st.just("In the crowd."),
        role=st.sampled_from([word.value for word in UseRole]),
        medium=st.sampled_from([word.value for word in Medium]),
        territory=st.sampled_from([word.value for word in Territory]),
        starts_on=st.just(BEGINS),
        ends_on=_DAYS.map(lambda days: BEGINS + timedelta(days=days - 1)),
        fee=_FEES,
        replica_days=st.integers(0, 3),
        languages=(some(Language) | st.just(frozenset({"xx"}))).map(lambda codes: " ".join(sorted(codes))),
        ai=some(AIUse).map(tuple),
        sensitive=some(Sensitive).map(tuple),
    )


def offers():
    return st.builds(
        lambda asked, money: OfferedTerms(tuple(asked), "A reason.", money),
        st.lists(uses(), min_size=1, max_size=2),
        st.sampled_from(["USD", "EUR", "GBP"]),
    )


def searches():
    """Small forms, in which anything but medium and territory may be left open."""
    return st.builds(
        lambda asked, money, **left: SearchTerms(
            medium=asked.medium,
            territory=asked.territory,
            content=asked.sensitive,
            ai=asked.ai,
            role=asked.role,
            currency=money,
            starts_on=asked.starts_on if left["dates"] else None,
            ends_on=asked.ends_on if left["dates"] else None,
            languages=tuple(asked.languages.split()) if left["languages"] else (),
            fee=asked.fee if left["fee"] else None,
        ),
        uses(),
        st.sampled_from(["USD", "EUR", "GBP"]),
        dates=st.booleans(),
        languages=st.booleans(),
        fee=st.booleans(),
    )


def as_offer(search, rules):
    """The search's terms as a round of terms, and the rules without those it does not ask about."""
    use = UseTerms(
        title="Crowd",
        description="In the crowd.",
        role=search.role,
        medium=search.medium,
        territory=search.territory,
        starts_on=search.starts_on or BEGINS,
        ends_on=search.ends_on or BEGINS,
        fee=search.fee if search.fee is not None else Decimal(0),
        languages=" ".join(search.languages),
        ai=search.ai,
        sensitive=search.content,
    )
    kept = {} if search.fee is not None else {"floors": frozenset()}
    return OfferedTerms((use,), "A reason.", search.currency), kept
