from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from kwartier.service.fetch_prices import NoPricesFetched, PricesFetched, fetch_prices
from kwartier.service.ports.price_source import (
    Fetched,
    NotYetPublished,
    Refused,
    SourceAnswer,
    Unreachable,
)
from kwartier.tariffs.day_ahead.delivery import Delivery
from tests.tariffs.day_ahead.price_case import AUTUMN, KNOWN_AT, PLAIN, SPRING, delivery


@dataclass
class Source:
    """A publisher that always says the same."""

    name: str
    answer: SourceAnswer
    asked: list[date] = field(default_factory=list)

    def fetch(self, bidding_zone: str, day: date) -> SourceAnswer:
        assert bidding_zone == "BE"
        self.asked.append(day)
        return self.answer


def dearer(sent: Delivery, by_eur_per_mwh: float) -> Delivery:
    points = tuple(replace(point, eur_per_mwh=point.eur_per_mwh + by_eur_per_mwh) for point in sent.points)
    return replace(sent, points=points)


def fetched(day: date, *sources: Source) -> PricesFetched | NoPricesFetched:
    return fetch_prices("BE", day, sources=sources, now=KNOWN_AT)


def test_the_first_publisher_that_has_the_day_is_believed_on_an_ordinary_day() -> None:
    first, second = Source("one.org", Fetched(delivery(PLAIN))), Source("two.org", NotYetPublished())
    outcome = fetched(PLAIN, first, second)
    assert isinstance(outcome, PricesFetched)
    assert (outcome.day.source, outcome.day.known_at, len(outcome.day.eur_per_mwh)) == (
        "one.org",
        KNOWN_AT,
        96,
    )
    assert (first.asked, second.asked) == ([PLAIN], [])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (NotYetPublished(), "not published yet"),
        (Refused("the key is old"), "refused: the key is old"),
        (Unreachable("no answer"), "unreachable: no answer"),
    ],
)
def test_where_one_has_nothing_the_next_is_asked(answer: SourceAnswer, words: str) -> None:
    outcome = fetched(PLAIN, Source("one.org", answer), Source("two.org", Fetched(delivery(PLAIN))))
    assert isinstance(outcome, PricesFetched)
    assert outcome.day.source == "two.org"
    alone = fetched(PLAIN, Source("one.org", answer))
    assert alone == NoPricesFetched((f"one.org: {words}",))


@pytest.mark.parametrize("day", [SPRING, PLAIN, AUTUMN])
def test_a_delivery_that_is_no_day_is_passed_over_with_its_findings(day: date) -> None:
    short = replace(delivery(day), points=delivery(day).points[1:])
    outcome = fetched(day, Source("one.org", Fetched(short)))
    assert isinstance(outcome, NoPricesFetched)
    assert {finding.rule for finding in outcome.findings} == {"prices.count", "prices.missing"}
    assert outcome.is_worth_a_line
    with_other = fetched(day, Source("one.org", Fetched(short)), Source("two.org", Fetched(delivery(day))))
    assert isinstance(with_other, PricesFetched)


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_on_days_of_a_clock_change_two_publishers_must_agree(day: date) -> None:
    right, other = delivery(day), dearer(delivery(day), 0.02)
    assert isinstance(
        fetched(day, Source("one.org", Fetched(right)), Source("two.org", Fetched(right))), PricesFetched
    )
    outcome = fetched(day, Source("one.org", Fetched(right)), Source("two.org", Fetched(other)))
    assert isinstance(outcome, NoPricesFetched)
    [finding] = outcome.findings
    assert finding.rule == "prices.sources_disagree"
    assert finding.observed == len(right.points)


def test_as_on_2025_10_26_the_shifted_publisher_is_not_believed_beside_a_right_one() -> None:
    # EnergieID/entsoe-py issue 468: two hours right, one of zeros, the rest an hour late, all stamps right.
    right = delivery(AUTUMN)
    prices_eur_per_mwh = [point.eur_per_mwh for point in right.points]
    late = [*prices_eur_per_mwh[:8], *(0.0,) * 4, *prices_eur_per_mwh[8:-4]]
    points = tuple(replace(point, eur_per_mwh=price) for point, price in zip(right.points, late, strict=True))
    outcome = fetched(
        AUTUMN,
        Source("one.org", Fetched(replace(right, points=points))),
        Source("two.org", Fetched(right)),
    )
    assert isinstance(outcome, NoPricesFetched)


def test_a_cent_of_rounding_is_no_disagreement() -> None:
    near = dearer(delivery(AUTUMN), 0.01)
    outcome = fetched(AUTUMN, Source("one.org", Fetched(delivery(AUTUMN))), Source("two.org", Fetched(near)))
    assert isinstance(outcome, PricesFetched)


def test_that_a_day_is_not_out_yet_is_no_news() -> None:
    outcome = fetched(PLAIN, Source("one.org", NotYetPublished()), Source("two.org", NotYetPublished()))
    assert isinstance(outcome, NoPricesFetched)
    assert not outcome.is_worth_a_line
