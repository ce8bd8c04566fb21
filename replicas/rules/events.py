"""The events of requests, licenses, replicas and projects, and the sentence each is told in.

The second text is for the licensee's side; empty means they are not told. A refusal and a silence read alike to them.
"""

from enum import StrEnum

from accounts.audit.events import Sentence


class Event(StrEnum):
    REPLICA_REGISTERED = "replica.registered"
    REPLICA_CHANGED = "replica.changed"
    REPLICA_CONFIRMED = "replica.confirmed"
    REPLICA_DECLINED = "replica.declined"
    REPLICA_VISIBILITY = "replica.visibility-set"
    REPLICA_FILES = "replica.files-added"
    REPLICA_PREVIEW_ADDED = "replica.preview-added"
    REPLICA_PREVIEW_REMOVED = "replica.preview-removed"
    REPLICA_PREVIEWS_ARRANGED = "replica.previews-arranged"
    REPLICA_LINK = "replica.link-renewed"
    REPLICA_LEAVING = "replica.leaving"
    REPLICA_DESTROYED = "replica.destroyed"
    CUSTODY_COPY = "custody.copy-recorded"
    CUSTODY_ACCESS = "custody.access-logged"
    CUSTODY_ENDED = "custody.ended"
    TRANSFER_ASKED = "transfer.asked"
    TRANSFER_AGREED = "transfer.agreed"
    TRANSFER_REFUSED = "transfer.refused"
    TRANSFER_UNION_ASKED = "transfer.union-asked"
    TRANSFER_COMPLETED = "transfer.completed"
    TRANSFER_WITHDRAWN = "transfer.withdrawn"
    TRANSFER_LAPSED = "transfer.lapsed"
    DESTRUCTION_ASKED = "destruction.asked"
    DESTRUCTION_REMINDED = "destruction.reminded"
    DESTRUCTION_ATTESTED = "destruction.attested"
    GUARDRAILS_SET = "guardrails.set"
    AGENCY_GUARDRAILS_SET = "guardrails.set-by-agency"
    PROJECT_CREATED = "project.created"
    PROJECT_CHANGED = "project.changed"
    REQUEST_DRAFTED = "request.drafted"
    REQUEST_SENT = "request.sent"
    REQUEST_DELIVERED = "request.delivered"
    REQUEST_UNDELIVERED = "request.undelivered"
    REQUEST_REMINDED = "request.reminded"
    REQUEST_APPROVED = "request.approved"
    REQUEST_DENIED = "request.denied"
    REQUEST_SIGNED = "request.guardian-signed"
    REQUEST_PROPOSED = "request.changes-proposed"
    REQUEST_COUNTERED = "request.countered"
    REQUEST_ACCEPTED = "request.changes-accepted"
    REQUEST_ASKED = "request.message-written"
    REQUEST_ADVISED = "request.advice-given"
    REQUEST_EXTENDED = "request.extended"
    REQUEST_WITHDRAWN = "request.withdrawn"
    REQUEST_REOPENED = "request.reopened"
    REQUEST_LAPSED = "request.lapsed"
    REQUEST_HELD = "request.held"
    REQUEST_RELEASED = "request.released"
    REQUEST_PAPER_ADDED = "request.paper-added"
    REQUEST_PAPER_REMOVED = "request.paper-removed"
    RULEBOOK_CHANGED = "rulebook.changed"
    LICENSE_ISSUED = "license.issued"
    LICENSE_STARTED = "license.started"
    LICENSE_REVOKED = "license.revoked"
    LICENSE_SUSPENDED = "license.suspended"
    LICENSE_RESUMED = "license.resumed"
    LICENSE_EXPIRED = "license.expired"
    STRIKE_SET = "strike.set"
    STRIKE_CORRECTED = "strike.corrected"
    STRIKE_LIFTED = "strike.lifted"
    CLAIM_BEGUN = "claim.begun"
    CLAIM_WRITTEN = "claim.written"
    CLAIM_DISCARDED = "claim.discarded"
    CLAIM_SENT = "claim.sent"
    CLAIM_LOOKED = "claim.looked-after"
    CLAIM_REMINDED = "claim.reminded"
    CLAIM_EXPIRED = "claim.expired"
    CLAIM_ANSWERED = "claim.answered"
    CLAIM_DISPUTED = "claim.disputed"
    CLAIM_SETTLED = "claim.settled"
    CLAIM_WITHDRAWN = "claim.withdrawn"
    CLAIM_REGISTERED = "claim.registered"
    STRIKE_BEGAN = "strike.began"
    STRIKE_ENDED = "strike.ended"
    LICENSE_HELD_IN_STRIKE = "license.suspended-in-strike"
    LICENSE_AFTER_STRIKE = "license.resumed-after-strike"
    SCAN_ANNOUNCED = "scan.announced"
    SCAN_CHANGED = "scan.changed"
    SCAN_CALLED_OFF = "scan.called-off"
    SCAN_AGREED = "scan.agreed"
    SCAN_REFUSED = "scan.refused"
    SCAN_WITHDRAWN = "scan.withdrawn"
    SCAN_ASKED = "scan.message-written"
    SCAN_REMINDED = "scan.reminded"
    SCAN_PERFORMED = "scan.performed"
    SCAN_BREACHED = "scan.breached"
    SCAN_DRAFT_DISCARDED = "scan-draft.discarded"
    CROWD_DISCARDED = "crowd.discarded"
    CROWD_RELEASED = "crowd.released"
    CROWD_ASKED = "crowd.asked"
    CROWD_TOLD = "crowd.told"
    CROWD_SETTLED = "crowd.settled"
    CROWD_CALLED = "crowd.standbys-called"
    CROWD_REOPENED = "crowd.reopened"
    CROWD_CLOSED = "crowd.closed"
    CROWD_ANSWERED = "crowd.question-answered"
    CROWD_NUDGED = "crowd.nudged"
    CROWD_EXTENDED = "crowd.extended"
    CROWD_RAISED = "crowd.raised"
    CROWD_PROMOTED = "crowd.standbys-promoted"
    CROWD_MORE = "crowd.more-needed"
    CROWD_VARIANT_ACCEPTED = "crowd.variant-accepted"
    CROWD_WITHDRAWN = "crowd.withdrawn"
    CROWD_CALLS_NOBODY = "crowd.calls-nobody"
    REQUEST_FILLED = "request.filled"
    REQUEST_CROWD_CLOSED = "request.crowd-closed"
    REQUEST_KEPT = "request.keep-asked-set"
    REQUEST_CALLED = "request.called-again"
    REQUEST_RAISED = "request.offer-raised"
    LICENSE_AMENDED = "license.amended"
    REQUEST_SENT_IN_CROWD = "request.sent-in-crowd"
    REQUEST_ACCEPTED_FOR_ALL = "request.changes-accepted-for-all"
    SHORTLIST_SHARED = "shortlist.shared"
    SHORTLIST_LINK_CLOSED = "shortlist.link-closed"
    SHORTLIST_DELETED = "shortlist.deleted"


