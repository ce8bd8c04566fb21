"""People and things for tests, without surprises: made by the real actions where a state is more than a row.

Alice is the owner of the thing, Bob her colleague, Charlie a stranger. Nothing here is random but references.
"""

import secrets
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.utils import timezone

from accounts.actions.signing import Proof, challenge_for
from accounts.models import ActorProfile, User
from accounts.rules.ages import birthday, majority
from accounts.rules.references import new_reference
from agencies.models import Guardianship, Membership, Organization, Representation
from agencies.rules.bonds import roster_name
from agencies.rules.organizations import BondState, OrganizationKind, Role
from replicas.actions.answering import approve
from replicas.actions.custody.originals import first_holding
from replicas.actions.drafting import begin_draft, send
from replicas.actions.listing import relist
from replicas.models import License, Project, Replica, ReuseRequest
from replicas.rules.deadlines import first_reminder_at
from replicas.rules.terms import OfferedTerms, UseTerms
from replicas.rules.vocabulary import Agreement, ProjectKind, ReplicaKind, ReplicaState, Visibility

PASSWORD = "a long enough password"
_numbers = count(1)


def make_user(name: str = "Alice Ames", *, email: str = "", password: str = PASSWORD, **fields: Any) -> User:
    """Somebody with a verified address who can sign in. Lives in Los Angeles unless told otherwise."""
    email = email or f"{name.split()[0].lower()}{next(_numbers)}@example.com"
    user = User.objects.create_user(email, password or None, name=name, **fields)
    if not password:
        user.set_unusable_password()
        user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def add_totp(user: User) -> str:
    """Sets up codes from an app and returns the secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def totp_code(secret: str, *, steps: int = 0) -> str:
    """The code of now, or of ``steps`` periods of 30 seconds away."""
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30 + steps))


def has_totp(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exists()


def make_actor(name: str = "Alice Ames", **fields: Any) -> ActorProfile:
    """An actor with an account. ``user`` may be given; other fields go to the profile."""
    user = fields.pop("user", None) or make_user(name)
    return ActorProfile.objects.create(user=user, stage_name=fields.pop("stage_name", name), **fields)


def make_minor(name: str = "Mia Minor", *, age: int = 16, **fields: Any) -> ActorProfile:
    """A young actor with an account, whose birthday is half a year away."""
    user = fields.pop("user", None) or make_user(name)
    half_a_year_ago = timezone.now().astimezone(user.zone).date() - timedelta(days=183)
    born_on = fields.pop("birth_date", None) or birthday(half_a_year_ago, -age)
    return make_actor(name, user=user, birth_date=born_on, adult_at=majority(born_on, user.zone), **fields)


def make_guardian(actor: ActorProfile, user: User | None = None, *, confirmed: bool = True) -> User:
    """A parent who accepted, confirmed by staff unless told otherwise."""
    user, at = user or make_user("Gloria Guardian"), timezone.now()
    staff = make_user("Sol Staff", is_staff=True) if confirmed else None
    Guardianship.objects.create(
        actor=actor,
        guardian=user,
        state=BondState.ACTIVE,
        email=user.email,
        relation="parent",
        proof="Birth certificate 12/345, County of Los Angeles",
        invited_at=at,
        started_at=at,
        verified_at=at if confirmed else None,
        verified_by=staff,
    )
    return user


def make_organization(kind: str = OrganizationKind.CASTING, name: str = "", **fields: Any) -> Organization:
    number = next(_numbers)
    name = name or f"House {number}"
    slug = fields.pop("slug", f"house-{number}")
    return Organization.objects.create(kind=kind, name=name, slug=slug, created_at=timezone.now(), **fields)


def make_member(organization: Organization, user: User | None = None, role: str = Role.MEMBER) -> User:
    """An active member with a second factor, so that they may send and act."""
    user = user or make_user("Bob Brandt")
    Membership.objects.create(
        organization=organization,
        user=user,
        role=role,
        state=BondState.ACTIVE,
        email=user.email,
        invited_at=timezone.now(),
        started_at=timezone.now(),
    )
    if not has_totp(user):
        add_totp(user)
    return user


def make_agency(owner: User | None = None, name: str = "Northlight Talent") -> Organization:
    agency = make_organization(OrganizationKind.AGENCY, name)
    make_member(agency, owner or make_user("Alex Agent"), Role.OWNER)
    return agency


def make_casting(owner: User | None = None, name: str = "Nova Pictures") -> Organization:
    house = make_organization(OrganizationKind.CASTING, name)
    make_member(house, owner or make_user("Dana Director"), Role.OWNER)
    return house


def represent(agency: Organization, actor: ActorProfile, state: str = BondState.ACTIVE) -> Representation:
    now = timezone.now()
    return Representation.objects.create(
        agency=agency,
        actor=actor,
        state=state,
        email=actor.user.email,
        invited_at=now,
        started_at=now,
        sort_name=roster_name(actor.stage_name),
    )


def make_replica(actor: ActorProfile | None = None, **fields: Any) -> Replica:
    """A confirmed, listed body scan of 2024."""
    actor = actor or make_actor()
    values = {
        "kind": ReplicaKind.EBDR,
        "body": True,
        "captured_on": date(2024, 3, 14),
        "captured_at_place": "Burbank",
        "captured_by": "Volume Stage",
        "captured_for": "Low Tide",
        "custodian": "Volume Stage",
        "visibility": Visibility.LISTED,
        "state": ReplicaState.CONFIRMED,
        **fields,
    }
    replica = Replica.objects.create(
        ref=new_reference("P"),
        actor=actor,
        link_nonce=secrets.token_urlsafe(16)[:22],
        registered_by=actor.user,
        registered_at=timezone.now(),
        **values,
    )
    first_holding(replica, by=actor.user, at=replica.registered_at)
    relist([replica.pk])
    return replica


def make_project(organization: Organization | None = None, title: str = "Harbor Lights", **fields: Any) -> Project:
    organization = organization or make_casting()
    owner = Membership.objects.filter(organization=organization).order_by("pk")[0].user
    values = {
        "kind": ProjectKind.FEATURE,
        "agreement": Agreement.NONE,
        "company": organization.name,
        "synopsis": "A harbor town on the night of its last fair.",
        **fields,
    }
    return Project.objects.create(
        ref=new_reference("J"),
        organization=organization,
        title=title,
        created_by=owner,
        created_at=timezone.now(),
        **values,
    )


def use_terms(title: str = "Crowd at the harbor fair", **changes: Any) -> UseTerms:
    today = timezone.now().date()
    values: dict[str, Any] = {
        "title": title,
        "description": "Stands in the crowd behind the ferris wheel in three wide shots, never in close-up.",
        "role": "background",
        "medium": "streaming",
        "territory": "world",
        "starts_on": today + timedelta(days=10),
        "ends_on": today + timedelta(days=375),
        "fee": Decimal("693.00"),
        "replica_days": 3,
        "scenes": "12A, 14, 41",
        "alterations": "Clothing color and lighting only.",
        **changes,
    }
    return UseTerms(**values)


def offered_terms(*uses: UseTerms, **changes: Any) -> OfferedTerms:
    """Two uses unless told otherwise: a crowd for $693 and a trailer for $100."""
    uses = uses or (use_terms(), use_terms("Festival trailer", medium="trailer", fee=Decimal("100.00"), replica_days=1))
    values = {"business_reason": "The harbor fair can't be built again at full size.", "currency": "USD", **changes}
    return OfferedTerms(uses=uses, **values)


def union_terms() -> OfferedTerms:
    """The two uses at a day performer's minimum, below which a union agreement lets nobody ask."""
    trailer = use_terms("Festival trailer", medium="trailer", fee=Decimal("1283.00"), replica_days=1)
    return offered_terms(use_terms(fee=Decimal("3849.00")), trailer)


