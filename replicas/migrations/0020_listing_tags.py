from itertools import islice

from django.db import migrations, models

from replicas.models.word_index import make_word_index, undo_word_index
from replicas.rules.listing import tags

BATCH = 2000


def forget_words(apps, editor):
    undo_word_index(editor.connection)


def fill(apps, editor):
    Listing = apps.get_model("replicas", "Listing")
    rows = iter(Listing.objects.only("captured", "languages", "place").order_by("pk").iterator(chunk_size=BATCH))
    while some := list(islice(rows, BATCH)):
        for row in some:
            row.tags = tags(row.captured, row.languages, row.place)
        Listing.objects.bulk_update(some, ["tags"], BATCH // 4)


def index_words(apps, editor):
    make_word_index(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("replicas", "0019_saved_searches")]

    operations = [
        migrations.RunPython(forget_words, migrations.RunPython.noop),
        migrations.AddField("listing", "tags", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(index_words, forget_words),
    ]
