"""The search's copy of standing rules, for staff: to see whether it follows."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from replicas.models import ActorRules, RuleSet


@admin.register(RuleSet)
class RuleSetAdmin(ReadOnlyAdmin):
    list_display = ["key", "longest_days", "notice_hours"]
    search_fields = ["key"]
    ordering = ["-id"]


@admin.register(ActorRules)
class ActorRulesAdmin(ReadOnlyAdmin):
    list_display = ["actor", "rule_set", "read_with"]
    list_select_related = ["actor", "rule_set"]
    search_fields = ["actor__stage_name"]
    ordering = ["-actor"]
