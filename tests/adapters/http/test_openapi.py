"""The description is complete: every operation says what it takes, what it answers, and what it asks of its caller."""

from collections.abc import Iterator
from typing import Any

import pytest

from kwartier.adapters.http.api import RESOURCES, create_app
from kwartier.adapters.http.callers import Access
from tests.adapters.http.objects import SHARED
from tests.adapters.http.operations import Operation, operations
from tests.services.described import described_app, ports_in_memory

ALL = list(operations())


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from nodes(part)
    elif isinstance(value, list):
        for part in value:
            yield from nodes(part)


def test_a_route_without_an_entry_keeps_the_service_from_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = RESOURCES[-1]
    shorter = dict(list(resource.ACCESS.items())[1:])
    monkeypatch.setattr(resource, "ACCESS", shorter)
    with pytest.raises(ValueError, match="routes and access tables differ"):
        create_app(ports_in_memory(), version="0", is_ready=lambda: True)


def test_an_entry_without_a_route_keeps_it_from_starting_too(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = RESOURCES[-1]
    monkeypatch.setattr(resource, "ACCESS", {**resource.ACCESS, ("GET", "/v1/gone"): Access.READ})
    with pytest.raises(ValueError, match="/v1/gone"):
        create_app(ports_in_memory(), version="0", is_ready=lambda: True)


@pytest.mark.parametrize("operation", ALL, ids=str)
def test_an_operation_says_what_it_does(operation: Operation) -> None:
    assert operation.description["summary"]
    assert operation.description["description"]


@pytest.mark.parametrize("operation", ALL, ids=str)
def test_an_operation_shows_examples_of_what_it_takes(operation: Operation) -> None:
    for parameter in operation.description.get("parameters", []):
        assert parameter["description"], parameter["name"]
        if parameter["in"] == "path":
            assert parameter["schema"]["examples"], parameter["name"]
    for content in operation.bodies.values():
        assert content["example"]


@pytest.mark.parametrize("operation", ALL, ids=str)
def test_an_operation_says_how_it_is_refused(operation: Operation) -> None:
    statuses = set(operation.description["responses"])
    needed = {"431", "503"}
    if operation.access is not Access.PUBLIC:
        needed |= {"401", "403"}
        assert operation.description["security"] == [{"token": []}]
        assert operation.description["x-scope"] == operation.access.value.word
    if operation.bodies:
        needed |= {"408", "413", "415", "422", "507"}
    if operation.path_names:
        needed |= {"422"}
    if {*operation.path_names} - SHARED:
        needed |= {"404"}
    assert needed - statuses == set()


def test_every_reference_leads_somewhere() -> None:
    document = described_app().openapi()
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert {node["$ref"] for node in nodes(document) if isinstance(node.get("$ref"), str)} - known == set()


def test_open_enumerations_and_unions_are_described_as_open() -> None:
    schemas = described_app().openapi()["components"]["schemas"]
    assert not [node for node in nodes(schemas) if "x-extensible-enum" in node and "enum" in node]
    devices = schemas["SiteConfiguration"]["properties"]["device_list"]["items"]
    assert len(devices["anyOf"]) == 5  # four kinds, and the one for kinds that nobody knows
