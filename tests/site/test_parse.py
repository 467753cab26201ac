from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from kwartier.planning.request import PlanRequest
from kwartier.site.document import Site
from kwartier.site.finding import Finding
from kwartier.site.parse import parse_document, read_site
from kwartier.site.shape import SHAPE_RULES
from tests.site.cases import read_case
from tests.site.json_places import look_up, replaced, steps, ways, without

FINE = {
    name: read_case(name)["document"]
    for name in ("fine_four_wire", "fine_three_wire", "fine_no_cost_minimisation")
}
JUNK: list[Any] = [None, True, 3.5, -7, 10**30, "junk", "", [], [None], [5]]
OBJECTS: list[Any] = [{}, {"junk": 1}, {"name": None}]

REQUEST: dict[str, Any] = {"site": FINE["fine_four_wire"], "at": "2025-03-03T07:52:10+01:00"}
TRANSACTION = {
    "assetId": "pole",
    "transactionId": "t1",
    "timestamp": "2025-03-03T07:52:10+01:00",
    "transactionState": "Started",
    "startTime": "2025-03-03T07:00:00+01:00",
}


def by_path(model: type[BaseModel], raw: Any) -> dict[str, Finding]:
    document, findings = parse_document(model, raw)
    assert document is None
    assert {finding.severity for finding in findings} == {"ERROR"}
    return {finding.path: finding for finding in findings}


def test_a_good_document_comes_back_as_its_model() -> None:
    request, findings = parse_document(PlanRequest, REQUEST)
    assert isinstance(request, PlanRequest)
    assert findings == []


@pytest.mark.parametrize("name", sorted(FINE))
@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_what_is_broken_in_one_place_makes_nothing_else_look_wrong(name: str, junk: Any) -> None:
    for way in ways(FINE[name]):
        site, findings = read_site(replaced(FINE[name], way, junk))
        if site is None:
            assert findings
            assert {finding.rule for finding in findings} <= set(SHAPE_RULES), way
            assert all(steps(finding.path)[: len(way)] == way for finding in findings), way


@pytest.mark.parametrize("name", sorted(FINE))
@pytest.mark.parametrize("junk", OBJECTS, ids=repr)
def test_an_object_with_nothing_right_in_it_hides_no_names(name: str, junk: Any) -> None:
    follow_ups = {
        "device.unknown_collector",
        "collector.unknown_child",
        "voltage.missing",
        "permutation.on_root",
    }
    for way in ways(FINE[name]):
        site, findings = read_site(replaced(FINE[name], way, junk))
        if site is None:
            assert {finding.rule for finding in findings} & set(SHAPE_RULES), way
            assert {finding.rule for finding in findings} & follow_ups == set(), way


@pytest.mark.parametrize("name", sorted(FINE))
def test_what_is_absent_in_one_place_makes_nothing_else_look_wrong(name: str) -> None:
    for way in set(ways(FINE[name])) - {()}:
        site, findings = read_site(without(FINE[name], way))
        if site is None:
            assert findings
            assert {finding.rule for finding in findings} <= set(SHAPE_RULES), way


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_number_of_broken_places_is_reported_and_nothing_is_raised(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FINE)))
    document = FINE[name]
    for _ in range(data.draw(st.integers(1, 6))):
        way = data.draw(st.sampled_from(list(ways(document))))
        document = replaced(document, way, data.draw(st.sampled_from(JUNK + OBJECTS)))
    site, findings = read_site(document)
    assert (site is None) == any(finding.rule in SHAPE_RULES for finding in findings)
    for finding in findings:
        assert finding.message
        assert steps(finding.path) is not None


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["site", "at", "limits", "prices", "name", "x"]), inner, max_size=4
            )
        ),
        max_leaves=12,
    )
)
def test_any_value_gives_findings_or_a_document(raw: Any) -> None:
    for model in (Site, PlanRequest):
        document, findings = parse_document(model, raw)
        assert (document is None) == bool(findings)


def test_union_tags_do_not_stand_in_paths_even_where_a_key_bears_their_name() -> None:
    document = replaced(FINE["fine_four_wire"], ("configurations", "dso"), {"dso": "Fluvius", "Fluvius": 3})
    found = by_path(Site, document)
    assert set(found) == {
        "$.configurations.dso.region",
        "$.configurations.dso.connection_type",
        "$.configurations.dso.Fluvius",
    }


