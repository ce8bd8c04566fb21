"""What staff see of people, letters and the trail. State is shown, never edited; what can be done are actions."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import ActorProfile, AuditEntry, Delivery, DirectorProfile, Heartbeat, Notification, User
from accounts.notifications.actions import try_again
from accounts.rules.refusal import Refused
from accounts.views.signed_in import SignedInRequest


class ReadOnlyAdmin(ModelAdmin):
    """Everything to read, nothing to write. Other apps' admins build on it; the site takes no others."""

    read_only = True

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("email", "name", "time_zone", "is_active", "is_staff", "date_joined")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    ordering = ("-date_joined",)
    exclude = ("password", "groups", "user_permissions")


@admin.register(ActorProfile)
class ActorProfileAdmin(ReadOnlyAdmin):
    list_display = ("stage_name", "user", "union", "place")
    list_select_related = ("user",)
    search_fields = ("stage_name", "user__email")
    ordering = ("stage_name",)


@admin.register(DirectorProfile)
class DirectorProfileAdmin(ReadOnlyAdmin):
    list_display = ("user", "title")
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email")


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ("name", "at")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "event", "refused", "by_label", "for_label", "subject_ref", "subject_label", "source", "ip")
    list_filter = ("source", ("refused", admin.EmptyFieldListFilter))
    search_fields = ("event", "by_label", "subject_ref", "subject_label")
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "kind", "recipient", "address", "subject_ref", "due_at", "read_at")
    list_filter = ("kind",)
    list_select_related = ("recipient",)
    search_fields = ("subject_ref", "recipient__email", "address")
    ordering = ("-id",)
    show_full_result_count = False


class Stuck(admin.SimpleListFilter):
    """Letters that need somebody: failed, or tried in vain already."""

    title = "needs somebody"
    parameter_name = "stuck"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("failed", "Not delivered"), ("retrying", "Tried in vain, will be tried again")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "failed":
            return queryset.filter(state="failed")
        if self.value() == "retrying":
            return queryset.filter(state="queued", attempts__gt=0)
        return queryset


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("pk", "state", "notification", "address", "attempts", "next_at", "sent_at", "error")
    list_filter = (Stuck, "state")
    list_select_related = ("notification__recipient",)
    search_fields = ("address", "notification__subject_ref")
    ordering = ("-id",)
    show_full_result_count = False
    actions = ("send_again",)

    @admin.action(description="Try again now", permissions=["view"])
    def send_again(self, request: SignedInRequest, queryset: QuerySet) -> None:
        done = 0
        for delivery in queryset.select_related("notification"):
            try:
                try_again(delivery, by=request.user, at=timezone.now())
            except Refused as refusal:
                messages.warning(request, f"{delivery}: {refusal.sentence}")
            else:
                done += 1
        if done:
            messages.success(request, f"{done} on the way again.")
