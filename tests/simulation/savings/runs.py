"""Short simulated periods as their results, for the tests of the report."""

from datetime import UTC, datetime
from typing import Any

from kwartier.simulation.result import PolicyRun

START = datetime(2026, 3, 2, tzinfo=UTC)


def run(policy: str, **changed: Any) -> PolicyRun:
    """An hour of a site with one connection, a load, a roof, a battery and a car."""
    document: dict[str, Any] = {
        "site_id": "site",
        "policy": policy,
        "seed": 1,
        "start": START,
        "end": START.replace(hour=1),
        "connections": {
            "grid": {"offtake_wh": [2_000, 4_000, 0, 0], "injection_wh": [0, 0, 500, 0]},
        },
        "energy_wh_by_device": {
            "building": [1_000, 1_000, 1_000, 1_000],
            "roof": [0, 0, -2_500, -1_500],
            "battery": [1_000, 1_000, -1_000, 0],
            "pole": [0, 2_000, 2_000, 500],
        },
        "charge_percent_by_battery": {"battery": [60, 70, 55, 55]},
        "first_charge_percent_by_battery": {"battery": 50},
        "cars": [car(requested_wh=6_000, servable_wh=5_000, charged_wh=4_500)],
        "breaches": [],
        "bills": [bill([line("capacity", 10, 40.0), line("energy", 6, 1.5)])],
        "money": {"energy_eur": 1.5, "peaks_eur": 40.0, "kept_eur": -0.5},
    }
    return PolicyRun.model_validate(document | changed)


def car(**energies_wh: float) -> dict[str, Any]:
    """A car for the whole hour."""
    return {
        "transaction_id": "car",
        "asset_id": "pole",
        "arrival": START,
        "departure": START.replace(hour=1),
        **energies_wh,
    }


def line(component: str, quantity: float, amount_eur: float, unit: str = "kW") -> dict[str, Any]:
    """A line of a bill."""
    return {
        "component": component,
        "group": "grid",
        "quantity": quantity,
        "unit": unit,
        "unit_price_eur": amount_eur / quantity,
        "amount_eur": amount_eur,
        "source": "a test",
    }


def bill(lines: list[dict[str, Any]], month: str = "2026-03") -> dict[str, Any]:
    """A month's bill with VAT of a fifth."""
    total_eur = sum(one["amount_eur"] for one in lines)
    return {
        "month": month,
        "root": "grid",
        "lines": lines,
        "total_excl_vat_eur": total_eur,
        "vat_eur": total_eur / 5,
        "total_eur": total_eur * 6 / 5,
        "provisional": False,
        "warnings": [],
    }
