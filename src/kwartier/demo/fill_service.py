"""Fill a service with the demo: a partner, its client, the site, and everything that a plan is made from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from kwartier.demo.moved import MovedDemo
from kwartier.planning.plan import Plan
from kwartier.service.caller import Caller, Scope
from kwartier.service.create_client import ClientCreated, create_client
from kwartier.service.create_partner import PartnerCreated, create_partner
from kwartier.service.create_site import SiteCreated, create_site
from kwartier.service.create_user import UserCreated, create_user
from kwartier.service.ingest_measurements import PendingIngest, ingest_measurements
from kwartier.service.ingest_transaction import ingest_transaction
from kwartier.service.keep_prices import PricesKept, SentPrices, keep_prices
from kwartier.service.make_plan import CYCLE_OPTIONS
from kwartier.service.plan_site import SitePlanned, plan_site
from kwartier.service.ports import Ports
from kwartier.service.ports.transaction_store import MessageKept
from kwartier.service.user import Role
from kwartier.site.document import SiteCreateDTO
from kwartier.site.measurement import Measurement

PARTNER = "Demo"
USER = "demo"
SOURCE = "the demo's day-ahead prices of 3 and 4 October 2025"
# Well below what the writer's queue takes at a time.
BATCH_COUNT = 2_000

T = TypeVar("T")


class DemoNotFilled(Exception):
    """A use case refused a part of the demo; the message says which and what it answered."""


@dataclass(frozen=True)
class FilledDemo:
    """What to log in with, the site, and its first plan."""

    client_id: str
    client_secret: str = field(repr=False)
    site_id: str
    plan: Plan
    user_name: str
    password: str = field(repr=False)


def fill_service(ports: Ports) -> FilledDemo:
    """Fill an empty service with the demo as if its day were today, and plan the site; raises DemoNotFilled."""
    demo = MovedDemo(ports.clock.now())
    partner = _done(
        PartnerCreated, create_partner(PARTNER, partners=ports.partners, ids=ports.ids, clock=ports.clock)
    ).partner
    client = _done(
        ClientCreated,
        create_client(
            PARTNER,
            Scope.WRITE,
            partners=ports.partners,
            clients=ports.clients,
            ids=ports.ids,
            hasher=ports.hasher,
            clock=ports.clock,
        ),
    )
    caller = Caller(partner.partner_id, client.client_id, Scope.WRITE)
    document = SiteCreateDTO.model_validate(demo.site)
    _done(SiteCreated, create_site(caller, document, sites=ports.sites, clock=ports.clock, flags=ports.flags))
    _keep_prices(caller, demo, ports)
    _keep_measurements(caller, document.site_id, demo, ports)
    for message in (*demo.past_transactions(), *demo.transactions()):
        kept = ingest_transaction(
            caller,
            document.site_id,
            message,
            transactions=ports.transactions,
            turns=ports.turns,
            clock=ports.clock,
        )
        _done(MessageKept, kept)
    record = _done(SitePlanned, plan_site(caller, document.site_id, CYCLE_OPTIONS, ports=ports)).record
    plan = Plan.model_validate_json(record.plan_json)
    password = _new_user(ports)
    return FilledDemo(client.client_id, client.client_secret, document.site_id, plan, USER, password)


def _new_user(ports: Ports) -> str:
    """A user of the dashboard who may do everything; the password."""
    made = create_user(
        PARTNER,
        USER,
        Role.ADMINISTER,
        partners=ports.partners,
        users=ports.users,
        ids=ports.ids,
        hasher=ports.hasher,
        clock=ports.clock,
    )
    return _done(UserCreated, made).password


def _keep_prices(caller: Caller, demo: MovedDemo, ports: Ports) -> None:
    for start, eur_per_mwh in (demo.past_prices(), demo.prices()):
        sent = SentPrices(start, "PT15M", eur_per_mwh, None, SOURCE)
        _done(PricesKept, keep_prices(caller, "BE", sent, prices=ports.prices, clock=ports.clock))


def _keep_measurements(caller: Caller, site_id: str, demo: MovedDemo, ports: Ports) -> None:
    for batch in _batches(demo.measurements()):
        pending = ingest_measurements(
            caller,
            [(site_id, measurement) for measurement in batch],
            writer=ports.measurement_writer,
            clock=ports.clock,
        )
        outcomes = set(_done(PendingIngest, pending).rows.result())
        if outcomes != {"stored"}:
            raise DemoNotFilled(f"measurements of the demo were {outcomes}")


def _batches(measurements: Iterator[Measurement]) -> Iterator[Sequence[Measurement]]:
    while batch := list(islice(measurements, BATCH_COUNT)):
        yield batch


def _done(wanted: type[T], outcome: object) -> T:
    if isinstance(outcome, wanted):
        return outcome
    raise DemoNotFilled(f"the service refused a part of the demo: {outcome}")
