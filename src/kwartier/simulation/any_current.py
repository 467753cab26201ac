"""The same site with cars that take any current, to tell what the least one of 6 A costs (IEC 61851-1)."""

from dataclasses import replace

from kwartier.simulation.recorded_site import RecordedSite
from kwartier.site.devices import ChargingPole3Phase, DcChargingPole
from kwartier.site.tree import Board, electrical_tree


def with_any_current(recorded: RecordedSite) -> RecordedSite:
    """Each AC pole of three pins as a DC pole of its power, to which no least current applies; cars keep their power.

    A single-phase car then loads its board evenly, where a full phase might have held it back: what a board costs such
    cars counts as cost of the least current. Poles on boards of one phase stay as they are.
    """
    boards = electrical_tree(recorded.configuration).boards
    twins = {
        one.name: one
        for one in recorded.configuration.device_list
        if isinstance(one, ChargingPole3Phase) and not boards[one.collector].single_phase
    }
    configuration = recorded.configuration.model_copy(
        update={
            "device_list": [
                _direct(twins[one.name], boards[one.collector]) if one.name in twins else one
                for one in recorded.configuration.device_list
            ]
        }
    )
    cars = tuple(
        replace(car, largest_w=min(car.largest_w, _pin_w(twins[car.asset_id], boards) * car.phase_count))
        if car.asset_id in twins
        else car
        for car in recorded.cars
    )
    configurations = recorded.site.configurations.model_copy(update={"site_configuration": configuration})
    site = recorded.site.model_copy(update={"configurations": configurations})
    return replace(recorded, site=site, cars=cars)


def _direct(pole: ChargingPole3Phase, board: Board) -> DcChargingPole:
    count = len(pole.pin_to_phase_mapping.pin_list)
    return DcChargingPole(
        name=pole.name,
        collector=pole.collector,
        max_power=pole.line_current * board.voltage_v * count,
    )


def _pin_w(pole: ChargingPole3Phase, boards: dict[str, Board]) -> float:
    """What one pin can give."""
    return pole.line_current * boards[pole.collector].voltage_v
