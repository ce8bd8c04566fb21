"""One house, one agency and one actor with everything they can have, and the people who may or may not see it."""

import re
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.actions.people import person_without_account
from accounts.models import User
from accounts.notifications.sealed import token_of
from accounts.rules.refusal import Refused
from agencies.access.handover import handover_path
from agencies.access.invitations import invitation_path
from agencies.actions import representations as bonds
from agencies.actions import teams
from agencies.models import Membership, Representation
from agencies.rules.organizations import BondState, Role
from replicas.actions import scan_drafts, scans
from replicas.actions.conversing import advise, ask
from replicas.actions.crowds.drafting import save_crowd_draft
from replicas.actions.drafting import send
from replicas.actions.searches import save_search
from replicas.actions.shortlists import change_entry
from replicas.models import Attachment, Crowd, Preview, Replica, SavedSearch
from replicas.rules.answering import Side
from replicas.rules.crowds.drafting import Step
from replicas.rules.listing import Filters
from tests.factories import (
    add_totp,
    approve_request,
    make_actor,
    make_agency,
    make_casting,
    make_draft,
    make_guardian,
    make_member,
    make_minor,
    make_project,
    make_replica,
    make_request,
    make_user,
    offered_terms,
    represent,
    use_terms,
)
from tests.replicas.claims.factory import claims_for_everybody_to_try
from tests.replicas.crowds.drafts import make_crowd_draft
from tests.replicas.crowds.rows import make_crowd, make_place
from tests.replicas.custody_factory import make_copy, make_task, make_transfer
from tests.replicas.guardrails_factory import set_default, set_rules
from tests.replicas.scan_factory import make_notice
from tests.replicas.shortlist_factory import make_share, make_shortlist
from tests.replicas.strike_factory import make_strike

PERSONAS = (
    *("anonymous", "actor", "other-actor", "agent", "former-agent", "other-agent", "agency-assistant", "casting"),
    *("casting-assistant", "other-casting", "former-member", "staff-plain", "staff", "guardian", "minor"),
)
STRANGERS = (
    *("anonymous", "other-actor", "former-agent", "other-agent", "other-casting", "former-member"),
    *("guardian", "minor"),  # of somebody else than the actor
)
CANARIES = ("Canarygold", "Canaryblue", "Canaryred", "Canaryink", "Canarynote", "Canarysmith")
CANARIES += ("Canaryclaim", "Canarylink", "Canarydraft", "canaryunion")  # of claims
CANARIES += ("Canaryrule",)  # of guardrails
CANARIES += ("Canarysearch",)  # of a search somebody keeps
CANARIES += ("Canarycrowd", "Canaryperson")
CANARIES += ("Canarylist",)  # of a shortlist
CANARIES += ("Canarycrowd", "Canaryperson", "Canaryplan")


