"""Bill the quarter-hours that a site's meter showed in a month under other contracts and connections."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kwartier.service.bill_site import bill_of
from kwartier.service.caller import Caller
from kwartier.service.list_connections import list_connections
from kwartier.service.money.connection_meter import (
    ConnectionMeter,
    NotBillable,
    completed_day_ahead,
    connection_meter,
)
from kwartier.service.outcomes import UnknownSite
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.ports import Ports
from kwartier.site.document import Site
from kwartier.tariffs import Bill, BillFacts, DayAheadPrices, LocalMonth
from kwartier.tariffs.contracts.known import known_contracts
from kwartier.tariffs.sheet_combination import combination_of

BELGIUM = "BE"


@dataclass(frozen=True)
class Alternative:
    """A contract or a connection, and the month's bill under it; `detail` says which card or region it is from.

    `why_not` is what keeps it from being billed, where there is no bill.
    """

    kind: Literal["own", "contract", "connection"]
    name: str
    detail: str
    bill: Bill | None
    why_not: str = ""


@dataclass(frozen=True)
class TariffComparison:
    """The month of one root collector: first as it is, then under each alternative."""

    month: LocalMonth
    collector: str
    own: Alternative
    alternatives: tuple[Alternative, ...]


def compare_tariffs(
    caller: Caller, site_id: str, month: LocalMonth | None, collector: str | None, *, ports: Ports
) -> TariffComparison | UnknownSite | NotPlannable | NotBillable:
    """The same quarter-hours under the known contracts, and at the operator's other connections with known amounts.

    Yearly fees of suppliers are in none of them. What the site would have done under other prices is not asked: control
    follows prices, so that each alternative would cost a little less than it says.
    """
    connection = connection_meter(caller, site_id, month, collector, ports=ports)
    if not isinstance(connection, ConnectionMeter):
        return connection
    zone = connection.bidding_zone or BELGIUM
    day_ahead = completed_day_ahead(connection, zone, ports=ports).day_ahead
    own = bill_of(connection.site, connection.meter, connection.month, day_ahead)
    if not isinstance(own, Bill):
        return own
    alternatives = [*_contracts(connection, day_ahead), *_connections(connection, day_ahead)]
    return TariffComparison(
        connection.month,
        connection.root,
        Alternative("own", connection.site.name, "", own),
        tuple(alternatives),
    )


def _contracts(connection: ConnectionMeter, day_ahead: DayAheadPrices) -> Iterator[Alternative]:
    for known in known_contracts():
        site = _with_configuration(connection.site, contract=known.contract)
        facts = BillFacts(index_resolution=known.index_resolution)
        yield _billed("contract", known.name, known.card, site, connection, day_ahead, facts)


def _connections(connection: ConnectionMeter, day_ahead: DayAheadPrices) -> Iterator[Alternative]:
    """The other connection types of the operator in the same region, where amounts are known."""
    dso = connection.site.configurations.dso
    own = None if dso is None else combination_of(dso)
    if dso is None or own is None:
        return
    for choice in list_connections(connection.month.first_day, dso=own.dso):
        other = choice.combination
        if choice.has_amounts and other.region == own.region and other != own:
            named = dso.model_copy(update={"region": other.region, "connection_type": other.connection_type})
            site = _with_configuration(connection.site, dso=named)
            yield _billed(
                "connection",
                other.connection_type,
                f"{other.dso}, {other.region}",
                site,
                connection,
                day_ahead,
            )


def _with_configuration(site: Site, **changed: object) -> Site:
    return site.model_copy(update={"configurations": site.configurations.model_copy(update=changed)})


def _billed(
    kind: Literal["contract", "connection"],
    name: str,
    detail: str,
    site: Site,
    connection: ConnectionMeter,
    day_ahead: DayAheadPrices,
    facts: BillFacts | None = None,
) -> Alternative:
    billed = bill_of(site, connection.meter, connection.month, day_ahead, facts)
    if isinstance(billed, Bill):
        return Alternative(kind, name, detail, billed)
    return Alternative(kind, name, detail, None, billed.findings[0].message)
