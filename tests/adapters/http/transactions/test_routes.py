"""The routes of charging transactions, on both databases (contract.md, section 3)."""

from itertools import permutations
from typing import Any

import httpx
import pytest

from tests.services.hub import SITE, instant, new_hub
from tests.services.service_case import ServiceCase

TRANSACTIONS = f"/v1/sites/{SITE}/transactions"


def message(state: str, minutes: float, transaction_id: str = "7", **more: Any) -> dict[str, Any]:
    return {
        "siteId": SITE,
        "assetId": "pole_1",
        "transactionId": transaction_id,
        "timestamp": instant(minutes),
        "transactionState": state,
        "startTime": instant(0),
        **more,
    }


async def statuses(http: httpx.AsyncClient, *messages: dict[str, Any]) -> list[str]:
    found = []
    for one in messages:
        answer = await http.post("/v1/transactions", json=one)
        assert answer.status_code == 200, answer.text
        found.append(answer.json()["status"])
    return found


async def listed(http: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = (await http.get(TRANSACTIONS, params=query)).json()["data"]
    return data


async def test_a_message_is_stored_then_unchanged_then_corrected(service: ServiceCase) -> None:
    async with service.caller() as http:
        await new_hub(http)
        right = message("Started", 0, energyCharged=5)
        assert await statuses(http, message("Started", 0), message("Started", 0), right) == [
            "stored",
            "unchanged",
            "corrected",
        ]
        (read,) = await listed(http)
    assert (read["energyCharged"], read["messageCount"]) == (5.0, 1)


async def test_every_order_of_arrival_tells_the_same_transaction(service: ServiceCase) -> None:
    course = [("Started", 0.0), ("Updated", 10.0), ("SuspendedEV", 20.0), ("Ended", 30.0)]
    async with service.caller() as http:
        await new_hub(http)
        for number, order in enumerate(permutations(course)):
            await statuses(http, *(message(*one, f"t{number}") for one in order))
        read = await listed(http, page_size=100)
    assert len(read) == 24
    told = {
        (one["transactionState"], one["stoppedAt"], one["messageCount"], *one["irregularities"])
        for one in read
    }
    assert told == {("Ended", "2026-02-28T23:30:00Z", 4)}


async def test_what_is_missing_is_said_and_a_late_message_takes_it_back(service: ServiceCase) -> None:
    async with service.caller() as http:
        await new_hub(http)
        await statuses(http, message("Updated", 10))
        assert (await listed(http))[0]["irregularities"] == ["missing_start"]
        await statuses(http, message("Started", 0))
        (read,) = await listed(http)
    assert (read["irregularities"], read["transactionState"]) == ([], "Updated")
    assert "stoppedAt" not in read


async def test_snake_case_and_decimal_strings_are_read(service: ServiceCase) -> None:
    sent = {
        "site_id": SITE, "asset_id": "pole_1", "transaction_id": "7", "timestamp": instant(0),
        "transaction_state": "Started", "start_time": instant(0), "no_charging_phases": "3", "max_power": 11_000,
    }  # fmt: skip
    async with service.caller() as http:
        await new_hub(http)
        await statuses(http, sent)
        (read,) = await listed(http)
    assert (read["noChargingPhases"], read["maxPower"], read["siteId"]) == (3, 11_000.0, SITE)


async def test_pages_hold_every_transaction_once_by_start(service: ServiceCase) -> None:
    async with service.caller() as http:
        await new_hub(http)
        for number in (3, 1, 4, 2, 5):
            await statuses(http, message("Started", number, f"t{number}", startTime=instant(number)))
        found: list[str] = []
        after: dict[str, str] = {}
        while True:
            page = (await http.get(TRANSACTIONS, params={"page_size": 2, **after})).json()
            found += [one["transactionId"] for one in page["data"]]
            after = {"after": page["end_cursor"]}
            if not page["has_next_page"]:
                break
    assert found == ["t1", "t2", "t3", "t4", "t5"]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"siteId": "nowhere"}, 404),
        ({"timestamp": "2026-03-02T07:05:00.1Z"}, 400),  # the clock stands at 07:00
        ({"timestamp": "1999-12-30T23:59:59Z"}, 422),
        ({"transactionState": "Paused"}, 422),
        ({"noChargingPhases": "4"}, 422),
        ({"requestedEnergy": -1}, 422),
        ({"siteId": None}, 422),
    ],
)
async def test_what_is_no_message_is_refused(
    sqlite_service: ServiceCase, more: dict[str, Any], status: int
) -> None:
    async with sqlite_service.caller() as http:
        await new_hub(http)
        answer = await http.post("/v1/transactions", json=message("Started", 0, **more))
        assert answer.status_code == status, answer.text
        assert await listed(http) == []


@pytest.mark.parametrize(
    "cursor", ["WyJhIl0", "WyJ5ZXN0ZXJkYXkiLCJhIiwiYiJd"]
)  # ["a"], ["yesterday","a","b"]
async def test_a_cursor_of_another_list_is_refused(sqlite_service: ServiceCase, cursor: str) -> None:
    async with sqlite_service.caller() as http:
        await new_hub(http)
        answer = await http.get(TRANSACTIONS, params={"after": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")
