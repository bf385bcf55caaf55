"""Variables and their values, suggested changes, comments, folders, and notices of all these."""
import accounts.fields
import accounts.texts
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_key_details'),
        ('playground', '0007_run_retries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('shared', 'shared with you'), ('suggested', 'a change suggested'), ('accepted', 'your change accepted'), ('declined', 'your change declined'), ('mentioned', 'you were mentioned'), ('commented', 'a comment on yours')], default='shared', max_length=12),
        ),
        migrations.AddField(
            model_name='notice',
            name='run',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='playground.run'),
        ),
        migrations.AddField(
            model_name='notice',
            name='words',
            field=models.CharField(blank=True, default='', max_length=240),
        ),
        migrations.AlterField(
            model_name='notice',
            name='request',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='playground.savedrequest'),
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=4000)),
                ('mentioned', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('edited_at', models.DateTimeField(null=True)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='comments', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='playground.savedrequest')),
                ('run', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='playground.run')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='accounts.team')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('request', None), ('run__isnull', False)), models.Q(('request__isnull', False), ('run', None)), _connector='OR'), name='a_comment_is_on_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='SavedFolder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=200, validators=[accounts.texts.refuse_invisible], verbose_name='folder')),
                ('team', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='saved_folders', to='accounts.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('team', 'path'), name='one_folder_of_a_path')],
            },
        ),
        migrations.CreateModel(
            name='Sighting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sightings', to='playground.savedrequest')),
                ('run', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sightings', to='playground.run')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'request'), name='one_sighting_of_a_request'), models.UniqueConstraint(fields=('user', 'run'), name='one_sighting_of_a_run')],
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('after', models.PositiveIntegerField()),
                ('call', models.TextField()),
                ('message', models.TextField(max_length=1000)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('open', 'Waiting for an answer'), ('accepted', 'Accepted'), ('declined', 'Declined')], default='open', max_length=8)),
                ('decided_at', models.DateTimeField(null=True)),
                ('word', models.CharField(blank=True, default='', max_length=400)),
                ('version', models.PositiveIntegerField(null=True)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='playground.savedrequest')),
            ],
            options={
                'indexes': [models.Index(fields=['request', 'state', '-id'], name='suggestions_of_request')],
            },
        ),
        migrations.CreateModel(
            name='Variable',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('value', models.TextField(blank=True, default='', max_length=20000, verbose_name='value')),
                ('secret', accounts.fields.EncryptedText(mask='', null=True)),
                ('updated', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='variables', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='variables', to='accounts.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('owner', None)), fields=('team', 'name'), name='one_team_value_of_a_name'), models.UniqueConstraint(fields=('team', 'owner', 'name'), name='one_own_value_of_a_name')],
            },
        ),
    ]
