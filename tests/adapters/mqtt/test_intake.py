"""What sites send: stored through the use cases, acknowledged after the commit, and answered."""

import hashlib
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace

import pytest

from kwartier.adapters.mqtt.connection import RECEIVE_MAXIMUM, Arrived, Connection, Identity
from kwartier.adapters.mqtt.figures import MqttFigures
from kwartier.adapters.mqtt.intake import Intake
from kwartier.adapters.mqtt.keepers import Keeper, MeasurementKeeper
from kwartier.adapters.mqtt.replies import Settled
from kwartier.service.faults import ServiceFault, StoreFull, StoreUnavailable
from tests.adapters.mqtt.broker_case import BrokerCase, forget_session, until
from tests.adapters.mqtt.intake_case import Hindered, IntakeCase, intake_of, new_site, running_intake
from tests.services.described import ports_in_memory


def figure(case: IntakeCase, name: str) -> float | None:
    """A figure about the intake of measurements, as the monitoring reads it."""
    return case.figures.registry.get_sample_value(name, {"topic": "measurements"})


BAD_PAYLOADS = {
    b"": "no_json",
    b"\xff\xfe": "no_json",
    b'{"a": NaN}': "no_json",
    b"[" * 60_000: "no_json",
    b" " * 70_000: "no_json",
    b'{"assetId": "a\\u0000"}': "no_json",
    b"[]": "wrong_shape",
    b'{"assetId": "pole_1"}': "wrong_shape",
}


def test_a_measurement_is_stored_and_its_key_acknowledged(broker: BrokerCase) -> None:
    with running_intake(broker) as case:
        for power_w in (50.0, 50.0, 60.0):
            case.send(5, powerValue=power_w)
        keys = case.wait_acknowledged(3)
        assert [key["status"] for key in keys] == ["stored", "unchanged", "corrected"]
        assert keys[0] == {"assetId": "pole_1", "timestamp": "2026-03-02T06:55:00Z", "status": "stored"}
        assert case.stored_count() == 1


def test_bad_messages_are_refused_with_a_reason_and_block_nothing(broker: BrokerCase) -> None:
    with running_intake(broker) as case:
        topic = case.place.topic("measurements")
        for payload in BAD_PAYLOADS:
            case.device.send(topic, payload)
        case.send(1)
        case.wait_acknowledged(1)
        errors = [case.device.next(case.place.topic("errors"), n) for n in range(1, len(BAD_PAYLOADS) + 1)]
        assert {error["payloadSha256"]: error["reason"] for error in errors} == {
            hashlib.sha256(payload).hexdigest(): reason for payload, reason in BAD_PAYLOADS.items()
        }


def test_a_topic_that_is_too_long_is_counted_and_blocks_nothing(broker: BrokerCase) -> None:
    # reliability.md, R39; nobody is told, since such a topic names no site.
    with running_intake(broker) as case:
        case.device.send(replace(case.place, site_id="s" * 200).topic("measurements"), case.measurement(1))
        case.send(1)
        case.wait_acknowledged(1)
        labels = {"topic": "measurements", "outcome": "topic_too_long"}
        until(lambda: case.figures.registry.get_sample_value("kwartier_mqtt_settled_total", labels) == 1)


def test_what_can_never_be_stored_says_which_field(broker: BrokerCase) -> None:
    with running_intake(broker) as case:
        case.send(-6)
        case.send(1, siteId="yard")
        case.send(1, powerValue="much")
        errors = [case.device.next(case.place.topic("errors"), number) for number in (1, 2, 3)]
        assert [(error["reason"], error["detail"][0]["loc"]) for error in errors] == [
            ("in_the_future", ["timestamp"]),
            ("site_id_differs", ["siteId"]),
            ("wrong_shape", ["powerValue"]),
        ]
        assert "much" not in str(errors)


def test_an_unknown_site_hears_that_it_is_unknown(broker: BrokerCase) -> None:
    with running_intake(broker) as case:
        yard = replace(case.place, site_id="yard")
        case.device.subscribe(yard.topic("errors"))
        case.device.send(yard.topic("measurements"), case.measurement(1))
        assert case.device.next(yard.topic("errors"))["reason"] == "unknown_site"


def test_a_transaction_goes_through_its_use_case(broker: BrokerCase) -> None:
    with running_intake(broker, purpose="transactions") as case:
        now = case.ports.clock.now().isoformat()
        told = {
            "assetId": "pole_1",
            "transactionId": "7",
            "timestamp": now,
            "transactionState": "Started",
            "startTime": now,
        }
        case.device.send(case.place.topic("transactions"), told)
        (key,) = case.wait_acknowledged(1, "transactions")
        assert (key["transactionId"], key["status"]) == ("7", "stored")
        running = case.ports.transactions.list_running(case.place.partner_id, case.place.site_id)
        assert [one.latest.transaction_id for one in running] == ["7"]


