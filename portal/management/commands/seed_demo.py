"""``manage.py seed_demo``: fills an empty database with the demo."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from portal.demo import seed


class Command(BaseCommand):
    help = "Fills an empty database with invented people, replicas and requests (DEMO=true only)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is off. The demo's people have a known password, so they stay out of real data.")
        if User.objects.exists():
            raise CommandError("There are people in this database already. The demo needs an empty one.")
        required, settings.REQUIRE_MFA = settings.REQUIRE_MFA, False  # the invented people have no phone
        try:
            seed(at=timezone.now(), say=lambda line: self.stdout.write(line))
        finally:
            settings.REQUIRE_MFA = required
