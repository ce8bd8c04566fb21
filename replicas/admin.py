"""What staff may look up. Everything here is read: states are changed by the actions alone, never in the admin."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin import ReadOnlyAdmin
from replicas.admin_crowd_life import CrowdMailingAdmin, LicenseAmendmentAdmin
from replicas.admin_listing import ListingAdmin
from replicas.admin_permitted import ActorRulesAdmin, RuleSetAdmin
from replicas.admin_searches import SavedSearchAdmin
from replicas.admin_shortlists import ShortlistAdmin
from replicas.admin_strikes import StrikePeriodAdmin
from replicas.models import (
    Advice,
    AgencyGuardrails,
    Attachment,
    ClaimAnswer,
    ClaimMessage,
    Crowd,
    CrowdOffer,
    CrowdPlace,
    CustodyAccess,
    CustodyTransfer,
    Decision,
    DestructionTask,
    GuardianSignature,
    GuardrailRefusal,
    GuardrailsVersion,
    Holding,
    License,
    Message,
    Preview,
    Project,
    Replica,
    ReplicaFile,
    ReuseRequest,
    Scan,
    ScanAnswer,
    ScanBreach,
    ScanCallOff,
    ScanClaim,
    ScanDraft,
    ScanMessage,
    ScanNotice,
    Terms,
    Use,
)
from replicas.rulebook.admin import RulebookEntryAdmin  # noqa: F401  (it registers itself)

# Registered in files of their own.
__all__ = [
    "ActorRulesAdmin",
    "CrowdMailingAdmin",
    "LicenseAmendmentAdmin",
    "ListingAdmin",
    "RuleSetAdmin",
    "SavedSearchAdmin",
    "ShortlistAdmin",
    "StrikePeriodAdmin",
]


@admin.register(Replica)
class ReplicaAdmin(ReadOnlyAdmin):
    list_display = ["ref", "actor", "kind", "state", "visibility", "captured_on", "registered_at"]
    list_filter = ["state", "visibility", "kind"]
    list_select_related = ["actor"]
    search_fields = ["ref", "actor__stage_name"]
    exclude = ["link_nonce"]  # the nonce opens the page
    ordering = ["-id"]


@admin.register(ReplicaFile)
class ReplicaFileAdmin(ReadOnlyAdmin):
    list_display = ["name", "replica", "size", "sha256", "added_at"]
    list_select_related = ["replica__actor"]
    search_fields = ["sha256", "replica__ref"]
    ordering = ["-id"]


@admin.register(Preview)
class PreviewAdmin(ReadOnlyAdmin):
    list_display = ["replica", "caption", "width", "height", "added_at"]
    list_select_related = ["replica__actor"]
    search_fields = ["replica__ref"]
    ordering = ["-id"]


@admin.register(Project)
class ProjectAdmin(ReadOnlyAdmin):
    list_display = ["ref", "title", "organization", "kind", "agreement", "created_at"]
    list_filter = ["kind", "agreement"]
    list_select_related = ["organization"]
    search_fields = ["ref", "title"]
    ordering = ["-id"]


@admin.register(ReuseRequest)
class ReuseRequestAdmin(ReadOnlyAdmin):
    list_display = ["ref", "state", "turn", "actor", "organization", "project", "answer_by", "delivered_at"]
    list_filter = ["state", "turn"]
    list_select_related = ["actor", "organization", "project"]
    search_fields = ["ref"]
    exclude = ["draft"]  # what nobody has sent yet is nobody else's to read
    ordering = ["-id"]


@admin.register(Terms)
class TermsAdmin(ReadOnlyAdmin):
    list_display = ["request", "number", "side", "total", "currency", "sha256", "created_at"]
    list_select_related = ["request"]
    search_fields = ["request__ref", "sha256"]
    ordering = ["-id"]


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["request", "outcome", "by", "factor"]
    list_filter = ["outcome", "factor"]
    list_select_related = ["request", "by"]
    search_fields = ["request__ref"]
    ordering = ["-id"]


@admin.register(License)
class LicenseAdmin(ReadOnlyAdmin):
    list_display = ["ref", "state", "actor", "organization", "starts_at", "ends_at", "issued_at"]
    list_filter = ["state"]
    list_select_related = ["actor", "organization"]
    search_fields = ["ref", "request__ref"]
    ordering = ["-id"]


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    list_display = ["name", "request"]
    list_select_related = ["request"]
    search_fields = ["request__ref", "name"]
    ordering = ["-id"]


@admin.register(Use)
class UseAdmin(ReadOnlyAdmin):
    list_display = ["title", "terms", "role", "medium", "territory", "starts_on", "ends_on", "fee"]
    list_select_related = ["terms"]
    search_fields = ["terms__request__ref", "title"]
    ordering = ["-id"]


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["request", "by", "side", "at"]
    list_select_related = ["request", "by"]
    search_fields = ["request__ref"]
    ordering = ["-id"]


@admin.register(Advice)
class AdviceAdmin(ReadOnlyAdmin):
    list_display = ["request", "agency", "by", "round_number", "at"]
    list_select_related = ["request", "agency", "by"]
    search_fields = ["request__ref"]
    ordering = ["-id"]


@admin.register(GuardrailsVersion)
class GuardrailsVersionAdmin(ReadOnlyAdmin):
    list_display = ["actor", "number", "created_by", "created_at"]
    list_select_related = ["actor", "created_by"]
    search_fields = ["actor__stage_name"]
    exclude = ["rules", "reason"]  # whom somebody will not work for is nobody else's to read
    ordering = ["-id"]


@admin.register(ScanClaim)
class ScanClaimAdmin(ReadOnlyAdmin):
    """Only what was sent: a draft is the actor's alone, and what they remember stays with the two sides."""

    list_display = ["ref", "state", "actor", "holder_organization", "holder_name", "sent_at", "due_at"]
    list_filter = ["state", "jurisdiction", "ask"]
    list_select_related = ["actor", "holder_organization"]
    search_fields = ["ref"]
    exclude = ["told", "remembered", "letter_text", "union_contact", "link_nonce", "link_hash"]
    ordering = ["-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScanClaim]:
        return super().get_queryset(request).filter(sent_at__isnull=False)


@admin.register(ClaimAnswer)
class ClaimAnswerAdmin(ReadOnlyAdmin):
    list_display = ["claim", "round_number", "outcome", "by_label", "at"]
    list_filter = ["outcome"]
    list_select_related = ["claim"]
    search_fields = ["claim__ref"]
    exclude = ["text", "held_why"]  # the two sides' own words
    ordering = ["-id"]


@admin.register(ClaimMessage)
class ClaimMessageAdmin(ReadOnlyAdmin):
    list_display = ["claim", "round_number", "side", "at"]
    list_select_related = ["claim"]
    search_fields = ["claim__ref"]
    exclude = ["body"]
    ordering = ["-id"]


@admin.register(ScanNotice)
class ScanNoticeAdmin(ReadOnlyAdmin):
    list_display = ["ref", "organization", "project", "scan_at", "announced_by", "announced_at"]
    list_select_related = ["organization", "project", "announced_by"]
    search_fields = ["ref", "sha256"]
    ordering = ["-id"]


@admin.register(Scan)
class ScanAdmin(ReadOnlyAdmin):
    list_display = ["ref", "notice", "actor", "state", "told_at", "performed_at"]
    list_filter = ["state"]
    list_select_related = ["notice", "actor"]
    search_fields = ["ref", "notice__ref"]
    ordering = ["-id"]


@admin.register(ScanAnswer)
class ScanAnswerAdmin(ReadOnlyAdmin):
    list_display = ["scan", "notice", "outcome", "factor", "at"]
    list_select_related = ["scan", "notice"]
    search_fields = ["scan__ref"]
    exclude = ["reason"]  # why somebody refused is theirs to tell
    ordering = ["-id"]


@admin.register(ScanMessage)
class ScanMessageAdmin(ReadOnlyAdmin):
    list_display = ["scan", "by", "side", "at"]
    list_select_related = ["scan", "by"]
    search_fields = ["scan__ref"]
    ordering = ["-id"]


@admin.register(ScanBreach)
class ScanBreachAdmin(ReadOnlyAdmin):
    list_display = ["scan", "kind", "recorded_by", "recorded_at"]
    list_filter = ["kind"]
    list_select_related = ["scan", "recorded_by"]
    search_fields = ["scan__ref"]
    ordering = ["-id"]


@admin.register(ScanCallOff)
class ScanCallOffAdmin(ReadOnlyAdmin):
    list_display = ["notice", "by", "at"]
    list_select_related = ["notice", "by"]
    search_fields = ["notice__ref"]
    ordering = ["-id"]


@admin.register(ScanDraft)
class ScanDraftAdmin(ReadOnlyAdmin):
    list_display = ["ref", "organization", "created_by", "changed_at"]
    list_select_related = ["organization", "created_by"]
    search_fields = ["ref"]
    exclude = ["values"]  # what nobody has announced yet is nobody else's to read
    ordering = ["-id"]


@admin.register(Holding)
class HoldingAdmin(ReadOnlyAdmin):
    list_display = ["holder", "kind", "copies", "replica", "since", "until", "look_on", "ended_at"]
    list_filter = ["kind", "ending"]
    list_select_related = ["replica__actor"]
    search_fields = ["holder", "replica__ref"]
    ordering = ["-id"]


@admin.register(CustodyTransfer)
class CustodyTransferAdmin(ReadOnlyAdmin):
    list_display = ["replica", "holding", "to_name", "state", "answer_by", "union_due_at"]
    list_filter = ["state"]
    list_select_related = ["replica__actor", "holding"]
    search_fields = ["replica__ref", "to_name"]
    ordering = ["-id"]


@admin.register(CustodyAccess)
class CustodyAccessAdmin(ReadOnlyAdmin):
    list_display = ["who", "purpose", "replica", "at", "recorded_by"]
    list_select_related = ["replica__actor", "recorded_by"]
    search_fields = ["who", "replica__ref"]
    ordering = ["-id"]


@admin.register(DestructionTask)
class DestructionTaskAdmin(ReadOnlyAdmin):
    list_display = ["holding", "replica", "reason", "state", "due_on", "attested_at"]
    list_filter = ["state", "reason"]
    list_select_related = ["holding", "replica__actor"]
    search_fields = ["replica__ref", "holding__holder"]
    ordering = ["due_at"]


@admin.register(AgencyGuardrails)
class AgencyGuardrailsAdmin(ReadOnlyAdmin):
    list_display = ["agency", "number", "created_by", "created_at"]
    list_select_related = ["agency", "created_by"]
    search_fields = ["agency__name"]
    ordering = ["-id"]


@admin.register(GuardrailRefusal)
class GuardrailRefusalAdmin(ReadOnlyAdmin):
    list_display = ["request", "actor", "at"]
    list_select_related = ["request", "actor"]
    search_fields = ["request__ref"]
    exclude = ["phrase", "sentence", "private"]  # a block is nobody else's to read
    ordering = ["-id"]


@admin.register(GuardianSignature)
class GuardianSignatureAdmin(ReadOnlyAdmin):
    list_display = ["request", "by", "at", "court_ref", "taken_back_at"]
    list_select_related = ["request", "by"]
    search_fields = ["request__ref", "by__name"]
    ordering = ["-id"]


@admin.register(Crowd)
class CrowdAdmin(ReadOnlyAdmin):
    list_display = ["ref", "title", "organization", "state", "needed", "approved", "answer_by"]
    list_filter = ["state"]
    list_select_related = ["organization"]
    search_fields = ["ref", "title"]
    ordering = ["-id"]


@admin.register(CrowdOffer)
class CrowdOfferAdmin(ReadOnlyAdmin):
    list_display = ["crowd", "number", "total", "currency", "put_by", "created_at"]
    list_select_related = ["crowd", "put_by"]
    search_fields = ["crowd__ref"]
    ordering = ["-id"]


@admin.register(CrowdPlace)
class CrowdPlaceAdmin(ReadOnlyAdmin):
    list_display = ["crowd", "number", "rank", "state", "shown"]
    list_filter = ["state"]
    list_select_related = ["crowd"]
    search_fields = ["crowd__ref"]
    ordering = ["-id"]
