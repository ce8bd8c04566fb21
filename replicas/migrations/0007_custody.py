import django.db.models.deletion
import replicas.rules.custody
import replicas.rules.vocabulary
from django.conf import settings
from django.db import migrations, models

from accounts.audit.triggers import make_append_only, undo_append_only

TABLE = "replicas_custodyaccess"
BATCH = 1000


def freeze(apps, editor):
    make_append_only(editor.connection, TABLE)


def thaw(apps, editor):
    undo_append_only(editor.connection, TABLE)


def first_holdings(apps, editor):
    """Every replica that is here already gets the holding of its original. The clock looks at each once, at its next
    tick (``look_on`` is the day of registration), and puts the day from then on."""
    holding = apps.get_model("replicas", "Holding")
    rows = apps.get_model("replicas", "Replica").objects.order_by("pk")
    made = []
    for replica in rows.iterator(chunk_size=BATCH):
        day = replica.registered_at.date()
        made.append(
            holding(
                replica_id=replica.pk,
                holder=replica.custodian,
                organization_id=replica.custodian_organization_id,
                place=replica.custody_place,
                kind="original",
                since=replica.captured_on,
                until=replica.custody_until,
                last_interaction_on=day,
                look_on=day,
                recorded_by_id=replica.registered_by_id,
                recorded_at=replica.registered_at,
            )
        )
    holding.objects.bulk_create(made, batch_size=BATCH)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_audit_append_only'),
        ('agencies', '0001_initial'),
        ('replicas', '0006_scans'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='replica',
            name='state',
            field=models.CharField(choices=[('proposed', 'Waits for the actor'), ('confirmed', 'Confirmed'), ('declined', 'Declined'), ('leaving', 'Being withdrawn'), ('destroyed', 'Destroyed')], default=replicas.rules.vocabulary.ReplicaState['CONFIRMED'], max_length=10),
        ),
        migrations.CreateModel(
            name='Holding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holder', models.CharField(max_length=120)),
                ('contact', models.EmailField(blank=True, max_length=254)),
                ('place', models.CharField(blank=True, max_length=120)),
                ('kind', models.CharField(choices=[('original', 'Original'), ('copy', 'Copy')], max_length=8)),
                ('copies', models.PositiveSmallIntegerField(default=1)),
                ('purpose', models.CharField(blank=True, max_length=300)),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('last_interaction_on', models.DateField()),
                ('look_on', models.DateField()),
                ('told_by', models.CharField(blank=True, max_length=120)),
                ('recorded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ending', models.CharField(blank=True, choices=[('returned', 'Handed back'), ('mistake', 'Recorded by mistake'), ('transferred', 'Passed on'), ('destroyed', 'Destroyed')], max_length=11)),
                ('license', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='held_for', to='replicas.license')),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='agencies.organization')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replica', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='replicas.replica')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='copied', to='replicas.holding')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='DestructionTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('retention', 'The time they may keep it has passed'), ('license', 'The license it was kept for has ended'), ('interaction', 'Three years since the last interaction'), ('asked', 'The purpose is met'), ('leaving', 'The performer withdraws the replica altogether')], max_length=11)),
                ('comment', models.CharField(blank=True, max_length=500)),
                ('asked_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('due_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'Due'), ('attested', 'Destroyed, with proof')], default=replicas.rules.custody.TaskState['OPEN'], max_length=8)),
                ('reminded', models.PositiveSmallIntegerField(default=0)),
                ('next_reminder_at', models.DateTimeField(null=True)),
                ('attester', models.CharField(blank=True, max_length=120)),
                ('method', models.CharField(blank=True, choices=[('erased', 'Erased from all systems and backups'), ('overwritten', 'Overwritten, then erased'), ('shredded', 'The media were physically destroyed'), ('keys', 'The encryption keys were destroyed')], max_length=11)),
                ('destroyed_on', models.DateField(null=True)),
                ('statement', models.CharField(blank=True, max_length=1000)),
                ('sha256s', models.JSONField(default=list)),
                ('told_by', models.CharField(blank=True, max_length=120)),
                ('attested_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('attested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replica', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='destruction_tasks', to='replicas.replica')),
                ('holding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='destruction_tasks', to='replicas.holding')),
            ],
        ),
        migrations.CreateModel(
            name='CustodyTransfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to_name', models.CharField(max_length=120)),
                ('to_contact', models.EmailField(blank=True, max_length=254)),
                ('place', models.CharField(max_length=120)),
                ('until', models.DateField(blank=True, null=True)),
                ('reason', models.CharField(max_length=500)),
                ('agreement', models.CharField(choices=[('sag_tv_theatrical_2026', 'SAG-AFTRA TV/Theatrical 2026'), ('sag_commercials_2025', 'SAG-AFTRA Commercials 2025'), ('sag_interactive_2025', 'SAG-AFTRA Interactive Media 2025'), ('actra_ipa', 'ACTRA'), ('equity_pact', 'Equity–Pact'), ('none', 'No union agreement')], max_length=30)),
                ('document', models.CharField(blank=True, max_length=255)),
                ('document_sha256', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(choices=[('asked', 'Waits for the actor'), ('agreed', 'Agreed'), ('refused', 'Not agreed'), ('union_pending', 'Waits for the union'), ('completed', 'Passed on'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed')], default=replicas.rules.custody.TransferState['ASKED'], max_length=13)),
                ('told_by', models.CharField(blank=True, max_length=120)),
                ('asked_at', models.DateTimeField()),
                ('answer_by', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('union_asked_at', models.DateTimeField(null=True)),
                ('union_due_at', models.DateTimeField(null=True)),
                ('union_approved_on', models.DateField(null=True)),
                ('union_reference', models.CharField(blank=True, max_length=120)),
                ('ended_at', models.DateTimeField(null=True)),
                ('agreed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replica', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='replicas.replica')),
                ('to_organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incoming_transfers', to='agencies.organization')),
                ('holding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='replicas.holding')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='CustodyAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(max_length=120)),
                ('purpose', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
                ('files', models.JSONField(default=list, help_text='Names of the files; empty: all of them.')),
                ('told_by', models.CharField(blank=True, max_length=120)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replica', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accesses', to='replicas.replica')),
                ('holding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accesses', to='replicas.holding')),
            ],
            options={
                'verbose_name_plural': 'custody accesses',
            },
        ),
        migrations.AddIndex(
            model_name='holding',
            index=models.Index(fields=['replica', 'id'], name='holdings_of_replica'),
        ),
        migrations.AddIndex(
            model_name='holding',
            index=models.Index(condition=models.Q(('ended_at__isnull', True), ('organization__isnull', False)), fields=['organization', '-id'], name='holdings_of_house'),
        ),
        migrations.AddIndex(
            model_name='holding',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['look_on'], name='holding_to_look_at'),
        ),
        migrations.AddIndex(
            model_name='holding',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['license'], name='holding_for_license'),
        ),
        migrations.AddConstraint(
            model_name='holding',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('kind', replicas.rules.custody.HoldingKind['ORIGINAL'])), fields=('replica',), name='holding_one_original'),
        ),
        migrations.AddConstraint(
            model_name='holding',
            constraint=models.CheckConstraint(condition=models.Q(('copies__gte', 1)), name='holding_has_copies'),
        ),
        migrations.AddConstraint(
            model_name='holding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ending', '')), models.Q(('ended_at__isnull', False), models.Q(('ending', ''), _negated=True)), _connector='OR'), name='holding_ended_with_how'),
        ),
        migrations.AddIndex(
            model_name='destructiontask',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['replica', 'due_at'], name='task_of_replica'),
        ),
        migrations.AddIndex(
            model_name='destructiontask',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['next_reminder_at'], name='task_to_remind'),
        ),
        migrations.AddConstraint(
            model_name='destructiontask',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('holding',), name='task_one_open'),
        ),
        migrations.AddConstraint(
            model_name='destructiontask',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('attested_at__isnull', True), ('state', 'open')), models.Q(('attested_at__isnull', False), ('attested_by__isnull', False), ('destroyed_on__isnull', False), ('state', 'attested'), models.Q(('attester', ''), _negated=True), models.Q(('method', ''), _negated=True)), _connector='OR'), name='task_attested_has_proof'),
        ),
        migrations.AddConstraint(
            model_name='destructiontask',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('asked_at'))), name='task_due_after_asked'),
        ),
        migrations.AddIndex(
            model_name='custodytransfer',
            index=models.Index(fields=['replica', '-id'], name='transfers_of_replica'),
        ),
        migrations.AddIndex(
            model_name='custodytransfer',
            index=models.Index(condition=models.Q(('state', 'asked')), fields=['answer_by'], name='transfer_to_answer'),
        ),
        migrations.AddIndex(
            model_name='custodytransfer',
            index=models.Index(condition=models.Q(('state', 'union_pending')), fields=['union_due_at'], name='transfer_union_due'),
        ),
        migrations.AddConstraint(
            model_name='custodytransfer',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['agreed', 'asked', 'union_pending'])), fields=('holding',), name='transfer_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='custodytransfer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['agreed', 'asked', 'union_pending'])), models.Q(models.Q(('state__in', ['agreed', 'asked', 'union_pending']), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='transfer_ended_iff_over'),
        ),
        migrations.AddConstraint(
            model_name='custodytransfer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['agreed', 'union_pending', 'completed']), _negated=True), ('agreed_by__isnull', False), _connector='OR'), name='transfer_done_was_agreed'),
        ),
        migrations.AddConstraint(
            model_name='custodytransfer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'union_pending'), _negated=True), models.Q(('union_asked_at__isnull', False), ('union_due_at__isnull', False)), _connector='OR'), name='transfer_union_has_clock'),
        ),
        migrations.AddIndex(
            model_name='custodyaccess',
            index=models.Index(fields=['replica', '-at', '-id'], name='accesses_of_replica'),
        ),
        migrations.RunPython(freeze, thaw),
        migrations.RunPython(first_holdings, migrations.RunPython.noop),
    ]
