"""Why somebody gets a letter, what its one link is called, and how kinds are grouped on the page of wishes. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """``why`` completes “You get this because …”; ``link`` is the button's text."""

    why: str
    link: str


_ACTOR = "somebody asks for your replica."
_AGENT = "you represent {actor}."
_HOUSE = "{organization} sent this request."
_LICENSE = "you are a party to this license, or represent one."
_CLAIM = "{actor} named {holder} as who may hold a scan of them."
_STRIKE = "requests or licenses of yours, or of people you represent, are under this agreement."
_AGENCY = "you and an agency belong together, or are about to."

WORDS: dict[str, Words] = {
    "request-received": Words(_ACTOR, "Read and answer"),
    "request-reminder": Words("a request still waits for you.", "Read and answer"),
    "request-lapsed": Words(_ACTOR, "See the request"),
    "request-withdrawn": Words("this request was sent to you, or to somebody you represent.", "See the request"),
    "request-terms-changed": Words(_ACTOR, "See what changed"),
    "request-extended": Words("this request waits for you, or for somebody you represent.", "See the request"),
    "request-advice": Words("your agent wrote to you about a request.", "Read it"),
    "request-question": Words("you take part in this request.", "Read and reply"),
    "client-request": Words(_AGENT, "See the request"),
    "client-crowd": Words("you represent people who are asked.", "See who is asked"),
    "client-called": Words("you represent somebody who is asked.", "See who is asked"),
    "request-filled": Words("this request was sent to you, or to somebody you answer for.", "See the request"),
    "request-called": Words("you said you want to be asked if a place comes free.", "Read and answer"),
    "crowd-nudge": Words("a request still waits for you.", "Read and answer"),
    "crowd-waits": Words("{organization} sent this crowd.", "See the crowd"),
    "crowd-complete": Words("{organization} sent this crowd.", "See the crowd"),
    "client-crowd-over": Words("you represent people who were asked.", "See who was asked"),
    "client-crowd-extended": Words("you represent people who are asked.", "See who is asked"),
    "license-amended": Words(_LICENSE, "Open the license"),
    "client-reminder": Words(_AGENT, "See the request"),
    "client-answered": Words(_AGENT, "See the request"),
    "request-countered": Words(_HOUSE, "Compare and answer"),
    "reply-reminder": Words(_HOUSE, "Compare and answer"),
    "request-not-available": Words(_HOUSE, "See the request"),
    "request-reopened": Words(_HOUSE, "See the request"),
    "request-undelivered": Words("you sent this request, or represent the actor.", "See what can be done"),
    "search-news": Words("you asked to be told about news in searches you keep.", "Open your searches"),
    "license-issued": Words(_LICENSE, "Open the license"),
    "license-revoked": Words(_LICENSE, "Open the license"),
    "license-suspended": Words(_LICENSE, "Open the license"),
    "license-resumed": Words(_LICENSE, "Open the license"),
    "license-ended": Words(_LICENSE, "Open the license"),
    "strike-began": Words(_STRIKE, "See what is held"),
    "strike-ended": Words(_STRIKE, "See what goes on"),
    "replica-to-confirm": Words("your agency registered a replica of you.", "Look and confirm"),
    "replica-confirmed": Words("your agency registered this replica.", "See the replica"),
    "scan-announced": Words("{organization} named you for a scan.", "Read and answer"),
    "scan-reminder": Words("a scan still waits for your answer.", "Read and answer"),
    "scan-changed": Words("{organization} named you for a scan.", "Read what changed"),
    "scan-called-off": Words("{organization} named you for a scan.", "See the scan"),
    "scan-performed": Words("a scan of you was recorded.", "See what was recorded"),
    "scan-breach": Words("you take part in this scan.", "See what was recorded"),
    "scan-question": Words("you take part in this scan.", "Read and reply"),
    "scan-answered": Words("{organization} announced this scan.", "See the scan"),
    "client-scan": Words(_AGENT, "See the scan"),
    "custody-changed": Words("this is kept of you, of somebody you represent, or by your house.", "See who holds it"),
    "transfer-asked": Words("a replica of you would pass to somebody new.", "Read and answer"),
    "transfer-answered": Words("your house asked for this.", "See what comes next"),
    "destruction-asked": Words("{holder} holds this.", "Read and attest"),
    "destruction-reminder": Words("{holder} holds this.", "Attest the destruction"),
    "replica-leaving": Words("you represent {actor}.", "See the replica"),
    "representation-invited": Words("an agency named this address.", "Read the invitation"),
    "representation-asked": Words("you run this agency.", "Read and answer"),
    "representation-changed": Words(_AGENCY, "See it"),
    "team-invited": Words("somebody named this address.", "Read the invitation"),
    "team-changed": Words("you run this house.", "See the team"),
    "agency-guardrails": Words("{organization} represents you.", "See what counts for you"),
    "guardrails-refused": Words("you set rules that answer for you.", "See what they refused"),
    "claim-letter": Words(_CLAIM, "Read and answer"),
    "claim-reminder": Words(_CLAIM, "Read and answer"),
    "claim-disputed": Words(_CLAIM, "Read and answer"),
    "claim-answered": Words("you, or somebody you represent, claimed this scan.", "Read the answer"),
    "claim-unanswered": Words("you, or somebody you stand by, claimed this scan.", "See what can be done"),
    "claim-closed": Words(_CLAIM, "See the claim"),
    "request-copy": Words("somebody asks for your replica, and your guardian answers.", "Read it"),
    "guardian-invited": Words("somebody under 18 named this address.", "Read the invitation"),
    "profile-offered": Words("somebody named this address.", "Take your profile"),
    "guardian-changed": Words("you are a guardian of {actor}, or they are yours.", "See the guardians"),
    "guardian-signature": Words("you are a guardian of {actor}.", "Read and answer"),
    "majority-reached": Words("you answered for {actor}, or are {actor}.", "Go to your desk"),
    "account-changed": Words("it is your account.", "Check your account"),
}

