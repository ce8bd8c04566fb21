"""The events of houses, their people and their actors, and the sentence each is told in."""

from enum import StrEnum

from accounts.audit.events import Sentence


class Event(StrEnum):
    ORGANIZATION_FOUNDED = "organization.founded"
    ORGANIZATION_CHANGED = "organization.changed"
    ORGANIZATION_VERIFIED = "organization.verified"
    ORGANIZATION_UNVERIFIED = "organization.unverified"
    TEAM_INVITED = "team.invited"
    TEAM_INVITED_AGAIN = "team.invited-again"
    TEAM_JOINED = "team.joined"
    TEAM_DECLINED = "team.declined"
    TEAM_WITHDRAWN = "team.invitation-withdrawn"
    TEAM_EXPIRED = "team.invitation-expired"
    TEAM_ROLE = "team.role-changed"
    TEAM_REMOVED = "team.removed"
    TEAM_LEFT = "team.left"
    REPRESENTATION_INVITED = "representation.invited"
    REPRESENTATION_INVITED_AGAIN = "representation.invited-again"
    REPRESENTATION_ASKED = "representation.asked"
    REPRESENTATION_BEGAN = "representation.began"
    REPRESENTATION_DECLINED = "representation.declined"
    REPRESENTATION_WITHDRAWN = "representation.withdrawn"
    REPRESENTATION_EXPIRED = "representation.expired"
    REPRESENTATION_ENDED = "representation.ended"
    GUARDIAN_INVITED = "guardian.invited"
    GUARDIAN_INVITED_AGAIN = "guardian.invited-again"
    GUARDIAN_ACCEPTED = "guardian.accepted"
    GUARDIAN_DECLINED = "guardian.declined"
    GUARDIAN_WITHDRAWN = "guardian.withdrawn"
    GUARDIAN_CONFIRMED = "guardian.confirmed"
    GUARDIAN_UNCONFIRMED = "guardian.unconfirmed"
    GUARDIAN_ENDED = "guardian.ended"
    GUARDIAN_OVER = "guardian.over"
    PROFILE_OPENED = "guardian.profile-opened"
    HANDOVER_OFFERED = "profile.handover-offered"
    HANDED_OVER = "profile.handed-over"
    CAME_OF_AGE = "person.came-of-age"


_E = Event
SENTENCES: dict[str, Sentence] = {
    _E.ORGANIZATION_FOUNDED: Sentence("{by} founded the house.", icon="building"),
    _E.ORGANIZATION_CHANGED: Sentence("{by} changed {what} of the house.", icon="pencil"),
    _E.ORGANIZATION_VERIFIED: Sentence("Understudy checked that the house is real.", icon="patch-check"),
    _E.ORGANIZATION_UNVERIFIED: Sentence("Understudy took the “verified” mark back.", icon="dash-circle"),
    _E.TEAM_INVITED: Sentence("{by} invited {email} as {role}.", icon="envelope"),
    _E.TEAM_INVITED_AGAIN: Sentence("{by} sent the invitation of {email} again.", icon="arrow-repeat"),
    _E.TEAM_JOINED: Sentence("{by} joined as {role}.", icon="person-plus"),
    _E.TEAM_DECLINED: Sentence("The invitation of {email} was declined.", icon="x-lg"),
    _E.TEAM_WITHDRAWN: Sentence("{by} took back the invitation of {email}.", icon="arrow-return-left"),
    _E.TEAM_EXPIRED: Sentence("The invitation of {email} expired without an answer.", icon="clock-history"),
    _E.TEAM_ROLE: Sentence("{by} made {name} {role}; before that, {before}.", icon="person-badge"),
    _E.TEAM_REMOVED: Sentence("{by} removed {name} from the house.", icon="x-lg"),
    _E.TEAM_LEFT: Sentence("{by} left the house.", icon="box-arrow-right"),
    _E.REPRESENTATION_INVITED: Sentence("{by} of {organization} invited {name}.", icon="envelope"),
    _E.REPRESENTATION_INVITED_AGAIN: Sentence("{by} sent the invitation again.", icon="arrow-repeat"),
    _E.REPRESENTATION_ASKED: Sentence("{by} asked {organization} to represent them.", icon="send"),
    _E.REPRESENTATION_BEGAN: Sentence("{by} confirmed. {organization} represents {name}.", icon="check-lg"),
    _E.REPRESENTATION_DECLINED: Sentence("{by} declined.", icon="x-lg"),
    _E.REPRESENTATION_WITHDRAWN: Sentence("{by} took it back.", icon="arrow-return-left"),
    _E.REPRESENTATION_EXPIRED: Sentence("The invitation expired without an answer.", icon="clock-history"),
    _E.REPRESENTATION_ENDED: Sentence("{by} ended the representation.", icon="archive"),
    _E.GUARDIAN_INVITED: Sentence("{by} invited {email} as a guardian of {name}.", icon="envelope"),
    _E.GUARDIAN_INVITED_AGAIN: Sentence("{by} sent the invitation again.", icon="arrow-repeat"),
    _E.GUARDIAN_ACCEPTED: Sentence("{by} accepted to be a guardian of {name}.", icon="check-lg"),
    _E.GUARDIAN_DECLINED: Sentence("The invitation of {email} was declined.", icon="x-lg"),
    _E.GUARDIAN_WITHDRAWN: Sentence("{by} took the invitation back.", icon="arrow-return-left"),
    _E.GUARDIAN_CONFIRMED: Sentence("Understudy confirmed {guardian} as a guardian of {name}.", icon="patch-check"),
    _E.GUARDIAN_UNCONFIRMED: Sentence("Understudy took the confirmation of {guardian} back.", icon="dash-circle"),
    _E.GUARDIAN_ENDED: Sentence("{guardian} is no longer a guardian of {name}.", icon="archive"),
    _E.GUARDIAN_OVER: Sentence("The guardianship of {guardian} ended with the 18th birthday.", icon="clock-history"),
    _E.PROFILE_OPENED: Sentence("{by} opened the profile of {name}.", icon="plus-lg"),
    _E.HANDOVER_OFFERED: Sentence("{by} offered the profile of {name} to {email}.", icon="send"),
    _E.HANDED_OVER: Sentence("{by} took the profile of {name} as their own.", icon="check-lg"),
    _E.CAME_OF_AGE: Sentence("{name} came of age and answers for themself.", icon="check-lg"),
}
