"""Claims of an unknown scan: written down in private, sent, answered, disputed or settled. Their only writer."""

from replicas.actions.claims.answering import answer, dispute, register_replica, settle, withdraw
from replicas.actions.claims.drafting import begin, discard, send, set_address, set_facts
from replicas.actions.claims.sweeping import look_at_due

__all__ = [
    "answer",
    "begin",
    "discard",
    "dispute",
    "look_at_due",
    "register_replica",
    "send",
    "set_address",
    "set_facts",
    "settle",
    "withdraw",
]