@pytest.mark.parametrize("fault", [StoreUnavailable("away"), StoreFull("full")])
def test_a_store_that_takes_nothing_is_asked_again_until_it_does(
    broker: BrokerCase, fault: ServiceFault
) -> None:
    # R10, R11: nothing is acknowledged meanwhile, and no message is lost.
    with running_intake(broker, guarded=lambda keeper: Hindered(keeper, fault)) as case:
        case.send(5)
        assert case.wait_acknowledged(1)[0]["status"] == "stored"
        assert figure(case, "kwartier_mqtt_put_off_total") == 1


def test_a_mistake_of_ours_about_one_message_keeps_out_no_other(broker: BrokerCase) -> None:
    def trips_over_7(keeper: Keeper) -> Keeper:
        return TripsOver(keeper, b"7.0")

    with running_intake(broker, guarded=trips_over_7) as case:
        case.send(5, energyValue=7.0)
        case.send(4)
        case.wait_acknowledged(1)
        assert case.device.next(case.place.topic("errors"))["reason"] == "own_fault"


class TripsOver(Hindered):
    """A keeper with a mistake that one message brings out."""

    def __init__(self, keeper: Keeper, text: bytes) -> None:
        super().__init__(keeper)
        self._text = text

    def keep(self, messages: Sequence[Arrived]) -> list[Settled]:
        """Trip, or keep."""
        if any(self._text in message.payload for message in messages):
            raise KeyError("a mistake")
        return super().keep(messages)


def test_what_was_read_and_not_committed_comes_again(broker: BrokerCase) -> None:
    # R09: PUBACK only after the commit. The first intake ends with the message in its hands.
    held: list[Hindered] = []

    def never_stores(keeper: Keeper) -> Keeper:
        held.append(Hindered(keeper, *[StoreUnavailable("away")] * 1_000))
        return held[0]

    with new_site(broker, ports_in_memory()) as case:
        with intake_of(broker, case, guarded=never_stores):
            # The intake's session begins with its subscription: only from then on is anything kept for it.
            broker.wait_for_line(f"{case.place.partner_id}-measurements 1 ")
            case.send(5)
            until(lambda: bool(held[0].batches))
        assert (case.stored_count(), case.acknowledged()) == (0, [])
        with intake_of(broker, case):
            assert case.wait_acknowledged(1)[0]["status"] == "stored"


def test_a_slow_store_bounds_what_is_read(broker: BrokerCase) -> None:
    held: list[Hindered] = []

    def stalls(keeper: Keeper) -> Keeper:
        held.append(Hindered(keeper, *[StoreUnavailable("away")] * 3))
        return held[0]

    with running_intake(broker, guarded=stalls) as case:
        for number in range(RECEIVE_MAXIMUM + 100):
            case.send(number / 60)
        case.wait_acknowledged(RECEIVE_MAXIMUM + 100)
        assert max(len(batch) for batch in held[0].batches) <= RECEIVE_MAXIMUM
        assert case.stored_count() == RECEIVE_MAXIMUM + 100


def test_messages_are_kept_together_where_they_come_together(broker: BrokerCase) -> None:
    held: list[Hindered] = []

    def watched(keeper: Keeper) -> Keeper:
        held.append(Hindered(keeper, StoreUnavailable("away")))
        return held[0]

    with running_intake(broker, guarded=watched) as case:
        begun_s = time.monotonic()
        for number in range(200):
            case.send(number / 60)
        case.wait_acknowledged(200)
        # One that failed, its repetition, and what came meanwhile: far fewer commits than messages.
        assert len(held[0].batches) < 50
        assert time.monotonic() - begun_s < 10


def test_two_instances_in_one_group_share_what_comes_in(broker: BrokerCase) -> None:
    # ingest.md, section 6: MQTT 5, shared subscriptions; each message goes to one of them.
    with new_site(broker, ports_in_memory()) as case, ExitStack() as stack:
        partner_id, all_figures = case.place.partner_id, [MqttFigures(), MqttFigures()]
        for number, figures in enumerate(all_figures):
            client_id = f"{partner_id}-{number}"
            shared = f"$share/{partner_id}/kwartier/{partner_id}/+/measurements"
            intake = Intake(
                Connection(broker.address, Identity(client_id, (shared,))),
                MeasurementKeeper(case.ports),
                clock=case.ports.clock,
                crash_points=case.ports.crash_points,
                figures=figures,
            )
            intake.start()
            stack.callback(forget_session, broker, client_id)
            stack.callback(intake.close)
            broker.wait_for_line(f"{client_id} 1 ")
        for minute in range(40):
            case.send(minute)
        keys = case.wait_acknowledged(40)
        received = [
            one.registry.get_sample_value("kwartier_mqtt_received_total", {"topic": "measurements"})
            for one in all_figures
        ]
    assert [key["status"] for key in keys] == ["stored"] * 40
    assert case.stored_count() == 40
    assert sum(count or 0.0 for count in received) == 40.0
    assert all(received)
