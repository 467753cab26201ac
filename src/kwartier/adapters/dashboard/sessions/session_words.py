"""What is said about a session: whether it will be ready, when it leaves, what was decided."""

from dataclasses import dataclass
from datetime import datetime

from kwartier.adapters.dashboard.figures import UNKNOWN, Figures
from kwartier.service.session_outlooks.account import SessionAccount
from kwartier.service.session_outlooks.outlook import SessionOutlook
from kwartier.service.session_outlooks.planned import READY_WITHIN_WH
from kwartier.service.session_override import SessionOverride
from kwartier.service.user import CALLER_PREFIX


@dataclass(frozen=True)
class Verdict:
    """Whether a session will be ready, in a few words, and the tone of it: good, bad, or plain."""

    text: str
    tone: str


def verdict(outlook: SessionOutlook, figures: Figures) -> Verdict:
    """The verdict on a running session, by the newest plan."""
    words, planned = figures.words, outlook.planned
    if has_all(outlook):
        return Verdict(words("sessions.has_all"), "good")
    if planned is None:
        return Verdict(words("sessions.not_planned"), "plain")
    if planned.is_ready:
        return Verdict(words("sessions.will_be_ready"), "good")
    return Verdict(words("sessions.will_lack", energy=figures.energy(planned.missing_wh)), "bad")


def is_ready_in_time(outlook: SessionOutlook) -> bool:
    """Whether it has, or will have, all that it asks for."""
    return has_all(outlook) or (outlook.planned is not None and outlook.planned.is_ready)


def has_all(outlook: SessionOutlook) -> bool:
    """Whether it has all that it asks for already."""
    wanted_wh = None if outlook.expectation is None else outlook.expectation.wanted_wh
    return wanted_wh is not None and outlook.charged_wh >= wanted_wh - READY_WITHIN_WH


def sun(account: SessionAccount, figures: Figures) -> str:
    """The share of sun."""
    return UNKNOWN if account.sun_share is None else figures.percent(account.sun_share * 100.0)


def decision(override: SessionOverride, figures: Figures, now: datetime) -> str:
    """«Leaves at 16:30»."""
    return figures.words(
        f"sessions.decided_{override.wish}",
        time=figures.day_clock(override.departure_time, now),
        energy=figures.energy(override.minimum_energy_wh),
    )


def decider(override: SessionOverride) -> str:
    """Who decided it: a person's name, or a client's id."""
    return override.asked_by.removeprefix(CALLER_PREFIX)
