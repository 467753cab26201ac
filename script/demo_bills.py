#!/usr/bin/env python3
"""The demo site billed under three sheets, on arrival and planned; writes docs/demo-bills.md and its plot.

Run it with script/demo-bills; without --write the page goes to standard output.
"""

import argparse
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kwartier.demo import demo_request_json
from kwartier.planning.check import check_plan
from kwartier.planning.costing import root_power_w
from kwartier.planning.plan import Plan
from kwartier.planning.planner import plan
from kwartier.planning.problem import build_problem
from kwartier.planning.request import PlanRequest
from kwartier.planning.uncontrolled import uncontrolled
from kwartier.site.dso import Dso, Fluvius, Sibelga, WalloonDso
from kwartier.site.timezone import site_timezone
from kwartier.tariffs.billing import Bill, BillFacts, DayAheadPrices, bill
from kwartier.tariffs.components import MONEY_TERM_BY_GROUP
from kwartier.tariffs.meter import LocalMonth, MeterSeries
from kwartier.units.quarter_hour import QUARTER_S

FloatArray = npt.NDArray[np.float64]

DOCS = Path(__file__).parent.parent / "docs"
MONTH = LocalMonth(2025, 10)
ROOT = "grid_connection"
MILLIWH_PER_WH = 1000
SHEETS: dict[str, Dso] = {
    "Fluvius Imewo, low voltage": Fluvius(
        dso="Fluvius", region="Imewo", connection_type="Low Voltage Network"
    ),
    "ORES, BT, two rates": WalloonDso(
        dso="ORES", region="All", connection_type="BT - heures pleines/creuses"
    ),
    "Sibelga, BT": Sibelga(dso="Sibelga", region="All", connection_type="BT"),
}
PAGE_HEAD = """# The demo site's bills

The [demo site](demo.md) on three grid operators' low-voltage sheets of 2025: its two days in October, once with every
car charging on arrival and the battery at rest, once as planned. `script/demo-bills --write` makes this page and the
plot anew.

![Bills of the demo site on three sheets, on arrival and planned](demo-bills.svg)

The amounts are EUR without VAT, from `kwartier.tariffs.bill` for October 2025 with nothing measured but the two days; a
fixed term is that of the whole month. The site's own `peak_price` is left out, so that the operator's terms count.
October and the eleven months before have seen 62 kW (invented). The connection has 110 kVA, and in Wallonia and
Brussels would belong to the class above 56 kVA, of which no amounts are known: the class below is billed instead.
What a bill does not show, the plan counts:

- **Peak on later bills**: Fluvius bills the mean of twelve months' peaks, so that a twelfth of a higher peak is on
  October's bill and the rest on the eleven after it.
- **Kept for later**: the energy in the battery, and in cars that stay beyond the two days, at the median price of the
  two days. It need not be bought again.

Bill and plan agree to half a cent, or the script stops. Revenue from drivers is the same in all cases and left out. The
sheets of ORES and Sibelga price no measured kW here: nothing holds the plan's peak down, and it is higher than on
arrival.
"""


@dataclass(frozen=True)
class Side:
    """One way to run the site: its bill by heading, EUR, and what the bill does not show."""

    energy_eur: float
    grid_eur: float
    capacity_eur: float
    levies_eur: float
    later_peak_eur: float
    kept_eur: float
    highest_kw: float

    @property
    def bill_eur(self) -> float:
        """The bill without VAT."""
        return self.energy_eur + self.grid_eur + self.capacity_eur + self.levies_eur

    @property
    def total_eur(self) -> float:
        """The bill, and what it does not show."""
        return self.bill_eur + self.later_peak_eur + self.kept_eur


