"""Quiet hours: when a mail may reach somebody."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from accounts.models import User


def mail_time(person: User, now: datetime) -> datetime:
    """`now`, or the end of the quiet hours that it falls into, by the clock where the person is."""
    if person.quiet_from is None or person.quiet_until is None or person.quiet_from == person.quiet_until:
        return now
    here = now.astimezone(zone_of(person))
    if not _is_quiet(here.time(), person.quiet_from, person.quiet_until):
        return now
    end = here.replace(hour=person.quiet_until.hour, minute=person.quiet_until.minute, second=0, microsecond=0)
    return (end if end > here else end + timedelta(days=1)).astimezone(UTC)


def zone_of(person: User) -> ZoneInfo:
    """The person's time zone, by their account."""
    try:
        return ZoneInfo(person.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _is_quiet(clock: time, start: time, end: time) -> bool:
    return start <= clock < end if start < end else clock >= start or clock < end
