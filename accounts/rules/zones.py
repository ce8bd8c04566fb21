"""Time zones people can choose. A browser may name any other zone of the IANA data base, and it is taken."""

from functools import cache
from zoneinfo import available_timezones

COMMON = {
    "America/Los_Angeles": "Los Angeles, Vancouver (Pacific)",
    "America/Denver": "Denver, Albuquerque (Mountain)",
    "America/Phoenix": "Phoenix",
    "America/Chicago": "Chicago, New Orleans (Central)",
    "America/New_York": "New York, Atlanta, Toronto (Eastern)",
    "America/Halifax": "Halifax (Atlantic)",
    "America/Anchorage": "Anchorage",
    "Pacific/Honolulu": "Honolulu",
    "America/Mexico_City": "Mexico City",
    "America/Sao_Paulo": "São Paulo",
    "America/Argentina/Buenos_Aires": "Buenos Aires",
    "Europe/London": "London, Dublin",
    "Europe/Paris": "Paris, Madrid, Rome",
    "Europe/Berlin": "Berlin, Vienna, Prague, Budapest",
    "Europe/Athens": "Athens, Sofia",
    "Europe/Istanbul": "Istanbul",
    "Africa/Lagos": "Lagos",
    "Africa/Johannesburg": "Johannesburg, Cape Town",
    "Asia/Dubai": "Dubai",
    "Asia/Kolkata": "Mumbai, Delhi",
    "Asia/Bangkok": "Bangkok",
    "Asia/Shanghai": "Shanghai, Beijing",
    "Asia/Hong_Kong": "Hong Kong",
    "Asia/Seoul": "Seoul",
    "Asia/Tokyo": "Tokyo",
    "Australia/Sydney": "Sydney, Melbourne",
    "Pacific/Auckland": "Auckland",
    "UTC": "UTC",
}
DEFAULT = "America/Los_Angeles"


@cache
def known() -> frozenset[str]:
    return frozenset(available_timezones())


def label(zone: str) -> str:
    """A zone as people would call it."""
    return COMMON.get(zone) or zone.rpartition("/")[2].replace("_", " ")


def choices(current: str = "") -> list[tuple[str, str]]:
    """The common zones, and the current one where it is not among them."""
    more = [(current, label(current))] if current and current not in COMMON else []
    return [*COMMON.items(), *more]
