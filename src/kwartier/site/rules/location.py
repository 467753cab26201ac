"""Where the site is: coordinates on Earth, a country that exists."""

from collections.abc import Iterator

from kwartier.site.json_path import as_text, step_into
from kwartier.site.rules.rule import Problem, rule
from kwartier.site.rules.survey import Survey
from kwartier.site.timezone import country_code, distance_km, zone_places_of

COORDINATES = "$.location.coordinates"

# From the principal location of the country's nearest time zone. Only coordinates in the wrong order are both far from
# the country as they stand and near it when they are exchanged.
FAR_KM, NEAR_KM = 2000.0, 1000.0


@rule(
    "location.coordinates_range", "ERROR", "latitude is not within ±90 or longitude not within ±180 degrees"
)
def coordinates_range(survey: Survey) -> Iterator[Problem]:
    """One problem for each coordinate that is nowhere on Earth."""
    for index, (name, limit) in enumerate((("latitude", 90), ("longitude", 180))):
        value = survey.site.location.coordinates[index]
        if abs(value) > limit:
            yield Problem(
                step_into(COORDINATES, index),
                f"{name} {value:g} is not within ±{limit} degrees; the order is latitude, longitude, altitude in m",
                value,
                f"-{limit} to {limit}",
            )


@rule(
    "location.coordinates_swapped",
    "WARNING",
    "the coordinates lie far from the country, and in it when swapped",
)
def coordinates_swapped(survey: Survey) -> Iterator[Problem]:
    """One problem where latitude and longitude seem to have changed places."""
    first, second = survey.site.location.coordinates[:2]
    code = country_code(survey.site.country)
    places = zone_places_of(code)
    if not places or abs(first) > 90 or abs(second) > 90:  # both may be the latitude
        return
    given_km = min(distance_km(place, first, second) for place in places)
    swapped_km = min(distance_km(place, second, first) for place in places)
    if given_km > FAR_KM and swapped_km < NEAR_KM:
        yield Problem(
            COORDINATES,
            f"latitude {first:g}, longitude {second:g} lies {given_km:.0f} km from {code}; exchange them if they "
            "stand in the wrong order (latitude comes first)",
            survey.site.location.coordinates,
            "[latitude, longitude, altitude]",
        )


@rule(
    "location.unknown_country",
    "WARNING",
    "the country is no ISO 3166-1 alpha-2 code; the coordinates alone decide",
)
def unknown_country(survey: Survey) -> Iterator[Problem]:
    """One problem where the country means nothing."""
    country = survey.site.country
    if country is not None and country_code(country) is None:
        yield Problem(
            "$.country",
            f"{as_text(country)} is no country code, so the time zone follows from the coordinates alone; write the "
            "two letters of ISO 3166-1, such as BE",
            country,
            "an ISO 3166-1 alpha-2 code",
        )
