"""Sites for tests of the bill: a contract and a grid connection, nothing else."""

from typing import Any

from kwartier.site.document import Site

FIXED = {
    "contract_type": "fixed",
    "fixed_offtake_cost_per_mwh": 100.0,
    "fixed_injection_cost_per_mwh": 30.0,
}
LOW_VOLTAGE = {"dso": "Fluvius", "region": "Imewo", "connection_type": "Low Voltage Network"}
MEDIUM_VOLTAGE = {
    "dso": "Fluvius",
    "region": "Midden-Vlaanderen",
    "connection_type": "Medium Voltage Network 1-26 kV",
    "toegangsvermogen": 98.0,
}


def site_of(contract: dict[str, Any] | None = FIXED, dso: dict[str, Any] | None = LOW_VOLTAGE) -> Site:
    """A site in Gent with a contract and a grid connection."""
    return Site.model_validate(
        {
            "site_id": "case",
            "name": "Case",
            "location": {"name": "Gent", "coordinates": [51.05, 3.73, 8.0]},
            "country": "BE",
            "configurations": {"contract": contract, "dso": dso},
        }
    )
