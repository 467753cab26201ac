"""The quarter-hour that runs and the month's highest one, as the algorithm counts them."""

from datetime import datetime

from kwartier.adapters.acnportal.taken import Taken


def test_a_quarter_hours_energy_becomes_a_peak_when_it_is_over() -> None:
    taken = Taken()
    taken.turn_to(datetime.fromisoformat("2019-07-01T08:00:00+00:00"))
    taken.add({"L1": 500.0})
    taken.turn_to(datetime.fromisoformat("2019-07-01T08:10:00+00:00"))
    taken.add({"L1": 250.0})
    assert (taken.quarter_wh, taken.month_peak_w) == ({"L1": 750.0}, {})
    taken.turn_to(datetime.fromisoformat("2019-07-01T08:15:00+00:00"))
    # 750 Wh in a quarter of an hour are 3 kW.
    assert (taken.quarter_wh, taken.month_peak_w) == ({}, {"L1": 3_000.0})


def test_another_month_has_no_peak_yet() -> None:
    taken = Taken()
    taken.turn_to(datetime.fromisoformat("2019-07-31T23:45:00+00:00"))
    taken.add({"L2": 1_000.0})
    taken.turn_to(datetime.fromisoformat("2019-08-01T00:00:00+00:00"))
    assert taken.month_peak_w == {}
