import pytest

from kwartier.service.measurement_row import measurement_row
from kwartier.service.phase_shares import phase_shares
from kwartier.site.measurement import Measurement


def stored(**pins: dict[str, float]) -> str | None:
    """What is stored of a measurement's pins."""
    told = {
        "asset_id": "building",
        "timestamp": "2026-03-02T07:00:00Z",
        "energy_value": 0.0,
        "power_value": 0.0,
    }
    return measurement_row("alpha", "hall", Measurement.model_validate({**told, "pins": pins}), 0).pins


def reading(**power_w: float) -> str | None:
    return stored(**{pin: {"power_value": value} for pin, value in power_w.items()})


def test_shares_are_those_of_the_sums() -> None:
    shares = phase_shares([reading(L1=100.0, L2=300.0, L3=100.0), reading(L1=400.0, L2=0.0, L3=100.0)])
    assert shares == {"L1": 0.5, "L2": 0.3, "L3": 0.2}


def test_pins_are_phases_in_their_order() -> None:
    assert phase_shares([reading(pin2=-4_000.0)]) == {"L1": 0.0, "L2": 1.0, "L3": 0.0}


def test_delivered_power_has_shares_too_and_what_flows_against_it_has_none() -> None:
    assert phase_shares([reading(L1=-3_000.0, L2=-1_000.0, L3=5.0)]) == {"L1": 0.75, "L2": 0.25, "L3": 0.0}


@pytest.mark.parametrize("told", [[], [None, None], [reading(L1=0.0)], [stored(L1={"current_value": 6.0})]])
def test_readings_that_do_not_tell_give_none(told: list[str | None]) -> None:
    assert phase_shares(told) is None
