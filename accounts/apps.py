from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import receivers
        from accounts.audit import register
        from accounts.rules.events import SENTENCES

        register(SENTENCES)
        receivers.connect()


class StaffAdminConfig(AdminConfig):
    """Django's admin, with a site that asks staff for the same second step as everybody."""

    default_site = "accounts.admin_site.StaffSite"
