"""The routes that take measurements in, on both databases (contract.md, sections 3 and 6)."""

import asyncio
import gc
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from typing import Any

import pytest
from paho.mqtt.client import MQTTMessage

from kwartier.adapters.http.measurements.batch import LARGEST_COUNT
from kwartier.adapters.mqtt.connection import _arrived
from kwartier.adapters.mqtt.keepers import MeasurementKeeper
from kwartier.adapters.mqtt.replies import Stored
from kwartier.adapters.mqtt.topics import Place
from kwartier.service.measurement_row import MeasurementRow, RowKey, RowOutcome, epoch_us
from kwartier.service.ports.measurement_writer import QueueFull
from tests.adapters.http.test_api import longest_gap_s
from tests.services.hub import MIDNIGHT, SITE, measurement, new_hub, read_all, send
from tests.services.service_case import ServiceCase


async def test_a_measurement_is_stored_then_unchanged_then_corrected(service: ServiceCase) -> None:
    async with service.caller() as http:
        await new_hub(http)
        sent = [measurement(0), measurement(0), measurement(0, powerValue=1), measurement(0, powerValue=1)]
        answers = [await http.post("/v1/measurements", json=one) for one in sent]
        assert [answer.status_code for answer in answers] == [200] * 4
        statuses = [answer.json()["status"] for answer in answers]
        assert statuses == ["stored", "unchanged", "corrected", "unchanged"]
        (read,) = await read_all(http)
    assert (read["powerValue"], read["revision"]) == (1.0, 1)


async def test_snake_case_and_other_offsets_say_the_same(service: ServiceCase) -> None:
    async with service.caller() as http:
        await new_hub(http)
        await http.post("/v1/measurements", json=measurement(0))
        snake = {
            "site_id": SITE,
            "asset_id": "pole_1",
            "timestamp": "2026-03-01T00:00:00+01:00",
            "energy_value": 10_000,
            "power_value": 3_000,
        }
        answer = await http.post("/v1/measurements", json=snake)
    assert answer.json() == {"status": "unchanged"}


async def test_pins_and_state_of_charge_are_read_back(service: ServiceCase) -> None:
    pins = {"pin1": {"currentValue": 16.0, "voltageValue": 230.0}, "L2": {"powerValue": -5.0}}
    async with service.caller() as http:
        await new_hub(http)
        sent = measurement(0, "battery", currentStateOfCharge=55.5, pins=pins)
        assert (await http.post("/v1/measurements", json=sent)).status_code == 200
        (read,) = await read_all(http)
    assert (read["currentStateOfCharge"], read["pins"]) == (55.5, pins)
    assert read["receivedAt"] == "2026-03-02T07:00:00Z"  # the clock of the test


async def test_an_asset_that_stands_in_no_configuration_is_taken(service: ServiceCase) -> None:
    async with service.caller() as http:
        await new_hub(http)
        answer = await http.post("/v1/measurements", json=measurement(0, "nobody's"))
    assert answer.json() == {"status": "stored"}
    partner_id = service.partner_ids["Alpha"]
    assets = service.ports.measurements.list_assets(partner_id, SITE)
    assert [one.asset_id for one in assets] == ["nobody's"]


@pytest.mark.parametrize("address", ["/v1/measurements", "/v1/measurements/batch"])
async def test_an_unknown_site_a_foreign_one_and_a_deleted_one_are_not_found(
    service: ServiceCase, address: str
) -> None:
    body: Any = measurement(0)
    body = [body] if address.endswith("batch") else body
    async with service.caller("Alpha") as alpha, service.caller("Beta") as beta:
        await new_hub(beta)
        answers = [await alpha.post(address, json=body)]
        await new_hub(alpha)
        await alpha.delete(f"/v1/sites/{SITE}")
        answers.append(await alpha.post(address, json=body))
        assert await read_all(beta) == []
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(404, "unknown_site")] * 2


async def test_five_minutes_ahead_are_taken_and_a_moment_more_is_not(service: ServiceCase) -> None:
    # contract.md, section 3. The clock stands at 2026-03-02T07:00Z.
    async with service.caller() as http:
        await new_hub(http)
        sent = [measurement(0, timestamp=f"2026-03-02T{end}Z") for end in ("07:05:00", "07:05:00.000001")]
        answers = [await http.post("/v1/measurements", json=one) for one in sent]
    assert [answer.status_code for answer in answers] == [200, 400]
    assert answers[1].json()["code"] == "timestamp_future"


async def test_a_batch_answers_for_each_item_and_one_keeps_no_other_out(service: ServiceCase) -> None:
    async with service.caller() as http:
        await new_hub(http)
        await send(http, measurement(0), measurement(1))
        answer = await send(
            http,
            measurement(0),
            measurement(1, powerValue=1.0),
            measurement(2),
            measurement(3, powerValue="many"),
            measurement(4, siteId="nowhere"),
            measurement(99_999),
            measurement(2),
        )
    assert [item["status"] for item in answer["items"]] == [
        "unchanged", "corrected", "stored", "refused", "refused", "refused", "unchanged",
    ]  # fmt: skip
    places = [item["detail"][0]["loc"] for item in answer["items"] if "detail" in item]
    assert places == [["body", 3, "powerValue"], ["body", 4, "siteId"], ["body", 5, "timestamp"]]
    counts = {name: answer[name] for name in ("stored", "unchanged", "corrected", "refused")}
    assert counts == {"stored": 1, "unchanged": 2, "corrected": 1, "refused": 3}


