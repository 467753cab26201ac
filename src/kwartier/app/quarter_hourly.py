"""The jobs of every quarter-hour."""

from collections.abc import Sequence

import structlog

from kwartier.app.planning_figures import PlanningFigures
from kwartier.app.scheduler import Jobs
from kwartier.service.forget_old import RetentionPeriods, forget_old
from kwartier.service.ports import Ports
from kwartier.service.ports.price_source import PriceSource
from kwartier.service.ports.retention import Forgotten
from kwartier.service.price_standing import price_standing
from kwartier.service.refresh_prices import refresh_prices
from kwartier.service.revalidate_sites import revalidate_sites

log = structlog.get_logger("kwartier.app")


def quarter_hourly_jobs(
    ports: Ports, sources: Sequence[PriceSource], periods: RetentionPeriods, figures: PlanningFigures
) -> Jobs:
    """Prices first, since the status of a site looks at them; what is old last, since nobody waits for it."""

    def prices() -> None:
        for missing in refresh_prices(sources, ports=ports):
            if missing.is_worth_a_line:
                log.warning("no prices", reasons=missing.reasons)
        standing = price_standing(ports=ports)
        figures.price(standing.oldest_age_s, standing.lacking_count)

    def validation() -> None:
        revalidate_sites(ports=ports)

    def retention() -> None:
        forgotten = forget_old(periods, ports=ports)
        if forgotten != Forgotten(0, 0):
            log.info("forgotten", measurements=forgotten.measurement_count, plans=forgotten.plan_count)

    return {"prices": prices, "validation": validation, "retention": retention}
