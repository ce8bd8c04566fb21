"""The words of the rulebook: when a rule is judged, what it does, what it stands on, and how sure we are of it."""

from accounts.rules.labeled import Labeled


class Stage(Labeled):
    """The moments at which the rulebook is asked."""

    COMPOSING = "composing", "Before a request is sent"
    ANSWERING = "answering", "When it is answered"
    SCAN = "scan", "When a scan is announced"
    LICENSE_USE = "license_use", "When a license is used"


class Effect(Labeled):
    """What a finding does, from the strongest to the weakest."""

    BLOCK = "block", "Stops it"
    WARN = "warn", "Warns"
    INFORM = "inform", "Informs"


class Basis(Labeled):
    CONTRACT = "contract", "Union contract"
    LAW = "law", "Law"
    BILL = "bill", "Bill, not yet law"
    PORTAL = "portal", "Rule of this portal"


class Grade(Labeled):
    """How well the source of a rule is known. Nobody with a license to give legal advice has checked any of them."""

    PRIMARY = "P", "primary text seen, not checked by a lawyer"
    SECONDARY = "S", "secondary source, not checked by a lawyer"
    ARITHMETIC = "D", "worked out from sourced figures, not checked by a lawyer"
    UNVERIFIED = "M", "unverified, check before you rely on it"


class Party(Labeled):
    """Whom a rule binds."""

    CASTING = "casting", "Producers and casting"
    PERFORMER = "performer", "The performer"
    GUARDIAN = "guardian", "The guardian"
    AGENCY = "agency", "The agency"
    HOLDER = "holder", "Whoever holds the replica"
    PORTAL = "portal", "This portal"


class Theme(Labeled):
    """The groups of the public page, in its order."""

    ASKING = "asking", "What is asked"
    CONSENT = "consent", "Who says yes, and how"
    TIME = "time", "Time, and how long"
    CONTENT = "content", "What may never be assumed"
    SCOPE = "scope", "One use, one project"
    PAY = "pay", "Pay"
    CUSTODY = "custody", "Who holds it"
    AFTER = "after", "When something goes wrong"


class Jurisdiction(Labeled):
    """Places whose law a rule follows, by ISO 3166-2 code where there is one."""

    CALIFORNIA = "US-CA", "California"
    NEW_YORK = "US-NY", "New York"
    ILLINOIS = "US-IL", "Illinois"
    TENNESSEE = "US-TN", "Tennessee"
    EU = "EU", "European Union"
    UK = "UK", "United Kingdom"


class Represented(Labeled):
    """Who stood beside the performer when the terms were made (the third part of the tests in CA, NY and IL)."""

    NONE = "none", "Nobody"
    COUNSEL = "counsel", "A lawyer who negotiated the terms"
    UNION = "union", "A union whose agreement addresses replicas"


class Signer(Labeled):
    """In which capacity somebody answers for the performer."""

    PERFORMER = "performer", "The performer"
    GUARDIAN = "guardian", "A guardian"
    ESTATE = "estate", "The estate"
    AGENCY = "agency", "The agency"


class Deliverable(Labeled):
    """What leaves the holder's hands under a request."""

    PERFORMANCE = "performance", "Finished pictures or sound"
    GEOMETRY = "geometry", "Raw face or body geometry"
    VOICEPRINT = "voiceprint", "A voice model or voiceprint"
