"""What is acknowledged is durable: the order of events of each request (reliability.md, section 5)."""

from collections.abc import Iterator
from typing import Any

import pytest

from kwartier.adapters.sql.database import Database
from tests.services.hub import SITE, instant, measurement, new_hub
from tests.services.service_case import ServiceCase, service_on

MESSAGE = {
    "siteId": SITE, "assetId": "pole_1", "transactionId": "7", "timestamp": instant(0),
    "transactionState": "Started", "startTime": instant(0),
}  # fmt: skip


@pytest.fixture
def trace() -> list[str]:
    """What happened, in order."""
    return []


@pytest.fixture
def traced(database: Database, trace: list[str]) -> Iterator[ServiceCase]:
    """The service; its named moments go into the trace."""
    with service_on(database, trace.append) as case:
        yield case


async def told(service: ServiceCase, trace: list[str], address: str, body: Any) -> list[str]:
    """The trace of one request, with the status of its answer at the end."""
    async with service.caller() as http:
        await new_hub(http)
        trace.clear()
        answer = await http.post(address, json=body)
        trace.append(str(answer.status_code))
    return trace


@pytest.mark.parametrize(
    ("address", "body"), [("/v1/measurements", measurement(0)), ("/v1/measurements/batch", [measurement(0)])]
)
async def test_measurements_are_committed_before_they_are_answered(
    traced: ServiceCase, trace: list[str], address: str, body: Any
) -> None:
    assert await told(traced, trace, address, body) == [
        "request_read",
        "rows_accepted",
        "group_written",
        "group_committed",
        "answer_ready",
        "200",
    ]


async def test_a_transaction_is_committed_before_it_is_answered(
    traced: ServiceCase, trace: list[str]
) -> None:
    assert await told(traced, trace, "/v1/transactions", MESSAGE) == [
        "request_read",
        "rows_accepted",
        "answer_ready",
        "200",
    ]


@pytest.mark.parametrize(
    ("address", "body", "status"),
    [
        ("/v1/measurements", measurement(0, powerValue="x"), "422"),
        ("/v1/measurements/batch", [measurement(0, powerValue="x")], "422"),
        ("/v1/transactions", {**MESSAGE, "transactionState": "x"}, "422"),
    ],
)
async def test_what_is_refused_is_never_handed_to_the_store(
    traced: ServiceCase, trace: list[str], address: str, body: Any, status: str
) -> None:
    happened = await told(traced, trace, address, body)
    assert happened[-1] == status
    assert not {"group_written", "group_committed"} & set(happened)


async def test_what_cannot_be_committed_is_not_acknowledged(database: Database) -> None:
    def crash(name: str) -> None:
        if name == "group_written":
            raise RuntimeError("the store breaks here")

    with service_on(database, crash) as service:
        async with service.caller() as http:
            await new_hub(http)
            answer = await http.post("/v1/measurements", json=measurement(0))
            assert answer.status_code == 500
            read = await http.get(
                f"/v1/sites/{SITE}/measurements", params={"from": instant(-1), "to": instant(1)}
            )
            assert read.json()["data"] == []
