"""Instants as whole numbers, as shared state keeps them: microseconds since 1970, so that none is rounded."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def number(instant: datetime) -> int:
    """An instant as a number."""
    return (instant - _EPOCH) // _MICROSECOND


def instant(number: int) -> datetime:
    """A number as an instant."""
    return _EPOCH + number * _MICROSECOND
