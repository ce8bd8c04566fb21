from django.db import migrations, models


def first_names(apps, editor):
    """What ``agencies.rules.bonds.roster_name`` made of each name at this time."""
    rows = apps.get_model("agencies", "Representation").objects.select_related("actor")
    found = list(rows)
    for row in found:
        name = row.actor.stage_name if row.actor else row.invited_name or row.email
        row.sort_name = " ".join(name.split()).casefold()[:254]
    rows.bulk_update(found, ["sort_name"], batch_size=200)


class Migration(migrations.Migration):

    dependencies = [("agencies", "0002_guardians")]

    operations = [
        migrations.AddField(
            model_name="representation",
            name="sort_name",
            field=models.CharField(blank=True, editable=False, max_length=254),
        ),
        migrations.RunPython(first_names, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="representation",
            index=models.Index(
                condition=models.Q(("state__in", ["invited", "active"])),
                fields=["agency", "sort_name", "id"],
                name="roster_by_name",
            ),
        ),
    ]
