import numpy as np
import pytest

from kwartier.service.session_outlooks.account import (
    SessionAccount,
    Surroundings,
    session_account,
    together,
)

NAN = float("nan")


def around(**changed: list[float]) -> Surroundings:
    """Two quarter-hours: in the first all of 2 kWh come from the grid, in the second all from the roof."""
    values = {
        "net_wh": [2_000.0, 0.0],
        "sun_wh": [0.0, 2_000.0],
        "discharged_wh": [0.0, 0.0],
        "offtake_eur_per_mwh": [200.0, 200.0],
        "injection_eur_per_mwh": [50.0, 50.0],
    }
    return Surroundings(**{name: np.array(one) for name, one in (values | changed).items()})


def account(energy_wh: list[float], **changed: list[float]) -> SessionAccount:
    return session_account(np.array(energy_wh), around(**changed))


def test_a_kilowatt_hour_of_sun_costs_what_injecting_it_would_have_brought() -> None:
    assert account([1_000.0, 0.0]).cost_eur == pytest.approx(0.20)
    assert account([0.0, 1_000.0]).cost_eur == pytest.approx(0.05)
    both = account([1_000.0, 1_000.0])
    assert both.cost_eur == pytest.approx(0.25)
    assert both.sun_share == 0.5


def test_what_is_injected_leaves_nothing_from_the_grid() -> None:
    assert account([1_000.0, 0.0], net_wh=[-500.0, 0.0], sun_wh=[2_000.0, 0.0]).sun_share == 1.0


def test_what_a_battery_gives_is_no_sun() -> None:
    found = account([1_000.0, 0.0], net_wh=[0.0, 0.0], sun_wh=[500.0, 0.0], discharged_wh=[1_500.0, 0.0])
    assert found.sun_share == 0.25


def test_what_is_not_measured_is_left_out_and_not_zero() -> None:
    found = account([NAN, 1_000.0])
    assert (found.energy_wh, found.priced_wh, found.sun_share) == (1_000.0, 1_000.0, 1.0)
    assert account([NAN, NAN]) == SessionAccount(0.0, 0.0, None, None)


def test_without_the_connections_meter_the_energy_has_the_offtake_price_and_no_share() -> None:
    found = account([1_000.0, 0.0], net_wh=[NAN, NAN])
    assert found.cost_eur == pytest.approx(0.20)
    assert found.sun_share is None


def test_energy_without_a_known_price_has_no_cost() -> None:
    found = account([1_000.0, 1_000.0], offtake_eur_per_mwh=[NAN, 200.0])
    assert (found.energy_wh, found.priced_wh) == (2_000.0, 1_000.0)
    assert found.cost_eur == pytest.approx(0.05)


def test_two_parts_of_a_session_are_weighed_by_their_energy() -> None:
    whole = together(account([1_000.0, 0.0]), account([0.0, 3_000.0]))
    assert (whole.energy_wh, whole.sun_share) == (4_000.0, 0.75)
    assert whole.cost_eur == pytest.approx(0.35)
    nothing = SessionAccount(0.0, 0.0, None, None)
    assert together(nothing, nothing) == nothing