def make_draft(
    replica: Replica | None = None, project: Project | None = None, at: datetime | None = None
) -> ReuseRequest:
    project = project or make_project()
    owner = project.created_by
    return begin_draft(replica=replica or make_replica(), project=project, draft={}, by=owner, at=at or timezone.now())


def make_request(
    replica: Replica | None = None,
    project: Project | None = None,
    *,
    terms: OfferedTerms | None = None,
    at: datetime | None = None,
    answer_by: datetime | None = None,
    delivered: bool = True,
) -> ReuseRequest:
    """A sent request whose first notice has arrived, to be answered within five days."""
    at = at or timezone.now()
    draft = make_draft(replica, project, at)
    answer_by = answer_by or at + timedelta(days=5)
    terms = terms or (offered_terms() if draft.project.agreement == Agreement.NONE else union_terms())
    request = send(draft, terms=terms, answer_by=answer_by, by=draft.created_by, at=at)
    if delivered:
        ReuseRequest.objects.filter(pk=request.pk).update(
            delivered_at=at, next_reminder_at=first_reminder_at(at, answer_by)
        )
        request.refresh_from_db()
    return request


def proof_of(user: User, request: ReuseRequest, *, at: datetime | None = None, password: str = PASSWORD) -> Proof:
    """The password proof of an actor without a second factor, for the round the request shows now."""
    assert request.current_terms is not None
    digest = request.current_terms.sha256
    return Proof(challenge_for(user, request.subject, digest, at=at or timezone.now()), password=password)


COURT_REF = "26STPB01234, Los Angeles Superior Court"


def approve_request(
    request: ReuseRequest, *, at: datetime | None = None, use_ids: list[int] | None = None, **wishes: str
) -> License:
    """The actor's yes to all uses (or those given), signed with their password."""
    license_ = sign_request(request, request.actor.user, at=at, use_ids=use_ids, **wishes)
    assert license_ is not None
    return license_


def sign_request(
    request: ReuseRequest,
    user: User,
    *,
    at: datetime | None = None,
    use_ids: list[int] | None = None,
    **wishes: str,
) -> License | None:
    """Somebody's yes to all uses (or those given), signed with their password. ``wishes``: court_ref, after_death."""
    at = at or timezone.now()
    assert request.current_terms is not None
    return approve(
        request,
        terms_hash=request.current_terms.sha256,
        use_ids=use_ids or list(request.current_terms.uses.values_list("pk", flat=True)),
        typed_name=user.name,
        proof=proof_of(user, request, at=at),
        **wishes,
        by=user,
        at=at,
    )
