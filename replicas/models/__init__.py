from replicas.models.attachment import Attachment
from replicas.models.claim import ClaimAnswer, ClaimMessage, ScanClaim
from replicas.models.conversation import Advice, Message
from replicas.models.crowd import Crowd, CrowdOffer, CrowdPlace
from replicas.models.crowd_life import CrowdMailing, LicenseAmendment
from replicas.models.custody import CustodyAccess, CustodyTransfer, DestructionTask, Holding
from replicas.models.decision import Decision
from replicas.models.guardrails import AgencyGuardrails, GuardrailRefusal, GuardrailsVersion
from replicas.models.license import License
from replicas.models.listing import Listing, ListingTerm
from replicas.models.permitted import ActorRules, RuleSet
from replicas.models.project import Project
from replicas.models.replica import Preview, Replica, ReplicaFile
from replicas.models.request import ReuseRequest
from replicas.models.rulebook import RulebookEntry
from replicas.models.scan import Scan, ScanAnswer, ScanBreach, ScanMessage
from replicas.models.scan_notice import ScanCallOff, ScanDraft, ScanNotice
from replicas.models.search import SavedSearch
from replicas.models.shortlist import Shortlist, ShortlistEntry, ShortlistShare
from replicas.models.signatures import GuardianSignature
from replicas.models.strike import StrikeChange, StrikePeriod
from replicas.models.terms import Terms, Use

__all__ = [
    "ActorRules",
    "Advice",
    "AgencyGuardrails",
    "Attachment",
    "ClaimAnswer",
    "ClaimMessage",
    "Crowd",
    "CrowdMailing",
    "CrowdOffer",
    "CrowdPlace",
    "CustodyAccess",
    "CustodyTransfer",
    "Decision",
    "DestructionTask",
    "GuardianSignature",
    "GuardrailRefusal",
    "GuardrailsVersion",
    "Holding",
    "License",
    "LicenseAmendment",
    "Listing",
    "ListingTerm",
    "Message",
    "Preview",
    "Project",
    "Replica",
    "ReplicaFile",
    "ReuseRequest",
    "RuleSet",
    "RulebookEntry",
    "SavedSearch",
    "Scan",
    "ScanAnswer",
    "ScanBreach",
    "ScanCallOff",
    "ScanClaim",
    "ScanDraft",
    "ScanMessage",
    "ScanNotice",
    "Shortlist",
    "ShortlistEntry",
    "ShortlistShare",
    "StrikeChange",
    "StrikePeriod",
    "Terms",
    "Use",
]
