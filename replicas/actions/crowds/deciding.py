"""What every move of the house over a crowd that was sent has in common: lock the row, ask the rule."""

from datetime import datetime

from accounts.models import User
from accounts.rules.refusal import Refused
from agencies.access import may_act_for
from replicas.access.strikes import strike_in_force
from replicas.actions.scan_notices import check_may_act
from replicas.models import Crowd
from replicas.rules.crowds import CrowdState
from replicas.rules.crowds.moving import CrowdMove, judge_crowd
from replicas.rules.striking import blocked_words


def lock_crowd(crowd_id: int) -> Crowd:
    """The row as it is now, locked until the end of the transaction; requests and places are locked after it.

    Two statements: what PostgreSQL joins to a row it had to wait for is what was there before the wait, so an offer
    that was raised meanwhile would be missing.
    """
    Crowd.objects.select_for_update(no_key=True).values_list("pk").get(pk=crowd_id)
    return Crowd.objects.select_related("project", "organization", "sent_by", "offer").get(pk=crowd_id)


def decided(move: CrowdMove, crowd: Crowd, *, by: User, people: int = 1) -> Crowd:
    """The locked crowd, where ``by`` may make ``move`` in it now. Raises Refused with the crowd as its subject.

    ``people`` is how many it could reach, as the board counts them.
    """
    found = lock_crowd(crowd.pk)
    try:
        may_act = may_act_for(by, found.organization_id)
        judge_crowd(move, state=CrowdState(found.state), may_act=may_act, people=people)
    except Refused as refusal:
        refusal.subject = found.subject
        raise
    check_may_act(by, found.organization_id, found.subject)
    return found


def check_no_strike(crowd: Crowd, *, by: User, at: datetime) -> None:
    """Raises Refused while a strike stands under the project's agreement: nobody is asked for more then (R10)."""
    strike = strike_in_force(crowd.project.agreement, at)
    if strike:
        raise Refused("strike", blocked_words(strike.value, at=at, zone=by.zone), subject=crowd.subject)
