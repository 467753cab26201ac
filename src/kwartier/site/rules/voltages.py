"""The nominal voltages of the tree: known at every collector, and one network from root to leaf."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kwartier.site.collector import Collector
from kwartier.site.json_path import as_text, step_into
from kwartier.site.rules.rule import Problem, rule
from kwartier.site.rules.survey import Board, Survey
from kwartier.site.tree import THREE_WIRE_LINE_VOLTAGE_V, load_voltage_v

TOLERANCE_RATIO = 0.05


@dataclass(frozen=True)
class Voltage:
    """A nominal voltage: between two lines, and whether there is a neutral (four wires)."""

    wires: Literal["three-wire", "four-wire"]
    line_v: float

    def __str__(self) -> str:
        """As the messages print it."""
        if self.wires == "three-wire":
            return f"three-wire 3x{self.line_v:.0f} V"
        return f"four-wire {self.line_v / math.sqrt(3):.0f}/{self.line_v:.0f} V"


def own_voltage(collector: Collector) -> Voltage | None:
    """What a collector says itself; `phase_voltage` wins. None where it says nothing."""
    given = load_voltage_v(collector)
    if given is None:
        return None
    load_v, is_three_wire = given
    return Voltage("three-wire", load_v) if is_three_wire else Voltage("four-wire", load_v * math.sqrt(3))


def _is_known(survey: Survey, board: Board) -> bool:
    return all(survey.is_readable(step_into(board.path, key)) for key in ("line_voltage", "phase_voltage"))


def _with_other_above(survey: Survey) -> Iterator[tuple[Board, Voltage, Board, Voltage]]:
    """Each collector that gives a voltage, with the topmost one above it, both as they say themselves."""
    top: dict[str, tuple[Board, Voltage] | None] = {}
    for name in survey.tree.order:
        board = survey.board_of[name]
        own = own_voltage(board.collector) if _is_known(survey, board) else None
        parent = survey.tree.parent_of.get(name)
        above = top[parent] if parent is not None else None
        if own is not None and above is not None:
            yield board, own, *above
        top[name] = above or ((board, own) if own is not None else None)


def _is_three_wire_line(line_voltage_v: float) -> bool:
    low_v, high_v = THREE_WIRE_LINE_VOLTAGE_V
    return low_v <= line_voltage_v <= high_v


def _is_close(value: float, other: float) -> bool:
    return abs(value - other) <= TOLERANCE_RATIO * other


@rule("voltage.missing", "ERROR", "a collector without a parent gives neither line_voltage nor phase_voltage")
def voltage_missing(survey: Survey) -> Iterator[Problem]:
    """One problem for each root without a voltage."""
    for board in survey.roots():
        if own_voltage(board.collector) is None and _is_known(survey, board):
            yield Problem(
                board.path,
                f"collector {as_text(board.collector.name)} has no parent to inherit a voltage from; give its "
                "phase_voltage (230) or line_voltage (400, or 230 for a three-wire network)",
                allowed="line_voltage or phase_voltage in V",
            )


@rule("voltage.disagreement", "WARNING", "line_voltage and √3 × phase_voltage differ by more than 5 %")
def voltage_disagreement(survey: Survey) -> Iterator[Problem]:
    """One problem for each collector whose two voltages don't fit."""
    for board in survey.boards:
        line_v, phase_v = board.collector.line_voltage, board.collector.phase_voltage
        if line_v is None or phase_v is None or _is_close(line_v, phase_v * math.sqrt(3)):
            continue
        yield Problem(
            step_into(board.path, "line_voltage"),
            f"collector {as_text(board.collector.name)}: line_voltage {line_v} V is not √3 × phase_voltage "
            f"{phase_v} V = {phase_v * math.sqrt(3):.0f} V; phase_voltage is used, correct one or leave one out"
            f"{_three_wire_hint(line_v)}",
            line_v,
            f"{phase_v * math.sqrt(3):.0f} V within 5 %",
        )


def _three_wire_hint(line_voltage_v: float) -> str:
    if _is_three_wire_line(line_voltage_v):
        return " (a three-wire 3x230 V network has a line_voltage only)"
    return ""


@rule(
    "voltage.three_wire_as_four_wire",
    "WARNING",
    "phase_voltage makes a network of 200 to 260 V between lines four-wire; such networks mostly have no neutral",
)
def voltage_looks_three_wire(survey: Survey) -> Iterator[Problem]:
    """One problem for each collector with 230 V between lines and the phase voltage calculated from it."""
    for board in survey.boards:
        line_v, phase_v = board.collector.line_voltage, board.collector.phase_voltage
        if line_v is None or phase_v is None or not _is_close(line_v, phase_v * math.sqrt(3)):
            continue
        if _is_three_wire_line(line_v):
            yield Problem(
                step_into(board.path, "phase_voltage"),
                f"collector {as_text(board.collector.name)} is read as four-wire with {phase_v} V to neutral; "
                "for a three-wire 3x230 V network leave phase_voltage out",
                phase_v,
                "none on a three-wire network",
            )


@rule("voltage.network_mismatch", "ERROR", "three-wire and four-wire voltages stand in one tree")
def voltage_network_mismatch(survey: Survey) -> Iterator[Problem]:
    """One problem for each collector whose network is of another kind than its tree's."""
    for board, own, top_board, top in _with_other_above(survey):
        if own.wires != top.wires:
            key = "phase_voltage" if board.collector.phase_voltage is not None else "line_voltage"
            yield Problem(
                step_into(board.path, key),
                f"collector {as_text(board.collector.name)} is {own} by its {key}, and "
                f"{as_text(top_board.collector.name)} above it is {top}; leave the voltages out here to inherit "
                "them, or correct the wrong one",
                str(own),
                str(top),
            )


@rule(
    "voltage.differs_in_tree",
    "ERROR",
    "voltages in one tree differ by more than 5 %; there are no transformers",
)
def voltage_differs(survey: Survey) -> Iterator[Problem]:
    """One problem for each collector whose voltage is not its tree's."""
    for board, own, top_board, top in _with_other_above(survey):
        if own.wires == top.wires and not _is_close(own.line_v, top.line_v):
            key = "phase_voltage" if board.collector.phase_voltage is not None else "line_voltage"
            yield Problem(
                step_into(board.path, key),
                f"collector {as_text(board.collector.name)} is {own}, and {as_text(top_board.collector.name)} above "
                f"it is {top}; write one voltage for the tree, or describe what is behind a transformer as a site "
                "of its own",
                str(own),
                f"{top} within 5 %",
            )
