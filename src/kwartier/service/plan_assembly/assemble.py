"""The plan request of a site, made of what is stored about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from kwartier.planning.request import DayAhead, GridLimit, PlanRequest
from kwartier.service.plan_assembly.facts import SiteFacts
from kwartier.service.plan_assembly.forecasts import series_outlooks
from kwartier.service.plan_assembly.sessions import expected_sessions, pole_names, predicted_sessions
from kwartier.service.plan_assembly.state import site_state
from kwartier.service.plan_assembly.tariff_states import floor_notes, tariff_states
from kwartier.site.contracts import DynamicContract
from kwartier.site.document import Site
from kwartier.site.optimization_configuration import HORIZON_DAYS_BY_NAME, OptimizationConfiguration
from kwartier.site.tree import electrical_tree
from kwartier.tariffs.day_ahead.horizon import horizon_prices


@dataclass(frozen=True)
class AssembledRequest:
    """A request, and in words where each series comes from and what was left out; they go into the plan's warnings."""

    request: PlanRequest
    notes: tuple[str, ...]


def assemble_plan_request(facts: SiteFacts) -> AssembledRequest:
    """The request that plans a site from `facts.at` on; the same facts make the same request.

    The site must have a site configuration without ERROR findings. What is not known is left out, and the planner says
    what it assumes; a dynamic contract without any known price gives a request that the planner refuses by name.
    """
    configuration = facts.site.configurations.site_configuration
    if configuration is None:
        raise ValueError("a site without a site_configuration cannot be planned")
    end = facts.at + timedelta(days=HORIZON_DAYS_BY_NAME[_horizon(facts)])
    outlooks = series_outlooks(facts, end)
    sessions = predicted_sessions(facts)
    expected, expected_notes = expected_sessions(facts, end)
    request = PlanRequest(
        site=planned_form(facts.site),
        at=facts.at,
        day_ahead=_day_ahead(facts, end),
        forecasts={name: one.forecast for name, one in outlooks.items()},
        state=site_state(facts, configuration),
        transactions=[one.transaction for one in sessions],
        expected_sessions=expected,
        limits=_limits(facts, end),
        tariff_state=tariff_states(facts, configuration),
        options=facts.options,
    )
    notes = [f"{name}: {one.source}" for name, one in outlooks.items()]
    notes += [one.note for one in sessions if one.note is not None]
    notes += floor_notes(facts, request.tariff_state)
    return AssembledRequest(request, (*notes, *expected_notes, *_left_out(facts)))


def planned_form(site: Site) -> Site:
    """The document as a request holds it: without what the server computes."""
    return site.model_copy(update={"validation_status": None, "connections": None})


def _horizon(facts: SiteFacts) -> str:
    settings = facts.site.configurations.optimization_configuration or OptimizationConfiguration()
    return settings.planning_horizon


def _day_ahead(facts: SiteFacts, end: datetime) -> DayAhead | None:
    if not isinstance(facts.site.configurations.contract, DynamicContract):
        return None
    prices = horizon_prices(facts.at, end, facts.price_days)
    return DayAhead(
        start=prices.start,
        resolution="PT15M",
        eur_per_mwh=list(prices.eur_per_mwh),
        estimated_from=prices.estimated_from,
    )


def _limits(facts: SiteFacts, end: datetime) -> list[GridLimit]:
    """What the grid operator allows within the horizon, of collectors that the site still has."""
    configuration = facts.site.configurations.site_configuration
    if facts.operator_limits is None or configuration is None:
        return []
    known = electrical_tree(configuration).boards
    return [one for one in facts.operator_limits.planned_with(facts.at, end) if one.collector in known]


def _left_out(facts: SiteFacts) -> Iterator[str]:
    poles = set(pole_names(facts))
    for one in sorted(facts.transactions, key=lambda one: (one.asset_id, one.transaction_id)):
        if one.asset_id not in poles:
            yield f"{one.asset_id}: transaction {one.transaction_id} is left out, the site has no pole of that name"
