import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from kwartier.planning.request import PlanRequest
from kwartier.site.document import Site
from kwartier.site.finding import Finding
from kwartier.site.parse import parse_document, read_site
from kwartier.site.rules import validate_site
from kwartier.site.rules.registry import RULES
from kwartier.site.shape import SHAPE_RULES
from tests.site.cases import IS_WRITING, NAMES, read_case, write_findings
from tests.site.json_places import Way, look_up, steps

DOCS = Path(__file__).parents[2] / "docs" / "validation.md"


def read_request(raw: Any) -> tuple[BaseModel | None, list[Finding]]:
    return parse_document(PlanRequest, raw)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_gives_exactly_its_findings(name: str) -> None:
    case = read_case(name)
    is_request = case.get("model") == "PlanRequest"
    document, findings = read_request(case["document"]) if is_request else read_site(case["document"])
    found = [finding.to_json() for finding in findings]
    if IS_WRITING:
        write_findings(name, found)
    else:
        assert found == case["findings"]
    assert (document is None) == any(finding.rule in SHAPE_RULES for finding in findings)
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize("name", NAMES)
def test_a_finding_points_into_the_document(name: str) -> None:
    case = read_case(name)
    for finding in case["findings"]:
        way = steps(finding["path"])
        there = existing_part(case["document"], way)
        if there != way:  # something is absent: the path names it below an object that is there
            assert isinstance(look_up(case["document"], there), dict)


def existing_part(document: object, way: Way) -> Way:
    """The longest beginning of a way that exists in the document."""
    for end in range(len(way)):
        try:
            look_up(document, way[: end + 1])
        except KeyError:
            return way[:end]
    return way


def test_every_rule_speaks_in_one_case_and_is_silent_in_another() -> None:
    spoken = {name: {finding["rule"] for finding in read_case(name)["findings"]} for name in NAMES}
    # A document with a thousand faults is made in test_parse.py instead of written in a file.
    rules = {rule.id for rule in RULES} | (set(SHAPE_RULES) - {"shape.too_many"})
    assert set().union(*spoken.values()) == rules
    assert [rule for rule in sorted(rules) if all(rule in found for found in spoken.values())] == []
    fine = [name for name in NAMES if name.startswith("fine_")]
    assert fine
    assert {name: spoken[name] for name in fine if spoken[name]} == {}


def test_a_file_that_bears_a_rule_s_name_shows_that_rule() -> None:
    ids = {rule.id for rule in RULES} | set(SHAPE_RULES)
    named = [name for name in NAMES if name in ids]
    assert len(named) > 30
    for name in named:
        assert name in {finding["rule"] for finding in read_case(name)["findings"]}


def test_the_reference_s_own_example_is_read_and_its_faults_are_named() -> None:
    document = read_case("reference_example")["document"]
    findings = validate_site(Site.model_validate(document))
    duplicates = [finding for finding in findings if finding.rule == "device.duplicate_name"]
    assert len(duplicates) == 3
    assert all('"LR34_001"' in finding.message for finding in duplicates)
    assert {finding.observed for finding in findings if finding.rule == "enum.unknown"} == {"string"}


def test_ids_are_unique_and_say_theme_and_rule() -> None:
    ids = [rule.id for rule in RULES] + list(SHAPE_RULES)
    assert len(ids) == len(set(ids))
    assert [rule_id for rule_id in ids if not re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", rule_id)] == []


def test_the_documented_rules_are_the_rules() -> None:
    rows = re.findall(
        r"^\| `([^`]+)` \| (ERROR|WARNING) \| (.+) \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE
    )
    shapes = [(rule_id, "ERROR", meaning) for rule_id, meaning in SHAPE_RULES.items()]
    assert rows == shapes + [(rule.id, rule.severity, rule.meaning) for rule in RULES]
