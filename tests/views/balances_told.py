"""Keys with readings as they lie in the database, for tests of the pages that show them."""

from decimal import Decimal as D

import pytest
from django.utils import timezone

from accounts.models import BalanceReading, BalanceStanding
from tests.accounts.conftest import *  # noqa: F403
from tests.readings.conftest import *  # noqa: F403


@pytest.fixture
def told(make_key):
    """A key with a reading: `told("Nightly", left=5, burn=1)`."""

    def _told(name, left=D(5), unit="USD", burn=None, runs_out=None, code="", used_30=D(30), **more):
        now = timezone.now()
        key = make_key(
            name=name,
            shared_with=more.pop("shared_with", "team"),
            **{"owner": more.pop("owner")} if "owner" in more else {},
        )
        reading = BalanceReading.objects.create(
            key=key, of="key", binds="key", unit=unit, left=left, limit=D(100), at=now, **more
        )
        BalanceStanding.objects.create(
            key=key, reading=reading, asked_at=now, told_at=now, code=code, burn=burn, runs_out_at=runs_out, used_7=D(7), used_30=used_30
        )  # fmt: skip
        return key

    return _told
