"""The planning cycle: every active site for each quarter-hour, and again when something material happened.

The sites of a fleet are spread over the minute before the boundary, each at its own moment, so that their plans are
there when the quarter-hour begins. What was missed is caught up once: a site has one plan to wait for, the next one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from kwartier.service.make_plan import CYCLE_OPTIONS, announce_plan, make_plan
from kwartier.service.outcomes import UnknownSite
from kwartier.service.plan_messages import messages_of
from kwartier.service.plan_record import PlanRecord
from kwartier.service.plannable_site import plannable_site
from kwartier.service.planning_outcomes import NotPlannable
from kwartier.service.planning_turn import (
    LEASE,
    DueSite,
    PlanningTurn,
    StaleTurn,
    quarter_number,
    quarter_starts_at,
)
from kwartier.service.ports import Ports
from kwartier.service.ports.planner import PlannerBusy
from kwartier.site.document import Site

# Plans for a quarter-hour are made in so long a time before it; later facts come in by the plan after an event.
LEAD = timedelta(seconds=60)
# The last moment of a site in the lead, so that its plan is there at the boundary.
_LAST_MOMENT = timedelta(seconds=5)


@dataclass(frozen=True)
class PlannedInTurn:
    """The plan is kept, and the quarter-hour done."""

    record: PlanRecord


@dataclass(frozen=True)
class TurnTaken:
    """Another planner has the site, or has done it."""


TurnOutcome = PlannedInTurn | TurnTaken | StaleTurn | PlannerBusy | UnknownSite | NotPlannable


def due_sites(now: datetime, *, ports: Ports) -> Iterator[DueSite]:
    """The sites whose moment has come, those first that somebody asked for."""
    number = quarter_number(now + LEAD)
    waiting = [
        due
        for partner in ports.partners.list_all()
        for due in ports.turns.list_due(partner.partner_id, number, now)
    ]
    yield from (due for due in waiting if _is_asked(due, now))
    yield from (due for due in waiting if not _is_asked(due, now) and own_moment(due, number) <= now)


def own_moment(due: DueSite, number: int) -> datetime:
    """The moment at which a site is planned for a quarter-hour: always the same one in the lead."""
    digest = sha256(f"{due.partner_id}/{due.site_id}".encode()).digest()
    ratio = int.from_bytes(digest[:4]) / 2**32
    return quarter_starts_at(number) - LEAD + ratio * (LEAD - _LAST_MOMENT)


def plan_in_turn(due: DueSite, *, ports: Ports) -> TurnOutcome:
    """Plan a site whose moment has come, unless another one does; a plan made too late is not kept.

    What somebody asked for is planned from now on, and then the coming quarter-hour anew, if its plan was made before.
    """
    now = ports.clock.now()
    number = quarter_number(now if _is_asked(due, now) else now + LEAD)
    turn = ports.turns.take(due.partner_id, due.site_id, number, now, now + LEASE)
    if turn is None:
        return TurnTaken()
    site = plannable_site(due.partner_id, due.site_id, sites=ports.sites)
    if not isinstance(site, Site):
        ports.turns.end(turn)
        return site
    at = max(now.replace(microsecond=0), quarter_starts_at(number))
    made = make_plan(due.partner_id, site, at, CYCLE_OPTIONS, near_plan_in_force=True, ports=ports)
    return _kept(turn, made, ports)


def _kept(turn: PlanningTurn, made: PlanRecord | NotPlannable | PlannerBusy, ports: Ports) -> TurnOutcome:
    if isinstance(made, PlannerBusy):
        ports.turns.drop(turn, ports.clock.now() + timedelta(seconds=made.retry_after_s))
        return made
    if isinstance(made, NotPlannable):
        ports.turns.end(turn)
        return made
    kept = ports.plans.keep_in_turn(made, turn, messages_of(made, ports=ports))
    if isinstance(kept, StaleTurn):
        return kept
    if kept is made:
        announce_plan(kept, ports=ports)
    return PlannedInTurn(kept)


def _is_asked(due: DueSite, now: datetime) -> bool:
    return due.asked_at is not None and due.asked_at <= now
