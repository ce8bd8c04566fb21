from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "agencies"

    def ready(self) -> None:
        from accounts.audit import register
        from agencies.rules.events import SENTENCES

        register(SENTENCES)
