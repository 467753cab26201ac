import numpy as np
import pytest

from kwartier.forecasting.power_history import NOTHING, PowerHistory

HOUR = PowerHistory(3_600, np.array([1.0, 2.0, 3.0, 4.0]))


def test_a_history_starts_on_a_quarter_hour() -> None:
    with pytest.raises(ValueError, match="starts on a quarter-hour"):
        PowerHistory(1_000, np.array([1.0]))


def test_what_is_not_over_is_not_known_yet() -> None:
    assert HOUR.before(3_600 + 2 * 900).power_w.tolist() == [1.0, 2.0]
    assert HOUR.before(3_600 + 3 * 900 - 1).power_w.tolist() == [1.0, 2.0]
    assert HOUR.before(0).power_w.tolist() == []
    assert HOUR.before(99_999).power_w.tolist() == [1.0, 2.0, 3.0, 4.0]


def test_what_starts_before_a_moment_is_left_out() -> None:
    late = HOUR.since(3_600 + 901)
    assert (late.first_s, late.power_w.tolist()) == (3_600 + 2 * 900, [3.0, 4.0])
    assert HOUR.since(0) is not NOTHING
    assert HOUR.since(0).start_s.tolist() == [3_600, 4_500, 5_400, 6_300]
    assert HOUR.since(99_999_999).power_w.tolist() == []
