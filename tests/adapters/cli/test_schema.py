"""The published schemas, judged by a library that is not ours, on real documents."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.adapters.cli.cli_case import (
    demo_request,
    invoke,
    write_json,
    write_request,
)


def schema(document: str) -> dict[str, Any]:
    result = invoke("schema", document)
    assert result.exit_code == 0
    assert result.stderr == ""
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("document", ["site", "plan-request", "plan"])
def test_a_schema_is_one(document: str) -> None:
    Draft202012Validator.check_schema(schema(document))
    assert schema(document)["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert schema(document)["type"] == "object"


def test_the_flag_that_every_command_has_changes_nothing() -> None:
    assert invoke("schema", "site", "--json").stdout == invoke("schema", "site").stdout


def test_the_demo_request_and_its_site_keep_their_schemas() -> None:
    Draft202012Validator(schema("plan-request")).validate(demo_request())
    Draft202012Validator(schema("site")).validate(demo_request()["site"])


def test_a_plan_keeps_its_schema(tmp_path: Path) -> None:
    result = invoke("plan", write_request(tmp_path), "--json")
    Draft202012Validator(schema("plan")).validate(json.loads(result.stdout))


def a_site(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    site: dict[str, Any] = demo_request()["site"]
    change(site)
    return site


def devices(site: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = site["configurations"]["site_configuration"]["device_list"]
    return found


@pytest.mark.parametrize(
    "change",
    [
        lambda site: site.update(colour="red"),
        lambda site: site.pop("name"),
        lambda site: site.update(name=7),
        lambda site: devices(site)[0].update(type="windmill"),
        lambda site: devices(site)[0].update(line_current=-1),
        lambda site: site["configurations"]["contract"].update(contract_type="gift"),
        lambda site: site["configurations"]["dso"].update(dso="Nobody"),
    ],
    ids=["unknown field", "no name", "wrong kind", "unknown device", "range", "contract", "operator"],
)
def test_the_schema_refuses_what_validate_refuses(
    tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    site = a_site(change)
    assert not Draft202012Validator(schema("site")).is_valid(site)
    assert invoke("validate", write_json(tmp_path / "site.json", site)).exit_code == 1


def test_a_time_is_marked_as_one() -> None:
    assert schema("plan-request")["properties"]["at"]["format"] == "date-time"


def test_every_bound_is_written_in_words_of_the_standard() -> None:
    line_current = schema("site")["$defs"]["Collector"]["properties"]["line_current"]
    assert (line_current["minimum"], line_current["maximum"]) == (0, 100_000)
    text = invoke("schema", "plan-request").stdout
    assert not any(f'"{name}":' in text for name in ("ge", "gt", "le", "lt"))
