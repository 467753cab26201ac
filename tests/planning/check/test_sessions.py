"""What a request says of its cars: windows, pins, needs and what is owed, each by hand."""

from typing import Any

import numpy as np
import pytest

from kwartier.planning.check.facts import Facts, read_facts
from kwartier.planning.check.sessions import Session
from kwartier.planning.request import PlanRequest
from tests.planning.check.hand_made import THREE_PINS, pole, site, transaction

AT = "2025-03-31T10:00:00Z"


def facts_of(
    *messages: dict[str, Any], expected: list[dict[str, Any]] | None = None, voltage: str = "phase"
) -> Facts:
    """A three-pin pole of 16 A (11 040 W) and a DC pole of 50 kW, planned for 24 h from 10:00Z."""
    dc = {"name": "dc", "collector": "main", "type": "dc_charging_pole", "max_power": 50_000.0}
    document = {
        "site": site(
            [pole("ac", "main", THREE_PINS), dc],
            [{"name": "main", "line_current": 100, f"{voltage}_voltage": 230}],
        ),
        "at": AT,
        "transactions": list(messages),
        "expected_sessions": expected or [],
    }
    return read_facts(PlanRequest.model_validate(document, strict=False))


def session_of(departure: str | None = "2025-03-31T12:00:00Z", asset: str = "ac", **fields: Any) -> Session:
    return facts_of(transaction("tx", asset, AT, departure, **fields)).sessions[0]


def hours_from_at(moment_s: float, facts: Facts) -> float:
    return (moment_s - float(facts.grid.start_s[0])) / 3600


@pytest.mark.parametrize(
    ("fields", "remaining_wh"),
    [
        ({"requestedEnergy": 5000.0, "energyCharged": 1500.0}, 3500.0),
        ({"requestedEnergy": 1000.0, "energyCharged": 1500.0}, 0.0),
        ({"batteryCapacity": 60_000.0, "stateOfCharge": 80.0, "energyCharged": 9000.0}, 12_000.0),
        # Nothing known: full power for two hours, 2 x 11 040 Wh; with 30 kWh charged, what is left of 40 kWh.
        ({}, 22_080.0),
        ({"energyCharged": 30_000.0}, 10_000.0),
        ({"energyCharged": 45_000.0}, 0.0),
        # The minimum lifts what remains.
        ({"requestedEnergy": 1000.0, "minimumEnergy": 4000.0, "energyCharged": 500.0}, 3500.0),
        ({"maxPower": 2000.0}, 4000.0),
        ({"maxPower": 0.0}, 0.0),
    ],
)
def test_what_remains(fields: dict[str, Any], remaining_wh: float) -> None:
    assert session_of(**fields).remaining_wh == pytest.approx(remaining_wh)


@pytest.mark.parametrize(
    ("fields", "hours"),
    [
        # At least an hour; else as long as full power needs: 22 080 Wh / 11 040 W, 40 kWh / 11 040 W.
        ({"requestedEnergy": 1104.0}, 1.0),
        ({"requestedEnergy": 22_080.0}, 2.0),
        ({}, 40_000 / 11_040),
        # A suspended car starts after the executed steps, half an hour.
        ({"requestedEnergy": 22_080.0, "transactionState": "SuspendedEV"}, 2.5),
        ({"requestedEnergy": 22_080.0, "maxPower": 0.0}, 1.0),
        ({"requestedEnergy": 0.0, "minimumEnergy": 22_080.0}, 2.0),
    ],
)
def test_an_unknown_departure(fields: dict[str, Any], hours: float) -> None:
    facts = facts_of(transaction("tx", "ac", AT, None, **fields))
    assert hours_from_at(facts.sessions[0].departure_s, facts) == pytest.approx(hours)


def test_an_unknown_need_at_zero_power_until_an_unknown_departure_is_nothing() -> None:
    assert session_of(None, maxPower=0.0).remaining_wh == 0.0
    assert session_of(None, maxPower=0.0, minimumEnergy=500.0).remaining_wh == 500.0


def test_an_unknown_departure_of_a_reservation_counts_from_its_start() -> None:
    facts = facts_of(transaction("tx", "ac", "2025-03-31T13:00:00Z", None, requestedEnergy=11_040.0))
    assert hours_from_at(facts.sessions[0].departure_s, facts) == pytest.approx(4.0)


def test_only_what_cannot_wait_until_after_the_horizon_is_owed() -> None:
    # Two hours after the horizon at 11 040 W: 22 080 Wh can wait of 30 000 Wh; of the minimum of 25 000 Wh the same.
    session = session_of("2025-04-01T12:00:00Z", requestedEnergy=30_000.0, minimumEnergy=25_000.0)
    assert session.owed_wh == pytest.approx(7920.0)
    assert session.minimum_owed_wh == pytest.approx(2920.0)


