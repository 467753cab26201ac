"""`kwartier calibrate`: suggestions as lines and as JSON, and what stops it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.adapters.cli.cli_case import invoke

START = datetime(2026, 3, 2, tzinfo=UTC)
HEAD = "start,asset_id,planned_w,actual_w,state_of_charge,offered_a,taken_a,car"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with a battery of 40 kWh that claims 95 % both ways, and a load."""
    devices = [
        {
            "name": "battery",
            "collector": "grid",
            "type": "battery_energy_storage_system",
            "maximum_charging_power": 20_000,
            "maximum_discharging_power": 20_000,
            "operational_battery_capacity": 40_000,
            "charging_efficiency": 0.95,
            "discharging_efficiency": 0.95,
        },
        {
            "name": "building",
            "collector": "grid",
            "type": "forecasted_series_3phase",
            "line_current": 100,
            "forecast_type": "load",
        },
    ]
    configuration = {
        "device_list": devices,
        "collector_list": [{"name": "grid", "line_current": 100, "line_voltage": 400}],
    }
    document = {
        "site_id": "site",
        "name": "Site",
        "location": {"name": "Gent", "coordinates": [51.05, 3.72, 8.0]},
        "configurations": {"site_configuration": configuration},
    }
    path = tmp_path / "site.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.fixture
def intervals(tmp_path: Path) -> Path:
    """Ten days of a battery of 80 % one way and 90 % the other, a forecast a quarter too high, a car from 8 A on."""
    random = np.random.default_rng(3)
    stored_wh, rows = 20_000.0, [HEAD]
    for quarter in range(960):
        start = (START + quarter * timedelta(minutes=15)).isoformat()
        power_w = random.uniform(0, 4_000) * (1.0 if quarter % 48 < 24 else -0.72)
        stored_wh += 0.25 * (0.8 * power_w if power_w > 0 else power_w / 0.9)
        rows.append(f"{start},battery,,{power_w:.1f},{stored_wh / 400:.2f},,,")
        load_w = random.uniform(4_000, 6_000)
        rows.append(f"{start},building,6250,{load_w:.1f},,,,")
        offered_a = random.uniform(6, 15)
        taken_a = np.floor(offered_a) if offered_a >= 8 else 0.0
        rows.append(f"{start},pole,,,,{offered_a:.2f},{taken_a:.2f},van")
    path = tmp_path / "intervals.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_each_device_gets_a_line_with_how_sure_it_is(site: Path, intervals: Path) -> None:
    ran = invoke("calibrate", str(site), str(intervals))
    assert ran.exit_code == 0, ran.stderr
    text = " ".join(ran.stdout.split())
    assert "Battery battery: charging efficiency 0.800 +/- 0.00" in text
    assert "discharging 0.900 +/- 0.00" in text
    assert "(10 days); the document says 0.95 and 0.95: consider changing it" in text
    # 6,250 W were forecast; the loads drawn have a mean of 4,943 W.
    assert "Forecast of building: +26.4 % +/-" in text
    assert "Car van: least current 8.0 A (refused 8.0 A), steps of 1 A (960 observations)" in text


def test_as_json_it_says_the_same_in_numbers(site: Path, intervals: Path) -> None:
    ran = invoke("calibrate", str(site), str(intervals), "--json")
    found = json.loads(ran.stdout)
    assert found["efficiency_by_battery"]["battery"]["charging_efficiency"] == pytest.approx(0.8, abs=0.002)
    assert found["bias_by_series"]["building"]["bias_share"] == pytest.approx(0.25, abs=0.02)
    assert found["response_by_car"]["van"]["step_a"] == 1.0


def test_too_few_days_suggest_nothing(site: Path, tmp_path: Path) -> None:
    few = tmp_path / "few.csv"
    few.write_text(f"{HEAD}\n{START.isoformat()},building,1000,900,,,,\n", encoding="utf-8")
    ran = invoke("calibrate", str(site), str(few))
    assert ran.stdout.splitlines() == [
        "Battery battery: too little to go by",
        "Forecast of building: too little to go by",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("when,what\n", "its head lacks asset_id, start"),
        (f"{HEAD}\n2026-03-02T00:00:00,a,1,1,,,,\n", "line 2"),
        (f"{HEAD}\n2026-03-02T00:05:00Z,a,1,1,,,,\n", "not on a quarter-hour"),
        (f"{HEAD}\n2026-03-02T00:00:00Z,a,much,1,,,,\n", "planned_w 'much' is no number"),
        (f"{HEAD}\n2026-03-02T00:00:00Z,a,1,nan,,,,\n", "actual_w 'nan' is no number"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_its_line(
    site: Path, tmp_path: Path, text: str, words: str
) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(text, encoding="utf-8")
    ran = invoke("calibrate", str(site), str(wrong))
    assert ran.exit_code == 2
    assert words in ran.stderr
    assert ran.stdout == ""
