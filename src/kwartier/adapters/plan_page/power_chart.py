"""The chart of power, stacked by device or by board, with the site's exchange with the grid on top."""

from collections.abc import Callable, Iterator, Sequence

from kwartier.adapters.plan_page import colours
from kwartier.adapters.plan_page.figure import (
    Figure,
    Trace,
    amount,
    figure,
    headline,
    kilo,
    pointer_texts,
    shorten,
    step_line,
    swatch,
    y_title,
)
from kwartier.adapters.plan_page.local_clock import LocalClock
from kwartier.adapters.plan_page.view import Column, Device, PlanView

_NOTEWORTHY_W = 5.0
_LINES_UNDER_POINTER = 12


def power_chart(view: PlanView, clock: LocalClock) -> Figure | None:
    """Power in kW, stacked by device or by board, consumption upwards, with the grid on top; None without any."""
    by_device = list(_stacked(view, list(_device_layers(view)), "device"))
    by_board = list(_stacked(view, list(_board_layers(view)), "board"))
    net_w = view.net_w()
    if not by_device and all(power_w is None for power_w in net_w):
        return None
    texts = [_power_text(view, clock, step, net_w[step]) for step in range(len(view.steps))]
    grid = step_line(
        view.steps,
        kilo(net_w),
        name="Grid (offtake +, injection −)",
        line={"color": colours.INK, "width": 2.2},
    )
    limits = [
        step_line(
            view.steps,
            kilo(limit_w, sign),
            name="Grid operator's limit",
            legendgroup="operator",
            line={"color": colours.LIMIT, "width": 1.8, "dash": "dash"},
        )
        for limit_w, sign in ((view.offtake_limit_w, 1.0), (view.injection_limit_w, -1.0))
        if any(bound_w is not None for bound_w in limit_w)
    ]
    pointer = pointer_texts(view.steps, kilo(net_w), texts)
    traces = [*by_device, *by_board, *limits, grid, pointer]
    return figure(traces, height_px=340, y_axis=y_title("kW (+ used, − delivered)"))


Layer = tuple[str, Column, str]


def _device_layers(view: PlanView) -> Iterator[Layer]:
    """Name, power and colour of each device, in the order of the stack."""
    for kind, colour in (("load", colours.LOAD), ("other", colours.EXPECTED), ("pv", colours.PV)):
        yield from ((device.name, device.power_w, colour) for device in view.of_kind(kind))
    for board_index, poles in enumerate(_poles_by_board(view).values()):
        for index, pole in enumerate(poles):
            yield pole.name, pole.power_w, colours.pole_colour(board_index, index)
    yield "Expected cars", view.expected_power_w, colours.EXPECTED
    yield from ((battery.name, battery.power_w, colours.BATTERY) for battery in view.of_kind("battery"))


def _board_layers(view: PlanView) -> Iterator[Layer]:
    """The same with the poles of a board, and the devices of any other kind, taken together."""
    names = (
        ("load", "Building", colours.LOAD),
        ("other", "Other", colours.EXPECTED),
        ("pv", "PV", colours.PV),
    )
    for kind, name, colour in names:
        yield name, _total(view.of_kind(kind), len(view.steps)), colour
    for index, (board, poles) in enumerate(_poles_by_board(view).items()):
        yield f"Poles on {board}", _total(poles, len(view.steps)), colours.board_colour(index)
    yield "Expected cars", view.expected_power_w, colours.EXPECTED
    yield "Batteries", _total(view.of_kind("battery"), len(view.steps)), colours.BATTERY


def _poles_by_board(view: PlanView) -> dict[str, list[Device]]:
    boards: dict[str, list[Device]] = {}
    for pole in view.of_kind("pole"):
        boards.setdefault(pole.board, []).append(pole)
    return boards


def _total(devices: Sequence[Device], count: int) -> Column:
    """The sum per step over the devices that are known then; None where none is."""
    totals: Column = []
    for step in range(count):
        known = [device.power_w[step] for device in devices]
        powers_w = [power_w for power_w in known if power_w is not None]
        totals.append(sum(powers_w) if powers_w else None)
    return totals


def _stacked(view: PlanView, layers: Sequence[Layer], arrangement: str) -> Iterator[Trace]:
    """The areas of one arrangement: what a layer consumes above zero, what it delivers below."""
    parts: tuple[tuple[str, Callable[[float], float]], ...] = (
        ("used", lambda power_w: max(power_w, 0.0)),
        ("delivered", lambda power_w: min(power_w, 0.0)),
    )
    for name, power_w, colour in layers:
        for part, cut in parts:
            share_w = [None if value is None else cut(value) for value in power_w]
            if not any(value is not None and abs(value) > _NOTEWORTHY_W for value in share_w):
                continue
            yield step_line(
                view.steps,
                kilo(share_w),
                name=name,
                legendgroup=f"{arrangement} {name}",
                stackgroup=f"{arrangement} {part}",
                fillcolor=colour,
                line={"width": 0, "color": colour},
                meta={"arrangement": arrangement},
            )


def _power_text(view: PlanView, clock: LocalClock, step: int, net_w: float | None) -> str:
    """The step's grid power and its devices, the largest ones where there are many."""
    rows = [(name, power_w[step], colour) for name, power_w, colour in _device_layers(view)]
    active = [row for row in rows if row[1] is not None and abs(row[1]) > _NOTEWORTHY_W]
    shown = sorted(active, key=lambda row: -abs(row[1] or 0.0))[:_LINES_UNDER_POINTER]
    lines = [headline(clock, view.steps, step), f"<b>Grid {amount(net_w, '.1f', 1e-3)} kW</b>"]
    lines += [
        swatch(colour, f"{shorten(name)} {amount(power_w, '.1f', 1e-3)} kW")
        for name, power_w, colour in shown
    ]
    if len(active) > len(shown):
        lines.append(f"… and {len(active) - len(shown)} more")
    return "<br>".join(lines)
