import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.audit.triggers import make_append_only, undo_append_only

TABLES = ("replicas_claimanswer", "replicas_claimmessage")


def freeze(apps, editor):
    for table in TABLES:
        make_append_only(editor.connection, table)


def thaw(apps, editor):
    for table in TABLES:
        undo_append_only(editor.connection, table)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_audit_append_only'),
        ('agencies', '0001_initial'),
        ('replicas', '0004_guardrails'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ScanClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=12, unique=True)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('sent', 'Sent'), ('acknowledged', 'Answered'), ('disputed', 'Disputed'), ('unanswered', 'No answer'), ('closed', 'Closed')], default='draft', max_length=12)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('scanned_on', models.DateField(blank=True, null=True, verbose_name='the day')),
                ('about_when', models.CharField(blank=True, max_length=80, verbose_name='about when')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='where')),
                ('captured_by', models.CharField(blank=True, max_length=120, verbose_name='by whom')),
                ('production', models.CharField(blank=True, max_length=120, verbose_name='for which production')),
                ('told', models.TextField(blank=True, max_length=2000, verbose_name='what they were told')),
                ('remembered', models.TextField(blank=True, max_length=2000, verbose_name='what they remember being captured')),
                ('holder_name', models.CharField(blank=True, max_length=120, verbose_name='who should answer')),
                ('holder_email', models.EmailField(blank=True, max_length=254, verbose_name='their e-mail')),
                ('jurisdiction', models.CharField(blank=True, choices=[('us_il', 'Illinois'), ('us', 'Elsewhere in the United States'), ('eu', 'European Union, Iceland, Liechtenstein or Norway'), ('uk', 'United Kingdom'), ('other', 'Somewhere else')], max_length=8, verbose_name='where the law is asked')),
                ('ask', models.CharField(choices=[('access', 'Tell me what you hold'), ('deletion', 'Delete it'), ('disclosure', 'Tell me who has it and who can see it')], default='access', max_length=12, verbose_name='what is asked for')),
                ('under_union', models.BooleanField(default=False, verbose_name='under a SAG-AFTRA agreement')),
                ('tell_agency', models.BooleanField(default=True, verbose_name='tell the agency when nobody answers')),
                ('union_contact', models.EmailField(blank=True, max_length=254, verbose_name='union contact to tell when nobody answers')),
                ('letter_bases', models.JSONField(blank=True, default=list)),
                ('letter_text', models.TextField(blank=True)),
                ('letter_sha256', models.CharField(blank=True, max_length=64)),
                ('sent_at', models.DateTimeField(null=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('reminded', models.PositiveSmallIntegerField(default=0)),
                ('next_look_at', models.DateTimeField(null=True)),
                ('escalated_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closing', models.CharField(blank=True, choices=[('discarded', 'Thrown away'), ('settled', 'Settled'), ('withdrawn', 'Withdrawn')], max_length=10)),
                ('rounds', models.PositiveSmallIntegerField(default=1, help_text='Goes up with every dispute.')),
                ('link_nonce', models.CharField(blank=True, max_length=22)),
                ('link_hash', models.CharField(blank=True, max_length=64)),
                ('link_expires_at', models.DateTimeField(null=True)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='accounts.actorprofile')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder_organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='agencies.organization')),
                ('replica', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='replicas.replica')),
            ],
        ),
        migrations.CreateModel(
            name='ClaimMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round_number', models.PositiveSmallIntegerField()),
                ('side', models.CharField(choices=[('actor', 'Actor'), ('agency', 'Agency'), ('holder', 'Holder'), ('portal', 'Understudy')], max_length=10)),
                ('body', models.TextField(max_length=2000)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='replicas.scanclaim')),
            ],
        ),
        migrations.CreateModel(
            name='ClaimAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round_number', models.PositiveSmallIntegerField()),
                ('outcome', models.CharField(choices=[('holds', 'We hold something of this performer'), ('nothing', 'We hold nothing'), ('destroyed', 'We destroyed it')], max_length=10)),
                ('text', models.TextField(blank=True, max_length=4000)),
                ('custodian', models.CharField(blank=True, max_length=120, verbose_name='who holds it')),
                ('held_at', models.CharField(blank=True, max_length=200, verbose_name='where it is kept')),
                ('held_until', models.DateField(blank=True, null=True, verbose_name='kept until')),
                ('held_why', models.TextField(blank=True, max_length=1000, verbose_name='why it is kept')),
                ('destroyed_on', models.DateField(blank=True, null=True)),
                ('attested_by', models.CharField(blank=True, max_length=120)),
                ('by_label', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='replicas.scanclaim')),
            ],
        ),
        migrations.AddIndex(
            model_name='scanclaim',
            index=models.Index(fields=['actor', '-id'], name='claims_of_actor'),
        ),
        migrations.AddIndex(
            model_name='scanclaim',
            index=models.Index(condition=models.Q(('sent_at__isnull', False)), fields=['holder_organization', 'state', 'due_at', 'id'], name='claims_to_house'),
        ),
        migrations.AddIndex(
            model_name='scanclaim',
            index=models.Index(condition=models.Q(('state__in', ['disputed', 'sent'])), fields=['next_look_at'], name='claim_due'),
        ),
        migrations.AddConstraint(
            model_name='scanclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('letter_sha256', ''), ('sent_at__isnull', True)), models.Q(('due_at__isnull', False), ('opened_at__isnull', False), ('sent_at__isnull', False), models.Q(('letter_sha256', ''), _negated=True)), _connector='OR'), name='claim_sent_has_letter_and_clock'),
        ),
        migrations.AddConstraint(
            model_name='scanclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', True), ('state', 'draft')), ('state', 'closed'), models.Q(models.Q(('state', 'draft'), _negated=True), ('sent_at__isnull', False)), _connector='OR'), name='claim_beyond_draft_was_sent'),
        ),
        migrations.AddConstraint(
            model_name='scanclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed'), models.Q(('closing', ''), _negated=True)), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at__isnull', True), ('closing', '')), _connector='OR'), name='claim_closed_has_moment_and_reason'),
        ),
        migrations.AddConstraint(
            model_name='scanclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['disputed', 'sent']), _negated=True), ('next_look_at__isnull', False), _connector='OR'), name='claim_running_has_a_next_look'),
        ),
        migrations.AddConstraint(
            model_name='scanclaim',
            constraint=models.UniqueConstraint(condition=models.Q(('link_hash', ''), _negated=True), fields=('link_hash',), name='claim_link_once'),
        ),
        migrations.AddConstraint(
            model_name='claimanswer',
            constraint=models.UniqueConstraint(fields=('claim', 'round_number'), name='claim_answer_once_per_round'),
        ),
        migrations.AddConstraint(
            model_name='claimanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'destroyed'), _negated=True), models.Q(('destroyed_on__isnull', False), models.Q(('attested_by', ''), _negated=True)), _connector='OR'), name='claim_destroyed_is_attested'),
        ),
        migrations.RunPython(freeze, thaw),
    ]
