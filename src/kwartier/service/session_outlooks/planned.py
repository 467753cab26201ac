"""What the newest plan gives a session from a moment on."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from kwartier.planning.plan import DevicePlan, Plan
from kwartier.service.session_outlooks.account import SessionAccount, Surroundings, session_account
from kwartier.service.session_outlooks.connection import Connection, connection_of
from kwartier.service.session_override import SessionKey
from kwartier.site.document import SiteConfiguration
from kwartier.units.quarter_hour import epoch_s, from_epoch_s

FloatArray = npt.NDArray[np.float64]

# Less is rounding of a plan, and no driver notices it: a hundred metres of driving.
READY_WITHIN_WH = 20.0
SECONDS_PER_HOUR = 3600.0
WATT = 1.0


@dataclass(frozen=True)
class PlannedSession:
    """What a plan gives a session from a moment on: energy, when its last charging ends, and what it will lack.

    `charged_by` is None where nothing is planned any more; `missing_wh` what it asks for and does not get in time.
    """

    energy_wh: float
    charged_by: datetime | None
    missing_wh: float
    account: SessionAccount

    @property
    def is_ready(self) -> bool:
        """Whether it gets all that it asks for."""
        return self.missing_wh <= READY_WITHIN_WH


def planned_session(
    plan: Plan, configuration: SiteConfiguration, session: SessionKey, at: datetime, departure: datetime
) -> PlannedSession | None:
    """The plan's part of a session from `at` on; None where the plan does not know it.

    A long step ends after a departure in it, and the charging with the departure.
    """
    device = plan.devices.get(session.asset_id)
    missing_wh = plan.unserved_wh.get(session.transaction_id)
    connection = connection_of(configuration, session.asset_id)
    if device is None or device.transaction_id is None or missing_wh is None or connection is None:
        return None
    is_own = np.array([one == session.transaction_id for one in device.transaction_id])
    start_s = np.array([epoch_s(step.start) for step in plan.steps])
    hours = np.array([step.hours for step in plan.steps])
    left_hours = np.clip(start_s / SECONDS_PER_HOUR + hours - epoch_s(at) / SECONDS_PER_HOUR, 0.0, hours)
    power_w = np.where(is_own, np.array(device.power_w), 0.0)
    charging = np.flatnonzero((power_w > WATT) & (left_hours > 0.0))
    energy_wh = power_w * left_hours
    ends_s = start_s + hours * SECONDS_PER_HOUR
    return PlannedSession(
        energy_wh=float(energy_wh.sum()),
        charged_by=min(departure, from_epoch_s(float(ends_s[charging[-1]]))) if len(charging) else None,
        missing_wh=missing_wh,
        account=session_account(energy_wh, _around(plan, connection, left_hours)),
    )


def _around(plan: Plan, connection: Connection, hours: FloatArray) -> Surroundings:
    nothing, unknown = np.zeros_like(hours), np.full_like(hours, np.nan)
    root = plan.collectors.get(connection.root)
    prices = plan.prices
    return Surroundings(
        unknown if root is None else np.array(root.power_w) * hours,
        sum((_given_w(plan.devices.get(roof.name)) * hours for roof in connection.roofs), nothing),
        sum((_given_w(plan.devices.get(name)) * hours for name in connection.batteries), nothing),
        unknown if prices is None else np.array(prices.offtake_eur_per_mwh),
        unknown if prices is None else np.array(prices.injection_eur_per_mwh),
    )


def _given_w(device: DevicePlan | None) -> FloatArray:
    """The power that a device delivers in each step, W, at least 0."""
    return np.zeros(1) if device is None else np.maximum(0.0, -np.array(device.power_w))
