"""The AC pole: through which pins a car charges, on which phases, and how fast it may."""

from collections.abc import Sequence

from kwartier.planning.sessions import Session, make_session
from kwartier.site.devices import ChargingPole3Phase
from kwartier.site.transaction import Transaction
from kwartier.site.tree import SQRT3, Board
from kwartier.units.phase import PINS
from kwartier.units.step_grid import StepGrid


def used_pins(message: Transaction, mapped: Sequence[str]) -> tuple[str, ...]:
    """The mapped pins through which a car charges, in the order pin1, pin2, pin3."""
    in_order = [pin for pin in PINS if pin in mapped]
    named = [pin for pin in in_order if pin in (message.used_charging_pins or ())]
    if named:
        return tuple(named)
    return tuple(in_order[: message.no_charging_phases or len(in_order)])


def ac_amps_by_point(
    pole: ChargingPole3Phase, board: Board, pins: Sequence[str], point_offset: int
) -> tuple[dict[int, float], float]:
    """Amperes in each point of the root per ampere per pin, and W per ampere per pin."""
    mapping = pole.pin_to_phase_mapping
    balanced_delta = board.three_wire and len(pins) == 3
    amps_each = 1 / SQRT3 if balanced_delta else 1.0
    amps: dict[int, float] = {}
    for pin in pins:
        phase = mapping.phase_list[mapping.pin_list.index(pin)]
        point = point_offset + board.root_phase_index[phase]  # type: ignore[index]
        amps[point] = amps.get(point, 0.0) + amps_each
    return amps, len(pins) * amps_each * board.voltage_v


def ac_session(
    message: Transaction, pole: ChargingPole3Phase, board: Board, point_offset: int, grid: StepGrid
) -> Session:
    """The session of a car at an AC pole."""
    pins = used_pins(message, pole.pin_to_phase_mapping.pin_list)
    amps, watts_per_amp = ac_amps_by_point(pole, board, pins, point_offset)
    current_max_a = float(pole.line_current)
    if message.max_power is not None:
        current_max_a = min(current_max_a, message.max_power / watts_per_amp)
    return make_session(
        message,
        grid,
        is_ac=True,
        pins=pins,
        level_max=current_max_a,
        watts_per_level=watts_per_amp,
        amps=amps,
    )
