"""The charging sessions pole by pole: each one's window, and how hard it charges in each step."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kwartier.adapters.plan_page import colours
from kwartier.adapters.plan_page.figure import Figure, Trace, figure, plain, shorten
from kwartier.adapters.plan_page.local_clock import LocalClock, axis_time
from kwartier.adapters.plan_page.view import Device, PlanView, Session

_ROW_PX = 46
_LOW_ROW_PX = 34  # where there are many poles; a name still fits above its bar
_MANY_POLES = 16
_BAR_HEIGHT = 0.5
_IDLE_W = 1.0


@dataclass(frozen=True)
class Bar:
    """A stretch of one session on one pole in which nothing changes; `share` of the rating is 0 when idle."""

    row: int
    start: datetime
    end: datetime
    share: float
    words: tuple[str, ...]


def session_chart(view: PlanView, clock: LocalClock) -> Figure | None:
    """One row per pole that has a session or charges; None when no pole has."""
    rows = [pole for pole in view.of_kind("pole") if _sessions_of(view, pole) or _charges(pole)]
    if not rows:
        return None
    bars = _joined(bar for row, pole in enumerate(rows) for bar in _bars(view, clock, row, pole))
    windows = [
        _window(view, row, session) for row, pole in enumerate(rows) for session in _sessions_of(view, pole)
    ]
    idle, charging = [bar for bar in bars if bar.share <= 0], [bar for bar in bars if bar.share > 0]
    return figure(
        [_idle_trace(idle, rows, clock), _charging_trace(charging, rows, clock)],
        height_px=60 + (_LOW_ROW_PX if len(rows) > _MANY_POLES else _ROW_PX) * len(rows),
        y_axis={
            "range": [len(rows) - 0.42, -0.72],
            "showticklabels": False,
            "showgrid": False,
            "zeroline": False,
            "title": {"text": "charging poles", "font": {"size": 12}},
        },
        hovermode="closest",
        barmode="overlay",
        shapes=[window for window in windows if window is not None],
        annotations=[_name(row, pole) for row, pole in enumerate(rows)],
    )


def _sessions_of(view: PlanView, pole: Device) -> list[Session]:
    return [session for session in view.sessions if session.pole == pole.name]


def _charges(pole: Device) -> bool:
    return any(power_w is not None and abs(power_w) > _IDLE_W for power_w in pole.power_w)


def _bars(view: PlanView, clock: LocalClock, row: int, pole: Device) -> Iterator[Bar]:
    """The steps of each session's window, and those that charge without a session in the request."""
    sessions = _sessions_of(view, pole)
    for session in sessions:
        last = session.departure or view.steps.ends[-1]
        for step in view.steps.touched_steps(session.arrival, last):
            start = max(view.steps.starts[step], session.arrival)
            end = min(view.steps.ends[step], last)
            is_own = _transaction(pole, step) == session.transaction_id
            share = _share(pole, step) if is_own else 0.0
            yield Bar(row, start, end, share, _words(clock, pole, step, session))
    known = {session.transaction_id for session in sessions}
    for step, (start, end) in enumerate(zip(view.steps.starts, view.steps.ends, strict=True)):
        if _share(pole, step) > 0 and _transaction(pole, step) not in known:
            yield Bar(row, start, end, _share(pole, step), _words(clock, pole, step, None))


def _transaction(pole: Device, step: int) -> str | None:
    planned = pole.transaction_ids[step] if step < len(pole.transaction_ids) else None
    return None if planned is None else str(planned)


def _share(pole: Device, step: int) -> float:
    """Share of the rating, 0 when idle; a pole of unknown rating that charges counts as full."""
    power_w = pole.power_w[step]
    if power_w is None or abs(power_w) <= _IDLE_W:
        return 0.0
    share = pole.share(step)
    return 1.0 if share is None else share


def _words(clock: LocalClock, pole: Device, step: int, session: Session | None) -> tuple[str, ...]:
    """What the pole does in the step and why, then what its session asked for and gets."""
    lines = [_doing(pole, step)]
    reason = pole.reasons[step] if step < len(pole.reasons) else None
    if reason:
        lines += [f"<i>{plain(line)}</i>" for line in textwrap.wrap(str(reason), 46)]
    if session is not None:
        lines += _asked(clock, session)
    return tuple(lines)