GROUPS: dict[str, tuple[str, ...]] = {
    "When I am asked": (
        *("request-received", "request-reminder", "request-terms-changed", "request-extended", "request-advice"),
        *("request-question", "request-withdrawn", "request-lapsed", "guardrails-refused", "replica-to-confirm"),
        *("request-filled", "request-called", "crowd-nudge"),
    ),
    "When I represent somebody": (
        *("client-request", "client-crowd", "client-called", "client-reminder", "client-answered"),
        *("client-crowd-over", "client-crowd-extended"),
        "replica-confirmed",
    ),
    "When I ask": (
        *("request-countered", "reply-reminder", "request-not-available", "request-reopened", "request-undelivered"),
        "crowd-waits",
        "crowd-complete",
        "search-news",
    ),
    "Licenses": (
        *("license-issued", "license-revoked", "license-suspended", "license-resumed", "license-ended"),
        "license-amended",
    ),
    "Strikes": ("strike-began", "strike-ended"),
    "Scans": (
        *("scan-announced", "scan-reminder", "scan-changed", "scan-called-off", "scan-performed", "scan-breach"),
        *("scan-question", "scan-answered", "client-scan"),
    ),
    "Where replicas are kept": (
        *("custody-changed", "transfer-asked", "transfer-answered", "destruction-asked", "destruction-reminder"),
        "replica-leaving",
    ),
    "Agencies and teams": (
        *("representation-invited", "representation-asked", "representation-changed", "agency-guardrails"),
        *("team-invited", "team-changed"),
    ),
    "Claims of a scan": (
        *("claim-answered", "claim-unanswered", "claim-letter", "claim-reminder", "claim-disputed", "claim-closed"),
    ),
    "Guardians": (
        *("request-copy", "guardian-invited", "guardian-changed", "guardian-signature", "profile-offered"),
        "majority-reached",
    ),
    "My account": ("account-changed",),
}


class _Gaps(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return {"actor": "the actor", "organization": "your house", "holder": "you"}.get(key, "it")


def why(kind: str, context: dict[str, object]) -> str:
    """The reason as it stands in the letter's foot."""
    return WORDS[kind].why.format_map(_Gaps({key: str(value) for key, value in context.items() if value}))
