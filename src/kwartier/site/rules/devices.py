"""Poles and series: pins and phases that exist, and what can be measured."""

from collections.abc import Iterator

from kwartier.site.devices.charging_pole_3phase import ChargingPole3Phase
from kwartier.site.devices.dc_charging_pole import DcChargingPole
from kwartier.site.devices.forecasted_series_3phase import ForecastedSeries3Phase
from kwartier.site.json_path import as_text, step_into
from kwartier.site.rules.rule import Problem, rule
from kwartier.site.rules.survey import Survey
from kwartier.units.phase import PHASES, PINS


def _poles(survey: Survey) -> Iterator[tuple[str, ChargingPole3Phase]]:
    for path, device in survey.devices:
        if isinstance(device, ChargingPole3Phase):
            yield f"{path}.pin_to_phase_mapping", device


@rule(
    "pole.mapping_length",
    "ERROR",
    "`pin_list` and `phase_list` differ in length, or have not one to three entries",
)
def mapping_length(survey: Survey) -> Iterator[Problem]:
    """One problem for each pole whose pins and phases don't pair up."""
    for path, pole in _poles(survey):
        mapping = pole.pin_to_phase_mapping
        pins, phases = len(mapping.pin_list), len(mapping.phase_list)
        if pins != phases or not 1 <= pins <= len(PINS):
            yield Problem(
                path,
                f"device {as_text(pole.name)}: pin_list has {pins} entries and phase_list {phases}; pin_list[i] hangs "
                "on phase_list[i], so name one to three of each",
                f"{pins} and {phases}",
                "two lists of one length, 1 to 3",
            )


@rule("pole.repeated_pin", "ERROR", "a pin stands twice in a mapping")
def repeated_pin(survey: Survey) -> Iterator[Problem]:
    """One problem for each pole with a pin on two phases."""
    for path, pole in _poles(survey):
        pins = pole.pin_to_phase_mapping.pin_list
        if len(set(pins)) < len(pins) and (repeated := [pin for pin in PINS if pins.count(pin) > 1]):
            yield Problem(
                step_into(path, "pin_list"),
                f"device {as_text(pole.name)}: {', '.join(repeated)} stands twice; name each pin once",
                pins,
                "each pin once",
            )


@rule("pole.repeated_phase", "ERROR", "a phase stands twice in a mapping")
def repeated_phase(survey: Survey) -> Iterator[Problem]:
    """One problem for each pole with two pins on one phase."""
    for path, pole in _poles(survey):
        phases = pole.pin_to_phase_mapping.phase_list
        if len(set(phases)) < len(phases) and (
            repeated := [name for name in PHASES if phases.count(name) > 1]
        ):
            yield Problem(
                step_into(path, "phase_list"),
                f"device {as_text(pole.name)}: {', '.join(repeated)} stands twice; each pin has a phase of its own",
                phases,
                "each phase once",
            )


@rule("pole.phase_not_on_collector", "ERROR", "a pin hangs on a phase that the pole's collector has not")
def phase_not_on_collector(survey: Survey) -> Iterator[Problem]:
    """One problem for each phase of a pole that its collector lacks."""
    for path, pole in _poles(survey):
        board = survey.board_of.get(pole.collector)
        there = survey.phases(board) if board is not None else None
        if there is None:
            continue
        for index, phase in enumerate(pole.pin_to_phase_mapping.phase_list):
            if phase in PHASES and phase not in there:
                yield Problem(
                    step_into(step_into(path, "phase_list"), index),
                    f"device {as_text(pole.name)}: phase {phase} does not exist, collector "
                    f"{as_text(pole.collector)} is 1P and has L1 only; write L1 or name a 3P collector",
                    phase,
                    ", ".join(sorted(there)),
                )


@rule("dc_pole.on_1p", "ERROR", "a DC charging pole hangs on a single-phase collector")
def dc_pole_on_single_phase(survey: Survey) -> Iterator[Problem]:
    """One problem for each DC pole that can't spread its power over three phases."""
    for path, device in survey.devices:
        if not isinstance(device, DcChargingPole):
            continue
        board = survey.board_of.get(device.collector)
        if board is not None and survey.phases(board) == frozenset({"L1"}):
            yield Problem(
                step_into(path, "collector"),
                f"device {as_text(device.name)} loads three phases evenly, and collector "
                f"{as_text(device.collector)} is 1P; name a 3P collector",
                device.collector,
                "a 3P collector",
            )


@rule("series.aggregated_twice", "WARNING", "two series without a meter of their own share one collector")
def aggregated_twice(survey: Survey) -> Iterator[Problem]:
    """One problem for each series after the first of its collector: one rest can't be split into two series."""
    first: dict[str, str] = {}
    for path, device in survey.devices:
        if not isinstance(device, ForecastedSeries3Phase) or not device.should_be_aggregated:
            continue
        if device.collector in first:
            yield Problem(
                step_into(path, "should_be_aggregated"),
                f"device {as_text(device.name)}: what collector {as_text(device.collector)} measures beyond its "
                f"meters is {as_text(first[device.collector])} already; only one series can be that rest",
                allowed="one aggregated series for each collector",
                observed=True,
            )
        first.setdefault(device.collector, device.name)