def build() -> SimpleNamespace:
    """``people`` by persona, ``values`` by what an address names."""
    now = timezone.now()
    profile = make_actor("Maya Reyes", user=make_user("Maya Canarysmith"))
    agency, house = make_agency(), make_casting()
    represent(agency, profile)
    agent, owner = agency.memberships.get().user, house.memberships.get().user
    former_agent, former_member = (
        make_member(agency, make_user("Fay Former")),
        make_member(house, make_user("Finn Gone")),
    )
    for person in (former_agent, former_member):
        teams.remove(Membership.objects.get(user=person), by=agent if person == former_agent else owner, at=now)
    other_agency, other_house = (
        make_agency(make_user("Olga Other"), "Southlight"),
        make_casting(make_user("Otto"), "Supernova"),
    )
    represent(other_agency, make_actor("Somebody Else"))
    make_request(project=make_project(other_house, "Other Project"))

    replica = make_replica(profile, notes="Canarynote", visibility="by_link")
    project = make_project(house, "Canarygold", synopsis="Canarygold is about a fair.")
    request = make_request(
        replica, project, terms=offered_terms(use_terms("Canaryblue"), business_reason="Canaryblue.")
    )
    ask(request, body="Canaryred?", side="licensee", by=owner, at=now)
    advise(request, body="Canaryink", by=agent, at=now)
    paper = Attachment.objects.create(
        request=request, key="k" * 30, name="Canarygold.pdf", content_type="application/pdf", size=9, sha256="0" * 64,
        added_by=owner, added_at=now,
    )  # fmt: skip
    draft = make_draft(replica, project)
    set_default(agency, never_content=frozenset({"nudity"}), reason="Canaryrule of the house.")
    set_rules(profile, never_content=frozenset({"political"}), reason="Canaryrule of her own", name_the_rule=False)
    with suppress(Refused):
        terms = offered_terms(use_terms("Canaryrule", sensitive=("political",)))
        send(make_draft(replica, project), terms=terms, answer_by=now + timedelta(days=5), by=owner, at=now)
    license_ = approve_request(make_request(replica, project, terms=offered_terms(use_terms("Canaryblue trailer"))))
    preview = Preview.objects.create(replica=replica, key="p" * 43, width=640, height=640, added_at=now)
    copy = make_copy(replica, house, purpose="Canarygold, scene 4", at=now)
    task = make_task(make_copy(replica, house, purpose="Canaryblue tests", at=now), at=now)
    transfer = make_transfer(copy, by=owner, at=now, reason="Canaryred is finished there.")
    invited = bonds.invite(agency, email="new@example.com", name="Nina Canarysmith", by=agent, at=now)
    staff_plain, staff = (make_user(name, is_staff=True, is_superuser=True) for name in ("Stan Plain", "Stella Staff"))
    add_totp(staff)
    minor = make_minor("Mia Minor")
    guardian = make_guardian(minor)
    child = make_minor("Timo Young", user=person_without_account(name="Timo Young", time_zone="America/Los_Angeles"))
    people: dict[str, User | None] = {
        "anonymous": None,
        "actor": profile.user,
        "other-actor": make_actor("Olive Other").user,
        "agent": agent,
        "former-agent": former_agent,
        "other-agent": other_agency.memberships.get().user,
        "agency-assistant": make_member(agency, make_user("Ada Assistant"), Role.ASSISTANT),
        "casting": owner,
        "casting-assistant": make_member(house, make_user("Cas Assistant"), Role.ASSISTANT),
        "other-casting": other_house.memberships.get().user,
        "former-member": former_member,
        "staff-plain": staff_plain,
        "staff": staff,
        "guardian": guardian,
        "minor": minor.user,
    }
    values = {
        **claims_for_everybody_to_try(profile, house),
        "request": request.ref,
        "draft": draft.ref,
        "license": license_.ref,
        "replica": replica.ref,
        "project": project.ref,
        "house": house.slug,
        "agency": agency.slug,
        "member": Membership.objects.get(user=people["casting-assistant"]).pk,
        "bond": Representation.objects.get(agency=agency, state=BondState.ACTIVE).pk,
        "token": invitation_path(invited).rstrip("/").rsplit("/", 1)[1],
        "nonce": replica.link_nonce,
        "preview": preview.key,
        "paper": paper.pk,
        "user": profile.user_id,
        "guardianship": minor.guardianships.get().pk,
        "young": minor.pk,
        "handover": handover_path(child, "child@example.com").rstrip("/").rsplit("/", 1)[1],
        **announced(profile, project, by=owner, at=now),
        "holding": copy.pk,
        "transfer": transfer.pk,
        "task": task.pk,
        "crowd": crowd_of(project).ref,
        **shortlisted(replica, house, by=owner, at=now),
        "search": search_of(house, by=owner, at=now).ref,
        "crowd-draft": crowd_draft_of(replica, project).ref,
    }
    make_strike(now - timedelta(days=30), now - timedelta(days=20), by=staff)
    assert request.answer_by > now + timedelta(days=1)
    return SimpleNamespace(people=people, values=values)


def search_of(house: Any, *, by: User, at: Any) -> SavedSearch:
    """A search the owner keeps for themself: not even their colleagues find it."""
    return save_search(
        organization=house,
        name="Canarysearch",
        query="q=canarysearch",
        filters=Filters(q="canarysearch"),
        terms=None,
        said=["“canarysearch”"],
        alert=True,
        by=by,
        at=at,
    )


