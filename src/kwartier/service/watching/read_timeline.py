"""Read a site's last day and its plan as one timeline of quarter-hours."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime

import numpy as np

from kwartier.planning.plan import Plan
from kwartier.service.asset_rating import asset_rating_w
from kwartier.service.caller import Caller
from kwartier.service.measurement_row import epoch_us
from kwartier.service.outcomes import UnknownSite
from kwartier.service.plannable_site import plannable_site
from kwartier.service.planning_outcomes import NotPlannable, UnknownPlan
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_archive import Span
from kwartier.service.quarter_prices import quarter_prices
from kwartier.service.watching.planned_past import PlannedPast, PlannedQuarter
from kwartier.service.watching.site_timeline import BoardLine, Column, DeviceLine, SiteTimeline
from kwartier.site.devices import ForecastedSeries3Phase
from kwartier.site.document import Site, SiteConfiguration
from kwartier.site.metering.quarter_energy import LARGEST_GAP_S, quarter_energies
from kwartier.site.metering.readings import FloatArray
from kwartier.site.tree import electrical_tree
from kwartier.units.quarter_hour import QUARTER_H, QUARTER_S, epoch_s, from_epoch_s, quarter_start_s

PAST_QUARTERS_COUNT = 96


def read_timeline(
    caller: Caller, site_id: str, *, ports: Ports, past: PlannedPast
) -> SiteTimeline | UnknownSite | NotPlannable | UnknownPlan:
    """The timeline of the plan in force; `past` remembers what plans said of quarter-hours that are over."""
    site = plannable_site(caller.partner_id, site_id, sites=ports.sites)
    if not isinstance(site, Site):
        return site
    now = ports.clock.now()
    record = ports.plans.in_force(caller.partner_id, site_id, now)
    if record is None:
        return UnknownPlan()
    return _Timeline(caller.partner_id, site, now, record.plan, ports, past).read(record.stored_at)


class _Timeline:
    """One reading: the grid of quarter-hours, and what lies on it."""

    def __init__(
        self, partner_id: str, site: Site, now: datetime, plan: Plan, ports: Ports, past: PlannedPast
    ) -> None:
        configuration = site.planned_configuration
        self._partner_id, self._site, self._plan, self._ports = partner_id, site, plan, ports
        self._configuration: SiteConfiguration = configuration
        self._now, self._present_s = now, quarter_start_s(epoch_s(now))
        self._first_s = self._present_s - PAST_QUARTERS_COUNT * QUARTER_S
        last = plan.steps[-1]
        end_s = epoch_s(last.start) + last.hours * 3600
        self._count = max(PAST_QUARTERS_COUNT + 1, int(-(-(end_s - self._first_s) // QUARTER_S)))
        self._starts = tuple(from_epoch_s(self._first_s + n * QUARTER_S) for n in range(self._count))
        self._step = _steps_at(plan, [epoch_s(start) for start in self._starts])
        before = self._starts[:PAST_QUARTERS_COUNT]
        self._past = past.quarters(partner_id, site.site_id, before, plans=ports.plans)

    def read(self, planned_at: datetime) -> SiteTimeline:
        plan, prices = self._plan, self._plan.prices
        offtake, injection = self._past_prices()
        grid_w = [off - into for off, into in zip(plan.offtake_w, plan.injection_w, strict=True)]
        roots = electrical_tree(self._configuration).roots
        return SiteTimeline(
            at=self._now,
            starts=self._starts,
            present_index=PAST_QUARTERS_COUNT,
            plan_id=plan.plan_id,
            planned_at=planned_at,
            status=plan.status,
            devices=tuple(self._device(name) for name in self._names()),
            boards=tuple(self._board(name) for name in plan.collectors),
            measured_grid_w=_sum([self._measured_w(root.name) for root in roots]),
            planned_grid_w=self._column(grid_w, lambda one: one.grid_w),
            offtake_eur_per_mwh=[*offtake, *self._ahead(prices.offtake_eur_per_mwh if prices else [])],
            injection_eur_per_mwh=[*injection, *self._ahead(prices.injection_eur_per_mwh if prices else [])],
            reasons={name: self._sentences(said) for name, said in plan.reasons.items()},
            money=plan.money,
            uncontrolled_money=plan.uncontrolled_money,
            short_wh=sum(plan.unserved_wh.values()),
            warnings=tuple(plan.warnings),
        )

    def _names(self) -> list[str]:
        return [device.name for device in self._configuration.device_list]

    def _column(
        self, planned: Sequence[float | None], of_past: Callable[[PlannedQuarter], float | None]
    ) -> Column:
        """What was planned before now, and what the plan says from now on."""
        return [*(None if one is None else of_past(one) for one in self._past), *self._ahead(planned)]

    def _ahead(self, planned: Sequence[float | None]) -> Column:
        steps = self._step[PAST_QUARTERS_COUNT:]
        return [None if step is None or step >= len(planned) else planned[step] for step in steps]

    def _past_prices(self) -> tuple[Column, Column]:
        """What a MWh cost in the quarter-hours that are over; None where nobody knows."""
        start_s = self._first_s + QUARTER_S * np.arange(PAST_QUARTERS_COUNT, dtype=np.float64)
        table = quarter_prices(self._partner_id, self._site, start_s, prices=self._ports.prices)
        if table is None:
            return [None] * PAST_QUARTERS_COUNT, [None] * PAST_QUARTERS_COUNT
        return _known(table.offtake_eur_per_mwh), _known(table.injection_eur_per_mwh)

    def _sentences(self, said: Sequence[str]) -> list[str]:
        return ["" if step is None or step >= len(said) else said[step] for step in self._step]

    def _device(self, name: str) -> DeviceLine:
        device = next(one for one in self._configuration.device_list if one.name == name)
        planned = self._plan.devices.get(name)
        return DeviceLine(
            name=name,
            kind=str(device.type),
            forecast_type=device.forecast_type if isinstance(device, ForecastedSeries3Phase) else None,
            measured_w=self._measured_w(name),
            planned_w=self._column(
                planned.power_w if planned else [], lambda one: one.power_w_by_device.get(name)
            ),
            planned_percent=self._column(
                (planned.state_of_charge or []) if planned else [],
                lambda one: one.percent_by_battery.get(name),
            ),
        )

    def _board(self, name: str) -> BoardLine:
        planned = self._plan.collectors[name]
        board = electrical_tree(self._configuration).boards[name]
        phases = {
            phase: self._column(currents, _current_a(name, phase))
            for phase, currents in planned.current_a.items()
        }
        return BoardLine(name, board.limit_a, phases)

    def _measured_w(self, asset_id: str) -> Column:
        """The mean power of each quarter-hour that is over and known whole, W."""
        span = Span(int((self._first_s - LARGEST_GAP_S) * 1e6), epoch_us(self._now) + 1)
        told = self._ports.measurements.readings(self._partner_id, self._site.site_id, asset_id, span)
        found = quarter_energies(told, self._first_s, self._present_s, asset_rating_w(self._site, asset_id))
        known = _known(np.where(found.is_known, found.energy_wh / QUARTER_H, np.nan))
        return [*known, *[None] * (self._count - len(known))]


def _steps_at(plan: Plan, start_s: Sequence[float]) -> list[int | None]:
    """The step of a plan in which each quarter-hour begins, or that begins in it; None outside the plan."""
    steps_s = [epoch_s(step.start) for step in plan.steps]
    end_s = steps_s[-1] + plan.steps[-1].hours * 3600
    found: list[int | None] = []
    for moment_s in start_s:
        number = max(0, bisect_right(steps_s, moment_s) - 1)
        is_in = steps_s[number] < moment_s + QUARTER_S and moment_s < end_s
        found.append(number if is_in else None)
    return found


def _current_a(board: str, phase: str) -> Callable[[PlannedQuarter], float | None]:
    """What a plan said of a board's phase."""
    return lambda quarter: quarter.current_a_by_board.get(board, {}).get(phase)


def _known(values: FloatArray) -> Column:
    """NaN is what nobody knows."""
    return [None if np.isnan(one) else float(one) for one in values]


def _sum(columns: Sequence[Column]) -> Column:
    """The sum of each quarter-hour in which all are known."""
    rows = zip(*columns, strict=True)
    return [None if None in row else sum(one for one in row if one is not None) for row in rows]
