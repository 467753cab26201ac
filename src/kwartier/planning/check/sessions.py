"""Charging sessions as a request gives them: what each may take, where, when, and what it is owed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from kwartier.planning.check.flow import PhaseShare, balanced_split, pins_split
from kwartier.planning.check.grid import HOUR_S, FloatArray, Grid
from kwartier.planning.check.tree import Network
from kwartier.planning.request import ExpectedSession
from kwartier.site.devices.charging_pole_3phase import ChargingPole3Phase
from kwartier.site.devices.dc_charging_pole import DcChargingPole
from kwartier.site.transaction import Transaction
from kwartier.units.phase import PINS

Pole = ChargingPole3Phase | DcChargingPole
Message = TypeVar("Message", bound=Transaction)

# What a car of unknown need takes at most (decided in the planner's design).
UNKNOWN_NEED_WH = 40_000.0
SHORTEST_STAY_S = HOUR_S


@dataclass(frozen=True)
class Session:
    """One real or expected session, all amounts times its weight (1 for real ones).

    A load unit is 1 A on each used pin (AC) or 1 W (DC); `unit_power_w` is what one unit draws, `split` what it puts on
    each phase of the pole's collector. `share` is the part of each step in which the pole serves it. `owed_wh` is what
    of `remaining_wh` cannot wait until after the horizon.
    """

    transaction_id: str
    pole: str
    collector: str
    expected: bool
    alternating: bool
    suspended: bool
    pins: tuple[str, ...]
    split: dict[str, PhaseShare]
    start_s: float
    departure_s: float
    unit_power_w: float
    largest_load_count: float
    remaining_wh: float
    owed_wh: float
    minimum_owed_wh: float
    share: FloatArray

    @property
    def full_power_w(self) -> float:
        """The largest power while charging."""
        return self.largest_load_count * self.unit_power_w

    @property
    def six_ampere_rule(self) -> bool:
        """Whether executed steps hold 0 or at least 6 A."""
        return self.alternating and not self.expected


def latest_messages(messages: Sequence[Message]) -> list[Message]:
    """Of each transaction the message with the latest time stamp, the later in the list on a tie; none that ended."""
    latest: dict[str, Message] = {}
    for message in messages:
        known = latest.get(message.transaction_id)
        if known is None or message.timestamp >= known.timestamp:
            latest[message.transaction_id] = message
    return [message for message in latest.values() if message.transaction_state != "Ended"]


def read_sessions(
    messages: Sequence[Transaction], poles: dict[str, Pole], network: Network, grid: Grid
) -> list[Session]:
    """The sessions at a site's poles; each real one has its share of the steps that its pole gives it."""
    sessions = [
        _session(message, poles[message.asset_id], network, grid)
        for message in latest_messages(messages)
        if message.asset_id in poles
    ]
    for pole in poles:
        _share_out(sessions, pole)
    return sessions


def _share_out(sessions: list[Session], pole: str) -> None:
    """Give each step of a pole to one real session: the largest share, the earliest start, the smallest id."""
    rivals = [k for k, session in enumerate(sessions) if session.pole == pole and not session.expected]
    rivals.sort(key=lambda k: (sessions[k].start_s, sessions[k].transaction_id))
    if not rivals:
        return
    shares = np.array([sessions[k].share for k in rivals])
    # The first of equal shares wins: argmax keeps the order of the sort.
    winner = np.argmax(shares, axis=0)
    for row, k in enumerate(rivals):
        sessions[k] = replace(sessions[k], share=np.where(winner == row, shares[row], 0.0))


def used_pins(message: Transaction, pole: ChargingPole3Phase) -> tuple[str, ...]:
    """The mapped pins that a car uses, in the order pin1, pin2, pin3."""
    mapped = tuple(pin for pin in PINS if pin in pole.pin_to_phase_mapping.pin_list)
    named = tuple(pin for pin in mapped if pin in (message.used_charging_pins or ()))
    return named or mapped[: message.no_charging_phases or len(mapped)]


