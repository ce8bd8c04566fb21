"""Withdrawing from a replica altogether (R28): what is shown first, and what each license becomes. Pure."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.rules.labeled import Labeled
from accounts.rules.refusal import Refused
from replicas.rules.custody import DESTROY_DAYS


class Fate(Labeled):
    """What becomes of a license when its replica is withdrawn."""

    NOW = "now", "Ends now"
    RUN = "run", "Runs to its last day"


FATE_MEANS = {
    Fate.NOW: "No new use from this moment. What was made and released before stays.",
    Fate.RUN: "They may go on as agreed until then. What is made stays. Nothing new can be asked.",
}


@dataclass(frozen=True, slots=True)
class Fixed:
    """What the page showed: the licenses that still run, the requests that are open, who holds something."""

    licenses: tuple[str, ...]
    requests: tuple[str, ...]
    holdings: tuple[int, ...]

    def digest(self, replica: str) -> str:
        """64 hex digits that stand for it, so that nobody signs what changed under their eyes."""
        text = json.dumps([replica, sorted(self.licenses), sorted(self.requests), sorted(self.holdings)])
        return hashlib.sha256(text.encode()).hexdigest()


def check_fates(fates: Mapping[str, str], licenses: Collection[str]) -> None:
    """Raises Refused unless each license that runs has its answer, and nothing else has one."""
    if set(fates) != set(licenses) or not set(fates.values()) <= {fate.value for fate in Fate}:
        raise Refused("license-undecided", "Choose for each license whether it ends now or runs to its last day.")


def due_on(wanted: date, *, runs_until: date | None) -> date:
    """The day a holder's proof is due: the one the performer wants, or 30 days after a license that still runs."""
    return max(wanted, runs_until + timedelta(days=DESTROY_DAYS)) if runs_until else wanted


def default_due_on(today: date) -> date:
    return today + timedelta(days=DESTROY_DAYS)