@pytest.mark.parametrize(
    ("fields", "pins"),
    [
        ({}, ("pin1", "pin2", "pin3")),
        ({"noChargingPhases": "2"}, ("pin1", "pin2")),
        ({"usedChargingPins": ["pin3", "pin1"], "noChargingPhases": 1}, ("pin1", "pin3")),
        ({"usedChargingPins": []}, ("pin1", "pin2", "pin3")),
    ],
)
def test_used_pins(fields: dict[str, Any], pins: tuple[str, ...]) -> None:
    assert session_of(**fields).pins == pins


def test_the_largest_current_is_that_of_pole_and_car() -> None:
    assert session_of().largest_load_count == 16.0
    assert session_of(maxPower=3450.0).largest_load_count == pytest.approx(5.0)
    assert session_of(maxPower=3450.0, noChargingPhases=1).largest_load_count == pytest.approx(15.0)
    assert session_of(asset="dc").full_power_w == pytest.approx(50_000.0)
    assert session_of(asset="dc", maxPower=3450.0).full_power_w == pytest.approx(3450.0)


@pytest.mark.parametrize(("pin_count", "power_w"), [(1, 3680.0), (2, 7360.0), (3, 6373.94697)])
def test_full_power_on_a_three_wire_network(pin_count: int, power_w: float) -> None:
    # 16 A x 230 V on one pair; two pairs are two loads; three pins take sqrt(3) x 230 V x 16 A.
    message = transaction("tx", "ac", AT, "2025-03-31T12:00:00Z", noChargingPhases=pin_count)
    assert facts_of(message, voltage="line").sessions[0].full_power_w == pytest.approx(power_w)


def test_the_latest_message_counts_and_an_ended_session_is_none() -> None:
    stay = (AT, "2025-03-31T12:00:00Z")
    first = transaction("tx", "ac", *stay, requestedEnergy=1.0)
    later = transaction("tx", "ac", *stay, requestedEnergy=2.0) | {"timestamp": "2025-03-31T10:08:00Z"}
    same_time = later | {"requestedEnergy": 3.0}
    ended = transaction("gone", "ac", *stay, transactionState="Ended")
    facts = facts_of(later, first, ended)
    assert [session.remaining_wh for session in facts.sessions] == [2.0]
    assert facts_of(later, same_time).sessions[0].remaining_wh == 3.0


def test_a_step_belongs_to_the_session_with_the_largest_share() -> None:
    # The first leaves at 10:35, in the middle of step 2: 5 of 15 minutes; the second has come at 10:33.
    facts = facts_of(
        transaction("tx-b", "ac", AT, "2025-03-31T10:35:00Z"),
        transaction("tx-a", "ac", "2025-03-31T10:33:00Z", "2025-03-31T11:00:00Z"),
    )
    first, second = facts.sessions
    assert first.share[:5].tolist() == pytest.approx([1.0, 1.0, 0.0, 0.0, 0.0])
    assert second.share[:5].tolist() == pytest.approx([0.0, 0.0, 0.8, 1.0, 0.0])


@pytest.mark.parametrize(
    ("starts", "owner"),
    [
        (("2025-03-31T09:00:00Z", "2025-03-31T09:30:00Z"), 0),
        (("2025-03-31T09:30:00Z", "2025-03-31T09:00:00Z"), 1),
        (("2025-03-31T09:00:00Z", "2025-03-31T09:00:00Z"), 1),
    ],
)
def test_of_equal_shares_the_earliest_start_and_then_the_smallest_id_wins(
    starts: tuple[str, str], owner: int
) -> None:
    messages = [
        transaction(name, "ac", start, "2025-03-31T11:00:00Z")
        for name, start in zip(("tx-9", "tx-10"), starts, strict=True)
    ]
    shares = [float(session.share[0]) for session in facts_of(*messages).sessions]
    assert shares == [1.0 if k == owner else 0.0 for k in range(2)]


def test_expected_sessions_are_weighted_and_take_no_pole_from_anyone() -> None:
    stay = (AT, "2025-03-31T12:00:00Z")
    facts = facts_of(
        transaction("tx", "ac", *stay),
        expected=[transaction("e", "ac", *stay, requestedEnergy=8000.0, weight=0.25)],
    )
    real, expected = facts.sessions
    assert np.array_equal(real.share, expected.share)
    assert (expected.largest_load_count, expected.remaining_wh) == (4.0, 2000.0)
    assert expected.owed_wh == 2000.0
    assert not expected.six_ampere_rule


def test_a_session_without_a_window_still_lacks_what_it_asked_for() -> None:
    facts = facts_of(transaction("tx", "ac", AT, "2025-03-31T09:00:00Z", requestedEnergy=5000.0))
    assert facts.sessions[0].owed_wh == 5000.0
    assert not facts.sessions[0].share.any()
