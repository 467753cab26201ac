import logging
import re
from datetime import datetime, timedelta

import httpx
import pytest

from kwartier.adapters.prices_entsoe.price_source import EntsoePrices
from kwartier.service.ports.price_source import Fetched, NotYetPublished, Refused
from kwartier.tariffs.day_ahead.market_day import RESOLUTION_S, PriceResolution
from tests.adapters.price_source_contract import Handler, Prices, PriceSourceContract, prices_of
from tests.tariffs.day_ahead.price_case import AUTUMN, PLAIN

KEY = "6f1f9e1c-canary-key"
NOTHING = """<?xml version="1.0" encoding="UTF-8"?>
<Acknowledgement_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:7:0">
<Reason><code>999</code><text>No matching data found for Data item DAY_AHEAD_PRICES [12.1.D]</text></Reason>
</Acknowledgement_MarketDocument>"""


def minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%MZ}"


def time_series(prices: Prices, resolution: PriceResolution, *, curve: str = "A01") -> str:
    """As the platform writes one: positions from 1 on within a period."""
    start, end = prices[0][0], prices[-1][0] + timedelta(seconds=RESOLUTION_S[resolution])
    points = "".join(
        f"<Point><position>{number}</position><price.amount>{price}</price.amount></Point>"
        for number, (_, price) in enumerate(prices, start=1)
    )
    return (
        "<TimeSeries><mRID>1</mRID><auction.type>A01</auction.type><businessType>A62</businessType>"
        "<currency_Unit.name>EUR</currency_Unit.name><price_Measure_Unit.name>MWH</price_Measure_Unit.name>"
        f"<curveType>{curve}</curveType><Period><timeInterval><start>{minute(start)}</start><end>{minute(end)}</end>"
        f"</timeInterval><resolution>{resolution}</resolution>{points}</Period></TimeSeries>"
    )


def document(*series: str) -> httpx.Response:
    name = "Publication_MarketDocument"
    xmlns = "urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:3"
    text = f'<?xml version="1.0" encoding="UTF-8"?><{name} xmlns="{xmlns}">{"".join(series)}</{name}>'
    return httpx.Response(200, text=text, headers={"Content-Type": "text/xml"})


class TestEntsoePrices(PriceSourceContract):
    def source(self, handler: Handler) -> EntsoePrices:
        return EntsoePrices(KEY, transport=httpx.MockTransport(handler))

    def published(self, prices: Prices) -> httpx.Response:
        is_hourly = prices[1][0] - prices[0][0] == timedelta(hours=1)
        resolution: PriceResolution = "PT60M" if is_hourly else "PT15M"
        return document(time_series(prices, resolution))

    def nothing_yet(self) -> httpx.Response:
        return httpx.Response(200, text=NOTHING)

    def test_it_asks_for_the_day_in_utc_with_the_zones_code(self) -> None:
        asked = []

        def remember(request: httpx.Request) -> httpx.Response:
            asked.append(dict(request.url.params))
            return self.nothing_yet()

        self.source(remember).fetch("BE", AUTUMN)
        assert asked == [
            {
                "documentType": "A44",
                "in_Domain": "10YBE----------2",
                "out_Domain": "10YBE----------2",
                "contract_MarketAgreement.type": "A01",
                "periodStart": "202610242200",
                "periodEnd": "202610252300",
                "securityToken": KEY,
            }
        ]

    def test_the_first_sequence_is_asked_for_where_there_are_two(self) -> None:
        asked = []

        def remember(request: httpx.Request) -> httpx.Response:
            asked.append([value for name, value in request.url.params.items() if "Sequence" in name])
            return self.nothing_yet()

        self.source(remember).fetch("DE_LU", PLAIN)
        assert asked == [["1"]]

    def test_an_unknown_zone_is_refused_without_asking(self) -> None:
        assert isinstance(self.source(lambda _: pytest.fail("asked")).fetch("XX", PLAIN), Refused)

    def test_a_400_that_says_nothing_matches_is_not_published_yet(self) -> None:
        answer = self.source(lambda _: httpx.Response(400, text=NOTHING)).fetch("BE", PLAIN)
        assert answer == NotYetPublished()

    def test_values_that_the_a03_curve_leaves_out_repeat_the_one_before(self) -> None:
        series = time_series(prices_of(PLAIN), "PT15M", curve="A03")
        shorter = re.sub(r"<Point><position>(3|4)</position>.*?</Point>", "", series)
        answer = self.fetched(shorter)
        assert [point.eur_per_mwh for point in answer.delivery.points[:5]] == [10.0, 10.5, 10.5, 10.5, 12.0]

    def test_neighbouring_days_are_left_out(self) -> None:
        days = [prices_of(PLAIN + timedelta(days=number)) for number in (-1, 0, 1)]
        answer = self.fetched(*(time_series(prices, "PT15M") for prices in days))
        assert [(point.start, point.eur_per_mwh) for point in answer.delivery.points] == days[1]

    def test_two_series_of_one_day_come_as_duplicates_for_the_judgement(self) -> None:
        series = time_series(prices_of(PLAIN), "PT15M")
        assert len(self.fetched(series, series).delivery.points) == 192

    @pytest.mark.parametrize(
        ("was", "becomes"),
        [
            ("<position>7</position>", "<position>8</position>"),
            ("<position>96</position>", "<position>97</position>"),
            ("<position>1</position>", "<position>0</position>"),
            ("EUR", "GBP"),
            ("MWH", "KWH"),
            ("PT15M", "PT30M"),
            ("2026-06-09T22:00Z", "2026-06-09T22:00"),
            ("2026-06-09T22:00Z", "yesterday"),
            ("<price.amount>10.0</price.amount>", "<price.amount>dear</price.amount>"),
            ("<price.amount>10.0</price.amount>", ""),
            ("<curveType>A01</curveType>", ""),
        ],
    )
    def test_a_series_that_contradicts_itself_is_refused(self, was: str, becomes: str) -> None:
        series = time_series(prices_of(PLAIN), "PT15M")
        assert was in series
        answer = self.source(lambda _: document(series.replace(was, becomes))).fetch("BE", PLAIN)
        assert isinstance(answer, Refused)

    @pytest.mark.parametrize("status_code", [200, 400, 401, 500])
    def test_the_key_stands_in_no_log_and_no_answer(
        self, caplog: pytest.LogCaptureFixture, status_code: int
    ) -> None:
        caplog.set_level(logging.DEBUG)
        answer = self.source(lambda _: httpx.Response(status_code)).fetch("BE", PLAIN)
        assert KEY not in caplog.text + repr(answer)

    def fetched(self, *series: str) -> Fetched:
        answer = self.source(lambda _: document(*series)).fetch("BE", PLAIN)
        assert isinstance(answer, Fetched), answer
        return answer
