"""The shelf of each key: the models its gateway offers, with their prices."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_key_details'),
        ('playground', '0008_variables_suggestions_comments'),
    ]

    operations = [
        migrations.CreateModel(
            name='Shelf',
            fields=[
                ('key', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='shelf', serialize=False, to='accounts.key')),
                ('asked_at', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('first_read_at', models.DateTimeField(null=True)),
                ('code', models.CharField(blank=True, default='', max_length=24)),
                ('said', models.CharField(blank=True, default='', max_length=300)),
                ('sources', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), default=list, size=None)),
                ('group', models.CharField(blank=True, default='', max_length=80)),
                ('ratio', models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                ('next_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['next_at'], name='shelf_next')],
            },
        ),
        migrations.CreateModel(
            name='ShelfModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('vendor', models.CharField(blank=True, default='', max_length=80)),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), default=list, size=None)),
                ('context', models.IntegerField(null=True)),
                ('price', models.JSONField(help_text='amounts as text, with their unit; see playground.offers.Price', null=True)),
                ('is_tiered', models.BooleanField(default=False)),
                ('since', models.DateTimeField()),
                ('gone_at', models.DateTimeField(null=True)),
                ('shelf', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='models', to='playground.shelf')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('shelf', 'name'), name='one_model_of_a_name')],
            },
        ),
    ]
