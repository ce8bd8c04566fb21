"""What people do with their accounts, and the sentence each is told in."""

from enum import StrEnum

from accounts.audit.events import Sentence


class Event(StrEnum):
    JOINED = "person.joined"
    SIGNED_IN = "person.signed-in"
    SIGN_IN_FAILED = "person.sign-in-failed"
    PERSON_CHANGED = "person.changed"
    ACTOR_REGISTERED = "person.actor-registered"
    ACTOR_CHANGED = "person.actor-changed"
    DIRECTOR_CHANGED = "person.director-changed"
    PASSWORD_CHANGED = "person.password-changed"  # noqa: S105  the name of an event
    EMAIL_ADDED = "person.email-added"
    EMAIL_CHANGED = "person.email-changed"
    EMAIL_REMOVED = "person.email-removed"
    FACTOR_ADDED = "person.factor-added"
    FACTOR_REMOVED = "person.factor-removed"
    CODES_RENEWED = "person.codes-renewed"
    SECOND_STEP_FAILED = "person.second-step-failed"
    WISHES_CHANGED = "person.wishes-changed"
    DELIVERY_REQUEUED = "delivery.requeued"


_E = Event
SENTENCES: dict[str, Sentence] = {
    _E.JOINED: Sentence("{by} signed up.", icon="plus-lg"),
    _E.SIGNED_IN: Sentence("{by} signed in.", icon="check-lg"),
    _E.SIGN_IN_FAILED: Sentence("Somebody tried to sign in with a wrong password.", icon="exclamation-triangle"),
    _E.PERSON_CHANGED: Sentence("{by} changed {what}.", icon="pencil"),
    _E.ACTOR_REGISTERED: Sentence("{by} registered as the actor {stage_name}.", icon="plus-lg"),
    _E.ACTOR_CHANGED: Sentence("{by} changed {what} in the actor’s profile.", icon="pencil"),
    _E.DIRECTOR_CHANGED: Sentence("{by} changed {what} in what actors see about who asks.", icon="pencil"),
    _E.PASSWORD_CHANGED: Sentence("{by} set a new password.", icon="pencil"),
    _E.EMAIL_ADDED: Sentence("{by} added an e-mail address.", icon="envelope"),
    _E.EMAIL_CHANGED: Sentence("{by} changed the e-mail address.", icon="envelope"),
    _E.EMAIL_REMOVED: Sentence("{by} removed an e-mail address.", icon="envelope"),
    _E.FACTOR_ADDED: Sentence("{by} set up {factor}.", icon="check-lg"),
    _E.FACTOR_REMOVED: Sentence("{by} removed {factor}.", icon="x-lg"),
    _E.CODES_RENEWED: Sentence("{by} made new recovery codes.", icon="pencil"),
    _E.SECOND_STEP_FAILED: Sentence("A second step failed with a wrong code.", icon="exclamation-triangle"),
    _E.WISHES_CHANGED: Sentence("{by} changed what to be told by e-mail.", icon="bell"),
    _E.DELIVERY_REQUEUED: Sentence("{by} sent a letter on its way again.", icon="send"),
}
