import datetime
import django.db.models.deletion
import replicas.rules.answering
from django.conf import settings
from django.db import migrations, models

from accounts.audit.triggers import make_append_only, undo_append_only

TABLE = "replicas_strikechange"


def freeze(apps, editor):
    make_append_only(editor.connection, TABLE)


def thaw(apps, editor):
    undo_append_only(editor.connection, TABLE)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_audit_append_only'),
        ('agencies', '0001_initial'),
        ('replicas', '0009_rulebook'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StrikeChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['strike', 'number'],
            },
        ),
        migrations.CreateModel(
            name='StrikePeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agreement', models.CharField(choices=[('sag_tv_theatrical_2026', 'SAG-AFTRA TV/Theatrical 2026'), ('sag_commercials_2025', 'SAG-AFTRA Commercials 2025'), ('sag_interactive_2025', 'SAG-AFTRA Interactive Media 2025'), ('actra_ipa', 'ACTRA'), ('equity_pact', 'Equity–Pact'), ('none', 'No union agreement')], max_length=30, verbose_name='union agreement')),
                ('starts_at', models.DateTimeField(verbose_name='starts')),
                ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='ends')),
                ('note', models.CharField(blank=True, help_text='Where it was called; everybody reads this.', max_length=300)),
                ('set_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('began_told_at', models.DateTimeField(null=True)),
                ('ended_told_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='reuserequest',
            name='request_decided_iff_over',
        ),
        migrations.RemoveIndex(
            model_name='reuserequest',
            name='request_undelivered',
        ),
        migrations.AddField(
            model_name='reuserequest',
            name='held_at',
            field=models.DateTimeField(help_text='When the clock stopped; empty while it runs.', null=True),
        ),
        migrations.AddField(
            model_name='reuserequest',
            name='held_for',
            field=models.DurationField(default=datetime.timedelta(0), help_text='How long the clock stood still in all.'),
        ),
        migrations.AddField(
            model_name='reuserequest',
            name='released_at',
            field=models.DateTimeField(help_text='When the clock last went on after a strike.', null=True),
        ),
        migrations.AlterField(
            model_name='decision',
            name='outcome',
            field=models.CharField(choices=[('draft', 'Draft'), ('open', 'Open'), ('countered', 'Changes proposed'), ('held', 'Held'), ('approved', 'Approved'), ('denied', 'Denied'), ('lapsed', 'Lapsed'), ('withdrawn', 'Withdrawn')], max_length=10),
        ),
        migrations.AlterField(
            model_name='reuserequest',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('open', 'Open'), ('countered', 'Changes proposed'), ('held', 'Held'), ('approved', 'Approved'), ('denied', 'Denied'), ('lapsed', 'Lapsed'), ('withdrawn', 'Withdrawn')], default=replicas.rules.answering.RequestState['DRAFT'], max_length=10),
        ),
        migrations.AddField(
            model_name='strikechange',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='strikeperiod',
            name='set_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='strikechange',
            name='strike',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='replicas.strikeperiod'),
        ),
        migrations.AddField(
            model_name='license',
            name='suspended_in',
            field=models.ForeignKey(help_text='The strike in which the performer suspended it; it is taken up again when that one ends.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='replicas.strikeperiod'),
        ),
        migrations.AddField(
            model_name='reuserequest',
            name='strike',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='replicas.strikeperiod'),
        ),
        migrations.AddIndex(
            model_name='license',
            index=models.Index(condition=models.Q(('suspended_in__isnull', False)), fields=['suspended_in', 'id'], name='license_in_strike'),
        ),
        migrations.AddIndex(
            model_name='reuserequest',
            index=models.Index(condition=models.Q(('delivered_at__isnull', True), ('state__in', ['countered', 'held', 'open'])), fields=['id'], name='request_undelivered'),
        ),
        migrations.AddIndex(
            model_name='reuserequest',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['strike', 'id'], name='request_held'),
        ),
        migrations.AddConstraint(
            model_name='license',
            constraint=models.CheckConstraint(condition=models.Q(('suspended_in__isnull', True), ('state', 'suspended'), _connector='OR'), name='license_in_strike_is_suspended'),
        ),
        migrations.AddConstraint(
            model_name='reuserequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('state__in', ['approved', 'denied', 'lapsed', 'withdrawn'])), models.Q(('decided_at__isnull', True), ('state__in', ['draft', 'open', 'countered', 'held'])), _connector='OR'), name='request_decided_iff_over'),
        ),
        migrations.AddConstraint(
            model_name='reuserequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('held_at__isnull', False), ('sent_at__isnull', False), ('state', 'held'), ('strike__isnull', False)), models.Q(models.Q(('state', 'held'), _negated=True), ('held_at__isnull', True)), _connector='OR'), name='request_held_iff_clock_stopped'),
        ),
        migrations.AddIndex(
            model_name='strikeperiod',
            index=models.Index(fields=['agreement', 'starts_at'], name='strike_by_agreement'),
        ),
        migrations.AddConstraint(
            model_name='strikeperiod',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='strike_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='strikeperiod',
            constraint=models.UniqueConstraint(condition=models.Q(('ends_at__isnull', True)), fields=('agreement',), name='strike_open_once_per_agreement'),
        ),
        migrations.AddConstraint(
            model_name='strikechange',
            constraint=models.UniqueConstraint(fields=('strike', 'number'), name='strike_version_once'),
        ),
        migrations.RunPython(freeze, thaw),
    ]
