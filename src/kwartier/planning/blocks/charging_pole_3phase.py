"""The AC pole: through which pins a car charges, on which phases, and how fast it may."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kwartier.planning.sessions import Session, make_session
from kwartier.site.devices import ChargingPole3Phase
from kwartier.site.transaction import Transaction
from kwartier.site.tree import SQRT3, Board
from kwartier.units.phase import PINS
from kwartier.units.step_grid import StepGrid


class Wiring(NamedTuple):
    """The pins through which a car charges, amperes in each point of the root and W, both per ampere per pin."""

    pins: tuple[str, ...]
    amps_by_point: dict[int, float]
    watts_per_amp: float


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


@dataclass
class AcPoles:
    """The AC poles of a site; through which pins a car charges is found once for all cars that say the same of it."""

    _wiring: dict[tuple[str, int | None, tuple[str, ...]], Wiring] = field(default_factory=dict)

    def session(
        self, message: Transaction, pole: ChargingPole3Phase, board: Board, point_offset: int, grid: StepGrid
    ) -> Session:
        """The session of a car at an AC pole."""
        said = (pole.name, message.no_charging_phases, tuple(message.used_charging_pins or ()))
        wiring = self._wiring.get(said)
        if wiring is None:
            pins = used_pins(message, pole.pin_to_phase_mapping.pin_list)
            wiring = self._wiring[said] = Wiring(pins, *ac_amps_by_point(pole, board, pins, point_offset))
        current_max_a = float(pole.line_current)
        if message.max_power is not None:
            current_max_a = min(current_max_a, message.max_power / wiring.watts_per_amp)
        return make_session(
            message,
            grid,
            is_ac=True,
            pins=wiring.pins,
            level_max=current_max_a,
            watts_per_level=wiring.watts_per_amp,
            amps=wiring.amps_by_point,
        )
