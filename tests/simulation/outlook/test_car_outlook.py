"""The cars that are expected follow from those that have left, the latest too."""

from datetime import UTC, datetime, timedelta

from kwartier.forecasting.forecaster import Place
from kwartier.forecasting.power_history import NOTHING
from kwartier.simulation.observation import Observation
from kwartier.simulation.outlook.car_outlook import RENEWED_AFTER_S, CarOutlook
from kwartier.site.transaction import Transaction
from kwartier.units.quarter_hour import epoch_s

# A Monday; the day after it is of the same kind.
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
DAY_S = 86_400


def left(day: datetime, hour: int) -> Transaction:
    """The last message of a car that stayed for an hour."""
    arrival = day + timedelta(hours=hour)
    departure = arrival + timedelta(hours=1)
    return Transaction(
        asset_id="left",
        transaction_id=arrival.isoformat(),
        timestamp=departure,
        transaction_state="Ended",
        start_time=arrival,
        stop_time=departure,
        energy_charged=5_000.0,
    )


def seen(at: datetime, gone: list[Transaction]) -> Observation:
    return Observation(epoch_s(at), {}, {}, {}, {}, [], lambda _: NOTHING, lambda: gone, [])


def starts(outlook: CarOutlook, at: datetime, gone: list[Transaction]) -> list[datetime]:
    found = outlook.expected(seen(at, gone), epoch_s(at) + DAY_S)
    return [one.start_time for one in found]


def test_a_car_that_has_left_since_the_last_look_is_expected_again() -> None:
    outlook = CarOutlook(["left"], Place(UTC, None, 51.05, 3.72))
    gone = [left(MONDAY, 6)]
    evening = MONDAY + timedelta(hours=18)
    assert starts(outlook, evening, gone) == [MONDAY + DAY + timedelta(hours=6, minutes=30)]

    gone.append(left(MONDAY, 17))
    later = evening + timedelta(seconds=RENEWED_AFTER_S)
    assert starts(outlook, later, gone) == [
        MONDAY + DAY + timedelta(hours=6, minutes=30),
        MONDAY + DAY + timedelta(hours=17, minutes=30),
    ]


def test_a_car_of_more_than_four_weeks_ago_is_expected_no_more() -> None:
    outlook = CarOutlook(["left"], Place(UTC, None, 51.05, 3.72))
    gone = [left(MONDAY, 6)]
    assert starts(outlook, MONDAY + DAY, gone) != []
    assert starts(outlook, MONDAY + 30 * DAY, gone) == []
