"""What happened to crowds after they were sent, for staff: what everybody was told, and better fees on licenses."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from replicas.models import CrowdMailing, LicenseAmendment


@admin.register(CrowdMailing)
class CrowdMailingAdmin(ReadOnlyAdmin):
    list_display = ["crowd", "kind", "put_by", "created_at", "done_at"]
    list_filter = ["kind"]
    list_select_related = ["crowd", "put_by"]
    search_fields = ["crowd__ref"]
    ordering = ["-id"]


@admin.register(LicenseAmendment)
class LicenseAmendmentAdmin(ReadOnlyAdmin):
    list_display = ["license", "number", "total_before", "total", "currency", "created_at"]
    list_select_related = ["license"]
    search_fields = ["license__ref", "sha256"]
    ordering = ["-id"]
