"""What every price source keeps to, whatever its publisher's format. Each adapter's tests inherit from this."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date, datetime, timedelta

import httpx
import pytest

from kwartier.adapters.outbound.bounded_get import LIMIT_BYTES
from kwartier.service.ports.price_source import (
    Fetched,
    NotYetPublished,
    PriceSource,
    Refused,
    Unreachable,
)
from kwartier.tariffs.day_ahead.delivery import judge_delivery
from kwartier.tariffs.day_ahead.market_day import PriceResolution, step_starts
from kwartier.tariffs.day_ahead.price_day import PriceDay
from tests.tariffs.day_ahead.price_case import AUTUMN, KNOWN_AT, PLAIN, SPRING, price_day

Prices = list[tuple[datetime, float]]
Handler = Callable[[httpx.Request], httpx.Response]


def prices_of(day: date, resolution: PriceResolution = "PT15M") -> Prices:
    """The ramp of `price_case`: 10, 10.5, 11 … EUR/MWh."""
    return [(start, 10.0 + 0.5 * index) for index, start in enumerate(step_starts(day, resolution))]


class PriceSourceContract(ABC):
    """Inherit as `Test…` and say how the publisher writes prices, and how it says that there are none yet."""

    @abstractmethod
    def source(self, handler: Handler) -> PriceSource:
        """The source under test, its publisher played by `handler`."""

    @abstractmethod
    def published(self, prices: Prices) -> httpx.Response:
        """The publisher's answer that holds these prices."""

    @abstractmethod
    def nothing_yet(self) -> httpx.Response:
        """The publisher's answer where it has no prices of the day."""

    def judged(self, day: date, prices: Prices) -> PriceDay | set[str]:
        """What becomes of a publication: a day, or the rules it breaks."""
        answer = self.source(lambda _: self.published(prices)).fetch("BE", day)
        assert isinstance(answer, Fetched), answer
        result = judge_delivery(answer.delivery, known_at=KNOWN_AT, source="exchange")
        return result if isinstance(result, PriceDay) else {finding.rule for finding in result}

    @pytest.mark.parametrize("day", [SPRING, PLAIN, AUTUMN])
    def test_a_day_of_92_96_or_100_prices_comes_whole(self, day: date) -> None:
        assert self.judged(day, prices_of(day)) == price_day(day)

    @pytest.mark.parametrize(("day", "count"), [(date(2025, 3, 30), 23), (date(2025, 9, 30), 24)])
    def test_hours_come_as_hours(self, day: date, count: int) -> None:
        made = self.judged(day, prices_of(day, "PT60M"))
        assert isinstance(made, PriceDay)
        assert (made.resolution, len(made.eur_per_mwh)) == ("PT60M", count)

    @pytest.mark.parametrize("day", [SPRING, PLAIN, AUTUMN])
    def test_hours_of_today_are_refused(self, day: date) -> None:
        assert self.judged(day, prices_of(day, "PT60M")) == {"prices.resolution"}

    @pytest.mark.parametrize("day", [SPRING, PLAIN, AUTUMN])
    @pytest.mark.parametrize("moved", [timedelta(hours=-1), timedelta(hours=1)])
    def test_an_hour_off_is_refused(self, day: date, moved: timedelta) -> None:
        prices = [(start + moved, price) for start, price in prices_of(day)]
        assert self.judged(day, prices) == {"prices.outside_day", "prices.missing"}

    def test_the_name_is_that_of_a_publisher(self) -> None:
        assert self.source(lambda _: self.nothing_yet()).name.count(".") >= 1

    def test_a_day_without_prices_is_not_published_yet(self) -> None:
        assert self.source(lambda _: self.nothing_yet()).fetch("BE", PLAIN) == NotYetPublished()

    @pytest.mark.parametrize("status_code", [500, 502, 503])
    def test_a_broken_publisher_is_unreachable(self, status_code: int) -> None:
        answer = self.source(lambda _: httpx.Response(status_code)).fetch("BE", PLAIN)
        assert isinstance(answer, Unreachable)

    @pytest.mark.parametrize("status_code", [301, 302, 400, 401, 403, 429])
    def test_a_publisher_that_says_no_or_go_elsewhere_refuses(self, status_code: int) -> None:
        asked = []

        def elsewhere(request: httpx.Request) -> httpx.Response:
            asked.append(request.url.host)
            return httpx.Response(status_code, headers={"Location": "http://169.254.169.254/latest"})

        answer = self.source(elsewhere).fetch("BE", PLAIN)
        assert isinstance(answer, Refused)
        assert len(asked) == 1

    @pytest.mark.parametrize("fault", [httpx.ConnectError("x"), httpx.ReadError("x"), httpx.ReadTimeout("x")])
    def test_a_network_that_fails_is_unreachable(self, fault: Exception) -> None:
        def failing(request: httpx.Request) -> httpx.Response:
            raise fault

        assert isinstance(self.source(failing).fetch("BE", PLAIN), Unreachable)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"<html>",
            b"[]",
            b"{}",
            b"null",
            b"\xff\xfe",
            b'{"price": [NaN]}',
            json.dumps([1] * 9).encode(),
        ],
    )
    def test_what_is_no_answer_to_the_question_is_refused(self, body: bytes) -> None:
        assert isinstance(
            self.source(lambda _: httpx.Response(200, content=body)).fetch("BE", PLAIN), Refused
        )

    def test_more_than_a_mebibyte_is_refused(self) -> None:
        answer = self.source(lambda _: httpx.Response(200, content=b" " * (LIMIT_BYTES + 1))).fetch(
            "BE", PLAIN
        )
        assert answer == Refused("its answer has more than 1,048,576 bytes")

    def test_compression_is_not_asked_for(self) -> None:
        asked = []

        def remember(request: httpx.Request) -> httpx.Response:
            asked.append(request.headers["accept-encoding"])
            return self.nothing_yet()

        self.source(remember).fetch("BE", PLAIN)
        assert asked == ["identity"]
