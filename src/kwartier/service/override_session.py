"""Decide about a charging session in place of its car: charge now, leave at, at least so much, or as it told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from kwartier.service.caller import Caller
from kwartier.service.outcomes import UnknownSite
from kwartier.service.ports import Ports
from kwartier.service.session_override import NumberedOverride, SessionKey, SessionOverride, Wish
from kwartier.site.finding import Finding
from kwartier.units.instant import format_instant

# A horizon has three days at most; a departure beyond a month is a slip of the calendar.
LATEST_DEPARTURE = timedelta(days=31)


@dataclass(frozen=True)
class UnknownSession:
    """The site has no session of that id at that pole, or none that still runs."""


@dataclass(frozen=True)
class OverrideRefused:
    """Nothing was stored; every finding at once."""

    findings: tuple[Finding, ...]


def override_session(
    caller: Caller,
    site_id: str,
    session: SessionKey,
    wish: Wish,
    *,
    departure_time: datetime | None = None,
    minimum_energy_wh: float | None = None,
    ports: Ports,
) -> NumberedOverride | UnknownSite | UnknownSession | OverrideRefused:
    """The override as it is kept, with who asked and when; the site is planned with it at once.

    It holds until another one is asked for or the session ends.
    """
    if ports.sites.get(caller.partner_id, site_id) is None:
        return UnknownSite()
    now = ports.clock.now()
    override = SessionOverride(session, wish, caller.client_id, now, departure_time, minimum_energy_wh)
    if wrong := tuple(_findings(override)):
        return OverrideRefused(wrong)
    if session not in _running(caller.partner_id, site_id, ports):
        return UnknownSession()
    kept = ports.session_overrides.add(caller.partner_id, site_id, override)
    ports.turns.ask(caller.partner_id, site_id, now)
    return kept


def _running(partner_id: str, site_id: str, ports: Ports) -> set[SessionKey]:
    histories = ports.transactions.list_running(partner_id, site_id)
    return {SessionKey(one.latest.asset_id, one.latest.transaction_id) for one in histories}


def _findings(override: SessionOverride) -> Iterator[Finding]:
    """What does not fit the wish, or cannot be."""
    now, leaves_at = override.asked_at, override.departure_time
    allowed = f"after {format_instant(now)}, within {LATEST_DEPARTURE.days} days"
    if (override.wish == "leave_at") != (leaves_at is not None):
        message = "departure_time belongs to the wish leave_at, and to no other; add it or take it away"
        yield _finding(
            "departure", "$.departure_time", message, None if leaves_at is None else str(leaves_at)
        )
    elif leaves_at is not None and not now < leaves_at <= now + LATEST_DEPARTURE:
        message = "the departure must lie ahead, and not further than a month; give another moment"
        yield _finding("departure", "$.departure_time", message, format_instant(leaves_at), allowed)
    if (override.wish == "minimum") != (override.minimum_energy_wh is not None):
        message = "minimum_energy_wh belongs to the wish minimum, and to no other; add it or take it away"
        yield _finding("minimum", "$.minimum_energy_wh", message, override.minimum_energy_wh)


def _finding(
    rule: str, path: str, message: str, observed: str | float | None, allowed: str | None = None
) -> Finding:
    return Finding(f"session_override.{rule}", "ERROR", path, message, observed, allowed)
