"""References people can say on the phone: ``R-7K3M9Q``, ``L-7K3M9QXW2T``. Crockford base 32 [crockford.com/base32]."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTHS = {"R": 6, "P": 6, "J": 6, "N": 6, "S": 6, "C": 6, "T": 6, "Q": 6, "L": 10}
_HEARD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_reference(prefix: str) -> str:
    """A random reference: 30 bits, or 50 for licenses, whose page is public. Uniqueness is the column's constraint."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTHS[prefix]))


def read_reference(text: str) -> str:
    """What a person typed, as the reference it stands for: case, spaces and look-alikes (O, I, L) forgiven."""
    letters = re.sub(r"[\s\-–—]", "", text.upper())
    prefix, rest = letters[:1], letters[1:].translate(_HEARD)
    return f"{prefix}-{rest}"