def crowd_of(project: Any) -> Crowd:
    """A crowd of the house with one person who has not answered: nobody of the house may read their name anywhere."""
    crowd = make_crowd(project, title="Canarycrowd", brief="Canarycrowd behind the wheel.")
    place = make_place(crowd, "Canaryperson")
    Replica.objects.filter(pk=place.replica_id).update(visibility="by_link")
    return crowd


def crowd_draft_of(replica: Replica, project: Any) -> Crowd:
    """A crowd the house prepares, with one person on its list: nobody else knows that it exists."""
    crowd = make_crowd_draft([replica], project=project, title="Canaryplan")
    brief = {"title": ["Canaryplan"], "brief": ["Canaryplan behind the ferris wheel, never in close-up."]}
    save_crowd_draft(crowd, step=Step.BRIEF, values=brief, by=crowd.created_by, at=timezone.now())
    return crowd


def announced(profile: Any, project: Any, *, by: User, at: Any) -> dict[str, str]:
    """A scan of the actor announced by the house, with a question, an answer and a draft of another."""
    notice = make_notice(profile, project=project, at=at, scan_at=at + timedelta(days=5), equipment="Canaryblue rig")
    scan = notice.scans.get()
    scans.ask(scan, body="Canaryred rig?", side=Side.LICENSEE, by=by, at=at)
    other = make_notice(profile, project=project, at=at, scan_at=at + timedelta(days=6), place="Canarygold Stage")
    scans.refuse(other.scans.get(), reason="Canaryink", by=profile.user, at=at)
    made = scan_drafts.begin(organization=project.organization, values={"place": ["Canarygold"]}, by=by, at=at)
    return {"scan": scan.ref, "scan-notice": notice.ref, "scan-draft": made.ref}


def shortlisted(replica: Any, house: Any, *, by: User, at: Any) -> dict[str, Any]:
    """A list of the house with the replica and one that everybody can find, a note, and a link given out."""
    found = make_shortlist(replica, make_replica(make_actor("Lina Listed")), organization=house, title="Canarylist")
    entry = found.entries.order_by("position")[0]
    change_entry(entry, tags=[1], note="Canarylist note", by=by, at=at)
    return {"shortlist": found.ref, "entry": entry.pk, "shared": token_of(make_share(found, at=at).nonce)}


MISSING = {
    "shortlist": "T-ZZZZZZ",
    "entry": 987654,
    "shared": "no-such-link",
    "claim": "S-ZZZZZZ",
    "claim_draft": "S-ZZZZZZ",
    "link": "no-such-link",
    "request": "R-ZZZZZZ",
    "draft": "R-ZZZZZZ",
    "license": "L-ZZZZZZZZZZ",
    "replica": "P-ZZZZZZ",
    "project": "J-ZZZZZZ",
    "house": "no-such-house",
    "agency": "no-such-house",
    "member": 987654,
    "bond": 987654,
    "token": "no-such-token",
    "nonce": "n" * 22,
    "preview": "q" * 43,
    "paper": 987654,
    "user": 987654,
    "guardianship": 987654,
    "young": 987654,
    "handover": "no-such-token",
    "scan": "S-ZZZZZZ",
    "scan-notice": "N-ZZZZZZ",
    "scan-draft": "N-ZZZZZZ",
    "holding": 987654,
    "transfer": 987654,
    "task": 987654,
    "crowd": "C-ZZZZZZ",
    "search": "Q-ZZZZZZ",
    "crowd-draft": "C-ZZZZZZ",
}


def addresses() -> dict[str, tuple[str, list[str]]]:
    """Every address of the portal: name (with its namespace) → module of the view, names of what it takes."""
    found: dict[str, tuple[str, list[str]]] = {}

    def walk(resolver: URLResolver, space: str) -> None:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern, f"{pattern.namespace}:" if pattern.namespace else space)
            elif isinstance(pattern, URLPattern):
                name = f"{space}{pattern.name or pattern.pattern}"
                takes = list(pattern.pattern.regex.groupindex)
                found[name] = (getattr(pattern.callback, "__module__", ""), takes)

    walk(get_resolver(), "")
    return found


