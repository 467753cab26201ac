"""The chart of one collector: the current of each phase against its limit."""

from collections.abc import Sequence

from kwartier.adapters.plan_page import colours
from kwartier.adapters.plan_page.figure import (
    Figure,
    Trace,
    amount,
    figure,
    headline,
    plain,
    pointer_texts,
    shaded,
    shorten,
    step_line,
    swatch,
    y_title,
)
from kwartier.adapters.plan_page.local_clock import LocalClock
from kwartier.adapters.plan_page.view import Collector, Column, PlanView, Violation


def collector_chart(
    view: PlanView, clock: LocalClock, collector: Collector, violations: Sequence[Violation]
) -> Figure | None:
    """A collector's phase currents against ± its limit, A; None when the plan has no currents for it."""
    if not any(current_a is not None for column in collector.current_a.values() for current_a in column):
        return None
    traces = [
        step_line(
            view.steps,
            column,
            name=phase,
            line={
                "color": colours.PHASES.get(phase, colours.MUTED),
                "dash": colours.PHASE_DASHES.get(phase, "solid"),
                "width": 2,
            },
        )
        for phase, column in collector.current_a.items()
    ]
    for sign in (1.0, -1.0):
        limit_a = [None if bound is None else sign * bound for bound in collector.limit_a]
        line = {"color": colours.LIMIT, "width": 1.8, "dash": "longdash"}
        traces.append(step_line(view.steps, limit_a, name="± limit", legendgroup="limit", line=line))
    broken = [violation for violation in violations if violation.phase in collector.current_a]
    traces += [_broken_line(view, collector, violation) for violation in broken]
    beyond = {step for violation in violations for step in violation.steps}
    bands = shaded(view.steps, [step in beyond for step in range(len(view.steps))], "var(--alarm-soft)")
    texts = [_phase_text(view, clock, collector, step) for step in range(len(view.steps))]
    traces.append(pointer_texts(view.steps, next(iter(collector.current_a.values())), texts))
    axis = {**y_title("A"), "range": _current_range(collector)}
    return figure(traces, height_px=220, y_axis=axis, shapes=bands)


def _broken_line(view: PlanView, collector: Collector, violation: Violation) -> Trace:
    """The part of a phase's line that lies beyond the limit, drawn over it."""
    marked: Column = [None] * len(view.steps)
    for step in violation.steps:
        if step < len(marked):
            marked[step] = collector.current_a[violation.phase or ""][step]
    line = {"color": colours.LIMIT, "width": 5}
    return step_line(view.steps, marked, name="Beyond the limit", legendgroup="beyond", line=line)


def _current_range(collector: Collector) -> list[float]:
    """The y range that shows the limit, and the lower one only where current flows back."""
    currents = [
        current_a for column in collector.current_a.values() for current_a in column if current_a is not None
    ]
    limits = [limit_a for limit_a in collector.limit_a if limit_a is not None]
    reach = max([*limits, max(currents), -min(currents), 1.0])
    flows_back = min(currents) < -0.02 * reach
    return [-1.12 * reach if flows_back else -0.06 * reach, 1.12 * reach]


def _phase_text(view: PlanView, clock: LocalClock, collector: Collector, step: int) -> str:
    lines = [headline(clock, view.steps, step), plain(shorten(collector.name))]
    lines += [
        swatch(colours.PHASES.get(phase, "#888888"), f"{phase} {amount(column[step], '.1f')} A")
        for phase, column in collector.current_a.items()
    ]
    return "<br>".join([*lines, f"limit ± {amount(collector.limit_a[step], '.0f')} A"])
