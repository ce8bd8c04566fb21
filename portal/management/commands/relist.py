"""``manage.py relist``: makes the search's copy of what is listed anew, for rows that were written past the portal."""

from typing import Any

from django.core.management.base import BaseCommand

from replicas.actions.listing import relist_all


class Command(BaseCommand):
    help = "Makes the search's copy of all listed replicas anew, while the portal runs."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{relist_all():,} replicas are listed.")
