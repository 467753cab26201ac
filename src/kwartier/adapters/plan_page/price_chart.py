"""The chart of the prices that the plan used; hours with a negative price are shaded."""

from kwartier.adapters.plan_page import colours
from kwartier.adapters.plan_page.figure import (
    Figure,
    amount,
    figure,
    headline,
    pointer_texts,
    shaded,
    step_line,
    swatch,
    y_title,
)
from kwartier.adapters.plan_page.local_clock import LocalClock
from kwartier.adapters.plan_page.view import Column, PlanView


def price_chart(view: PlanView, clock: LocalClock) -> Figure | None:
    """Offtake and injection price per step in EUR/MWh; None when the plan has no prices."""
    columns = (
        ("Offtake price", view.offtake_eur_per_mwh, colours.OFFTAKE_PRICE, "solid"),
        ("Injection price", view.injection_eur_per_mwh, colours.INJECTION_PRICE, "dash"),
    )
    known = [row for row in columns if any(price is not None for price in row[1])]
    if not known:
        return None
    texts = [
        "<br>".join(
            [headline(clock, view.steps, step)]
            + [
                swatch(colour, f"{name} {amount(prices[step], '.1f')} EUR/MWh")
                for name, prices, colour, _ in known
            ]
        )
        for step in range(len(view.steps))
    ]
    traces = [
        step_line(view.steps, prices, name=name, line={"color": colour, "width": 2.2, "dash": dash})
        for name, prices, colour, dash in known
    ]
    shapes = shaded(view.steps, negative_steps(view.injection_eur_per_mwh), "var(--negative-soft)")
    shapes += shaded(view.steps, negative_steps(view.offtake_eur_per_mwh), "var(--negative)")
    traces.append(pointer_texts(view.steps, known[0][1], texts))
    return figure(traces, height_px=230, y_axis=y_title("EUR/MWh"), shapes=shapes)


def negative_steps(prices_eur_per_mwh: Column) -> list[bool]:
    """Which steps have a price below zero."""
    return [price is not None and price < 0 for price in prices_eur_per_mwh]