async def test_lines_of_json_are_a_batch_too(service: ServiceCase) -> None:
    lines = [json.dumps(measurement(0)), "", '{"assetId":', json.dumps(measurement(1)) + "\r"]
    async with service.caller() as http:
        await new_hub(http)
        answer = await http.post(
            "/v1/measurements/batch",
            content="\n".join(lines),
            headers={"Content-Type": "application/x-ndjson; charset=utf-8"},
        )
    assert [item["status"] for item in answer.json()["items"]] == ["stored", "refused", "stored"]
    assert answer.json()["items"][1]["detail"][0]["loc"] == ["body", 1]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ([], 422, "invalid"),
        ({"measurements": []}, 422, "invalid"),
        ([measurement(0, powerValue=None)], 422, "invalid"),
        ([measurement(0, siteId="nowhere")], 404, "unknown_site"),
        ([measurement(99_999)], 400, "nothing_taken"),
        ([measurement(99_999), measurement(0, siteId="nowhere")], 400, "nothing_taken"),
    ],
)
async def test_a_batch_of_which_nothing_is_taken_is_refused(
    sqlite_service: ServiceCase, body: Any, status: int, code: str
) -> None:
    async with sqlite_service.caller() as http:
        await new_hub(http)
        answer = await http.post("/v1/measurements/batch", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.fixture
def frozen() -> Iterator[None]:
    """What is in memory at the start is not searched for garbage, as in `app.serve`."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


async def test_a_batch_of_ten_thousand_is_taken_and_the_loop_goes_on(
    service: ServiceCase, frozen: None
) -> None:
    # contract.md, section 6; R42: no block above 100 ms, the median of three rounds.
    rows = [measurement(0, f"a{number}") for number in range(LARGEST_COUNT + 1)]
    full, more = json.dumps(rows[:-1]), json.dumps(rows)
    worst_s = []
    async with service.caller() as http:
        await new_hub(http)
        http.headers["Content-Type"] = "application/json"
        for status in ("stored", "unchanged", "unchanged"):
            ticking = asyncio.create_task(longest_gap_s())
            answer = await http.post("/v1/measurements/batch", content=full)
            ticking.cancel()
            worst_s.append(await ticking)
            assert answer.json()[status] == LARGEST_COUNT
        refused = await http.post("/v1/measurements/batch", content=more)
    assert (refused.status_code, refused.json()["detail"][0]["type"]) == (422, "shape.length")
    assert sorted(worst_s)[1] < 0.1


class FullWriter:
    """A writer whose queue is full."""

    def submit(self, _rows: Sequence[MeasurementRow]) -> "Future[list[RowOutcome]] | QueueFull":
        return QueueFull()


async def test_a_full_queue_is_answered_with_when_to_try_again(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        await new_hub(http)
        object.__setattr__(sqlite_service.ports, "measurement_writer", FullWriter())
        for address, body in (("", measurement(0)), ("/batch", [measurement(0)])):
            answer = await http.post(f"/v1/measurements{address}", json=body)
            assert (answer.status_code, answer.json()["code"]) == (503, "queue_full")
            assert answer.headers["retry-after"] == "1"


async def test_every_reading_sent_one_to_five_times_is_stored_once(service: ServiceCase) -> None:
    # reliability.md, R04: singles, batches and MQTT mixed, in random order, with corrections among them.
    dice = random.Random(4)
    rows = [measurement(minute, asset_id) for minute in range(40) for asset_id in ("pole_1", "battery")]
    repeats = [row for row in rows for _ in range(dice.randint(1, 5))]
    dice.shuffle(repeats)
    statuses: Counter[str] = Counter()
    async with service.caller() as http:
        await new_hub(http)
        while repeats:
            count = dice.choice([1, 1, 3, 10])
            sent, repeats = repeats[:count], repeats[count:]
            if dice.random() < 1 / 3:
                statuses.update(over_mqtt(service, sent, dice))
            elif count == 1:
                statuses[(await http.post("/v1/measurements", json=sent[0])).json()["status"]] += 1
            else:
                statuses.update(item["status"] for item in (await send(http, *sent))["items"])
        read = await read_all(http)
        assert (statuses["stored"], statuses["corrected"], len(read)) == (len(rows), 0, len(rows))
        assert {one["revision"] for one in read} == {0}

        corrected = await send(http, *(row | {"powerValue": 1.0} for row in rows[:10]))
        assert (corrected["corrected"], corrected["unchanged"]) == (10, 0)
        assert (await send(http, *(row | {"powerValue": 1.0} for row in rows[:10])))["unchanged"] == 10
    earlier = service.ports.measurements.list_earlier(
        RowKey(service.partner_ids["Alpha"], SITE, "pole_1", epoch_us(MIDNIGHT))
    )
    assert [(one.row.power_w, one.revision_number) for one in earlier] == [(3_000.0, 0)]


def over_mqtt(service: ServiceCase, rows: Sequence[dict[str, Any]], dice: random.Random) -> list[str]:
    """What became of rows that a broker hands over, some of them marked as sent again (MQTT 5, section 3.3.1.1)."""
    topic = Place(service.partner_ids["Alpha"], SITE).topic("measurements")
    messages = []
    for number, row in enumerate(rows):
        message = MQTTMessage(number, topic.encode())
        message.payload, message.qos, message.dup = json.dumps(row).encode(), 1, dice.random() < 0.5
        messages.append(_arrived(message))
    settled = MeasurementKeeper(service.ports).keep(messages)
    return [one.key["status"] for one in settled if isinstance(one, Stored)]
