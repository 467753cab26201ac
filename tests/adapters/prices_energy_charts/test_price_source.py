from typing import Any

import httpx
import pytest

from kwartier.adapters.prices_energy_charts.price_source import EnergyChartsPrices
from kwartier.service.ports.price_source import Fetched, NotYetPublished, Refused
from tests.adapters.price_source_contract import Handler, Prices, PriceSourceContract, prices_of
from tests.tariffs.day_ahead.price_case import PLAIN


def body(prices: Prices) -> dict[str, Any]:
    """As the publisher writes it."""
    return {
        "license_info": "CC BY 4.0 (creativecommons.org/licenses/by/4.0) from Bundesnetzagentur | SMARD.de",
        "unix_seconds": [int(start.timestamp()) for start, _ in prices],
        "price": [price for _, price in prices],
        "unit": "EUR / MWh",
        "deprecated": False,
    }


class TestEnergyChartsPrices(PriceSourceContract):
    def source(self, handler: Handler) -> EnergyChartsPrices:
        return EnergyChartsPrices(transport=httpx.MockTransport(handler))

    def published(self, prices: Prices) -> httpx.Response:
        return httpx.Response(200, json=body(prices))

    def nothing_yet(self) -> httpx.Response:
        return httpx.Response(404, json={"detail": "No content available"})

    def test_it_asks_for_the_local_day_by_its_dates(self) -> None:
        asked = []

        def remember(request: httpx.Request) -> httpx.Response:
            asked.append(str(request.url))
            return self.nothing_yet()

        self.source(remember).fetch("DE_LU", PLAIN)
        assert asked == ["https://api.energy-charts.info/price?bzn=DE-LU&start=2026-06-10&end=2026-06-10"]

    def test_prices_that_are_null_are_missing_and_not_zero(self) -> None:
        answer = self.answer({"price": [None, *(price for _, price in prices_of(PLAIN)[1:])]})
        assert isinstance(answer, Fetched)
        assert len(answer.delivery.points) == 95

    def test_only_nulls_are_no_publication(self) -> None:
        assert self.answer({"price": [None] * 96}) == NotYetPublished()

    @pytest.mark.parametrize(
        "changed",
        [
            {"unit": "EUR / kWh"},
            {"price": [1.0]},
            {"unix_seconds": [str(number) for number in range(96)]},
            {"unix_seconds": [10**12] * 96},
            {"price": ["1.0"] * 96},
        ],
    )
    def test_another_unit_or_shape_is_refused(self, changed: dict[str, Any]) -> None:
        assert isinstance(self.answer(changed), Refused)

    def answer(self, changed: dict[str, Any]) -> object:
        sent = body(prices_of(PLAIN)) | changed
        return self.source(lambda _: httpx.Response(200, json=sent)).fetch("BE", PLAIN)
