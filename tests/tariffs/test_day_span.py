"""Spans of days: what two have in common, and what is left."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kwartier.tariffs.day_span import DaySpan, uncovered

DAYS = st.integers(0, 20).map(lambda day: date(2026, 2, 15) + timedelta(days=day))
SPANS = st.tuples(DAYS, DAYS).map(lambda pair: DaySpan(min(pair), max(pair)))


def days(span: DaySpan) -> set[date]:
    return {span.first + timedelta(days=day) for day in range((span.last - span.first).days + 1)}


@given(SPANS, SPANS)
def test_common_days_are_those_in_both(one: DaySpan, other: DaySpan) -> None:
    common = one.common(other)
    assert (days(common) if common is not None else set()) == days(one) & days(other)


@given(SPANS, st.lists(SPANS, max_size=5))
def test_what_is_left_is_in_no_part_and_in_order(whole: DaySpan, parts: list[DaySpan]) -> None:
    left = uncovered(whole, parts)
    assert set().union(*map(days, left)) == days(whole).difference(*map(days, parts))
    assert left == sorted(left)
