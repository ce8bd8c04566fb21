from agencies.models.bonds import Membership, Representation
from agencies.models.guardians import Guardianship
from agencies.models.organization import Organization

__all__ = ["Guardianship", "Membership", "Organization", "Representation"]
