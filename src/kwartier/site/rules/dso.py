"""The grid operator's branch: areas that are no more, and the access power."""

from collections.abc import Iterator

from kwartier.site.dso.fluvius import (
    CONNECTION_TYPES,
    LOW_VOLTAGE,
    REGIONS,
    REGIONS_UNTIL_2024,
    Fluvius,
    canonical_connection_type,
    canonical_region,
)
from kwartier.site.json_path import as_text
from kwartier.site.rules.rule import Problem, rule
from kwartier.site.rules.survey import Survey


@rule("dso.area_until_2024", "WARNING", "a Fluvius area ended with 2024; its tariff sheets do too")
def area_until_2024(survey: Survey) -> Iterator[Problem]:
    """One problem for an area of before the merger of 2025."""
    dso = survey.site.configurations.dso
    if isinstance(dso, Fluvius) and canonical_region(dso.region) in REGIONS_UNTIL_2024:
        yield Problem(
            "$.configurations.dso.region",
            f"the Fluvius area {as_text(dso.region)} ended with 2024, and so do its tariff sheets; write the area "
            "that the grid invoice of this year names",
            dso.region,
            ", ".join(REGIONS),
        )


@rule(
    "dso.access_power_missing",
    "WARNING",
    "a Fluvius connection outside low voltage declares no toegangsvermogen",
)
def access_power_missing(survey: Survey) -> Iterator[Problem]:
    """One problem for a connection whose tariff needs the access power."""
    dso = survey.site.configurations.dso
    if not isinstance(dso, Fluvius) or dso.toegangsvermogen:
        return
    connection_type = canonical_connection_type(dso.connection_type)
    if connection_type in CONNECTION_TYPES and connection_type != LOW_VOLTAGE:
        yield Problem(
            "$.configurations.dso.toegangsvermogen",
            f"the tariff of {as_text(dso.connection_type)} counts the access power, and none is declared; write the "
            "kW that were declared to Fluvius",
            dso.toegangsvermogen,
            "kW above 0",
        )
