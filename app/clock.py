"""The one place that reads the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, zone-aware in UTC."""
    return datetime.now(UTC)
