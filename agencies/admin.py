"""Houses and their people for staff: shown, never edited; checking a house is an action of its own."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.admin import ReadOnlyAdmin
from accounts.rules.refusal import Refused
from agencies.actions import guardians
from agencies.actions import organizations as actions
from agencies.models import Guardianship, Membership, Organization, Representation


def _each(request: HttpRequest, queryset: QuerySet[Any], action: Any, done: str) -> None:
    """One move for each chosen row, with what became of it."""
    for row in queryset:
        try:
            action(row, by=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, f"{row}: {refusal.sentence}")
        else:
            messages.success(request, f"{row}: {done}")


@admin.register(Organization)
class OrganizationAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "place", "license_number", "verified_at", "created_at")
    list_filter = ("kind", ("verified_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "slug", "license_number")
    actions = ("mark_verified", "take_mark_back")

    @admin.action(description="Mark as checked: the house is real", permissions=["view"])
    def mark_verified(self, request: HttpRequest, queryset: QuerySet[Organization]) -> None:
        _each(request, queryset, actions.verify, "Checked.")

    @admin.action(description="Take the “verified” mark back", permissions=["view"])
    def take_mark_back(self, request: HttpRequest, queryset: QuerySet[Organization]) -> None:
        _each(request, queryset, actions.unverify, "The mark is taken back.")


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("name", "organization", "role", "state", "invited_at", "started_at", "ended_at")
    list_filter = ("state", "role")
    list_select_related = ("user", "organization")
    search_fields = ("email", "user__email", "user__name", "organization__name")
    exclude = ("nonce",)


@admin.register(Representation)
class RepresentationAdmin(ReadOnlyAdmin):
    list_display = ("name", "agency", "state", "asked_by_actor", "invited_at", "started_at", "ended_at")
    list_filter = ("state", "asked_by_actor")
    list_select_related = ("actor", "agency")
    search_fields = ("email", "actor__stage_name", "agency__name")
    exclude = ("nonce",)


@admin.register(Guardianship)
class GuardianshipAdmin(ReadOnlyAdmin):
    list_display = ("actor", "name", "relation", "proof", "state", "verified_at", "started_at", "ended_at")
    list_filter = ("state", "relation", ("verified_at", admin.EmptyFieldListFilter))
    list_select_related = ("actor", "guardian")
    search_fields = ("email", "guardian__email", "guardian__name", "actor__stage_name", "proof")
    exclude = ("nonce",)
    actions = ("confirm", "take_confirmation_back", "end")

    @admin.action(description="Confirm: the paper was seen", permissions=["view"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Guardianship]) -> None:
        _each(request, queryset, guardians.confirm, "Confirmed.")

    @admin.action(description="Take the confirmation back", permissions=["view"])
    def take_confirmation_back(self, request: HttpRequest, queryset: QuerySet[Guardianship]) -> None:
        _each(request, queryset, guardians.unconfirm, "The confirmation is taken back.")

    @admin.action(description="End the guardianship now", permissions=["view"])
    def end(self, request: HttpRequest, queryset: QuerySet[Guardianship]) -> None:
        _each(request, queryset, guardians.end, "Ended.")
