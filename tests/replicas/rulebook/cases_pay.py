"""Truth tables: pay. Rates: 231 for background, 1,283 for a day performer."""

from decimal import Decimal

from tests.replicas.rulebook.cases import (
    ANSWERING,
    BLOCK,
    COMPOSING,
    RATES,
    SCAN,
    TV,
    WARN,
    asked,
    facts,
    of,
    places,
    production,
    replica,
    scan,
    use,
)

CENT = Decimal("0.01")
FEE, PAY = (BLOCK, "fee", 0), (BLOCK, "pay", None)


def offer(fee: object, kind: str | None = "badr", agreement: str = TV, currency: str = "USD", **changes: object):
    """Three days, as background unless said."""
    captured_for = changes.pop("captured_for", None)
    more = {"agreement": agreement, "rates": RATES, "currency": currency}
    return asked({**more, **replica(kind=kind, captured_for=captured_for)}, fee=fee, **changes)


def session(pay: object, agreement: str = TV, **changes: object):
    return scan({"agreement": agreement, "rates": RATES}, **{"own_day": True, "pay": pay, **changes})


R30 = [
    *of(
        "R30",
        COMPOSING,
        ("three background days", offer(Decimal(693))),
        ("a cent less", offer(Decimal(693) - CENT), FEE),
        ("a cent less without a union", offer(Decimal(693) - CENT, agreement="none"), (WARN, "fee", 0)),
        ("a cent less, the agreement not known", offer(Decimal(693) - CENT, agreement=""), (WARN, "fee", 0)),
        ("three days of a day performer", offer(Decimal(3849), "ebdr", role="principal")),
        ("a cent less", offer(Decimal(3849) - CENT, "ebdr", role="principal"), FEE),
        ("an independent replica as background", offer(Decimal(3849) - CENT, "icdr"), FEE),
        ("a kind that is not known: by role", offer(Decimal(693), None)),
        ("… as principal", offer(Decimal(693), None, role="principal"), FEE),
        ("neither kind nor role known", offer(Decimal(1), None, role=None)),
        ("background in the same picture", offer(Decimal(0), captured_for="P-1")),
        ("in another picture", offer(Decimal(0), captured_for="P-2"), FEE),
        ("another currency can’t be compared", offer(Decimal(1), currency="GBP")),
        ("days not known", offer(Decimal(1), replica_days=None)),
        ("fee not known", offer(None)),
        ("upgraded background, where R31 speaks", offer(Decimal(1), role="principal")),
        ("no floor known", asked(fee=Decimal(1))),
        ("nothing at all, no floor known", asked(fee=Decimal(0)), (WARN, "fee", None)),
        ("nothing for one of two", facts(uses=(use(fee=Decimal(0)), use()))),
    ),
    *of("R30", ANSWERING, ("a cent less", offer(Decimal(693) - CENT), FEE)),
    *of(
        "R30",
        SCAN,
        ("a day of background", session(Decimal(231))),
        ("a cent less", session(Decimal(231) - CENT), PAY),
        ("a cent less without a union", session(Decimal(231) - CENT, "none"), (WARN, "pay", None)),
        ("nothing", session(Decimal(0)), PAY),
        ("on a work day", session(Decimal(0), own_day=False)),
        ("which day is not known", session(Decimal(0), own_day=None)),
        ("pay not known", session(None)),
        ("role not known", session(Decimal(1), role=None)),
        ("a principal’s day", session(Decimal(1283), role="principal")),
        ("a cent less", session(Decimal(1283) - CENT, role="principal"), PAY),
        (
            "half a day for four hours at their wish",
            session(Decimal("641.50"), role="principal", by_request=True, hours=Decimal(4)),
        ),
        (
            "a cent less than half",
            session(Decimal("641.49"), role="principal", by_request=True, hours=Decimal(4)),
            PAY,
        ),
        (
            "a minute more than four hours",
            session(Decimal("641.50"), role="principal", by_request=True, hours=Decimal(241) / 60),
            PAY,
        ),
        ("four hours at the producer’s wish", session(Decimal("641.50"), role="principal", hours=Decimal(4)), PAY),
    ),
]
R31 = [
    *of(
        "R31",
        COMPOSING,
        ("background", offer(Decimal(1))),
        ("featured", offer(Decimal(1), role="featured")),
        ("principal below the price", offer(Decimal(3849) - CENT, role="principal"), FEE),
        ("principal at the price", offer(Decimal(3849), role="principal")),
        ("below it without a union", offer(Decimal(1), agreement="none", role="principal"), (WARN, "fee", 0)),
        ("lines", offer(Decimal(1), has_lines=True), FEE),
        ("a close-up", offer(Decimal(1), close_up=True), FEE),
        ("the price is not known", asked(replica(kind="badr"), role="principal"), (WARN, "fee", 0)),
        ("another kind", offer(Decimal(1), "ebdr", role="principal")),
        ("even in the same picture", offer(Decimal(1), captured_for="P-1", role="principal"), FEE),
    ),
    *of("R31", ANSWERING, ("principal below the price", offer(Decimal(1), role="principal"), FEE)),
]


def crowd(live: int | None, signatory: bool | None = True):
    return facts(**production(live_background=live, required_background=25, signatory=signatory))


R33 = of(
    "R33",
    COMPOSING,
    ("enough", crowd(25)),
    ("one too few", crowd(24), (BLOCK, "live_background", None)),
    ("one too few, no signatory", crowd(24, False), (WARN, "live_background", None)),
    ("one too few, not known", crowd(24, None), (WARN, "live_background", None)),
    ("not counted", crowd(None)),
)
UNPAID = (WARN, "pay", None)
R34 = [
    *of(
        "R34",
        COMPOSING,
        ("with contributions", facts(contributions_offered=True)),
        ("not known", facts()),
        (
            "without",
            facts(contributions_offered=False, contribution=Decimal("21.5")),
            (WARN, "contributions_offered", None),
        ),
        ("without, for no pay", asked({"contributions_offered": False}, fee=Decimal(0))),
    ),
    *of("R34", ANSWERING, ("without", facts(contributions_offered=False), (WARN, "contributions_offered", None))),
    *of(
        "R34",
        SCAN,
        ("paid", session(Decimal(231))),
        (
            "paid without contributions",
            scan({"contributions_offered": False}, pay=Decimal(231)),
            (WARN, "contributions_offered", None),
        ),
        ("unpaid, no floor known", scan(own_day=True, pay=Decimal(0)), UNPAID),
        ("unpaid below a floor, where R30 speaks", session(Decimal(0))),
        ("pay not said", session(None), UNPAID),
        ("on a work day", scan(own_day=False)),
        ("which day is not known", scan()),
    ),
]
R35 = of(
    "R35",
    ANSWERING,
    ("ten per cent on top", facts(commission=Decimal(10), commission_from_scale=False, commission_from_both=False)),
    ("a hundredth more", facts(commission=Decimal("10.01")), (BLOCK, "commission", None)),
    ("out of the minimum", facts(commission_from_scale=True), (BLOCK, "commission_from_scale", None)),
    ("from both sides", facts(commission_from_both=True), (BLOCK, "commission_from_both", None)),
    ("no agency", facts()),
)
R36 = of(
    "R36",
    ANSWERING,
    ("a number", facts(agency_license="TA-1", **places("US-CA"))),
    ("none", facts(agency_license="", **places("US-CA")), (WARN, "agency_license", None)),
    ("elsewhere", facts(agency_license="", **places("US-NY"))),
    ("no agency", facts(**places("US-CA"))),
)
CASES = [*R30, *R31, *R33, *R34, *R35, *R36]
