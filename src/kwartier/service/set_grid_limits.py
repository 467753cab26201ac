"""Take in what the grid operator allows a site, and that it is still there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kwartier.planning.request import GridLimit
from kwartier.service.caller import Caller
from kwartier.service.operator_limits import FailsafeLimit, OperatorLimits, unknown_collectors
from kwartier.service.outcomes import UnknownSite
from kwartier.service.plannable_site import plannable_site
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.ports import Ports
from kwartier.service.ports.operator_limit_store import OperatorLimitStore
from kwartier.service.ports.site_store import SiteStore
from kwartier.site.document import Site
from kwartier.site.finding import Finding


@dataclass(frozen=True)
class GridLimitsRefused:
    """Nothing was stored; every finding at once."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class NoGridLimits:
    """No limits have been set for this site."""


def set_grid_limits(
    caller: Caller,
    site_id: str,
    limits: Sequence[GridLimit],
    failsafe: Sequence[FailsafeLimit],
    *,
    ports: Ports,
) -> OperatorLimits | UnknownSite | NotPlannable | GridLimitsRefused:
    """These limits replace those before: in force with the next command, and the site is planned with them at once.

    A document with ERROR findings takes none: its collectors cannot be trusted, and nothing there is controlled.
    """
    site = plannable_site(caller.partner_id, site_id, sites=ports.sites)
    if not isinstance(site, Site):
        return site
    now = ports.clock.now()
    told = OperatorLimits(tuple(limits), tuple(failsafe), limits_at=now, heard_at=now)
    if wrong := unknown_collectors(told, site):
        return GridLimitsRefused(tuple(wrong))
    ports.operator_limits.keep(caller.partner_id, site_id, told)
    ports.turns.ask(caller.partner_id, site_id, now)
    return told


def hear_grid_operator(
    caller: Caller, site_id: str, *, ports: Ports
) -> OperatorLimits | UnknownSite | NoGridLimits:
    """The operator is there, and its limits stand; after a silence the failsafe value stays until they are set."""
    known = read_grid_limits(caller, site_id, sites=ports.sites, operator_limits=ports.operator_limits)
    if not isinstance(known, OperatorLimits):
        return known
    now = ports.clock.now()
    heard = replace(known, heard_at=now, was_silent=known.is_silent(now))
    ports.operator_limits.keep(caller.partner_id, site_id, heard)
    return heard


def read_grid_limits(
    caller: Caller, site_id: str, *, sites: SiteStore, operator_limits: OperatorLimitStore
) -> OperatorLimits | UnknownSite | NoGridLimits:
    """The limits as they were set last."""
    if sites.get(caller.partner_id, site_id) is None:
        return UnknownSite()
    return operator_limits.get(caller.partner_id, site_id) or NoGridLimits()
