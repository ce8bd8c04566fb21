"""The house answers what somebody in an anonymous crowd asked, without knowing who it was."""

from datetime import datetime

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.rules.refusal import Refused
from agencies.access import deciders_of
from replicas.access.crowds.questions import get_thread
from replicas.actions.scan_notices import check_may_act
from replicas.actions.telling import each_once, notices, people_of, tell
from replicas.models import Crowd, Message, ReuseRequest
from replicas.rules.answering import Side
from replicas.rules.events import Event


@move(Event.CROWD_ANSWERED)
def answer_question(crowd: Crowd, *, key: str, body: str, by: User, at: datetime) -> Message:
    """Writes into the thread of whoever asked. Whether their request still stands changes nothing that ``by`` could
    read; whoever has none any more finds the words on their page and gets no letter.

    Recorded for the crowd, so that nobody's own history names a person. Raises Refused for assistants and people of
    another house, once the crowd is over, and where there is no such question (any more).
    """
    check_may_act(by, crowd.organization_id, crowd.subject)
    thread = get_thread(crowd, key)
    if crowd.is_over or thread is None:
        raise Refused("question-gone", "This question is not open any more.", subject=crowd.subject)
    request = ReuseRequest.objects.select_related("actor__user", "organization", "project", "replica", "crowd").get(
        pk=thread.request_id
    )
    message = Message.objects.create(request=request, by=by, side=Side.LICENSEE, body=body, at=at)
    people = each_once(*deciders_of(request.actor, at), *people_of(request)[0]) if request.is_undecided else []
    once = f"message:{message.pk}"
    tell(notices("request-question", people, request, once=once, written_by=str(by), body=body), at=at)
    record(Event.CROWD_ANSWERED, subject=crowd.subject, by=by, at=at)
    return message
