"""The traits of runs in their indexes, so that any list of runs is read from one index."""

import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_key_details'),
        ('playground', '0011_alerts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='run',
            name='run_team',
        ),
        migrations.RemoveIndex(
            model_name='run',
            name='run_user',
        ),
        migrations.RemoveIndex(
            model_name='run',
            name='run_team_model',
        ),
        migrations.RemoveIndex(
            model_name='run',
            name='run_user_model',
        ),
        migrations.RemoveIndex(
            model_name='run',
            name='run_team_operation',
        ),
        migrations.RemoveIndex(
            model_name='run',
            name='run_not_well',
        ),
        migrations.RemoveIndex(
            model_name='run',
            name='run_model_not_well',
        ),
        migrations.RemoveIndex(
            model_name='run',
            name='run_key',
        ),
        migrations.RemoveIndex(
            model_name='run',
            name='run_media',
        ),
        migrations.AddField(
            model_name='run',
            name='traits',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.expressions.RawSQL('((coalesce("user_id", 0) & 4095)::bigint << 0) | ((coalesce(uuid_hash("key_id"::uuid), 0) & 255)::bigint << 12) | ((coalesce(hashtext("model"::text), 0) & 32767)::bigint << 20) | ((coalesce(hashtext("operation"::text), 0) & 16383)::bigint << 35) | ((coalesce(hashtext("state"::text), 0) & 63)::bigint << 49) | ((coalesce(hashtext("gateway_name"::text), 0) & 255)::bigint << 55)', ()), output_field=models.BigIntegerField()),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['team', '-id'], include=('traits',), name='run_team'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['team', 'user', '-id'], include=('traits',), name='run_user'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['team', 'model', '-id'], include=('traits',), name='run_team_model'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['team', 'user', 'model', '-id'], include=('traits',), name='run_user_model'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['team', 'operation', '-id'], include=('traits',), name='run_team_operation'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(condition=models.Q(('state', 'succeeded'), _negated=True), fields=['team', 'state', '-id'], include=('traits',), name='run_not_well'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(condition=models.Q(('state', 'succeeded'), _negated=True), fields=['team', 'model', '-id'], include=('traits',), name='run_model_not_well'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(fields=['key', '-id'], include=('team', 'traits'), name='run_key'),
        ),
        migrations.AddIndex(
            model_name='run',
            index=models.Index(condition=models.Q(('has_media', True)), fields=['team', '-id'], include=('traits',), name='run_media'),
        ),
        # An index is read alone only where its rows were vacuumed, which for rows that are only added is seldom by default.
        migrations.RunSQL(
            "ALTER TABLE playground_run SET (autovacuum_vacuum_scale_factor = 0.02,"
            " autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)",
            "ALTER TABLE playground_run RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor,"
            " autovacuum_analyze_scale_factor)",
        ),
    ]
