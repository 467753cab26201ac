"""Sessions and overrides as they are sent and read."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from kwartier.adapters.http.page_of import PageOf
from kwartier.service.read_sessions import SiteSessions
from kwartier.service.session_outlooks.account import SessionAccount
from kwartier.service.session_outlooks.outlook import Expectation, Origin, SessionOutlook
from kwartier.service.session_outlooks.planned import PlannedSession
from kwartier.service.session_override import NumberedOverride, SessionOverride, Wish
from kwartier.units.instant import Instant, format_instant
from kwartier.units.wire import WireModel

EXAMPLE_OVERRIDE: dict[str, Any] = {
    "asset_id": "fast_1",
    "transaction_id": "1000234",
    "wish": "minimum",
    "minimum_energy_wh": 12_000.0,
}

SessionName = Annotated[str, Field(min_length=1, max_length=200)]


class OverrideDocument(WireModel):
    """What is decided about a session in place of what its car told; it replaces what was decided before."""

    asset_id: SessionName
    transaction_id: SessionName
    wish: Wish = Field(
        description="`charge_now`: all it can get as soon as it can; `leave_at`: another departure; `minimum`: energy "
        "that comes before what others asked for; `as_told`: nothing is overridden any more."
    )
    departure_time: Instant | None = Field(default=None, description="With `leave_at`: when the car leaves.")
    minimum_energy_wh: Annotated[float, Field(gt=0, le=1e6)] | None = Field(
        default=None, description="With `minimum`: energy of the whole session, Wh."
    )


class OverrideKept(OverrideDocument):
    """An entry of the record of what was decided."""

    override_number: int = Field(description="The number of the entry in the site's record, from 1.")
    asked_by: str = Field(description="The id of the client or person that decided it.")
    asked_at: Instant = Field(description="When.")


class OverridePage(PageOf[OverrideKept]):
    """A page of what was decided about a site's sessions, newest first."""


class SessionAccountDocument(WireModel):
    """Energy that is known, and of it the cost and the share of sun."""

    energy_wh: float = Field(description="Energy that is known from measurements or the plan, Wh.")
    cost_eur: float | None = Field(
        description="EUR without VAT; a kWh of sun costs what injecting it would bring."
    )
    sun_ratio: float | None = Field(description="0 to 1: the part of it that the site's own roofs gave.")


class ExpectationDocument(WireModel):
    """What a running session is planned by."""

    departure: Instant
    departure_origin: Origin = Field(
        description="Whether somebody decided it, the car told it, or it is predicted."
    )
    wanted_wh: float | None = Field(description="Energy of the whole session, Wh.")
    wanted_origin: Origin = Field(description="How that energy is known.")
    minimum_wh: float | None = Field(description="What of it comes before others' requests, Wh.")


class PlannedSessionDocument(WireModel):
    """What the newest plan gives a session from now on."""

    energy_wh: float = Field(description="Energy still to come, Wh.")
    charged_by: Instant | None = Field(
        description="When its last planned charging ends; null: none is planned."
    )
    missing_wh: float = Field(description="What it asks for and does not get in time, Wh.")
    is_ready: bool = Field(description="Whether it gets all that it asks for.")


class SessionDocument(WireModel):
    """One session; `expectation` and `planned` are those of a running one, null where there are none."""

    asset_id: str
    transaction_id: str
    id_tag: str | None
    started_at: Instant
    stopped_at: Instant | None
    charged_wh: float = Field(description="What it got so far, Wh: by its messages, else as measured.")
    account: SessionAccountDocument = Field(description="Of what was measured so far.")
    whole_account: SessionAccountDocument = Field(description="Of what was measured and of what is planned.")
    expectation: ExpectationDocument | None = Field(description="What it is planned by.")
    planned: PlannedSessionDocument | None = Field(description="What the newest plan gives it.")
    override: OverrideDocument | None = Field(description="What was decided about it; null: as it told.")


class SessionsDocument(WireModel):
    """The sessions of a site at a moment."""

    at: Instant
    running: list[SessionDocument] = Field(description="By pole.")
    ended: list[SessionDocument] = Field(description="Of the last 24 h, the last to end first.")


def override_document(kept: NumberedOverride) -> dict[str, Any]:
    """The JSON value of an entry of the record."""
    override = kept.override
    return {
        "override_number": kept.override_number,
        **_decision(override),
        "asked_by": override.asked_by,
        "asked_at": format_instant(override.asked_at),
    }


def sessions_document(sessions: SiteSessions) -> dict[str, Any]:
    """The JSON value of a site's sessions."""
    return {
        "at": format_instant(sessions.at),
        "running": [_session(one) for one in sessions.running],
        "ended": [_session(one) for one in sessions.ended],
    }


def _session(outlook: SessionOutlook) -> dict[str, Any]:
    return {
        **outlook.session._asdict(),
        "id_tag": outlook.id_tag,
        "started_at": format_instant(outlook.started_at),
        "stopped_at": _moment(outlook.stopped_at),
        "charged_wh": outlook.charged_wh,
        "account": _account(outlook.account),
        "whole_account": _account(outlook.whole_account),
        "expectation": None if outlook.expectation is None else _expectation(outlook.expectation),
        "planned": None if outlook.planned is None else _planned(outlook.planned),
        "override": None if outlook.override is None else _decision(outlook.override),
    }


def _decision(override: SessionOverride) -> dict[str, Any]:
    return {
        **override.session._asdict(),
        "wish": override.wish,
        "departure_time": _moment(override.departure_time),
        "minimum_energy_wh": override.minimum_energy_wh,
    }


def _account(account: SessionAccount) -> dict[str, Any]:
    return {
        "energy_wh": account.energy_wh,
        "cost_eur": account.cost_eur,
        "sun_ratio": account.sun_share,
    }


def _expectation(expectation: Expectation) -> dict[str, Any]:
    return {
        "departure": format_instant(expectation.departure),
        "departure_origin": expectation.departure_origin,
        "wanted_wh": expectation.wanted_wh,
        "wanted_origin": expectation.wanted_origin,
        "minimum_wh": expectation.minimum_wh,
    }


def _planned(planned: PlannedSession) -> dict[str, Any]:
    return {
        "energy_wh": planned.energy_wh,
        "charged_by": _moment(planned.charged_by),
        "missing_wh": planned.missing_wh,
        "is_ready": planned.is_ready,
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else format_instant(moment)
