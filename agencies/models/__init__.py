from agencies.models.bonds import Membership, Representation
from agencies.models.organization import Organization

__all__ = ["Membership", "Organization", "Representation"]
