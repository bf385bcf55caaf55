# Answers of comparisons that wait for their turn; a server process begins them.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('playground', '0012_run_traits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WaitingAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('run', models.UUIDField(unique=True)),
                ('message', models.TextField()),
                ('owner', models.UUIDField(null=True)),
                ('why', models.CharField(blank=True, default='', max_length=400)),
                ('comparison', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waiting', to='playground.comparison')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
    ]
