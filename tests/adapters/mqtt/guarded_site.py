"""A served site whose load jumps: how long it takes until its car is told to take less."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Literal

import httpx

from kwartier.adapters.mqtt.topics import Place, setpoint_topic
from kwartier.adapters.sql import schema
from kwartier.adapters.sql.database import Database
from kwartier.planning.request import PlanOptions
from kwartier.service.caller import Caller, Scope
from kwartier.service.create_site import SiteCreated, create_site
from kwartier.service.partner import Partner
from kwartier.service.plan_site import SitePlanned, plan_site
from kwartier.service.ports import Ports
from kwartier.site.document import SiteCreateDTO
from kwartier.testing.fakes.clock import FakeClock
from tests.adapters.mqtt.broker_case import BrokerCase, Device
from tests.control.sites import four_wire, pole
from tests.services.ready_site import FIXED
from tests.services.running_service import database_file, running_service
from tests.services.service_case import ports_on
from tests.services.site_data import a_car, measured

SITE_ID, POLE = "depot", "pole_1"
LIMIT_A, FIRST_LOAD_A = 40, 9.0
LOOK_EVERY_S = 0.01
PATIENCE_S = 10.0
Way = Literal["rest", "mqtt"]


@dataclass(frozen=True)
class Delay:
    """Seconds from handing a reading over to the lower setpoint: until it is read over REST, and heard over MQTT."""

    way: Way
    rest_s: float
    mqtt_s: float


@dataclass
class GuardedSite:
    """The site as its meters and its pole see it. Each jump of its load leaves the car an ampere less."""

    http: httpx.Client
    device: Device
    place: Place
    load_a: float
    told_a: float
    random: Random

    def jump(self, way: Way) -> Delay:
        """Let the load rise beyond the board's limit, tell so, and wait until the car is told to take less."""
        time.sleep(self.random.uniform(0.0, 1.0))  # at no fixed moment of the control's own rounds
        self.load_a = LIMIT_A - self.told_a + 1.0
        topic, heard_count = setpoint_topic(self.place.partner_id, SITE_ID, POLE), 0
        heard_count = len(self.device.heard)
        begun_s = time.perf_counter()
        self._tell(way)
        rest_s = mqtt_s = None
        while rest_s is None or mqtt_s is None:
            passed_s = time.perf_counter() - begun_s
            assert passed_s < PATIENCE_S, (way, rest_s, mqtt_s, self.load_a, self.told_a)
            news = [one for one in self.device.heard[heard_count:] if one.topic == topic]
            if mqtt_s is None and any(self._is_lower(json.loads(one.payload)) for one in news):
                mqtt_s = passed_s
            if rest_s is None and self._is_lower(self.setpoint()):
                rest_s = time.perf_counter() - begun_s
            time.sleep(LOOK_EVERY_S)
        self.told_a = self.setpoint()["maxCurrent"]
        return Delay(way, rest_s, mqtt_s)

    def setpoint(self) -> dict[str, Any]:
        """The pole's setpoint over REST."""
        listed: list[dict[str, Any]] = (
            self.http.get(f"/v1/sites/{SITE_ID}/setpoints").raise_for_status().json()["data"]
        )
        return next(one for one in listed if one["assetId"] == POLE)

    def settle(self) -> None:
        """Tell that all is as planned until the car may have its current."""
        deadline_s = time.monotonic() + PATIENCE_S
        while (told_a := self.setpoint().get("maxCurrent") or 0.0) < LIMIT_A - FIRST_LOAD_A - 2.0:
            assert time.monotonic() < deadline_s, told_a
            self.told_a = told_a
            self._tell("rest")
            time.sleep(0.25)
        self.told_a = told_a

    def _is_lower(self, setpoint: dict[str, Any]) -> bool:
        return float(setpoint["maxCurrent"]) <= self.told_a - 0.5

    def _tell(self, way: Way) -> None:
        """What the pole draws, and what flows through the board with it."""
        for asset_id, names, current_a in (
            (POLE, ("pin1", "pin2", "pin3"), self.told_a),
            ("main", ("L1", "L2", "L3"), self.told_a + self.load_a),
        ):
            reading = {
                "assetId": asset_id,
                "timestamp": datetime.now(UTC).isoformat(),
                "energyValue": 0.0,
                "powerValue": current_a * 690.0,
                "pins": {
                    name: {"currentValue": current_a, "powerValue": current_a * 230.0} for name in names
                },
            }
            if way == "mqtt":
                self.device.send(self.place.topic("measurements"), reading)
            else:
                self.http.post("/v1/measurements", json={"siteId": SITE_ID, **reading}).raise_for_status()


@contextmanager
def guarded_site(broker: BrokerCase, folder: Path, seed: int = 7) -> Iterator[GuardedSite]:
    """The site, served by a process of its own, with its car charging as planned."""
    url, place = database_file(folder), Place(broker.new_partner(), SITE_ID)
    with closing(Database(url)) as database:
        schema.upgrade(database)
        with ports_on(database, FakeClock(datetime.now(UTC))) as ports:
            _prepare(ports, place.partner_id)
    with ExitStack() as stack:
        service = stack.enter_context(
            running_service(
                folder,
                KWARTIER_DATABASE_URL=url,
                KWARTIER_MQTT_URL=broker.url,
                KWARTIER_MQTT_CLIENT_ID=place.partner_id,
            )
        )
        device = stack.enter_context(Device(broker, f"{place.partner_id}.all"))
        device.subscribe(setpoint_topic(place.partner_id, SITE_ID, POLE))
        client = service.client_of(place.partner_id)
        http = stack.enter_context(httpx.Client(base_url=service.url))
        login = http.post(
            "/v1/identity/client-login",
            data={"grant_type": "client_credentials"},
            auth=(client["client_id"], client["client_secret"]),
        )
        http.headers["Authorization"] = f"Bearer {login.raise_for_status().json()['access_token']}"
        broker.wait_for_line(f"{place.partner_id}-measurements 1 ")
        site = GuardedSite(http, device, place, FIRST_LOAD_A, 0.0, Random(seed))
        site.settle()
        yield site


def _prepare(ports: Ports, partner_id: str) -> None:
    """A board of 40 A with one pole, and a car at it that needs all it can get for an hour."""
    now = ports.clock.now()
    ports.partners.add(Partner(partner_id, partner_id, now))
    caller = Caller(partner_id, "test", Scope.WRITE)
    document = {
        "site_id": SITE_ID,
        "name": "Depot",
        "location": {"name": "Gent", "coordinates": [51.05, 3.72, 8.0]},
        "country": "BE",
        "active": True,
        "configurations": {
            "site_configuration": {
                "collector_list": [four_wire("main", LIMIT_A)],
                "device_list": [pole(POLE)],
            },
            "optimization_configuration": {"cost_minimization_active": True},
            "contract": FIXED,
        },
    }
    created = create_site(
        caller,
        SiteCreateDTO.model_validate(document),
        sites=ports.sites,
        clock=ports.clock,
        flags=ports.flags,
    )
    assert isinstance(created, SiteCreated), created
    power_w = {"main": FIRST_LOAD_A * 690.0}
    measured(ports, partner_id, SITE_ID, now, hours=1.0, power_w=power_w)
    leaves = (now + timedelta(hours=1)).isoformat()
    car = a_car(now, departure_time=leaves, requested_energy=40_000.0)
    ports.transactions.keep(partner_id, SITE_ID, car, now)
    assert isinstance(plan_site(caller, SITE_ID, PlanOptions(), ports=ports), SitePlanned)
