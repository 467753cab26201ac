"""One call of every function of the client, on the objects of `tests/adapters/http/objects.py`.

A new route needs its function in `kwartier.client` and its line here; the tests fail without.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from kwartier.adapters.http.measurements.example import EXAMPLE_MEASUREMENT
from kwartier.adapters.http.planning.example import EXAMPLE_REQUEST
from kwartier.adapters.http.prices.documents import EXAMPLE_PRICES
from kwartier.adapters.http.sessions.documents import EXAMPLE_OVERRIDE
from kwartier.adapters.http.sites.example import EXAMPLE_SITE
from kwartier.adapters.http.transactions.example import EXAMPLE_MESSAGE
from kwartier.client import (
    Call,
    Listing,
    commissioning,
    dry_run,
    events,
    grid_limits,
    identity,
    measurements,
    money,
    operation,
    plans,
    prices,
    sessions,
    site_outlook,
    sites,
    transactions,
    webhooks,
)
from kwartier.planning.request import PlanOptions, PlanRequest
from kwartier.site.measurement import Measurement
from kwartier.site.transaction import Transaction
from tests.adapters.http.objects import NOW

HOUR_AGO = NOW - timedelta(hours=1)
SITE = EXAMPLE_SITE | {"site_id": "brussels-hub"}


def every_call(ids: Mapping[str, str]) -> list[Call[Any]]:
    """The calls, each to be made by itself while the objects with these ids are there."""
    site_id, plan_id = ids["site_id"], ids["plan_id"]
    measurement = Measurement.model_validate(EXAMPLE_MEASUREMENT | {"siteId": site_id})
    message = Transaction.model_validate(EXAMPLE_MESSAGE | {"siteId": site_id})
    return [
        operation.health(),
        operation.readiness(),
        operation.metrics(),
        identity.log_in("CLIENT_ID", "CLIENT_SECRET"),
        first(sites.list_all()),
        sites.create(SITE),
        sites.read(site_id),
        sites.replace(site_id, SITE | {"site_id": site_id}),
        sites.patch(site_id, {"name": "Renamed"}),
        sites.delete(site_id),
        first(sites.history(site_id)),
        measurements.send(measurement),
        measurements.send_many([measurement, measurement]),
        first(measurements.read(site_id)),
        first(measurements.read(site_id, asset_id="roof", resolution="PT15M", start=HOUR_AGO, end=NOW)),
        measurements.table(site_id, "csv"),
        measurements.table(site_id, "parquet", resolution="PT1H"),
        transactions.send(message),
        first(transactions.list_all(site_id)),
        prices.send(ids["bidding_zone"], EXAMPLE_PRICES),
        prices.read(ids["bidding_zone"]),
        prices.read(ids["bidding_zone"], first_day=NOW.date(), last_day=NOW.date(), known_at=NOW),
        plans.plan_now(site_id),
        plans.plan_now(site_id, PlanOptions(resolution="mixed")),
        first(plans.list_all(site_id)),
        plans.latest(site_id),
        plans.read(site_id, plan_id),
        plans.with_request(site_id, plan_id),
        plans.what_if(PlanRequest.model_validate(EXAMPLE_REQUEST)),
        money.running_month(site_id),
        money.tariff_comparison(site_id, month="2026-03", collector="main"),
        commissioning.findings(SITE),
        commissioning.read(site_id),
        sessions.read(site_id),
        sessions.override(site_id, EXAMPLE_OVERRIDE),
        first(sessions.overrides(site_id)),
        grid_limits.put(site_id, {"limits": [], "failsafe": []}),
        grid_limits.heartbeat(site_id),
        grid_limits.read(site_id),
        dry_run.put(site_id, dry_run=True),
        dry_run.read(site_id),
        site_outlook.setpoints(site_id),
        site_outlook.forecasts(site_id),
        site_outlook.validation_status(site_id),
        site_outlook.bill(site_id, month="2026-03", collector="main"),
        webhooks.create("https://hooks.example.com/kwartier", ["plan_made"]),
        first(webhooks.list_all()),
        webhooks.read(ids["webhook_id"]),
        webhooks.rotate(ids["webhook_id"]),
        webhooks.retry(ids["webhook_id"]),
        webhooks.delete(ids["webhook_id"]),
        events.of_site(site_id).call,
    ]


def first(listing: Listing[Any]) -> Call[Any]:
    """The call for the first page."""
    return listing.page(None)
