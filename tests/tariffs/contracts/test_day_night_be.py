"""The day rate of two-rate contracts by grid area: four years against hours that are written down here once more."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kwartier.site.dso import Dso, Fluvius, Sibelga, WalloonDso
from kwartier.site.public_holidays import public_holidays
from kwartier.tariffs.contracts.day_night_be import is_day_mask

BRUSSELS = ZoneInfo("Europe/Brussels")
FLANDERS = Fluvius(dso="Fluvius", region="Imewo", connection_type="Low Voltage Network")
CAPITAL = Sibelga(dso="Sibelga", region="All", connection_type="BT")
WALLONIA = WalloonDso(dso="ORES", region="All", connection_type="BT - heures normales")


def has_day_rate(local: datetime, dso: Dso | None) -> bool:
    """The hours as their sources give them, moment by moment."""
    if dso is WALLONIA and local.date() >= date(2026, 1, 1):
        return local.hour in {*range(7, 11), *range(17, 22)}
    if local.weekday() >= 5 or (dso is CAPITAL and local.date() in public_holidays("BE", local.year)):
        return False
    return 7 <= local.hour < 22


@pytest.mark.parametrize("dso", [None, FLANDERS, CAPITAL, WALLONIA], ids=str)
def test_every_half_hour_of_four_years_has_the_rate_of_its_area(dso: Dso | None) -> None:
    first, last = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2024, 2028))
    start_s = np.arange(first, last, 1800)
    locals_ = (datetime.fromtimestamp(moment, BRUSSELS) for moment in start_s.tolist())
    expected = [has_day_rate(local, dso) for local in locals_]
    assert is_day_mask(start_s, dso, BRUSSELS).tolist() == expected


def test_a_moment_inside_a_quarter_hour_has_the_rate_of_that_quarter_hour() -> None:
    seven_s = datetime(2026, 3, 2, 7, 0, tzinfo=BRUSSELS).timestamp()
    assert is_day_mask(np.array([seven_s - 0.5, seven_s + 0.5]), None, BRUSSELS).tolist() == [False, True]