def request_on(dso: Dso) -> PlanRequest:
    """The demo request with another grid operator, whose sheet prices the peaks."""
    request = PlanRequest.model_validate_json(demo_request_json())
    optimisation = request.site.configurations.optimization_configuration
    assert optimisation is not None  # noqa: S101  # the demo has one
    assert optimisation.peak_minimization is not None  # noqa: S101  # and keeps peaks low
    unpriced = optimisation.peak_minimization.model_copy(update={"peak_price": None})
    update: dict[str, Any] = {
        "dso": dso,
        "optimization_configuration": optimisation.model_copy(update={"peak_minimization": unpriced}),
    }
    configurations = request.site.configurations.model_copy(update=update)
    return request.model_copy(
        update={"site": request.site.model_copy(update={"configurations": configurations})}
    )


def metered(request: PlanRequest, net_w: FloatArray, hours: FloatArray) -> MeterSeries:
    """What the meter shows after two days of this net power; the first quarter-hour began before them."""
    first = int(request.at.timestamp() // QUARTER_S)
    milliwh = np.rint(net_w * hours * MILLIWH_PER_WH).astype(np.int64)
    offtake, injection = np.maximum(milliwh, 0), np.maximum(-milliwh, 0)
    offtake[0] += round(request.state.quarter_so_far[ROOT].offtake_wh * MILLIWH_PER_WH)
    known = np.ones(len(offtake), dtype=bool)
    return MeterSeries(first, offtake, injection, known, known)


def billed(request: PlanRequest, meter: MeterSeries) -> Bill:
    """October's bill, with the month's peak so far in this month and the eleven before."""
    assert request.day_ahead is not None  # noqa: S101  # the demo's contract is dynamic
    day_ahead = DayAheadPrices.of(
        request.day_ahead.start, request.day_ahead.eur_per_mwh, request.day_ahead.resolution
    )
    peak_kw = Decimal(str(request.state.month_peaks[ROOT].offtake_w)) / 1000
    facts = BillFacts(
        month_peaks_kw={MONTH.later(-back): peak_kw for back in range(12)},
        connection_power_kva=Decimal(110),
    )
    return bill(request.site, meter, MONTH, facts=facts, day_ahead=day_ahead)


def side_of(request: PlanRequest, made: Plan, net_w: FloatArray, *, planned: bool) -> Side:
    """One side of the comparison."""
    hours = np.array([step.hours for step in made.steps])
    meter = metered(request, net_w, hours)
    money = made.money if planned else made.uncontrolled_money
    whole = by_heading(billed(request, meter))
    unraised = by_heading(billed(request, metered(request, np.zeros_like(net_w), hours)))
    now_eur = whole["capacity"] - unraised["capacity"]
    return Side(
        energy_eur=whole["energy"],
        grid_eur=whole["grid"],
        capacity_eur=whole["capacity"],
        levies_eur=whole["levies"],
        later_peak_eur=money.peaks - now_eur,
        kept_eur=money.terminal_value,
        highest_kw=float(meter.offtake_milliwh.max()) * 4 / 1e6,
    )


def by_heading(one: Bill) -> dict[str, float]:
    """The bill's exact amounts, EUR: energy, grid, capacity, levies."""
    found = dict.fromkeys(("energy", "grid", "capacity", "levies"), 0.0)
    for line in one.lines:
        terms = {str(group): term for group, term in MONEY_TERM_BY_GROUP.items()}
        heading = "capacity" if line.component == "capacity" else terms.get(line.group, "energy")
        found[heading] += float(line.exact_eur)
    return found


def compared(dso: Dso) -> tuple[Side, Side]:
    """On arrival and planned, under one sheet; stops where the check finds anything in the plan."""
    request = request_on(dso)
    made = plan(request)
    if violations := check_plan(request, made).violations:
        raise SystemExit(f"{dso}: {violations}")
    problem = build_problem(request)
    arrival_w = root_power_w(problem, uncontrolled(problem)).sum(axis=0)
    arrival = side_of(request, made, arrival_w, planned=False)
    planned = side_of(request, made, np.array(made.offtake_w) - np.array(made.injection_w), planned=True)
    said_eur = made.uncontrolled_money.total - made.money.total
    said_eur -= made.uncontrolled_money.revenue - made.money.revenue
    if abs((arrival.total_eur - planned.total_eur) - said_eur) > 0.005:
        raise SystemExit(
            f"{dso}: bills save {arrival.total_eur - planned.total_eur}, the plan says {said_eur}"
        )
    return arrival, planned


def table_of(arrival: Side, planned: Side) -> str:
    """The two sides and what is saved."""
    rows = [
        ("energy", arrival.energy_eur, planned.energy_eur),
        ("grid, per kWh and fixed", arrival.grid_eur, planned.grid_eur),
        ("grid, capacity", arrival.capacity_eur, planned.capacity_eur),
        ("levies", arrival.levies_eur, planned.levies_eur),
        ("**bill**", arrival.bill_eur, planned.bill_eur),
        ("peak on later bills", arrival.later_peak_eur, planned.later_peak_eur),
        ("kept for later", arrival.kept_eur, planned.kept_eur),
        ("**in all**", arrival.total_eur, planned.total_eur),
    ]
    lines = ["| EUR | on arrival | planned | saved |", "|---|---:|---:|---:|"]
    lines += [f"| {name} | {a:.2f} | {p:.2f} | {a - p:.2f} |" for name, a, p in rows if a or p]
    peaks = (arrival.highest_kw, planned.highest_kw, arrival.highest_kw - planned.highest_kw)
    lines.append("| highest quarter-hour, kW | " + " | ".join(f"{kw:.1f}" for kw in peaks) + " |")
    return "\n".join(line.replace(" -0.00 ", " 0.00 ") for line in lines)


def plot_of(sides: dict[str, tuple[Side, Side]]) -> str:
    """Bars of what each way costs in all, EUR, as SVG."""
    width, bar, left = 640, 22, 220
    top = max(side.total_eur for pair in sides.values() for side in pair)
    scale = (width - left - 90) / top
    parts = []
    for number, (name, pair) in enumerate(sides.items()):
        y = 50 + number * 74
        parts.append(f'<text x="{left - 12}" y="{y + bar + 4}" text-anchor="end">{name}</text>')
        for place, (side, colour) in enumerate(zip(pair, ("#9aa5b1", "#1f7a5c"), strict=True)):
            row, length = y + place * (bar + 2), max(1.0, side.total_eur * scale)
            parts.append(f'<rect x="{left}" y="{row}" width="{length:.1f}" height="{bar}" fill="{colour}"/>')
            parts.append(f'<text x="{left + length + 8:.1f}" y="{row + 16}">{side.total_eur:.2f} EUR</text>')
    height = 50 + 74 * len(sides)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        'font-size="13" fill="#1f2933" role="img">\n'
        "<title>What two days cost the demo site on three sheets, on arrival (grey) and planned (green)</title>\n"
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>\n'
        f'<text x="{left}" y="30" fill="#52606d">two days in all: on arrival (grey), planned (green)</text>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def page_of(sides: dict[str, tuple[Side, Side]]) -> str:
    """The page."""
    parts = [PAGE_HEAD]
    for name, (arrival, planned) in sides.items():
        saved_eur = arrival.total_eur - planned.total_eur
        parts.append(f"## {name}: {saved_eur:.2f} EUR saved\n\n{table_of(arrival, planned)}\n")
    return "\n".join(parts)


def main() -> None:
    """Compare under every sheet, then print or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--write", action="store_true", help="write docs/demo-bills.md and docs/demo-bills.svg"
    )
    write = parser.parse_args().write
    assert site_timezone(request_on(SHEETS["Sibelga, BT"]).site).key == "Europe/Brussels"  # noqa: S101
    sides = {name: compared(dso) for name, dso in SHEETS.items()}
    if not write:
        print(page_of(sides), end="")
        return
    (DOCS / "demo-bills.md").write_text(page_of(sides), encoding="utf-8")
    (DOCS / "demo-bills.svg").write_text(plot_of(sides), encoding="utf-8")


if __name__ == "__main__":
    main()
