"""Whole requests that have broken services, as bytes, to a real server (reliability.md, R37)."""

import csv
import json
from collections.abc import Iterator

import httpx
import pytest

from kwartier.adapters.http.archive.tables import FORMULA_STARTS
from kwartier.adapters.http.problems import MEDIA_TYPE
from kwartier.adapters.http.sites.example import EXAMPLE_SITE
from kwartier.service.caller import Scope
from tests.fuzz.seed_files import MARK, Seed, seeds
from tests.services.new_client import logged_in, new_client
from tests.services.raw_connection import Answer, raw_answer
from tests.services.running_service import RunningService, database_file

REQUESTS = [seed for seed in seeds("http") if seed.kind == "http"]


@pytest.fixture(scope="module")
def caller(http_server: RunningService) -> Iterator[httpx.Client]:
    """A client that has the site `seeds`."""
    client = new_client(database_file(http_server.data_dir), "Seeds", Scope.ADMIN)
    with logged_in(http_server.url, client) as http:
        assert http.post("/v1/sites", json={**EXAMPLE_SITE, "site_id": "seeds"}).status_code == 201
        yield http


def test_every_request_gets_its_status_and_hears_nothing_of_itself(
    http_server: RunningService, caller: httpx.Client
) -> None:
    token = caller.headers["Authorization"].removeprefix("Bearer ")
    found = {seed.name: raw_answer(http_server, seed.as_request(token)) for seed in REQUESTS}
    wrong = [(seed.name, fault) for seed in REQUESTS if (fault := fault_of(seed, found[seed.name]))]
    assert not wrong, "\n".join(map(str, wrong))
    assert "own fault" not in http_server.log.read_text()


def fault_of(seed: Seed, answer: Answer) -> str | None:
    if answer.status != seed.status:
        return f"{answer.status} {answer.body[:200]!r}"
    if MARK.encode() in (answer.head + answer.body).replace(f'"{MARK}"'.encode(), b""):
        return f"repeated: {answer.body[:200]!r}"
    if seed.status >= 400 and f"content-type: {MEDIA_TYPE}".encode() not in answer.head.lower():
        return "no problem document"
    if seed.status >= 400 and json.loads(answer.body)["status"] != seed.status:
        return "a problem document of another status"
    return "a traceback" if b"Traceback" in answer.body else None


def test_no_cell_of_an_export_is_a_formula(http_server: RunningService, caller: httpx.Client) -> None:
    token = caller.headers["Authorization"].removeprefix("Bearer ")
    formulas = [seed for seed in REQUESTS if "-formula-" in seed.name and "measurement" in seed.name]
    for seed in formulas:
        assert raw_answer(http_server, seed.as_request(token)).status == 200
    span = {"from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z", "format": "csv"}
    rows = list(csv.reader(caller.get("/v1/sites/seeds/measurements", params=span).text.splitlines()))
    assert len(rows) > len(formulas)
    assert [cell for row in rows for cell in row if cell.startswith(FORMULA_STARTS)] == []
