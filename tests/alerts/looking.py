"""A process of its own that looks at a key when it is told to: `python -m tests.alerts.looking DATABASE KEY`.

It says "ready", waits for a line, looks, and says how many alerts it opened.
"""

import json
import os
import sys
from decimal import Decimal

import django


def main(database: str, key_id: str) -> None:
    """Look once, as a worker does that has just read a balance."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    from django.conf import settings

    settings.DATABASES["default"].update(json.loads(database))
    django.setup()

    from accounts.models import Key
    from playground import alerts

    key = Key.objects.select_related("team", "owner", "gateway").get(pk=key_id)
    print("ready", flush=True)
    sys.stdin.readline()
    opened = alerts.look(key, alerts.Seen(told=True, left=Decimal(1), unit="USD", code="", blocked=True))
    print(len(opened), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
