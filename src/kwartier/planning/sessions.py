"""From transactions to sessions: who charges where, when, how fast, and how much is owed by when."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from kwartier.planning.request import ExpectedSession
from kwartier.site.transaction import Transaction
from kwartier.site.tree import Board
from kwartier.units.quarter_hour import epoch_s
from kwartier.units.step_grid import EXECUTED_STEPS, HOUR_S, StepGrid

FloatArray = npt.NDArray[np.float64]
Message = TypeVar("Message", bound=Transaction)

# IEC 61851-1:2017 annex A.5: a pilot duty cycle for less than 6 A does not exist.
LEAST_AC_CURRENT_A = 6.0
# Decided (planner.md): a car of which nothing is known asks for at most this much, delivered energy included.
UNKNOWN_REQUEST_WH = 40_000.0
UNKNOWN_STAY_S = 3600.0


class Session(NamedTuple):
    """One car at one pole, with everything the programme needs; `level` is A per pin for AC and kW for DC.

    `owed_wh` must be charged inside the horizon, `extra_wh` may be charged on top, `minimum_wh` is the part of owed
    that `minimumEnergy` guards (nothing of an expected car). `weight` is 1 for a real car; an expected one has level
    and energies scaled by it.
    """

    transaction_id: str
    asset_id: str
    is_ac: bool
    expected: bool
    weight: float
    start_s: float
    departure_s: float
    suspended: bool
    pins: tuple[str, ...]
    level_max: float
    watts_per_level: float
    amps_per_level_by_point: dict[int, float]
    remaining_wh: float
    owed_wh: float
    minimum_wh: float

    @property
    def extra_wh(self) -> float:
        """Energy that may be charged inside the horizon but is not owed in it."""
        return self.remaining_wh - self.owed_wh

    @property
    def full_power_w(self) -> float:
        """Power at the largest level."""
        return self.level_max * self.watts_per_level


def latest_messages(transactions: Sequence[Message]) -> list[Message]:
    """The message that counts for each transaction: latest `timestamp`, then later in the list; no ended ones."""
    latest: dict[str, Message] = {}
    for message in transactions:
        known = latest.get(message.transaction_id)
        if known is None or message.timestamp >= known.timestamp:
            latest[message.transaction_id] = message
    return [message for message in latest.values() if message.transaction_state != "Ended"]


def balanced_amps_by_point(board: Board, point_offset: int) -> dict[int, float]:
    """Amperes in each point of the root per kW of balanced power; all in L1 on a 1P board."""
    points = [point_offset + board.root_phase_index[phase] for phase in board.phases]
    return dict.fromkeys(points, 1000.0 / (board.voltage_v * len(points)))


def _hours_at_full_power_s(energy_wh: float, power_w: float) -> float:
    return energy_wh / power_w * HOUR_S if power_w > 0 else 0.0


def _departure_s(
    message: Transaction, start_s: float, known_remaining_wh: float, power_w: float, grid: StepGrid
) -> float:
    if message.departure_time is not None:
        return epoch_s(message.departure_time)
    at_s = grid.begin_s
    earliest_s = max(at_s, start_s)
    if message.transaction_state == "SuspendedEV":
        earliest_s = max(earliest_s, float(grid.boundary_s[EXECUTED_STEPS]))
    if power_w <= 0:
        return at_s + UNKNOWN_STAY_S
    return max(at_s + UNKNOWN_STAY_S, earliest_s + _hours_at_full_power_s(known_remaining_wh, power_w))


def remaining_without_window_wh(message: Transaction) -> tuple[float, bool]:
    """What is left to charge in Wh as far as the message says, and whether it says so (else the 40 kWh default)."""
    charged_wh = message.energy_charged or 0.0
    if message.requested_energy is not None:
        return max(0.0, message.requested_energy - charged_wh), True
    if message.battery_capacity is not None and message.state_of_charge is not None:
        return message.battery_capacity * (100.0 - message.state_of_charge) / 100.0, True
    return max(0.0, UNKNOWN_REQUEST_WH - charged_wh), False


def make_session(
    message: Transaction,
    grid: StepGrid,
    *,
    is_ac: bool,
    pins: tuple[str, ...],
    level_max: float,
    watts_per_level: float,
    amps: dict[int, float],
) -> Session:
    """The session that a message stands for, with everything that is unknown assumed as decided.

    `level_max` in A per pin or kW, `watts_per_level` and `amps` (at each root point) per level, before any weight.
    """
    expected = message if isinstance(message, ExpectedSession) else None
    weight = 1.0 if expected is None else expected.weight
    power_w = level_max * watts_per_level
    start_s = epoch_s(message.start_time)
    minimum_wh = max(0.0, (message.minimum_energy or 0.0) - (message.energy_charged or 0.0))
    remaining_wh, known = remaining_without_window_wh(message)
    departure_s = _departure_s(message, start_s, max(remaining_wh, minimum_wh), power_w, grid)
    if not known:
        stay_s = max(0.0, departure_s - max(grid.begin_s, start_s))
        remaining_wh = min(remaining_wh, power_w * stay_s / HOUR_S)
    remaining_wh = max(remaining_wh, minimum_wh)
    later_wh = power_w * max(0.0, departure_s - grid.end_s) / HOUR_S
    return Session(
        transaction_id=message.transaction_id,
        asset_id=message.asset_id,
        is_ac=is_ac,
        expected=expected is not None,
        weight=weight,
        start_s=start_s,
        departure_s=departure_s,
        suspended=message.transaction_state == "SuspendedEV",
        pins=pins,
        level_max=level_max * weight,
        watts_per_level=watts_per_level,
        amps_per_level_by_point=amps,
        remaining_wh=remaining_wh * weight,
        owed_wh=max(0.0, remaining_wh - later_wh) * weight,
        minimum_wh=max(0.0, minimum_wh - later_wh) if expected is None else 0.0,
    )


def owned_shares(sessions: Sequence[Session], grid: StepGrid) -> FloatArray:
    """Share (0 to 1) of each step in which each session may hold its pole, shape (sessions, steps).

    A pole serves one car at a time: a step belongs to the real session with the largest share, then the earliest
    start, then the smallest transaction id. Expected sessions own nothing and share with all.
    """
    shares = grid.share_of_window(
        np.array([session.start_s for session in sessions]),
        np.array([session.departure_s for session in sessions]),
    )
    by_pole: dict[str, list[int]] = {}
    for index, session in enumerate(sessions):
        if not session.expected:
            by_pole.setdefault(session.asset_id, []).append(index)
    for rivals in by_pole.values():
        if len(rivals) > 1:
            rivals.sort(key=lambda index: (sessions[index].start_s, sessions[index].transaction_id))
            owner = np.argmax(shares[rivals], axis=0)
            for rank, index in enumerate(rivals):
                shares[index] = np.where(owner == rank, shares[index], 0.0)
    return shares
