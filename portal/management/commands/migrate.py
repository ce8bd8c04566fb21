"""``manage.py migrate``: Django's own, which then adds the figures the rulebook comes with."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from replicas.actions.rulebook import load_rulebook


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        executor = MigrationExecutor(connections[options["database"]])
        leaves = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] == "replicas"]
        if options["plan"] or options["check_unapplied"] or executor.migration_plan(leaves):
            return  # nothing was done, or the tables are on their way back to an older shape
        added = load_rulebook(at=timezone.now())
        if added and options["verbosity"]:
            self.stdout.write(f"  Added {added} figures to the rulebook.")
