"""What the rulebook is told. Frozen values, every field with a default.

``None`` is "not known", and so is an empty agreement, currency or set of jurisdictions. An empty text, tuple or number
is known to be empty. A rule fires on what is known; only where the missing thing is itself the fault does it fire on
``None`` too, and its docstring says so. Days are plain dates, moments are aware, amounts are finite Decimals in
``Facts.currency``. The clock is passed in: ``day`` and ``at``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from replicas.rules.terms import OfferedTerms
from replicas.rules.vocabulary import Sensitive

SHOWN_YOUNG = 17  # years: what a use says that shows somebody under 18
NO_RATES: Mapping[str, Decimal] = MappingProxyType({})
BACKGROUND, DAY_PERFORMER = "background", "day_performer"  # the keys of ``Facts.rates``


@dataclass(frozen=True, slots=True)
class UseFacts:
    """One use: asked for (composing, answering), planned (license use), reported, or licensed (``LicenseFacts``).

    The first fields are those of ``UseTerms``. ``project`` is what tells titles apart (a reference, else the title).
    ``dubbing`` are the languages a replica of the voice would be made to speak; ``languages`` those agreed to.
    ``delivers`` is a ``Deliverable``; ``rider`` whether a rider of its own covers intimate content.
    """

    title: str | None = None
    description: str | None = None
    role: str | None = None
    scenes: str | None = None
    medium: str | None = None
    territory: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    alterations: str | None = None
    ai: tuple[str, ...] | None = None
    sensitive: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    replica_days: int | None = None
    fee: Decimal | None = None
    project: str | None = None
    brand: str | None = None
    product_line: str | None = None
    work_replaced: bool | None = None
    as_scripted: bool | None = None
    script_version: str | None = None
    script_dated: date | None = None
    depicted_age: int | None = None
    rider: bool | None = None
    has_lines: bool | None = None
    close_up: bool | None = None
    dubbing: tuple[str, ...] | None = None
    delivers: str | None = None
    training_recipient: str | None = None  # a third party who would train on it; "" for nobody
    union_told_on: date | None = None  # when the union was told in writing of that training


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """A scan that is announced. ``notice_at`` is when the performer is told, ``engaged_at`` when they were engaged.

    ``hours`` is the length of the session; ``own_day`` whether it takes a day of its own (False: a work day);
    ``pay`` what is paid for the session. ``release`` is the written release of Illinois; ``training`` yes or no.
    """

    scan_at: datetime | None = None
    notice_at: datetime | None = None
    engaged_at: datetime | None = None
    business_reason: str | None = None
    description: str | None = None
    uses: str | None = None  # intended use in words
    role: str | None = None
    equipment: str | None = None
    modalities: tuple[str, ...] | None = None
    hours: Decimal | None = None
    storage: str | None = None
    access: str | None = None
    retention_until: date | None = None
    pay: Decimal | None = None
    own_day: bool | None = None
    by_request: bool | None = None  # scheduled to suit the performer
    release: bool | None = None
    training: bool | None = None
    contact: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """The performer. ``estate`` is whether somebody holds a mandate of the estate; ``guardian`` whether one is named.

    ``ai_agreed`` are the AI permissions they opted in to, each separately. ``after_death`` is their explicit choice.
    """

    born_on: date | None = None
    died_on: date | None = None
    guardian: bool | None = None
    court_ref: str | None = None
    estate: bool | None = None
    union_speaks: bool | None = None  # the union, where a contract lets it answer for the deceased
    claim_ref: str | None = None  # the successors' registered claim (New York)
    represented: str | None = None  # a ``Represented``
    ai_agreed: frozenset[str] | None = None
    after_death: str | None = None
    holds_consents: bool | None = None  # has put their own consents on hold during a strike


@dataclass(frozen=True, slots=True)
class ReplicaFacts:
    """``captured_for`` is the project it was made for, as in ``UseFacts.project``; ``synthetic``: nobody's likeness."""

    kind: str | None = None
    captured_on: date | None = None
    captured_for: str | None = None
    holder_registered: bool | None = None
    place_registered: bool | None = None
    copies_registered: bool | None = None
    access_needed: bool | None = None  # whether who opened it had a business need
    synthetic: bool | None = None
    value_statement: str | None = None  # why a synthetic adds significant value over a person


