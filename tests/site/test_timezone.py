import subprocess
import sys

import pytest

from kwartier.site.document import Location, Site
from kwartier.site.timezone import country_code, country_codes, site_timezone, zone_names, zone_places


def site_at(latitude_deg: float, longitude_deg: float, country: str | None) -> Site:
    location = Location(name="x", coordinates=[latitude_deg, longitude_deg, 0.0])
    return Site(site_id="s", name="s", location=location, country=country)


@pytest.mark.parametrize(
    ("latitude_deg", "longitude_deg", "country", "zone"),
    [
        (50.85, 4.35, "BE", "Europe/Brussels"),
        (50.85, 4.35, "be", "Europe/Brussels"),
        (50.85, 4.35, None, "Europe/Brussels"),
        (50.85, 4.35, "Belgium", "Europe/Brussels"),
        (51.92, 4.48, "NL", "Europe/Amsterdam"),
        (43.30, 5.37, "FR", "Europe/Paris"),
        (28.12, -15.43, "ES", "Atlantic/Canary"),
        (40.42, -3.70, "ES", "Europe/Madrid"),
        (37.74, -25.67, "PT", "Atlantic/Azores"),
        (34.05, -118.24, "US", "America/Los_Angeles"),
        (-36.85, 174.76, None, "Pacific/Auckland"),
        (-17.71, -178.2, "FJ", "Pacific/Fiji"),
        (1e300, -1e300, "BE", "Europe/Brussels"),
    ],
)
def test_the_zone_follows_from_country_and_coordinates(
    latitude_deg: float, longitude_deg: float, country: str | None, zone: str
) -> None:
    assert site_timezone(site_at(latitude_deg, longitude_deg, country)).key == zone


def test_the_nearest_place_is_found_across_the_date_line() -> None:
    # Taveuni, Fiji, lies at 179.9 degrees west; Apia in Samoa is 8 degrees further east.
    assert site_timezone(site_at(-16.9, -179.9, None)).key == "Pacific/Fiji"


def test_an_override_wins() -> None:
    assert site_timezone(site_at(50.85, 4.35, "BE"), "America/New_York").key == "America/New_York"


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "Europe", "../etc/passwd", "/etc/localtime", "europe/brussels", "\0"]
)
def test_an_unknown_override_is_refused_in_words(name: str) -> None:
    with pytest.raises(ValueError, match="is no IANA time zone"):
        site_timezone(site_at(50.85, 4.35, "BE"), name)


def test_every_row_of_the_zone_table_is_read() -> None:
    assert len(zone_places()) > 400
    assert {place.zone for place in zone_places()} <= zone_names()
    assert {place.country for place in zone_places()} <= country_codes()
    brussels = next(place for place in zone_places() if place.zone == "Europe/Brussels")
    # zone.tab: BE +5050+00420
    assert (brussels.latitude_deg, brussels.longitude_deg) == pytest.approx((50 + 50 / 60, 4 + 20 / 60))


def test_a_country_is_its_code_in_any_case() -> None:
    assert country_code(" be ") == "BE"
    assert country_code("UK") is None
    assert country_code(None) is None


def test_no_time_zones_need_to_be_installed() -> None:
    program = (
        "import zoneinfo; zoneinfo.reset_tzpath(to=[])\n"
        "from tests.site.test_timezone import site_at, site_timezone\n"
        "print(site_timezone(site_at(50.85, 4.35, 'BE')).key)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert run.stdout == "Europe/Brussels\n", run.stderr
