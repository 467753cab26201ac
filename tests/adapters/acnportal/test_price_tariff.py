"""A series of prices as acnportal's tariff."""

from datetime import UTC, datetime, timedelta

import pytest

from kwartier.adapters.acnportal.price_tariff import PriceTariff

START = datetime(2024, 7, 1, tzinfo=UTC)
TARIFF = PriceTariff(START, timedelta(hours=1), [100.0, 50.0], 4.5)


def test_prices_per_mwh_become_prices_per_kwh_of_each_period() -> None:
    assert TARIFF.get_tariffs(START + timedelta(minutes=30), 4, 15) == [0.1, 0.1, 0.05, 0.05]


def test_a_price_that_is_not_there_is_an_error_that_says_what_there_is() -> None:
    with pytest.raises(
        ValueError, match=r"no price at 2024-07-01 02:00.* from 2024-07-01 00:00.* to 2024-07-01 02"
    ):
        TARIFF.get_tariff(START + timedelta(hours=2))
