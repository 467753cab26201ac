"""Try a site out: plans and events, and no setpoints."""

from kwartier.service.caller import Caller
from kwartier.service.dry_run import DryRun
from kwartier.service.outcomes import UnknownSite
from kwartier.service.ports import Ports
from kwartier.service.ports.dry_run_store import DryRunStore
from kwartier.service.ports.site_store import SiteStore


def set_dry_run(caller: Caller, site_id: str, *, is_on: bool, ports: Ports) -> DryRun | UnknownSite:
    """The setting. Setpoints that wait to be sent are withdrawn; those that a device has end within five minutes.

    Turned off, the site is planned anew, so that its devices hear of it at once.
    """
    if ports.sites.get(caller.partner_id, site_id) is None:
        return UnknownSite()
    now = ports.clock.now()
    setting = DryRun(is_on, now)
    ports.dry_runs.keep(caller.partner_id, site_id, setting)
    if is_on:
        waiting = ports.outbox.list_waiting(caller.partner_id, site_id)
        ports.outbox.settle(caller.partner_id, [one for one in waiting if one.subject.kind == "setpoint"])
    else:
        ports.turns.ask(caller.partner_id, site_id, now)
    return setting


def read_dry_run(
    caller: Caller, site_id: str, *, sites: SiteStore, dry_runs: DryRunStore
) -> DryRun | UnknownSite:
    """The setting; a site for which it was never set tells its devices since it was changed last."""
    record = sites.get(caller.partner_id, site_id)
    if record is None:
        return UnknownSite()
    return dry_runs.get(caller.partner_id, site_id) or DryRun(is_on=False, changed_at=record.changed_at)


def is_dry(partner_id: str, site_id: str, *, dry_runs: DryRunStore) -> bool:
    """Whether the devices of a site are told nothing."""
    setting = dry_runs.get(partner_id, site_id)
    return setting is not None and setting.is_on
