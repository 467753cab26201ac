"""An intake that runs over stores in memory."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from paho.mqtt.client import MQTTMessageInfo

from kwartier.adapters.http.sites.example import EXAMPLE_SITE
from kwartier.adapters.mqtt.broker_address import BrokerAddress
from kwartier.adapters.mqtt.connection import Arrived, Connection, Identity
from kwartier.adapters.mqtt.figures import MqttFigures
from kwartier.adapters.mqtt.intake import Intake
from kwartier.adapters.mqtt.keepers import Keeper, MeasurementKeeper, TransactionKeeper
from kwartier.adapters.mqtt.replies import Settled
from kwartier.adapters.mqtt.topics import Place
from kwartier.service.caller import Caller, Scope
from kwartier.service.create_site import SiteCreated, create_site
from kwartier.service.partner import Partner
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_archive import Span
from kwartier.site.document import SiteCreateDTO
from kwartier.testing.contracts.examples import MONDAY
from tests.adapters.mqtt.broker_case import BrokerCase, Device, forget_session
from tests.services.described import ports_in_memory

SITE = "hall"


@dataclass
class IntakeCase:
    """A site of a new partner, and a device that speaks for it."""

    ports: Ports
    place: Place
    device: Device
    figures: MqttFigures

    def send(self, minute: float, **fields: Any) -> MQTTMessageInfo:
        """Send a measurement of so many minutes ago."""
        return self.device.send(self.place.topic("measurements"), self.measurement(minute, **fields))

    def measurement(self, minute: float, **fields: Any) -> dict[str, Any]:
        """A measurement of so many minutes ago."""
        at = self.ports.clock.now() - timedelta(minutes=minute)
        told = {"assetId": "pole_1", "timestamp": at.isoformat(), "energyValue": 1000.0, "powerValue": 50.0}
        return {**told, **fields}

    def acknowledged(self, purpose: str = "measurements") -> list[dict[str, str]]:
        """The keys that the site has been told are stored."""
        documents = self.device.documents(self.place.topic("acknowledgements"))
        return [key for document in documents for key in document[purpose]]

    def wait_acknowledged(self, count: int, purpose: str = "measurements") -> list[dict[str, str]]:
        """The same, once there are so many."""
        self.device.wait(lambda: len(self.acknowledged(purpose)) >= count)
        return self.acknowledged(purpose)

    def stored_count(self) -> int:
        """How many measurements are stored."""
        place = self.place
        rows = self.ports.measurements.list_after(
            place.partner_id, place.site_id, None, Span(0, 2**62), None, 100_000
        )
        return len(rows)


Guard = Callable[[Keeper], Keeper]


def unguarded(keeper: Keeper) -> Keeper:
    """The keeper itself."""
    return keeper


@contextmanager
def running_intake(
    broker: BrokerCase,
    ports: Ports | None = None,
    *,
    purpose: str = "measurements",
    guarded: Guard = unguarded,
) -> Iterator[IntakeCase]:
    """An intake for a new partner's site `hall`; `guarded` may put something between it and the store."""
    with new_site(broker, ports or ports_in_memory()) as case, intake_of(broker, case, purpose, guarded):
        broker.wait_for_line(f"{case.place.partner_id}-{purpose} 1 ")
        yield case


@contextmanager
def new_site(broker: BrokerCase, ports: Ports) -> Iterator[IntakeCase]:
    """A new partner's site with a device, and nobody who takes in what it sends."""
    place = Place(broker.new_partner(), SITE)
    make_site(ports, place)
    with Device(broker, f"{place.partner_id}.all") as device:
        device.subscribe(place.topic("errors"))
        device.subscribe(place.topic("acknowledgements"))
        yield IntakeCase(ports, place, device, MqttFigures())
    for purpose in ("measurements", "transactions"):
        forget_session(broker, f"{place.partner_id}-{purpose}")


@contextmanager
def intake_of(
    broker: BrokerCase,
    case: IntakeCase,
    purpose: str = "measurements",
    guarded: Guard = unguarded,
    address: BrokerAddress | None = None,
) -> Iterator[None]:
    """An intake for a site, at another address of the broker where one is given; its session stays when it ends."""
    place, ports = case.place, case.ports
    identity = Identity(f"{place.partner_id}-{purpose}", (f"kwartier/{place.partner_id}/+/{purpose}",))
    keeper: Keeper = MeasurementKeeper(ports) if purpose == "measurements" else TransactionKeeper(ports)
    intake = Intake(
        Connection(address or broker.address, identity),
        guarded(keeper),
        clock=ports.clock,
        crash_points=ports.crash_points,
        figures=case.figures,
    )
    intake.start()
    try:
        yield
    finally:
        intake.close()


def make_site(ports: Ports, place: Place) -> None:
    """The example site, as this partner's site of that name."""
    ports.partners.add(Partner(place.partner_id, place.partner_id, MONDAY))
    document = SiteCreateDTO.model_validate({**EXAMPLE_SITE, "site_id": place.site_id})
    caller = Caller(place.partner_id, "test", Scope.WRITE)
    made = create_site(caller, document, sites=ports.sites, clock=ports.clock, flags=ports.flags)
    assert isinstance(made, SiteCreated)


class Hindered:
    """A keeper that fails so often before it works, and says what it was asked to keep."""

    def __init__(self, keeper: Keeper, *faults: Exception) -> None:
        self._keeper, self._faults = keeper, list(faults)
        self.purpose = keeper.purpose
        self.batches: list[Sequence[Arrived]] = []

    def keep(self, messages: Sequence[Arrived]) -> list[Settled]:
        """What the keeper says, unless a fault is left."""
        self.batches.append(messages)
        if self._faults:
            raise self._faults.pop(0)
        return self._keeper.keep(messages)
