# Which comparisons are blind, so that their runs are kept from those who have yet to vote without reading any document.

from django.db import migrations, models

MARK = """
UPDATE playground_comparison SET is_blind = true WHERE document ~ '"blind": ?true'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('playground', '0013_waiting_answers'),
    ]

    operations = [
        migrations.AddField(
            model_name='comparison',
            name='is_blind',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='comparison',
            index=models.Index(condition=models.Q(('is_blind', True), ('is_shared', True)), fields=['team'], name='comparison_blind'),
        ),
    ]