@dataclass(frozen=True)
class _Need:
    remaining_wh: float
    minimum_wh: float
    departure_s: float


def _session(message: Transaction, pole: Pole, network: Network, grid: Grid) -> Session:
    node = network.nodes[pole.collector]
    pins: tuple[str, ...] = ()
    if isinstance(pole, ChargingPole3Phase):
        pins = used_pins(message, pole)
        split = pins_split(node, phases_of(pole, pins))
    else:
        split = balanced_split(node)
    unit_power_w = sum(share.power_w for share in split.values())
    largest = pole.line_current if isinstance(pole, ChargingPole3Phase) else pole.max_power
    if message.max_power is not None:
        largest = min(largest, message.max_power / unit_power_w)
    need = _need(message, largest * unit_power_w, grid)
    after_horizon_wh = largest * unit_power_w * max(0.0, need.departure_s - grid.horizon_end_s) / HOUR_S
    weight = message.weight if isinstance(message, ExpectedSession) else 1.0
    start_s = message.start_time.timestamp()
    return Session(
        transaction_id=message.transaction_id,
        pole=pole.name,
        collector=node.name,
        expected=isinstance(message, ExpectedSession),
        alternating=isinstance(pole, ChargingPole3Phase),
        suspended=message.transaction_state == "SuspendedEV",
        pins=pins,
        split=split,
        start_s=start_s,
        departure_s=need.departure_s,
        unit_power_w=unit_power_w,
        largest_load_count=weight * largest,
        remaining_wh=weight * need.remaining_wh,
        owed_wh=weight * max(0.0, need.remaining_wh - after_horizon_wh),
        minimum_owed_wh=weight * max(0.0, need.minimum_wh - after_horizon_wh),
        share=grid.share(start_s, need.departure_s),
    )


def phases_of(pole: ChargingPole3Phase, pins: tuple[str, ...]) -> tuple[str, ...]:
    """The phases (three-wire: pairs) of its collector that a pole's pins hang on."""
    mapping = pole.pin_to_phase_mapping
    phase_by_pin = dict(zip(mapping.pin_list, mapping.phase_list, strict=True))
    return tuple(phase_by_pin[pin] for pin in pins)


def _need(message: Transaction, full_power_w: float, grid: Grid) -> _Need:
    """Remaining and minimum energy and the departure, given or assumed."""
    charged_wh = message.energy_charged or 0.0
    minimum_wh = max(0.0, (message.minimum_energy or 0.0) - charged_wh)
    said_wh = _said_wh(message)
    asked_wh = max(0.0, minimum_wh, UNKNOWN_NEED_WH - charged_wh if said_wh is None else said_wh)
    departure_s = _departure_s(message, asked_wh, full_power_w, grid)
    if said_wh is None:
        stay_s = departure_s - max(float(grid.start_s[0]), message.start_time.timestamp())
        said_wh = min(UNKNOWN_NEED_WH - charged_wh, full_power_w * stay_s / HOUR_S)
    return _Need(max(0.0, minimum_wh, said_wh), minimum_wh, departure_s)


def _said_wh(message: Transaction) -> float | None:
    """What the message says is still to be charged; None where it does not."""
    if message.requested_energy is not None:
        return message.requested_energy - (message.energy_charged or 0.0)
    if message.battery_capacity is not None and message.state_of_charge is not None:
        return message.battery_capacity * (100 - message.state_of_charge) / 100
    return None


def _departure_s(message: Transaction, asked_wh: float, full_power_w: float, grid: Grid) -> float:
    """The given departure, else when full power from the earliest moment on has met the need, at least an hour on."""
    if message.departure_time is not None:
        return message.departure_time.timestamp()
    at_s = float(grid.start_s[0])
    begin_s = max(at_s, message.start_time.timestamp())
    if message.transaction_state == "SuspendedEV":
        begin_s = max(begin_s, grid.executed_end_s)
    if full_power_w <= 0:
        return at_s + SHORTEST_STAY_S
    return max(at_s + SHORTEST_STAY_S, begin_s + asked_wh / full_power_w * HOUR_S)
