"""What is old is forgotten, on both databases, and nothing else is."""

from datetime import timedelta

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.retention import SqlRetention
from kwartier.service.measurement_row import MeasurementRow, epoch_us
from kwartier.service.ports.measurement_archive import Span
from kwartier.service.ports.measurement_writer import QueueFull
from kwartier.service.ports.retention import Forgotten
from kwartier.testing.contracts.examples import MONDAY, a_draft, a_partner
from kwartier.testing.contracts.plan_store import a_plan
from kwartier.testing.contracts.promises import Stores
from tests.services.stores import sql_stores

DAY_US = 86_400_000_000
EVER = Span(0, 2**62)
AGES_DAYS = (40.0, 30.5, 30.0, 1.0)
CUT = MONDAY - timedelta(days=30)


def row(
    partner_id: str, site_id: str, asset_id: str, age_days: float, power_w: float = 1.0
) -> MeasurementRow:
    measured_us = epoch_us(MONDAY) - int(age_days * DAY_US)
    return MeasurementRow(
        partner_id, site_id, asset_id, measured_us, epoch_us(MONDAY), 0.0, power_w, None, None
    )


def write(stores: Stores, *rows: MeasurementRow) -> None:
    written = stores.measurement_writer.submit(rows)
    assert not isinstance(written, QueueFull)
    written.result(10)


def ages_days(stores: Stores, partner_id: str, site_id: str, asset_id: str) -> list[float]:
    found = stores.measurements.list_after(partner_id, site_id, asset_id, EVER, None, 100)
    return [(epoch_us(MONDAY) - stored.row.measured_us) / DAY_US for stored in found]


def test_measurements_and_their_corrections_are_forgotten_by_age(database: Database) -> None:
    with sql_stores(database) as stores:
        for partner in (a_partner(stores, "alpha"), a_partner(stores, "beta")):
            for site_id in ("hall", "gone"):
                stores.sites.create(a_draft(partner, site_id))
                assets = [(site_id, asset_id) for asset_id in ("pole", "meter")]
                write(
                    stores, *(row(partner.partner_id, *asset, age) for asset in assets for age in AGES_DAYS)
                )
                corrected = [
                    row(partner.partner_id, *asset, age, 2.0) for asset in assets for age in (40.0, 1.0)
                ]
                write(stores, *corrected)
        retention = SqlRetention(database)
        forgotten = retention.forget("alpha", measured_before=CUT, planned_before=CUT)
        assert forgotten == Forgotten(measurement_count=2 * 2 * 2, plan_count=0)
        for site_id in ("hall", "gone"):
            for asset_id in ("pole", "meter"):
                assert ages_days(stores, "alpha", site_id, asset_id) == [30.0, 1.0]
                assert ages_days(stores, "beta", site_id, asset_id) == [*AGES_DAYS]
        (young,) = stores.measurements.list_earlier(row("alpha", "hall", "pole", 1.0).key)
        assert young.row.power_w == 1.0
        assert not stores.measurements.list_earlier(row("alpha", "hall", "pole", 40.0).key)
        assert stores.measurements.list_earlier(row("beta", "hall", "pole", 40.0).key)
        assert retention.forget("alpha", measured_before=CUT, planned_before=CUT) == Forgotten(0, 0)


def test_plans_are_forgotten_by_age_and_the_newest_of_a_site_stays(database: Database) -> None:
    with sql_stores(database) as stores:
        partner = a_partner(stores, "alpha")
        for site_id in ("hall", "yard"):
            stores.sites.create(a_draft(partner, site_id))
        for number in (1, 2, 3):
            stores.plans.keep(a_plan(partner, number))
        stores.plans.keep(a_plan(partner, 4, site_id="yard"))
        cut = MONDAY + timedelta(days=1)
        forgotten = SqlRetention(database).forget("alpha", measured_before=cut, planned_before=cut)
        assert forgotten == Forgotten(0, 2)
        kept = [stores.plans.list_before("alpha", site_id, None, 10) for site_id in ("hall", "yard")]
        assert [[plan.plan_id for plan in plans] for plans in kept] == [[f"{3:032x}"], [f"{4:032x}"]]
