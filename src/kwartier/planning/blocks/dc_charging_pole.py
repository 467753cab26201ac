"""The DC pole: one power, balanced over three phases."""

from kwartier.planning.sessions import Session, balanced_amps_by_point, make_session
from kwartier.site.devices import DcChargingPole
from kwartier.site.transaction import Transaction
from kwartier.site.tree import Board
from kwartier.units.step_grid import StepGrid


def dc_session(
    message: Transaction, pole: DcChargingPole, board: Board, point_offset: int, grid: StepGrid
) -> Session:
    """The session of a car at a DC pole."""
    power_max_w = pole.max_power if message.max_power is None else min(pole.max_power, message.max_power)
    return make_session(
        message,
        grid,
        is_ac=False,
        pins=(),
        level_max=power_max_w / 1000.0,
        watts_per_level=1000.0,
        amps=balanced_amps_by_point(board, point_offset),
    )
