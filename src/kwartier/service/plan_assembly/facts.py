"""What is stored about a site at a moment, as far as a plan needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kwartier.forecasting.charging_session import PastSession
from kwartier.forecasting.like_days import WINDOW_DAYS
from kwartier.planning.request import PlanOptions
from kwartier.service.month_floors.month_floor import MonthFloor
from kwartier.service.operator_limits import OperatorLimits
from kwartier.service.session_override import SessionKey, SessionOverride
from kwartier.site.document import Site
from kwartier.site.metering.quarter_energy import QuarterEnergies
from kwartier.site.timezone import site_timezone
from kwartier.site.transaction import Transaction
from kwartier.tariffs.day_ahead.price_day import PriceDay
from kwartier.units.phase import PhaseName

# How far back a series is looked at for its forecast.
HISTORY_DAYS = WINDOW_DAYS


@dataclass(frozen=True)
class ToldCharge:
    """What a battery said last: its state of charge in percent, and when."""

    charge_percent: float
    told_at: datetime


@dataclass(frozen=True)
class SiteFacts:
    """A site at the moment `at`.

    `charges` is what each battery said last; `quarters` each measured asset's energies, all on one grid that begins
    at `history_start` and ends with the running quarter-hour; `transactions` the last message of each running session;
    `past_sessions` those of the last weeks that are over; `price_days` the days of the contract's bidding zone that
    were known at `at`, each once; `operator_limits` what the grid operator said, None where nothing;
    `shares_by_series` how the power of a series is spread over the phases, where its meter tells that; `overrides` what
    was decided last about running sessions; `month_floor` the peak that the month is expected to have anyway.
    """

    site: Site
    at: datetime
    charges: Mapping[str, ToldCharge]
    quarters: Mapping[str, QuarterEnergies]
    transactions: Sequence[Transaction]
    past_sessions: Sequence[PastSession]
    price_days: Sequence[PriceDay]
    options: PlanOptions
    operator_limits: OperatorLimits | None = None
    shares_by_series: Mapping[str, Mapping[PhaseName, float]] = field(default_factory=dict)
    overrides: Mapping[SessionKey, SessionOverride] = field(default_factory=dict)
    month_floor: MonthFloor | None = None

    @property
    def timezone(self) -> ZoneInfo:
        """The zone of the site's clocks."""
        return site_timezone(self.site)


def month_start(at: datetime, timezone: ZoneInfo) -> datetime:
    """The moment at which the local month of `at` began; the billing month of its peaks."""
    return at.astimezone(timezone).replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)


def history_start(at: datetime, timezone: ZoneInfo) -> datetime:
    """From when on measurements are needed: the month for its peaks, and the days that a forecast looks back."""
    return min(month_start(at, timezone), at - timedelta(days=HISTORY_DAYS))