def _joined(bars: Iterable[Bar]) -> list[Bar]:
    """Neighbours of which the same is to be said become one bar: a long plan stays light."""
    joined: list[Bar] = []
    for bar in bars:
        last = joined[-1] if joined else None
        if last and (last.row, last.end, last.share, last.words) == (
            bar.row,
            bar.start,
            bar.share,
            bar.words,
        ):
            joined[-1] = replace(last, end=bar.end)
        else:
            joined.append(bar)
    return joined


def _doing(pole: Device, step: int) -> str:
    power_w = pole.power_w[step]
    if power_w is None:
        return "power unknown"
    if abs(power_w) <= _IDLE_W:
        return "not charging"
    pins = [column[step] for column in pole.current_a.values()]
    currents = [current_a for current_a in pins if current_a is not None and abs(current_a) > 0]
    phases = "1 phase" if len(currents) == 1 else f"{len(currents)} phases"
    amperes = f"{max(currents):.1f} A on {phases}, " if currents else ""
    share = pole.share(step)
    return f"{amperes}{power_w / 1000:.1f} kW" + (
        "" if share is None else f" ({100 * share:.0f} % of its rating)"
    )


def _asked(clock: LocalClock, session: Session) -> list[str]:
    remaining_wh, planned_wh, short_wh = session.remaining_wh, session.planned_wh, session.short_wh
    asked = "energy not told" if remaining_wh is None else f"asks {remaining_wh / 1000:.1f} kWh"
    planned = "" if planned_wh is None else f", gets {planned_wh / 1000:.1f} kWh"
    short = f", short {short_wh / 1000:.1f} kWh" if short_wh else ""
    leaves = (
        "departure not told" if session.departure is None else f"leaves {clock.moment(session.departure)}"
    )
    return [
        plain(f"{shorten(session.transaction_id, 34)}: {asked}{planned}{short}"),
        f"here {clock.moment(session.arrival)}, {leaves}",
    ]


def _bar_trace(
    bars: Sequence[Bar], rows: Sequence[Device], clock: LocalClock, name: str, marker: dict[str, Any]
) -> Trace:
    """Bars on the time axis: `base` is the start, `x` the length in milliseconds."""
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "base": [axis_time(bar.start) for bar in bars],
        "x": [round((bar.end - bar.start).total_seconds() * 1000) for bar in bars],
        "y": [bar.row for bar in bars],
        "width": _BAR_HEIGHT,
        "marker": {"line": {"width": 0}, **marker},
        "hovertext": [_bar_text(bar, rows[bar.row].name, clock) for bar in bars],
        "hoverinfo": "text",
        "meta": {"legend": False},
    }


def _bar_text(bar: Bar, pole: str, clock: LocalClock) -> str:
    return "<br>".join([f"<b>{plain(shorten(pole))}</b>  {clock.span(bar.start, bar.end)}", *bar.words])


def _idle_trace(bars: Sequence[Bar], rows: Sequence[Device], clock: LocalClock) -> Trace:
    return _bar_trace(bars, rows, clock, "Plugged in", {"color": colours.TRACK})


def _charging_trace(bars: Sequence[Bar], rows: Sequence[Device], clock: LocalClock) -> Trace:
    shades = [colours.charging_colour(bar.share) for bar in bars]
    return _bar_trace(bars, rows, clock, "Charging", {"color": shades})


def _window(view: PlanView, row: int, session: Session) -> dict[str, Any] | None:
    """The outline of a session's window within the horizon; red where energy falls short."""
    start = max(session.arrival, view.steps.starts[0])
    end = min(session.departure or view.steps.ends[-1], view.steps.ends[-1])
    if end <= start:
        return None
    is_short = bool(session.short_wh and session.short_wh > _IDLE_W)
    return {
        "type": "rect",
        "xref": "x",
        "yref": "y",
        "x0": axis_time(start),
        "x1": axis_time(end),
        "y0": row - _BAR_HEIGHT / 2,
        "y1": row + _BAR_HEIGHT / 2,
        "line": {
            "color": colours.LIMIT if is_short else colours.MUTED,
            "width": 2 if is_short else 1,
            "dash": "solid" if session.departure else "dot",
        },
        "layer": "above",
    }


def _name(row: int, pole: Device) -> dict[str, Any]:
    """The pole's name above its row, inside the chart: long names need no margin."""
    return {
        "xref": "paper",
        "yref": "y",
        "x": 0,
        "xanchor": "left",
        "xshift": 3,
        "y": row - _BAR_HEIGHT / 2,
        "yanchor": "bottom",
        "text": plain(shorten(pole.name, 40)),
        "showarrow": False,
        "font": {"size": 11, "color": colours.MUTED},
        "borderpad": 0,
    }
