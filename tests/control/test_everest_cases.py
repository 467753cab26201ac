import re
from pathlib import Path

import pytest

from tests.control import everest
from tests.control.closed_loop import Loop
from tests.control.test_closed_loop import overloads

PAGE = Path(__file__).resolve().parents[2] / "docs" / "peer-cases.md"
ROW = re.compile(
    r"^\| `(?P<case>[^`]+)` \| (?P<point>[^|]+) \| (?P<theirs>[^|]+) \| (?P<ours>[^|]+) \| (?P<how>[^|]+) \|$"
)
EXPRESSED = [name for name in everest.names() if name not in everest.NOT_EXPRESSED]
# A message, a car's answer, the time before what was told earlier is sure not to flow, and once more.
SETTLED_S = 30


def rows() -> list[re.Match[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [match for line in lines if (match := ROW.match(line))]


def told_a(loop: Loop) -> dict[str, float]:
    """What each device is told when everything has settled, A per phase; no line was ever above its limit."""
    for _ in range(SETTLED_S):
        loop.step()
        assert overloads(loop) == []
    told = loop.outcomes[-1].in_force
    watts = {device.name: device.watts_per_ampere(None) for device in loop.site.devices}
    return {
        one.asset_id: one.max_current
        if one.max_current is not None
        else (one.power or 0.0) / watts[one.asset_id]
        for one in told
    }


def ours_a(name: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for instant in everest.instants(name):
        for point, current_a in told_a(everest.loop_at(name, instant)).items():
            found.setdefault(point, []).append(round(current_a, 3))
    return found


@pytest.mark.parametrize("name", EXPRESSED)
def test_the_guard_allows_no_less_than_theirs_and_the_page_says_what(name: str) -> None:
    theirs, ours = everest.expected_a(name), ours_a(name)
    assert set(ours) == set(theirs)
    for point, allowed_a in theirs.items():
        # A discharge is no allowance: there theirs and ours are the same.
        assert all(
            mine >= other if other >= 0 else mine == pytest.approx(other)
            for mine, other in zip(ours[point], allowed_a, strict=True)
        )
        row = next(one for one in rows() if one["case"] == name and one["point"].strip() == point)
        for column, values in (("theirs", allowed_a), ("ours", ours[point])):
            printed = [float(text.replace("−", "-")) for text in row[column].split()]
            # One number stands for a case whose answer is the same at all its instants.
            assert printed * (len(values) if len(printed) == 1 else 1) == pytest.approx(values)


def test_the_page_lists_every_case() -> None:
    assert {one["case"] for one in rows()} == set(everest.names())


def test_a_case_that_cannot_be_expressed_has_its_reason_on_the_page() -> None:
    for name, reason in everest.NOT_EXPRESSED.items():
        row = next(one for one in rows() if one["case"] == name)
        assert row["ours"].strip() == "not expressed"
        assert reason in row["how"]