_E = Event
SENTENCES: dict[str, Sentence] = {
    _E.REPLICA_REGISTERED: Sentence("{by} registered the replica.", icon="plus-lg"),
    _E.REPLICA_CHANGED: Sentence("{by} changed {what}.", icon="pencil"),
    _E.REPLICA_CONFIRMED: Sentence("{by} confirmed that this replica is theirs.", icon="check-lg"),
    _E.REPLICA_DECLINED: Sentence("{by} said this replica should not be here.", "", icon="x-lg"),
    _E.REPLICA_VISIBILITY: Sentence("{by} set it to “{visibility}”.", "", icon="eye"),
    _E.REPLICA_FILES: Sentence("{by} recorded delivered files by their SHA-256: {count}.", icon="file-earmark-text"),
    _E.REPLICA_PREVIEW_ADDED: Sentence("{by} added a preview picture.", icon="images"),
    _E.REPLICA_PREVIEW_REMOVED: Sentence("{by} removed a preview picture.", icon="images"),
    _E.REPLICA_PREVIEWS_ARRANGED: Sentence("{by} put the preview pictures in order.", "", icon="images"),
    _E.REPLICA_LINK: Sentence("{by} made a new link; earlier links stopped working.", "", icon="link-45deg"),
    _E.REPLICA_LEAVING: Sentence("{by} withdrew the replica altogether, signed by {factor}.", "", icon="x-lg"),
    _E.REPLICA_DESTROYED: Sentence("Every holder has attested the destruction.", "", icon="archive"),
    _E.CUSTODY_COPY: Sentence("{by} recorded {what} at {holder}.", "", icon="plus-lg"),
    _E.CUSTODY_ACCESS: Sentence("{by} logged that {who} opened the files: {purpose}", "", icon="eye"),
    _E.CUSTODY_ENDED: Sentence("{by} recorded that {holder} no longer holds {what}: {how}.", "", icon="archive"),
    _E.TRANSFER_ASKED: Sentence(
        "{by} asked whether {what} may pass from {holder} to {to}.", "", icon="arrow-left-right"
    ),
    _E.TRANSFER_AGREED: Sentence("{by} agreed that {what} may pass to {to}.", "", icon="check-lg"),
    _E.TRANSFER_REFUSED: Sentence("{by} did not agree that {what} passes to {to}.", "", icon="x-lg"),
    _E.TRANSFER_UNION_ASKED: Sentence("{by} recorded that the union was asked about {to}.", "", icon="clock"),
    _E.TRANSFER_COMPLETED: Sentence("{by} recorded that {what} passed from {holder} to {to}.", "", icon="check-lg"),
    _E.TRANSFER_WITHDRAWN: Sentence("{by} withdrew the transfer to {to}.", "", icon="x-lg"),
    _E.TRANSFER_LAPSED: Sentence("The time for the transfer to {to} ran out, so the answer is no.", "", icon="clock"),
    _E.DESTRUCTION_ASKED: Sentence("{holder} has to destroy {what} by {due_on}: {reason}.", "", icon="hourglass"),
    _E.DESTRUCTION_REMINDED: Sentence("A reminder to destroy {what} went to {holder}.", "", icon="bell"),
    _E.DESTRUCTION_ATTESTED: Sentence("{by} attested that {holder} destroyed {what}.", "", icon="check-lg"),
    _E.GUARDRAILS_SET: Sentence("{by} set their guardrails (version {number}).", "", icon="shield-check"),
    _E.AGENCY_GUARDRAILS_SET: Sentence(
        "{by} set the agency’s guardrails for its actors (version {number}).", "", icon="shield-check"
    ),
    _E.PROJECT_CREATED: Sentence("{by} created the project.", icon="plus-lg"),
    _E.PROJECT_CHANGED: Sentence("{by} changed {what}.", icon="pencil"),
    _E.REQUEST_DRAFTED: Sentence("", "{by} began a draft.", icon="pencil"),
    _E.REQUEST_SENT: Sentence("{by} sent the request, to be answered by {answer_by}.", icon="send"),
    _E.REQUEST_DELIVERED: Sentence("The first notice reached {actor}.", icon="envelope"),
    _E.REQUEST_UNDELIVERED: Sentence(
        "The first notice could not be delivered to {actor}. The request will not lapse until it is.",
        icon="exclamation-triangle",
    ),
    _E.REQUEST_REMINDED: Sentence("A reminder went to {people}.", "", icon="bell"),
    _E.REQUEST_APPROVED: Sentence("{by} approved {uses}, signed by {factor}.", icon="check-lg"),
    _E.REQUEST_SIGNED: Sentence("{by} signed as a guardian; {progress}.", "", icon="pencil"),
    _E.REQUEST_DENIED: Sentence("{by} denied the request.", "The performer is not available.", icon="x-lg"),
    _E.REQUEST_PROPOSED: Sentence("{by} proposed changes (round {round}).", icon="arrow-left-right"),
    _E.REQUEST_COUNTERED: Sentence("{by} answered with other terms (round {round}).", icon="arrow-left-right"),
    _E.REQUEST_ACCEPTED: Sentence("{by} accepted the proposed changes. {actor} still signs.", icon="check-lg"),
    _E.REQUEST_ASKED: Sentence("{by} wrote a message.", icon="chat-left-text"),
    _E.REQUEST_ADVISED: Sentence("{by} left advice.", "", icon="chat-left-text"),
    _E.REQUEST_EXTENDED: Sentence("{by} gave more time, until {answer_by}.", icon="clock"),
    _E.REQUEST_WITHDRAWN: Sentence("{by} withdrew the request.", icon="x-lg"),
    _E.REQUEST_REOPENED: Sentence(
        "{by} took the denial back.", "The performer is available again.", icon="arrow-repeat"
    ),
    _E.REQUEST_LAPSED: Sentence(
        "The deadline passed without an answer, so the answer is no.", "The performer is not available.", icon="clock"
    ),
    _E.REQUEST_HELD: Sentence("The {strike} began. The request is held; its clock stands still.", icon="pause-circle"),
    _E.REQUEST_RELEASED: Sentence(
        "The {strike} ended. The clock goes on with the time that was left, until {answer_by}.", icon="clock"
    ),
    _E.REQUEST_PAPER_ADDED: Sentence("{by} attached “{name}”.", icon="file-earmark-text"),
    _E.REQUEST_PAPER_REMOVED: Sentence("{by} removed “{name}”.", icon="file-earmark-text"),
    _E.RULEBOOK_CHANGED: Sentence("{by} set {what}: {figure} from {day}. {reason}", icon="pencil"),
    _E.LICENSE_ISSUED: Sentence("The license was issued with {by}’s signature.", icon="patch-check"),
    _E.LICENSE_STARTED: Sentence("The license came into force.", icon="check-lg"),
    _E.LICENSE_REVOKED: Sentence("{by} revoked the license.", icon="x-lg"),
    _E.LICENSE_SUSPENDED: Sentence("{by} suspended the license.", icon="pause-circle"),
    _E.LICENSE_RESUMED: Sentence("{by} took the license up again.", icon="check-lg"),
    _E.LICENSE_EXPIRED: Sentence("The license ended on its last day.", icon="clock"),
    _E.STRIKE_SET: Sentence("{by} set a strike under {agreement} from {starts_at}.", icon="pause-circle"),
    _E.STRIKE_CORRECTED: Sentence(
        "{by} corrected the strike under {agreement}: from {starts_at}, until {until}. {why}", icon="pencil"
    ),
    _E.STRIKE_LIFTED: Sentence("{by} ended the strike under {agreement}: {until}. {why}", icon="check-lg"),
    _E.CLAIM_BEGUN: Sentence("{by} began to write down a scan nobody explained.", "", icon="pencil"),
    _E.CLAIM_WRITTEN: Sentence("{by} changed {what}.", "", icon="pencil"),
    _E.CLAIM_DISCARDED: Sentence("{by} threw the draft away.", "", icon="trash"),
    _E.CLAIM_SENT: Sentence("{by} sent the letter to {holder}, to be answered by {due_day}.", icon="send"),
    _E.CLAIM_LOOKED: Sentence("The letter to {holder} {fate}.", "", icon="envelope"),
    _E.CLAIM_REMINDED: Sentence("{holder} was reminded.", icon="bell"),
    _E.CLAIM_EXPIRED: Sentence(
        "{holder} did not answer in time. Told of it: {told}.", "The time was over.", icon="clock"
    ),
    _E.CLAIM_ANSWERED: Sentence("{who} answered: {outcome}.", icon="chat-left-text"),
    _E.CLAIM_DISPUTED: Sentence(
        "{by} disputed the answer; it is to be answered again by {due_day}.", icon="arrow-repeat"
    ),
    _E.CLAIM_SETTLED: Sentence("{by} said that this settles it.", icon="check-lg"),
    _E.CLAIM_WITHDRAWN: Sentence("{by} withdrew the claim.", icon="x-lg"),
    _E.CLAIM_REGISTERED: Sentence("{by} registered replica {replica} from it.", "", icon="plus-lg"),
    _E.STRIKE_BEGAN: Sentence("The {strike} began; everybody it touches was told.", icon="bell"),
    _E.STRIKE_ENDED: Sentence("The {strike} ended; everybody it touched was told.", icon="bell"),
    _E.LICENSE_HELD_IN_STRIKE: Sentence("{by} suspended the license during the {strike}.", icon="pause-circle"),
    _E.LICENSE_AFTER_STRIKE: Sentence("{by} took the license up again after the {strike}.", icon="check-lg"),
    _E.SCAN_ANNOUNCED: Sentence("{by} announced the scan for {when}.", icon="send"),
    _E.SCAN_CHANGED: Sentence("{by} changed the announcement: {what}.", icon="pencil"),
    _E.SCAN_CALLED_OFF: Sentence("{by} called the scan off.", icon="x-lg"),
    _E.SCAN_AGREED: Sentence("{by} agreed, signed by {factor}.", icon="check-lg"),
    _E.SCAN_REFUSED: Sentence("{by} refused the scan.", "", icon="x-lg"),
    _E.SCAN_WITHDRAWN: Sentence("{by} took the agreement back.", "", icon="x-lg"),
    _E.SCAN_ASKED: Sentence("{by} wrote a message.", icon="chat-left-text"),
    _E.SCAN_REMINDED: Sentence("A reminder went out.", "", icon="bell"),
    _E.SCAN_PERFORMED: Sentence("{by} recorded the scan as done.", icon="check-lg"),
    _E.SCAN_BREACHED: Sentence("What was done is not what was agreed: {what}.", icon="exclamation-triangle"),
    _E.SCAN_DRAFT_DISCARDED: Sentence("", "{by} threw a draft away.", icon="trash"),
    _E.CROWD_DISCARDED: Sentence("", "{by} threw the draft of a crowd away.", icon="trash"),
    _E.CROWD_RELEASED: Sentence(
        "", "{by} released the crowd: {needed} needed of {people}, to be answered by {answer_by}.", icon="send"
    ),
    _E.CROWD_ASKED: Sentence("", "{people} were asked at once, to answer by {answer_by}.", icon="people"),
    _E.CROWD_TOLD: Sentence("", "Every first letter was written.", icon="envelope"),
    # Whom the clock calls, and when, would tell the house of somebody's no.
    _E.CROWD_SETTLED: Sentence("Everybody left was told.", "", icon="people"),
    _E.CROWD_CALLED: Sentence("Standbys were called.", "", icon="people"),
    _E.CROWD_REOPENED: Sentence("", "A place came free, so the crowd goes on.", icon="arrow-repeat"),
    _E.CROWD_CLOSED: Sentence("", "The crowd reached its end and closed.", icon="clock"),
    _E.CROWD_ANSWERED: Sentence("", "{by} answered a question.", icon="chat-left-text"),
    _E.CROWD_NUDGED: Sentence("", "{by} reminded everybody who is still reading.", icon="bell"),
    _E.CROWD_EXTENDED: Sentence("", "{by} gave everybody more time, until {answer_by}.", icon="clock"),
    _E.CROWD_RAISED: Sentence(
        "", "{by} raised the offer to {total}. Whoever said yes before gets it, too.", icon="arrow-left-right"
    ),
    _E.CROWD_PROMOTED: Sentence("", "{by} called more standbys: {people}.", icon="people"),
    _E.CROWD_MORE: Sentence("", "{by} asked for more people: {more} more, {needed} in all.", icon="plus-lg"),
    _E.CROWD_VARIANT_ACCEPTED: Sentence(
        "", "{by} accepted what was proposed, for everybody who asks for it. Each still signs.", icon="check-lg"
    ),
    _E.CROWD_WITHDRAWN: Sentence("", "{by} withdrew what was still open, and closed the crowd.", icon="x-lg"),
    _E.CROWD_CALLS_NOBODY: Sentence("", "{by} closed the crowd to standbys.", icon="pause-circle"),
    _E.REQUEST_FILLED: Sentence("Every place in the crowd was taken before an answer.", "", icon="people"),
    _E.REQUEST_CROWD_CLOSED: Sentence("{organization} closed the crowd before an answer.", "", icon="x-lg"),
    _E.REQUEST_KEPT: Sentence("{by} {wish} if a place comes free.", "", icon="bell"),
    _E.REQUEST_CALLED: Sentence("A place came free. It is open again, until {answer_by}.", "", icon="arrow-repeat"),
    _E.REQUEST_RAISED: Sentence("The offer was raised to {total} for everybody in the crowd.", icon="arrow-left-right"),
    _E.LICENSE_AMENDED: Sentence("{by} raised the fee from {was} to {now}, in the performer’s favor.", icon="plus-lg"),
    _E.REQUEST_ACCEPTED_FOR_ALL: Sentence(
        "{who} accepted these changes for everybody in the crowd who proposed them. The actor still signs.",
        icon="check-lg",
    ),
    _E.REQUEST_SENT_IN_CROWD: Sentence(
        "{who} sent the request, as one of crowd {crowd}, to be answered by {answer_by}.", icon="send"
    ),
    _E.SHORTLIST_SHARED: Sentence("", "{by} made a link that shows the list for {days} days.", icon="link-45deg"),
    _E.SHORTLIST_LINK_CLOSED: Sentence("", "{by} closed a link to the list.", icon="x-lg"),
    _E.SHORTLIST_DELETED: Sentence("", "{by} deleted the list.", icon="trash"),
}