TOKENS_OF = {"claim-link": "link", "handover": "handover"}
TOKENS_OF |= dict.fromkeys(("shortlist-shared", "shortlist-shared-picture"), "shared")
CLAIM_DRAFTING = {"claim-facts", "claim-address", "claim-review", "claim-discard"}
BONDS = {"representation": "bond", "guardian": "guardianship"}
SCAN_DRAFTING = {"scan-draft", "scan-review", "scan-discard"}
SCANS = {f"scan{tail}" for tail in ("", "-agree", "-challenge", "-refuse", "-ask", "-withdraw", "-day", "-sheet")}
CROWD_DRAFTING = {
    f"crowd-{step}"
    for step in ("brief", "terms", "findings", "people", "preflight", "deadline", "review", "autosave", "discard")
}
DRAFTING = {"request-draft", "request-autosave", "request-findings", "request-review", "request-discard"}


def first_of(name: str) -> int:
    """An object of the model that an admin address names; 1 where there is none, which leads back to the index."""
    app, _, rest = name.removeprefix("admin:").partition("_")
    if not name.startswith("admin:") or app not in {config.label for config in apps.get_app_configs()}:
        return 1
    model = apps.get_model(app, rest.split("_")[0])
    return model.objects.order_by("pk").values_list("pk", flat=True).first() or 1


def arguments(name: str, takes: list[str], values: dict[str, Any]) -> dict[str, Any]:
    """What to fill an address with."""
    kind = next(
        (kind for kind in ("license", "replica", "project") if name.startswith((kind, f"verify-{kind}"))), "request"
    )
    kind = "draft" if name in DRAFTING else kind
    kind = "claim" if name.startswith("claim") else kind
    kind = "claim_draft" if name in CLAIM_DRAFTING else kind
    kind = "scan-draft" if name in SCAN_DRAFTING else "scan-notice" if name.startswith("scan-notice") else kind
    kind = "scan" if name in SCANS else kind
    kind = "replica" if name.startswith("custody") else kind
    kind = "crowd" if name.startswith("crowd") else kind
    kind = "shortlist" if name.startswith("shortlist") else kind
    kind = "search" if name.startswith("search") else kind
    kind = "crowd-draft" if name in CROWD_DRAFTING else kind
    in_agency = name.startswith(("agency", "roster", "ask-agency"))
    bond = next((kind for word, kind in BONDS.items() if name.startswith(word)), "member")
    given = {
        "ref": values[kind],
        "slug": values["agency" if in_agency else "house"],
        "pk": values[bond],
        "actor": values["young"],
        "token": values[TOKENS_OF.get(name, "token")],
        "nonce": values["nonce"],
        "key": values["preview"] if name == "preview" else "some-key",
        "width": 320,
        "fmt": "csv" if name == "scan-register-export" else "webp",
        "paper_id": values["paper"],
        "holding_id": values["holding"],
        "transfer_id": values["transfer"],
        "task_id": values["task"],
        "entry_id": values["entry"],
        "step": "brief",
        "object_id": first_of(name),
        "content_type_id": 1,
        "uidb36": "1",
        "app_label": "accounts",
        "url": "no-such-page",
    }
    return {take: given[take] for take in takes}


TOKENS = re.compile(r'(name="(?:csrfmiddlewaretoken|form_key)" value=|hx-headers=\'\{"X-CSRFToken": )"[^"]*"')


def plain(body: bytes, names: list[Any]) -> str:
    """A page without what differs by itself: tokens, and the words of the address that was asked for."""
    text = TOKENS.sub("", body.decode(errors="replace"))
    for name in (str(name) for name in names if not isinstance(name, int)):
        text = text.replace(name, "…").replace(quote(name, safe=""), "…").replace(quote(name), "…")
    return re.sub(r"\b[0-9a-f]{8}\b|\b[0-9A-F]{6,12}\b", "#", text)
