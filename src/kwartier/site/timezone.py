"""Which time zone a site's clocks show, and which countries and zones exist at all.

The tables are those of the IANA time zone database as the `tzdata` package carries it, so that the answer does not
depend on what the machine has installed.
"""

import math
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from kwartier.site.document import Site

EARTH_RADIUS_KM = 6371.0  # mean radius (IUGG)

# ISO 6709 as zone.tab writes it: +DDMM+DDDMM or +DDMMSS+DDDMMSS.
_PLACE = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?([+-])(\d{3})(\d\d)(\d\d)?")


@dataclass(frozen=True)
class ZonePlace:
    """The principal location of a time zone in one country, in degrees."""

    country: str
    zone: str
    latitude_deg: float
    longitude_deg: float


def site_timezone(site: Site, override: str | None = None) -> ZoneInfo:
    """The zone named by `override`, else that of the site's country, else that of the nearest principal location.

    A country with several zones gives the one whose principal location in zone.tab is nearest to the coordinates: right
    for all of Belgium and its neighbours, a guess near the zone borders inside the large countries, where `override`
    decides. Raises ValueError for an `override` that is no IANA zone.

    >>> from kwartier.site.document import Location
    >>> hall = Location(name="Gent", coordinates=[51.05, 3.73, 8.0])
    >>> site_timezone(Site(site_id="hall", name="Hall", location=hall, country="BE"), None).key
    'Europe/Brussels'
    """
    if override is not None:
        if override not in zone_names():
            raise ValueError(f"{override!r} is no IANA time zone; write one such as Europe/Brussels")
        return ZoneInfo(override)
    country = country_code(site.country)
    here = zone_places_of(country)
    latitude_deg, longitude_deg = site.location.coordinates[:2]
    nearest = min(here or zone_places(), key=lambda place: distance_km(place, latitude_deg, longitude_deg))
    return ZoneInfo(nearest.zone)


def country_code(country: str | None) -> str | None:
    """The ISO 3166-1 alpha-2 code that a document's `country` means, None for an unknown country; any letter case."""
    code = (country or "").strip().upper()
    return code if code in country_codes() else None


@cache
def country_codes() -> frozenset[str]:
    """All country codes of ISO 3166-1 alpha-2."""
    return frozenset(line.split("\t")[0] for line in _table("iso3166.tab"))


@cache
def zone_names() -> frozenset[str]:
    """All names of the IANA time zone database, links included."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


@cache
def zone_places() -> tuple[ZonePlace, ...]:
    """The principal location of every zone in every country."""
    places = []
    for line in _table("zone.tab"):
        country, place, zone = line.split("\t")[:3]
        parts = _PLACE.fullmatch(place)
        if parts is not None:
            places.append(
                ZonePlace(country, zone, _degrees(*parts.groups()[:4]), _degrees(*parts.groups()[4:]))
            )
    return tuple(places)


@cache
def zone_places_of(country: str | None) -> tuple[ZonePlace, ...]:
    """The principal location of every zone in one country, by its ISO 3166-1 alpha-2 code."""
    return tuple(place for place in zone_places() if place.country == country)


def distance_km(place: ZonePlace, latitude_deg: float, longitude_deg: float) -> float:
    """Great-circle distance from a zone's principal location, km (haversine formula)."""
    north, place_north = math.radians(latitude_deg), math.radians(place.latitude_deg)
    half_east = math.radians(longitude_deg - place.longitude_deg) / 2
    half_chord = math.sin((north - place_north) / 2) ** 2
    half_chord += math.cos(north) * math.cos(place_north) * math.sin(half_east) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, max(0.0, half_chord))))


def _table(name: str) -> list[str]:
    text = resources.files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _degrees(sign: str, degrees: str, minutes: str, seconds: str | None) -> float:
    size = int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
    return -size if sign == "-" else size
