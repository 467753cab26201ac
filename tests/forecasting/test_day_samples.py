import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kwartier.forecasting.day_samples import DaySamples
from kwartier.forecasting.day_table import DayTable
from kwartier.forecasting.power_forecast import LEVELS

NONE = np.empty(0, dtype=np.int64)


def samples_of(days: list[dict[int, float]]) -> DaySamples:
    """Samples of days whose quarters are known where a value is given."""
    power_w = np.full((len(days), 96), np.nan)
    for row, day in enumerate(days):
        for quarter, value_w in day.items():
            power_w[row, quarter] = value_w
    return DaySamples(DayTable(0, power_w, NONE, NONE))


def test_the_mean_weighs_the_quarter_once_and_each_neighbour_half() -> None:
    samples = samples_of([{39: 400.0, 40: 1000.0, 41: 600.0}])
    # 1000 once, 400 and 600 half: 1500 over a weight of 2
    assert samples.mean_w(np.array([[1.0]]))[0, 40] == 750.0


def test_the_mean_weighs_days() -> None:
    samples = samples_of([{40: 100.0}, {40: 400.0}])
    # (100 x 1 + 400 x 3) / 4; the neighbours are not known
    assert samples.mean_w(np.array([[1.0, 3.0]]))[0, 40] == 325.0


def test_neighbours_cross_midnight() -> None:
    samples = samples_of([{95: 90.0}, {0: 30.0}])
    # (30 + 90 / 2) / 1.5 at the first quarter of the second day, counted with the first day's weight 0
    assert samples.mean_w(np.array([[0.0, 1.0]]))[0, 0] == 50.0


def test_a_quantile_is_the_smallest_sample_up_to_which_its_part_of_the_weight_lies() -> None:
    days = [{40: float(value)} for value in (50, 10, 40, 20, 30)]
    quantile_w = samples_of(days).quantile_w(np.ones(5))[:, 40]
    # Five samples of weight 1: 10 % and 25 % lie within the first two, 50 % in the third, 75 % in the fourth.
    assert dict(zip(LEVELS, quantile_w.tolist(), strict=True)) == {
        0.1: 10.0,
        0.25: 20.0,
        0.5: 30.0,
        0.75: 40.0,
        0.9: 50.0,
    }


def test_what_no_day_tells_is_not_known() -> None:
    samples = samples_of([{40: 1.0}])
    assert np.isnan(samples.mean_w(np.array([[1.0]]))[0, 60])
    assert np.isnan(samples.quantile_w(np.array([1.0]))[:, 60]).all()
    assert np.isnan(samples.mean_w(np.array([[0.0]]))[0, 40])


@given(
    values_w=st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=9),
    weights=st.lists(st.floats(0.01, 1.0), min_size=9, max_size=9),
)
def test_means_and_quantiles_lie_between_the_samples_and_quantiles_rise(
    values_w: list[float], weights: list[float]
) -> None:
    samples = samples_of([{40: value_w} for value_w in values_w])
    day_weights = np.array(weights[: len(values_w)])
    quantile_w = samples.quantile_w(day_weights)[:, 40]
    assert set(quantile_w.tolist()) <= set(values_w)
    assert np.all(np.diff(quantile_w) >= 0)
    mean_w = samples.mean_w(day_weights[None])[0, 40]
    slack_w = 1e-9 * max(map(abs, values_w))
    assert min(values_w) - slack_w <= mean_w <= max(values_w) + slack_w
