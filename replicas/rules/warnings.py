"""What the requester should think about before sending. Warnings, never blocks. Pure."""

from datetime import date

from replicas.rules.terms import OfferedTerms
from replicas.rules.vocabulary import AIUse, ReplicaKind, UseRole


def warnings(
    terms: OfferedTerms, *, replica_kind: str, photography_from: date | None, photography_to: date | None
) -> list[str]:
    """Sentences for the page before sending; empty when nothing stands out."""
    found = []
    if replica_kind == ReplicaKind.BADR and any(use.role == UseRole.PRINCIPAL for use in terms.uses):
        found.append(  # rule R31
            "A background actor's replica in a principal role is priced as a day performer. Check the fee."
        )
    if terms.total == 0:
        found.append("You offer no fee at all.")
    if photography_from is None and photography_to is None:
        found.append("The project has no photography dates yet, so the actor can't see when it is made.")
    training = [label for label in AIUse if any(label in use.ai for use in terms.uses)]
    if training:
        found.append("You ask for AI permissions. Most actors say no to these; they can do so for each use.")
    return found
