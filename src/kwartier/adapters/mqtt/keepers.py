"""Messages into the store, through the use cases that REST goes through."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from kwartier.adapters.mqtt.connection import Arrived
from kwartier.adapters.mqtt.payloads import BadMessage, read_payload
from kwartier.adapters.mqtt.replies import Refused, Settled, Stored
from kwartier.adapters.mqtt.topics import LONGEST_INCOMING_LENGTH, Place, place_of
from kwartier.service.caller import Caller, Scope
from kwartier.service.faults import StoreUnavailable
from kwartier.service.ingest_measurements import InTheFuture, PendingIngest, ingest_measurements
from kwartier.service.ingest_transaction import ingest_transaction
from kwartier.service.measurement_row import RowOutcome
from kwartier.service.outcomes import UnknownSite
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_writer import QueueFull
from kwartier.service.ports.transaction_store import MessageKept
from kwartier.site.measurement import Measurement
from kwartier.site.transaction import TopicTransaction, Transaction
from kwartier.units.instant import format_instant

D = TypeVar("D", Measurement, TopicTransaction)

# Who changed something, where a client's id is kept; the broker knows which user it was.
CLIENT_ID = "mqtt"

FOREIGN_TOPIC = BadMessage("no_topic_of_ours")
LONG_TOPIC = BadMessage("topic_too_long")
OTHER_SITE = BadMessage(
    "site_id_differs", ({"type": "shape.value", "loc": ["siteId"], "msg": "the topic names another site"},)
)
IN_THE_FUTURE = BadMessage(
    "in_the_future", ({"type": "shape.value", "loc": ["timestamp"], "msg": "more than 5 min ahead"},)
)
UNKNOWN_SITE = BadMessage("unknown_site")


class Keeper(Protocol):
    """Stores what came over one kind of topic."""

    @property
    def purpose(self) -> str:
        """The topic's last part."""
        ...

    def keep(self, messages: Sequence[Arrived]) -> list[Settled]:
        """What became of each message, once all that could be stored are stored durably.

        Raises StoreUnavailable or StoreFull: some may be stored, and all may be handed over again.
        """
        ...


class MeasurementKeeper:
    """Measurements: all of a partner's in one request to the writer, which commits those of everybody together."""

    purpose = "measurements"

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def keep(self, messages: Sequence[Arrived]) -> list[Settled]:
        """What became of each message."""
        settled: dict[int, Settled] = {}
        fit: dict[str, list[tuple[int, Place, Measurement]]] = {}
        self._ports.crash_points("request_read")
        for number, message in enumerate(messages):
            place, measurement = _read(Measurement, message)
            if place is None or isinstance(measurement, BadMessage):
                settled[number] = _refused(self.purpose, place, message, measurement)
            else:
                fit.setdefault(place.partner_id, []).append((number, place, measurement))
        pending = [(rows, self._submitted(partner_id, rows)) for partner_id, rows in fit.items()]
        for rows, ingest in pending:
            for (number, place, measurement), outcome in zip(rows, ingest.outcomes(), strict=True):
                settled[number] = self._settled(messages[number], place, measurement, outcome)
        return [settled[number] for number in range(len(messages))]

    def _submitted(self, partner_id: str, rows: Sequence[tuple[int, Place, Measurement]]) -> PendingIngest:
        pending = ingest_measurements(
            Caller(partner_id, CLIENT_ID, Scope.WRITE),
            [(place.site_id, measurement) for _, place, measurement in rows],
            writer=self._ports.measurement_writer,
            clock=self._ports.clock,
            crash_points=self._ports.crash_points,
        )
        if isinstance(pending, QueueFull):
            raise StoreUnavailable("more waits to be written than can be")
        return pending

    def _settled(
        self, message: Arrived, place: Place, measurement: Measurement, outcome: RowOutcome | InTheFuture
    ) -> Settled:
        if isinstance(outcome, InTheFuture):
            return Refused(place, self.purpose, message.payload, IN_THE_FUTURE)
        if outcome == "unknown_site":
            return Refused(place, self.purpose, message.payload, UNKNOWN_SITE)
        key = {"assetId": measurement.asset_id, "timestamp": format_instant(measurement.timestamp)}
        return Stored(place, self.purpose, {**key, "status": outcome})


class TransactionKeeper:
    """Messages of charging transactions, one after the other."""

    purpose = "transactions"

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def keep(self, messages: Sequence[Arrived]) -> list[Settled]:
        """What became of each message."""
        return [self._kept(message) for message in messages]

    def _kept(self, message: Arrived) -> Settled:
        self._ports.crash_points("request_read")
        place, told = _read(TopicTransaction, message)
        if place is None or isinstance(told, BadMessage):
            return _refused(self.purpose, place, message, told)
        outcome = ingest_transaction(
            Caller(place.partner_id, CLIENT_ID, Scope.WRITE),
            place.site_id,
            told,
            transactions=self._ports.transactions,
            turns=self._ports.turns,
            clock=self._ports.clock,
            crash_points=self._ports.crash_points,
        )
        match outcome:
            case MessageKept():
                return Stored(place, self.purpose, {**_key(told), "status": outcome.outcome})
            case InTheFuture():
                return Refused(place, self.purpose, message.payload, IN_THE_FUTURE)
            case UnknownSite():
                return Refused(place, self.purpose, message.payload, UNKNOWN_SITE)


def _key(told: Transaction) -> dict[str, str]:
    return {
        "assetId": told.asset_id,
        "transactionId": told.transaction_id,
        "timestamp": format_instant(told.timestamp),
        "transactionState": told.transaction_state,
    }


def _read(model: type[D], message: Arrived) -> tuple[Place | None, D | BadMessage]:
    """The site that the topic names, and what the message says about it."""
    if len(message.topic) > LONGEST_INCOMING_LENGTH:
        return None, LONG_TOPIC
    place = place_of(message.topic)
    if place is None:
        return None, FOREIGN_TOPIC
    document = read_payload(model, message.payload)
    if not isinstance(document, BadMessage) and document.site_id not in (None, place.site_id):
        return place, OTHER_SITE
    return place, document


def _refused(purpose: str, place: Place | None, message: Arrived, reason: object) -> Refused:
    assert isinstance(reason, BadMessage)  # noqa: S101  # a place without a document has a reason
    return Refused(place, purpose, message.payload, reason)
