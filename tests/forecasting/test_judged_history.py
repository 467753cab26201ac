import numpy as np
import pytest

from kwartier.forecasting.judged_history import JudgedHistory, judged_history
from kwartier.forecasting.power_history import FloatArray, PowerHistory

DAY = 96
NOW_S = 56 * 86_400


def varying(days: int = 56) -> FloatArray:
    """Powers of some 1 kW that end at `NOW_S`."""
    return np.random.default_rng(1).uniform(500.0, 1_500.0, days * DAY)


def judged(power_w: FloatArray, rating_w: float | None = 2_000.0) -> JudgedHistory:
    return judged_history(PowerHistory(NOW_S - 900 * len(power_w), power_w), NOW_S, 56, rating_w)


def rules(found: JudgedHistory) -> list[str]:
    return [finding.rule.removeprefix("forecast.") for finding in found.findings]


def test_a_good_history_is_taken_as_it_is() -> None:
    power_w = varying()
    found = judged(power_w)
    assert rules(found) == []
    assert np.array_equal(found.history.power_w, power_w)


def test_what_lies_before_the_window_or_after_the_moment_is_not_looked_at() -> None:
    power_w = varying()
    told = PowerHistory(NOW_S - 900 * len(power_w), power_w)
    found = judged_history(told, NOW_S - 7 * 86_400, 14, None)
    assert (found.history.first_s, len(found.history.power_w)) == (NOW_S - 21 * 86_400, 14 * DAY)


@pytest.mark.parametrize("power_w", [np.empty(0), np.full(DAY, np.nan)])
def test_nothing_known_is_said_alone(power_w: FloatArray) -> None:
    assert rules(judged(power_w)) == ["history_absent"]


def test_48_hours_without_data_are_stale() -> None:
    power_w = varying()
    power_w[-2 * DAY :] = np.nan
    assert rules(judged(power_w)) == ["history_stale"]


def test_three_hours_of_waiting_are_borne() -> None:
    power_w = varying()
    power_w[-12:] = np.nan
    assert rules(judged(power_w)) == []


def test_six_days_are_short() -> None:
    assert rules(judged(varying(6))) == ["history_short"]
    assert rules(judged(varying(7))) == []


def test_fewer_than_half_of_the_quarter_hours_are_gaps() -> None:
    power_w = varying()
    power_w[np.arange(len(power_w)) % 9 < 5] = np.nan
    assert rules(judged(power_w)) == ["history_gaps"]


def test_infinities_are_no_numbers() -> None:
    power_w = varying()
    power_w[5] = np.inf
    power_w[7] = -np.inf
    found = judged(power_w)
    assert rules(found) == ["history_not_finite"]
    assert np.isnan(found.history.power_w[[5, 7]]).all()


@pytest.mark.parametrize("rating_w", [2_000.0, None])
def test_what_is_a_thousandfold_is_not_used(rating_w: float | None) -> None:
    power_w = varying()
    power_w[-20 * DAY :] *= 1_000.0
    found = judged(power_w, rating_w)
    assert "history_implausible" in rules(found)
    assert float(np.nanmax(found.history.power_w)) <= 1_500.0


def test_a_single_spike_is_dropped_without_a_word() -> None:
    power_w = varying()
    power_w[100] = 3_000.0
    found = judged(power_w)
    assert (rules(found), bool(np.isnan(found.history.power_w[100]))) == ([], True)


def test_a_rating_may_be_passed_a_little() -> None:
    power_w = varying()
    power_w[::2] = 2_390.0  # 1.2 x 2,000 W
    assert rules(judged(power_w)) == []


def test_a_meter_that_is_stuck_is_not_believed() -> None:
    power_w = varying()
    power_w[-2 * DAY :] = 777.0
    found = judged(power_w)
    # What is left ends two days ago.
    assert rules(found) == ["history_flat", "history_stale"]
    assert np.isnan(found.history.power_w[-2 * DAY :]).all()
    assert not np.isnan(found.history.power_w[: -2 * DAY]).any()


def test_a_day_without_power_is_ordinary_where_zero_is_common() -> None:
    power_w = varying()
    power_w[::3] = 0.0
    power_w[-2 * DAY :] = 0.0
    assert rules(judged(power_w)) == []


def test_a_load_that_never_varies_is_what_it_is() -> None:
    assert rules(judged(np.full(20 * DAY, 300.0))) == []


def test_a_finding_says_what_was_seen_what_is_allowed_and_what_to_do() -> None:
    power_w = varying()
    power_w[-20 * DAY :] *= 1_000.0
    (finding, *_) = judged(power_w).findings
    assert (finding.severity, finding.path, finding.allowed) == ("WARNING", "$", "at most 2400 W")
    assert finding.observed > 1_000_000.0
    assert "correct the unit" in finding.message
