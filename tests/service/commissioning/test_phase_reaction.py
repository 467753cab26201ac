import json
from random import Random

import pytest

from kwartier.service.commissioning.phase_reaction import PinReaction, pin_reactions
from kwartier.service.commissioning.pin_powers import pin_powers
from kwartier.service.measurement_row import MeasurementRow

MINUTE_US = 60_000_000


def rows(*pins: dict[str, dict[str, float]] | None) -> list[MeasurementRow]:
    """A reading a minute; None: one without pins."""
    return [
        MeasurementRow(
            "p", "s", "a", minute * MINUTE_US, 0, 0.0, 0.0, None, None if one is None else json.dumps(one)
        )
        for minute, one in enumerate(pins)
    ]


def powers(name: str, *values_w: float) -> list[dict[str, dict[str, float]]]:
    return [{name: {"powerValue": one}} for one in values_w]


ON_AND_OFF = (0.0, 3_680.0, 3_680.0, 0.0, 3_680.0, 0.0)


def reactions(meter_of: list[float], noise_w: float = 0.0, phase: str = "L2") -> list[PinReaction]:
    """A single-phase car goes on and off; the meter's phases have loads of their own."""
    random = Random(7)
    told = [
        {
            name: {"powerValue": 500.0 + noise_w * random.uniform(-1, 1) + (one if name == phase else 0.0)}
            for name in ("L1", "L2", "L3")
        }
        for one in meter_of
    ]
    return pin_reactions(pin_powers(rows(*powers("pin1", *ON_AND_OFF))), pin_powers(rows(*told)))


def test_the_phase_that_moves_with_the_pin_is_found() -> None:
    (found,) = reactions(list(ON_AND_OFF))
    assert (found.pin_place, found.place, found.moves_count) == (0, 1, 4)
    assert found.share_by_place == (0.0, 1.0, 0.0)
    assert found.certainty_ratio == 0.999


def test_other_loads_make_the_answer_less_certain_and_not_wrong() -> None:
    (quiet,), (noisy,) = reactions(list(ON_AND_OFF), 200.0), reactions(list(ON_AND_OFF), 1_500.0)
    assert (quiet.place, noisy.place) == (1, 1)
    assert quiet.certainty_ratio is not None
    assert noisy.certainty_ratio is not None
    assert quiet.certainty_ratio > 0.995
    assert noisy.certainty_ratio < quiet.certainty_ratio


def test_what_no_phase_shows_wholly_is_not_assigned() -> None:
    # The meter moves by four times as much as the pin: another load goes with it.
    (found,) = reactions([4.0 * one for one in ON_AND_OFF])
    assert (found.place, found.share_by_place) == (None, (0.0, 4.0, 0.0))


def test_too_few_moves_tell_nothing() -> None:
    device = pin_powers(rows(*powers("pin1", 0.0, 3_680.0, 0.0)))
    meter = pin_powers(rows(*powers("L1", 0.0, 3_680.0, 0.0)))
    assert pin_reactions(device, meter) == [PinReaction(0, 2)]


def test_pins_that_move_together_are_not_told_apart() -> None:
    together = [{pin: {"powerValue": one} for pin in ("pin1", "pin2", "pin3")} for one in ON_AND_OFF]
    meter = [{phase: {"powerValue": one} for phase in ("L1", "L2", "L3")} for one in ON_AND_OFF]
    found = pin_reactions(pin_powers(rows(*together)), pin_powers(rows(*meter)))
    assert [(one.place, one.moves_count) for one in found] == [(None, 0)] * 3


def test_a_current_stands_for_its_power_and_a_reading_without_pins_for_nothing() -> None:
    measured, nominal = {"currentValue": 10.0, "voltageValue": 231.0}, {"currentValue": 1.0}
    found = pin_powers(rows({"L3": measured}, None, {"L3": nominal}))
    assert found.power_w[:, 2].tolist() == [pytest.approx(2_310.0), pytest.approx(230.0)]
    assert (found.named_indices, found.time_s.tolist()) == (frozenset({2}), [0.0, 120.0])


def test_a_meter_that_was_silent_meanwhile_is_not_believed() -> None:
    device = pin_powers(rows(*powers("pin1", *ON_AND_OFF)))
    silent = rows(*powers("L1", 0.0, 3_680.0))
    late = [silent[0], silent[1]._replace(measured_us=30 * MINUTE_US)]
    assert pin_reactions(device, pin_powers(late)) == [PinReaction(0, 0)]
