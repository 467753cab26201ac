"""Prices are fetched for those who need them, and the status of sites follows."""

from datetime import date

from kwartier.service.ports.price_source import Fetched, SourceAnswer, Unreachable
from kwartier.service.refresh_prices import refresh_prices
from kwartier.service.revalidate_sites import revalidate_sites
from kwartier.tariffs.day_ahead.market_day import market_day_of
from tests.services.service_case import ServiceCase
from tests.services.site_data import SITE_ID, example_site
from tests.tariffs.day_ahead.price_case import delivery


class Publisher:
    """Has the days up to a last one."""

    name = "one.org"

    def __init__(self, last: date) -> None:
        self._last = last
        self.asked: list[tuple[str, date]] = []

    def fetch(self, bidding_zone: str, day: date) -> SourceAnswer:
        self.asked.append((bidding_zone, day))
        return Fetched(delivery(day)) if day <= self._last else Unreachable("no answer")


TODAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3)


async def test_each_zone_and_day_is_asked_for_once_and_kept_for_every_partner(service: ServiceCase) -> None:
    publisher = Publisher(TODAY)
    for partner in ("Alpha", "Beta"):
        async with service.caller(partner) as http:
            await http.post("/v1/sites", json=example_site())
            await http.post("/v1/sites", json=example_site(site_id="second"))
    assert refresh_prices([publisher], ports=service.ports) == []
    assert publisher.asked == [("BE", TODAY)]
    for partner_id in service.partner_ids.values():
        [kept] = service.ports.prices.list_days(partner_id, "BE", TODAY, TOMORROW)
        assert (kept.day, kept.source, kept.known_at) == (TODAY, "one.org", service.clock.now())
    refresh_prices([publisher], ports=service.ports)
    assert len(publisher.asked) == 1


async def test_tomorrow_is_asked_for_from_a_quarter_to_one_until_it_is_there(
    sqlite_service: ServiceCase,
) -> None:
    service, publisher = sqlite_service, Publisher(TODAY)
    async with service.caller() as http:
        await http.post("/v1/sites", json=example_site())
    service.clock.jump(4.75 * 3600)  # 12:45 in Brussels
    assert market_day_of(service.clock.now()) == TODAY
    [missing] = refresh_prices([publisher], ports=service.ports)
    assert missing.reasons == ("one.org: unreachable: no answer",)
    refresh_prices([publisher], ports=service.ports)
    assert publisher.asked == [("BE", TODAY), ("BE", TOMORROW), ("BE", TOMORROW)]


async def test_without_dynamic_contracts_or_publishers_nobody_is_asked(sqlite_service: ServiceCase) -> None:
    publisher = Publisher(TODAY)
    site = example_site()
    site["configurations"]["contract"] = None
    async with sqlite_service.caller() as http:
        await http.post("/v1/sites", json=site)
    assert refresh_prices([publisher], ports=sqlite_service.ports) == []
    assert publisher.asked == []
    assert refresh_prices([], ports=sqlite_service.ports) == []


async def test_every_site_of_every_partner_is_validated_anew(service: ServiceCase) -> None:
    for partner in ("Alpha", "Beta"):
        async with service.caller(partner) as http:
            await http.post("/v1/sites", json=example_site())
    service.clock.jump(900)
    revalidate_sites(ports=service.ports)
    for partner_id in service.partner_ids.values():
        record = service.ports.sites.get(partner_id, SITE_ID)
        assert record is not None
        assert record.validation_status.last_validation == service.clock.now()
