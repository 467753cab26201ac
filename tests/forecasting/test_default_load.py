import numpy as np

from kwartier.forecasting.default_load import default_load_pu
from tests.forecasting.cases import GHENT, moment_s


def test_workdays_are_busy_from_seven_to_nineteen_and_holidays_are_not() -> None:
    times = ("2026-07-20T06:45", "2026-07-20T07:00", "2026-07-20T18:45", "2026-07-20T19:00")
    holiday, saturday = "2026-07-21T12:00", "2026-07-25T12:00"
    starts_s = np.array([moment_s(text) for text in (*times, holiday, saturday)])
    mean_pu, quantile_pu = default_load_pu(starts_s, GHENT.timezone, "BE")
    # The shape of docs/forecasting.md.
    assert mean_pu.tolist() == [0.20, 0.33, 0.33, 0.20, 0.20, 0.20]
    assert quantile_pu[:, 1].tolist() == [0.16, 0.23, 0.30, 0.42, 0.53]
