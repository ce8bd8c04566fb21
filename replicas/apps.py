from django.apps import AppConfig


class ReplicasConfig(AppConfig):
    name = "replicas"

    def ready(self) -> None:
        from accounts.audit import register
        from replicas.rules.events import SENTENCES

        register(SENTENCES)
