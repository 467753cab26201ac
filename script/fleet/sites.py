"""A fleet of made-up sites in a service: hubs of mixed size with readings of two days, cars and prices."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from kwartier.service.caller import Caller, Scope
from kwartier.service.create_partner import PartnerCreated, create_partner
from kwartier.service.create_site import SiteCreated, create_site
from kwartier.service.ingest_measurements import PendingIngest, ingest_measurements
from kwartier.service.ingest_transaction import ingest_transaction
from kwartier.service.keep_prices import PricesKept, SentPrices, keep_prices
from kwartier.service.ports import Ports
from kwartier.site.document import SiteCreateDTO
from kwartier.site.measurement import Measurement
from kwartier.site.transaction import Transaction
from kwartier.tariffs.day_ahead.market_day import day_start, market_day_of
from kwartier.testing.hub_requests import hub_request

# Poles per site: most are small. Their mean is 9.
SIZES = (2, 2, 3, 4, 4, 6, 8, 10, 16, 36)
HISTORY = timedelta(days=2)
READING_EVERY = timedelta(minutes=15)
BATCH_COUNT = 5_000


def fill_fleet(ports: Ports, site_count: int, at: datetime) -> str:
    """Make a partner with so many active sites, as if they had been running until `at`; the partner's id."""
    made = create_partner("Fleet", partners=ports.partners, ids=ports.ids, clock=ports.clock)
    if not isinstance(made, PartnerCreated):
        raise TypeError(f"the partner was not made: {made}")
    caller = Caller(made.partner.partner_id, f"{made.partner.partner_id}.bench", Scope.WRITE)
    _keep_prices(caller, at, ports)
    for number in range(site_count):
        _fill_site(caller, number, at, ports)
    return made.partner.partner_id


def _keep_prices(caller: Caller, at: datetime, ports: Ports) -> None:
    """Prices of two days before to the day after, two waves a day."""
    today = market_day_of(at)
    first, last = day_start(today - timedelta(days=2)), day_start(today + timedelta(days=2))
    count = int((last - first) / timedelta(minutes=15))
    random = Random(1)  # noqa: S311 - made-up prices
    eur_per_mwh = [60.0 + 40.0 * ((quarter // 24) % 2) + random.uniform(-15, 15) for quarter in range(count)]
    kept = keep_prices(
        caller,
        "BE",
        SentPrices(first, "PT15M", eur_per_mwh, None, "made up"),
        prices=ports.prices,
        clock=ports.clock,
    )
    if not isinstance(kept, PricesKept):
        raise TypeError(f"the prices were refused: {kept}")


def _fill_site(caller: Caller, number: int, at: datetime, ports: Ports) -> None:
    request = hub_request(SIZES[number % len(SIZES)], seed=number)
    site_id = f"site-{number:05}"
    document = SiteCreateDTO.model_validate(request["site"] | {"site_id": site_id, "active": True})
    created = create_site(caller, document, sites=ports.sites, clock=ports.clock, flags=ports.flags)
    if not isinstance(created, SiteCreated):
        raise TypeError(f"{site_id} was not made: {created}")
    readings = _readings(request, at)
    while batch := list(islice(readings, BATCH_COUNT)):
        pending = ingest_measurements(
            caller,
            [(site_id, one) for one in batch],
            writer=ports.measurement_writer,
            clock=ports.clock,
        )
        if not isinstance(pending, PendingIngest):
            raise TypeError(f"readings of {site_id} were refused: {pending}")
        pending.rows.result()
    shift = at - datetime.fromisoformat(request["at"])
    for told in request["transactions"][::2]:
        if datetime.fromisoformat(told["startTime"]) <= datetime.fromisoformat(request["at"]):
            ingest_transaction(
                caller,
                site_id,
                _moved(told, shift),
                transactions=ports.transactions,
                turns=ports.turns,
                clock=ports.clock,
            )


def _readings(request: dict[str, Any], at: datetime) -> Iterator[Measurement]:
    """Of the main meter, roof, building and batteries, every quarter-hour for two days."""
    configuration = request["site"]["configurations"]["site_configuration"]
    others = [one for one in configuration["device_list"] if one["type"] != "charging_pole_3phase"]
    root = configuration["collector_list"][0]["name"]
    count = int(HISTORY / READING_EVERY) + 1
    for step in range(count):
        moment = at - (count - 1 - step) * READING_EVERY
        hour = moment.hour + moment.minute / 60
        for device in others:
            is_sun = device.get("forecast_type") == "pv"
            power_w = -3_000.0 * max(0.0, 1 - abs(hour - 12) / 5) if is_sun else 2_000.0
            is_battery = device["type"].startswith("battery")
            yield _reading(
                device["name"], moment, 0.0 if is_battery else power_w, step, 50.0 if is_battery else None
            )
        yield _reading(root, moment, 5_000.0, step, None)


def _reading(
    name: str, moment: datetime, power_w: float, step: int, charge_percent: float | None
) -> Measurement:
    return Measurement(
        asset_id=name,
        timestamp=moment,
        energy_value=abs(power_w) / 4 * step,
        power_value=power_w,
        current_state_of_charge=charge_percent,
    )


def _moved(told: dict[str, Any], shift: timedelta) -> Transaction:
    moments = {
        name: (datetime.fromisoformat(value) + shift).isoformat()
        for name, value in told.items()
        if name in ("timestamp", "startTime", "departureTime")
    }
    return Transaction.model_validate(told | moments)