@dataclass(frozen=True, slots=True)
class ProductionFacts:
    """The title it is for. ``signatory``: the producer signed the union agreement."""

    project: str | None = None
    kind: str | None = None
    photography_from: date | None = None
    photography_to: date | None = None
    signatory: bool | None = None
    live_background: int | None = None  # covered background actors on the day
    required_background: int | None = None  # how many the agreement asks for in that zone


@dataclass(frozen=True, slots=True)
class LicenseFacts:
    """What was agreed. ``uses`` are the licensed uses; ``agreed_on`` the day of the yes."""

    project: str | None = None
    uses: tuple[UseFacts, ...] = ()
    agreed_on: date | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TransferFacts:
    """A replica goes to a new holder. ``union_asked_on`` starts the 21 days."""

    performer_agreed: bool | None = None
    assumption_signed: bool | None = None
    union_approved: bool | None = None
    union_asked_on: date | None = None


@dataclass(frozen=True, slots=True)
class DestructionFacts:
    """What the clock of destruction runs from; ``attested``: the deletion was attested."""

    purpose_met_on: date | None = None
    license_ended_on: date | None = None
    last_interaction_on: date | None = None
    retention_until: date | None = None
    attested: bool | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one judgment is made from.

    ``rates`` maps ``BACKGROUND`` and ``DAY_PERFORMER`` to the floor for one day, in force on ``day``, in
    ``rates_currency``. ``contribution`` is the percentage owed on top, ``contributions_offered`` whether the offer
    carries it. ``reports`` are uses that were reported or found. ``refused_before``: the same use was asked on the same
    terms within the rest that rule R21 asks for.
    """

    day: date | None = None
    at: datetime | None = None
    agreement: str = ""
    jurisdictions: frozenset[str] = frozenset()
    currency: str = ""
    business_reason: str | None = None
    uses: tuple[UseFacts, ...] = ()
    scan: ScanFacts | None = None
    person: PersonFacts = PersonFacts()
    replica: ReplicaFacts = ReplicaFacts()
    production: ProductionFacts = ProductionFacts()
    license: LicenseFacts | None = None
    reports: tuple[UseFacts, ...] = ()
    transfer: TransferFacts | None = None
    destruction: DestructionFacts | None = None
    struck: bool | None = None
    rates: Mapping[str, Decimal] = field(default_factory=lambda: NO_RATES)
    rates_currency: str = "USD"
    contribution: Decimal | None = None
    contributions_offered: bool | None = None
    commission: Decimal | None = None  # per cent
    commission_from_scale: bool | None = None
    commission_from_both: bool | None = None
    agency_license: str | None = None  # the number; None where no agency is part of it
    signer: str | None = None  # a ``Signer``
    signed_apart: bool | None = None  # the consent is a text of its own
    signed_by_own_act: bool | None = None
    answer_by: datetime | None = None
    refused_before: bool | None = None
    usage_report_due: date | None = None
    usage_report_received: bool | None = None
    access_request_sent_on: date | None = None
    access_request_answered: bool | None = None
    disclosure: str | None = None  # the words that say a replica was used
    exception_claim: str | None = None  # parody, news, documentary … as the requester put it


def uses_of(terms: OfferedTerms, project: str | None = None) -> tuple[UseFacts, ...]:
    """The uses of a round of terms, for ``project``, as the rulebook reads them."""
    return tuple(
        UseFacts(
            title=use.title,
            description=use.description,
            role=use.role,
            scenes=use.scenes,
            medium=use.medium,
            territory=use.territory,
            starts_on=use.starts_on,
            ends_on=use.ends_on,
            alterations=use.alterations,
            ai=use.ai,
            sensitive=use.sensitive,
            depicted_age=SHOWN_YOUNG if Sensitive.AS_MINOR in use.sensitive else None,
            languages=tuple(use.languages.split()),
            replica_days=use.replica_days,
            fee=use.fee,
            project=project,
            brand=use.brand,
            product_line=use.product_line,
            work_replaced=use.work_replaced,
            as_scripted=use.as_scripted,
            script_version=use.script_version,
            script_dated=use.script_dated,
        )
        for use in terms.uses
    )
