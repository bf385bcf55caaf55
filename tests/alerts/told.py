"""What a gateway is made to tell, how it is read, and which alerts that opened."""

import time as clock

from asgiref.sync import async_to_sync

from playground import readings
from playground.models import Alert
from tests.balances.gateways import STATUS, USAGE, status, usage

RICH, POOR = usage(total_available=5_000_000), usage(total_available=500_000)


def at(answer):
    return {USAGE: answer, STATUS: status()}


def read(key, gateway=None, answer=None):
    if gateway:
        gateway.site = at(answer)
    return async_to_sync(readings.read_keys)([key.pk])[key.pk]


def until(holds, seconds=180):
    limit = clock.monotonic() + seconds
    while not holds() and clock.monotonic() < limit:
        clock.sleep(0.1)
    return bool(holds())


def opened(key):
    return list(Alert.objects.filter(key=key).order_by("id").values_list("kind", flat=True))
