"""Houses and the people in them: kinds, roles, and what a role may do."""

from collections.abc import Iterable

from accounts.rules.labeled import Labeled


class OrganizationKind(Labeled):
    AGENCY = "agency", "Agency"
    CASTING = "casting", "Casting office"
    PRODUCTION = "production", "Production company"


class Role(Labeled):
    OWNER = "owner", "Owner"
    MEMBER = "member", "Member"
    ASSISTANT = "assistant", "Assistant"


class BondState(Labeled):
    """Of a membership or a representation: ``invited → active → former``, or declined before it began."""

    INVITED = "invited", "Invited"
    ACTIVE = "active", "Active"
    FORMER = "former", "Former"
    DECLINED = "declined", "Declined"


ROLE_MEANS = {
    Role.OWNER: "Runs the house: invites people, gives roles, does everything a member does.",
    Role.MEMBER: "Sends requests, advises and negotiates in the house's name.",
    Role.ASSISTANT: "Reads everything and prepares drafts; never sends and never decides.",
}

MAY_ACT = frozenset({Role.OWNER, Role.MEMBER})
LICENSEE_KINDS = frozenset({OrganizationKind.CASTING, OrganizationKind.PRODUCTION})
INVITATION_DAYS = 14
DETAILS = {"place": "the city", "website": "the website", "license_number": "the license number"}


def described(columns: Iterable[str]) -> str:
    """What of a house was changed, in words: “the city and the website”."""
    words = [words for column, words in DETAILS.items() if column in set(columns)]
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
