"""The chart of the batteries' state of charge."""

from typing import Any

from kwartier.adapters.plan_page import colours
from kwartier.adapters.plan_page.figure import (
    Figure,
    Trace,
    amount,
    figure,
    headline,
    pointer_texts,
    shorten,
    swatch,
    y_title,
)
from kwartier.adapters.plan_page.local_clock import LocalClock, axis_time
from kwartier.adapters.plan_page.view import Device, PlanView


def charge_chart(view: PlanView, clock: LocalClock) -> Figure | None:
    """The batteries' state of charge in percent; None when there is no battery whose charge is known."""
    batteries = [
        battery
        for battery in view.of_kind("battery")
        if any(percent is not None for percent in battery.state_of_charge)
    ]
    if not batteries:
        return None
    traces = [_charge_line(view, battery, index) for index, battery in enumerate(batteries)]
    texts = [
        "<br>".join(
            [headline(clock, view.steps, step)]
            + [_charge_text(battery, index, step) for index, battery in enumerate(batteries)]
        )
        for step in range(len(view.steps))
    ]
    traces.append(pointer_texts(view.steps, batteries[0].state_of_charge, texts))
    axis = {**y_title("% of capacity"), "range": [-2, 104]}
    return figure(traces, height_px=210, y_axis=axis)


def _charge_line(view: PlanView, battery: Device, index: int) -> Trace:
    """From the state now over the state at the end of each step; between them power is constant, so straight."""
    colour = colours.BATTERIES[index % len(colours.BATTERIES)]
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "name": battery.name,
        "x": [axis_time(moment) for moment in (view.steps.starts[0], *view.steps.ends)],
        "y": [battery.stored_now_percent, *battery.state_of_charge],
        "line": {"color": colour, "width": 2.4},
        "hoverinfo": "skip",
    }
    return trace


def _charge_text(battery: Device, index: int, step: int) -> str:
    percent = battery.state_of_charge[step]
    text = f"{shorten(battery.name)} {amount(percent, '.1f')} %"
    if percent is not None and battery.capacity_wh is not None:
        text += f" = {percent * battery.capacity_wh / 1e5:.1f} kWh"
    power_text = f", {amount(battery.power_w[step], '.1f', 1e-3)} kW"
    return swatch(colours.BATTERIES[index % len(colours.BATTERIES)], text + power_text)
