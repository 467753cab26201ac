"""Read the charging sessions of a site: those that run, and those that ended within a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kwartier.planning.plan import Plan
from kwartier.planning.request import PlanOptions
from kwartier.service.caller import Caller
from kwartier.service.gather_site_facts import gather_site_facts
from kwartier.service.outcomes import UnknownSite
from kwartier.service.plan_assembly.overrides import whole_energy_wh
from kwartier.service.plan_assembly.sessions import PredictedSession, predicted_sessions, says_energy
from kwartier.service.plannable_site import plannable_site
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.ports import Ports
from kwartier.service.ports.transaction_store import TransactionKey
from kwartier.service.session_outlooks.measured import MeasuredSessions
from kwartier.service.session_outlooks.outlook import Expectation, Origin, SessionOutlook
from kwartier.service.session_outlooks.planned import planned_session
from kwartier.service.session_override import SessionKey, SessionOverride
from kwartier.site.document import Site, SiteConfiguration
from kwartier.site.transaction import Transaction
from kwartier.site.transaction_history import TransactionHistory
from kwartier.units.quarter_hour import epoch_s

# What ended longer ago is in the list of transactions. Of what stays longer than a week the last week counts.
ENDED_WITHIN = timedelta(days=1)
BEGAN_WITHIN = timedelta(days=7)
# A week of a site with 50 poles and ten cars a day at each.
MOST_COUNT = 3_500


@dataclass(frozen=True)
class SiteSessions:
    """The sessions at a moment: running ones by pole, then those that are over, the last to end first."""

    at: datetime
    running: tuple[SessionOutlook, ...]
    ended: tuple[SessionOutlook, ...]


def read_sessions(caller: Caller, site_id: str, *, ports: Ports) -> SiteSessions | UnknownSite | NotPlannable:
    """Each session with its departure and energy, told, decided or predicted, and what the newest plan gives it."""
    site = plannable_site(caller.partner_id, site_id, sites=ports.sites)
    if not isinstance(site, Site):
        return site
    configuration = site.planned_configuration
    at = ports.clock.now().replace(microsecond=0)
    facts = gather_site_facts(caller.partner_id, site, at, PlanOptions(), ports=ports)
    ended = _ended(caller.partner_id, site_id, at, ports)
    running = predicted_sessions(facts)
    begins = [one.told.start_time for one in running] + [one.latest.start_time for one in ended]
    first = max(min(begins, default=at), at - BEGAN_WITHIN)
    measured = MeasuredSessions(caller.partner_id, site, epoch_s(first), epoch_s(at), ports=ports)
    record = ports.plans.latest(caller.partner_id, site_id)
    plan = None if record is None else record.plan
    return SiteSessions(
        at,
        tuple(_running(one, measured, plan, configuration, at) for one in running),
        tuple(_over(one, measured) for one in ended),
    )


def _ended(partner_id: str, site_id: str, at: datetime, ports: Ports) -> Sequence[TransactionHistory]:
    after = TransactionKey(at - BEGAN_WITHIN, "", "")
    found = ports.transactions.list_after(partner_id, site_id, after, MOST_COUNT)
    over = [(one.stopped_at, one) for one in found if one.stopped_at is not None]
    recent = [pair for pair in over if at - ENDED_WITHIN <= pair[0] <= at]
    recent.sort(key=lambda pair: (pair[0], pair[1].latest.asset_id), reverse=True)
    return [one for _, one in recent]


def _over(history: TransactionHistory, measured: MeasuredSessions) -> SessionOutlook:
    told, stopped_at = history.latest, history.stopped_at
    assert stopped_at is not None  # noqa: S101  # it is over
    account = measured.account(told.asset_id, epoch_s(told.start_time), epoch_s(stopped_at))
    return SessionOutlook(
        session=SessionKey(told.asset_id, told.transaction_id),
        id_tag=told.id_tag,
        started_at=told.start_time,
        stopped_at=stopped_at,
        charged_wh=account.energy_wh if told.energy_charged is None else told.energy_charged,
        account=account,
    )


def _running(
    predicted: PredictedSession,
    measured: MeasuredSessions,
    plan: Plan | None,
    configuration: SiteConfiguration,
    at: datetime,
) -> SessionOutlook:
    told = predicted.told
    session = SessionKey(told.asset_id, told.transaction_id)
    account = measured.account(told.asset_id, epoch_s(told.start_time), None)
    expectation = _expectation(told, predicted.expected, predicted.override)
    leaves = expectation.departure
    return SessionOutlook(
        session=session,
        id_tag=told.id_tag,
        started_at=told.start_time,
        stopped_at=None,
        charged_wh=account.energy_wh if told.energy_charged is None else told.energy_charged,
        account=account,
        expectation=expectation,
        override=predicted.override,
        planned=None if plan is None else planned_session(plan, configuration, session, at, leaves),
    )


def _expectation(told: Transaction, expected: Transaction, override: SessionOverride | None) -> Expectation:
    """What is expected of a session, and who said so; `expected` has a departure."""
    assert expected.departure_time is not None  # noqa: S101  # what was not told has been predicted
    departure_origin: Origin = "predicted" if told.departure_time is None else "told"
    is_decided = override is not None and override.departure_time is not None
    return Expectation(
        departure=expected.departure_time,
        departure_origin="decided" if is_decided else departure_origin,
        wanted_wh=whole_energy_wh(expected),
        wanted_origin="told" if says_energy(told) else "predicted",
        minimum_wh=expected.minimum_energy,
    )
