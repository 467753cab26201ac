"""Measurements: both spellings in, camelCase out, and nothing that no meter means (contract.md, section 3)."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from kwartier.site.measurement import Measurement
from kwartier.units.json_text import read_json

CAMEL: dict[str, Any] = {
    "assetId": "pole_1",
    "timestamp": "2025-03-03T08:00:00+01:00",
    "energyValue": 1_000.5,
    "powerValue": -7_000,
    "currentStateOfCharge": 55.5,
    "pins": {
        "pin1": {"currentValue": 16.0, "voltageValue": 231.0},
        "L2": {"powerValue": 3_000, "energyValue": 5},
    },
    "siteId": "hall",
}
SNAKE: dict[str, Any] = {
    "asset_id": "pole_1",
    "timestamp": "2025-03-03T07:00:00Z",
    "energy_value": 1_000.5,
    "power_value": -7_000,
    "current_state_of_charge": 55.5,
    "pins": {
        "pin1": {"current_value": 16.0, "voltage_value": 231.0},
        "L2": {"power_value": 3_000, "energy_value": 5},
    },
    "site_id": "hall",
}


def test_both_spellings_say_the_same_and_camel_case_is_written() -> None:
    assert Measurement.model_validate(CAMEL) == Measurement.model_validate(SNAKE)
    written = json.loads(Measurement.model_validate(SNAKE).model_dump_json(exclude_none=True))
    assert written == {**CAMEL, "timestamp": "2025-03-03T07:00:00Z"}


@pytest.mark.parametrize("name", ["assetId", "timestamp", "energyValue", "powerValue"])
def test_what_contract_stars_is_required(name: str) -> None:
    with pytest.raises(ValidationError, match="Field required"):
        Measurement.model_validate({key: value for key, value in CAMEL.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("energyValue", "1.0"),
        ("energyValue", True),
        ("energyValue", float("nan")),
        ("energyValue", 1.1e15),
        ("powerValue", float("inf")),
        ("powerValue", -1.1e9),
        ("currentStateOfCharge", 100.1),
        ("currentStateOfCharge", -0.1),
        ("timestamp", "2025-03-03T08:00:00"),
        ("timestamp", 1_740_988_800),
        ("timestamp", "1740988800"),
        ("timestamp", "1999-12-30T23:59:59Z"),
        ("timestamp", "2100-01-02T00:00:00Z"),
        ("timestamp", "9999-12-31T23:59:59-14:00"),
        ("assetId", ""),
        ("assetId", "x" * 201),
        ("assetId", "pole\x00"),
        ("assetId", "pole\u202e1"),  # turns the line around
        ("assetId", "pole\u200b1"),  # invisible
        ("assetId", "\ud800"),
        ("siteId", "a/b"),
        ("pins", {"pin4": {}}),
        ("pins", {"pin1": {}, "pin2": {}, "pin3": {}, "L1": {}}),
        ("pins", {"pin1": {"currentValue": "16"}}),
        ("comment", "hello"),
    ],
)
def test_what_no_meter_means_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        Measurement.model_validate({**CAMEL, name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("energyValue", 1e15),
        ("powerValue", -1e9),
        ("currentStateOfCharge", 0),
        ("currentStateOfCharge", 100),
        ("timestamp", "2000-01-01T00:00:00Z"),
        ("timestamp", "2099-12-31T23:59:59.999999-23:59"),
        ("timestamp", "2000-01-01T00:00:00+23:59"),
        ("assetId", "x" * 200),
        ("assetId", "Ladepaal nr. 3 – café 中"),
    ],
)
def test_what_lies_on_the_bound_is_read(name: str, value: Any) -> None:
    Measurement.model_validate({**CAMEL, name: value})


def test_one_field_in_both_spellings_is_refused() -> None:
    with pytest.raises(ValidationError):
        Measurement.model_validate({**CAMEL, "asset_id": "pole_2"})


def test_the_text_is_read_by_the_strict_reader_too() -> None:
    assert Measurement.model_validate(read_json(json.dumps(CAMEL).encode())).asset_id == "pole_1"