def test_an_unknown_field_is_offered_the_nearest_known_one() -> None:
    raw = {**REQUEST, "forecast": {}, "transactions": [{**TRANSACTION, "departure": 3}]}
    found = by_path(PlanRequest, raw)
    assert 'did you mean "forecasts"?' in found["$.forecast"].message
    assert found["$.transactions[0].departure"].message.startswith('"t1": there is no field "departure"')
    assert "departureTime" in found["$.transactions[0].departure"].allowed


def test_a_field_in_both_spellings_is_given_twice() -> None:
    raw = {**REQUEST, "transactions": [{**TRANSACTION, "asset_id": "pole"}]}
    found = by_path(PlanRequest, raw)
    assert "given twice" in found["$.transactions[0].asset_id"].message


def test_a_fault_in_the_spelling_that_was_used_is_found_there() -> None:
    raw = {**REQUEST, "transactions": [{**TRANSACTION, "max_power": "11 kW"}]}
    assert by_path(PlanRequest, raw)["$.transactions[0].max_power"].rule == "shape.type"


@pytest.mark.parametrize(
    ("power_w", "path", "rule", "allowed"),
    [
        (5, "$.forecasts['roof.pv'].power_w", "shape.type", "a list or an object"),
        ([1, "x"], "$.forecasts['roof.pv'].power_w[1]", "shape.type", "a number"),
        ({"L1": [1, "x"]}, "$.forecasts['roof.pv'].power_w.L1[1]", "shape.type", "a number"),
        ({"L4": [1]}, "$.forecasts['roof.pv'].power_w.L4", "shape.choice", "'L1', 'L2' or 'L3'"),
        ([0] * 10_001, "$.forecasts['roof.pv'].power_w", "shape.length", "at most 10000 long"),
    ],
)
def test_of_a_value_of_two_kinds_only_the_nearer_kind_is_reported(
    power_w: Any, path: str, rule: str, allowed: str
) -> None:
    raw = {**REQUEST, "forecasts": {"roof.pv": {"start": "2025-03-03T00:00:00Z", "power_w": power_w}}}
    found = by_path(PlanRequest, raw)
    assert list(found) == [path]
    assert (found[path].rule, found[path].allowed) == (rule, allowed)


def test_a_rule_of_the_whole_object_is_told_in_its_own_words() -> None:
    limit = {"collector": "main", "start": "2025-03-03T00:00:00Z", "end": "2025-03-03T01:00:00Z"}
    found = by_path(PlanRequest, {**REQUEST, "limits": [limit]})
    assert found["$.limits[0]"].rule == "shape.value"
    assert "exactly one of offtake_w, injection_w, current_a" in found["$.limits[0]"].message


def test_observed_values_are_shortened_to_80_characters() -> None:
    found = by_path(Site, {**FINE["fine_four_wire"], "site_id": "x" * 1000, "country": ["y"] * 1000})
    assert len(found["$.site_id"].observed) == 80
    assert len(found["$.country"].observed) == 80
    assert all(len(finding.message) < 300 for finding in found.values())


def test_deep_nesting_is_one_finding() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert [finding.rule for finding in read_site(deep)[1]] == ["shape.depth"]
    assert [finding.rule for finding in parse_document(PlanRequest, {"site": deep})[1]] == ["shape.depth"]


def test_of_thousands_of_faults_a_thousand_are_told_and_the_others_counted() -> None:
    _, found = read_site({**FINE["fine_four_wire"], **{f"k{number}": number for number in range(1_500)}})
    assert [finding.rule for finding in found] == ["shape.unknown_field"] * 1_000 + ["shape.too_many"]
    assert (found[-1].observed, found[-1].message[:16]) == (1_500, "500 more places ")


def test_every_kind_of_fault_is_found_where_it_is() -> None:
    raw = read_case("shape.type")["document"]
    for path, finding in by_path(Site, raw).items():
        assert look_up(raw, steps(path)) == finding.observed or isinstance(finding.observed, str)
