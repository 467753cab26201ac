"""The problem: a plan request with everything resolved into numbers, and nothing decided yet."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from kwartier.planning.blocks.battery_energy_storage_system import Battery, PolicyMoment, policy_moments
from kwartier.planning.blocks.charging_pole_3phase import AcPoles
from kwartier.planning.blocks.dc_charging_pole import dc_session
from kwartier.planning.blocks.forecasted_series_3phase import FixedSeries, fixed_series
from kwartier.planning.grid_tariff import GridTariff, grid_tariff
from kwartier.planning.network import POINTS_PER_ROOT, ROWS_PER_LINE, LimitRows, incidence, limit_rows
from kwartier.planning.peaks import PeakTerm, peak_terms, sheet_peak_warnings
from kwartier.planning.prices import step_prices, with_tariff
from kwartier.planning.request import PlanRequest
from kwartier.planning.request_rules import validate_request
from kwartier.planning.sessions import (
    LEAST_AC_CURRENT_A,
    Session,
    balanced_amps_by_point,
    latest_messages,
    owned_shares,
)
from kwartier.planning.warnings import request_warnings
from kwartier.site.devices import (
    BatteryEnergyStorageSystem,
    ChargingPole3Phase,
    DcChargingPole,
    ForecastedSeries3Phase,
)
from kwartier.site.document import SiteConfiguration
from kwartier.site.finding import Finding, errors
from kwartier.site.optimization_configuration import HORIZON_DAYS_BY_NAME, OptimizationConfiguration
from kwartier.site.rules import site_errors
from kwartier.site.timezone import site_timezone
from kwartier.site.tree import ElectricalTree, electrical_tree
from kwartier.tariffs.contracts import PriceTable
from kwartier.units.quarter_hour import epoch_s
from kwartier.units.step_grid import EXECUTED_STEPS, StepGrid, step_grid

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class InvalidRequest(ValueError):
    """The request cannot be planned; `findings` says everything that is wrong with it, each with its JSON path."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__("; ".join(f"{finding.path}: {finding.message}" for finding in findings))


@dataclass(frozen=True)
class FixedLoad:
    """What the uncontrollable devices do. Row values per limit row, power in W per point; per step, last axis n.

    `row_high` and `row_low` are the largest and smallest quarter-hour of each step, `point_high_w` and `point_low_w`
    the same of the power at each point. `line_magnitude_a` is, for the rows of a three-wire line, the largest magnitude
    of the line's current, 0 for other rows; `row_cells` the row values and `point_cells_w` the powers per quarter-hour.
    """

    series: tuple[FixedSeries, ...]
    row_high: FloatArray
    row_low: FloatArray
    line_magnitude_a: FloatArray
    row_cells: FloatArray
    point_high_w: FloatArray
    point_low_w: FloatArray
    point_mean_w: FloatArray
    point_cells_w: FloatArray

    @cached_property
    def row_sides(self) -> FloatArray:
        """What the fixed load alone brings to each limit row, per side (upper, lower), shape (2, K, n)."""
        return np.stack([self.row_high, -self.row_low])

    @cached_property
    def row_magnitude(self) -> FloatArray:
        """What it brings to each row's quantity, per side, shape (2, K, n): for a three-wire line the magnitude."""
        return np.where(self.line_magnitude_a > 0.0, self.line_magnitude_a, self.row_sides)


@dataclass(frozen=True)
class Problem:
    """Everything the programme is built from. A *unit* is a session or a battery: sessions first, in this order.

    `units` gives the board of each and its amperes at each root point per level. Levels: A per pin (AC sessions), kW
    (DC sessions, batteries). `prices` hold grid and levies too, `energy_tariff` is their part. Shapes: S sessions,
    B batteries, U = S + B units, n steps, K limit rows, P points.
    """

    request: PlanRequest
    timezone: ZoneInfo
    grid: StepGrid
    tree: ElectricalTree
    prices: PriceTable | None
    energy_tariff: GridTariff
    cost_active: bool
    revenue_eur_per_kwh: float
    sessions: tuple[Session, ...]
    share: FloatArray
    batteries: tuple[Battery, ...]
    units: tuple[tuple[str, dict[int, float]], ...]
    limits: LimitRows
    row_per_level: FloatArray
    point_w_per_level: FloatArray
    fixed: FixedLoad
    peaks: tuple[PeakTerm, ...]
    policies: tuple[PolicyMoment, ...]
    warnings: tuple[str, ...]

    @cached_property
    def configuration(self) -> SiteConfiguration:
        """The devices and collectors of the site."""
        return self.request.site.planned_configuration

    @cached_property
    def first_local_day(self) -> date:
        """The site's day on which the plan begins."""
        return datetime.fromtimestamp(float(self.grid.start_s[0]), self.timezone).date()

    @cached_property
    def session_indices_by_pole(self) -> dict[str, tuple[int, ...]]:
        """Numbers of the real sessions at each pole that has any."""
        by_pole: dict[str, tuple[int, ...]] = {}
        for index, session in enumerate(self.sessions):
            if not session.expected:
                by_pole[session.asset_id] = (*by_pole.get(session.asset_id, ()), index)
        return by_pole

    @cached_property
    def owed_wh(self) -> FloatArray:
        """What each session is owed inside the horizon, Wh, shape (S,)."""
        return np.array([session.owed_wh for session in self.sessions])

    @cached_property
    def remaining_wh(self) -> FloatArray:
        """What each session may still take, Wh, shape (S,)."""
        return np.array([session.remaining_wh for session in self.sessions])

    @cached_property
    def minimum_wh(self) -> FloatArray:
        """What of its need `minimumEnergy` guards for each session, Wh, shape (S,)."""
        return np.array([session.minimum_wh for session in self.sessions])

    @cached_property
    def is_expected(self) -> BoolArray:
        """Which sessions are cars that may come, shape (S,)."""
        return np.array([session.expected for session in self.sessions], dtype=bool)

    @cached_property
    def level_max(self) -> FloatArray:
        """Largest level of each session in each step, shape (S, n); 0 where it may not charge."""
        largest = np.array([session.level_max for session in self.sessions])
        table = np.where(self.share > 0.0, largest[:, None], 0.0)
        suspended = [session.suspended for session in self.sessions]
        table[np.array(suspended, dtype=bool), :EXECUTED_STEPS] = 0.0
        table[self.pilot_bound & (largest < LEAST_AC_CURRENT_A), :EXECUTED_STEPS] = 0.0
        return table

    @cached_property
    def pilot_bound(self) -> BoolArray:
        """Which sessions must charge with at least 6 A or not at all in the executed steps, shape (S,)."""
        return np.array([session.is_ac and not session.expected for session in self.sessions], dtype=bool)

    @cached_property
    def kwh_per_level(self) -> FloatArray:
        """Energy (kWh) per level of each session in each step, shape (S, n)."""
        kilowatts = np.array([session.watts_per_level for session in self.sessions]) / 1000.0
        return np.asarray(kilowatts[:, None] * self.share * self.grid.hours_h[None, :])

    @cached_property
    def unit_share(self) -> FloatArray:
        """Part of each step in which each unit may run, shape (U, n): a session's share, all of it for a battery."""
        return np.vstack([self.share, np.ones((len(self.batteries), self.grid.step_count))])

    @cached_property
    def point_share(self) -> FloatArray:
        """Part of each unit's power at each point, shape (P, U)."""
        totals_w = self.point_w_per_level.sum(axis=0)
        split: FloatArray = np.zeros_like(self.point_w_per_level)
        np.divide(self.point_w_per_level, totals_w, out=split, where=totals_w > 0)
        return split

    @property
    def has_energy_cost(self) -> bool:
        """Whether energy has a price in the objective."""
        return self.cost_active and self.prices is not None

    @cached_property
    def median_offtake_eur_per_kwh(self) -> float:
        """What a kWh kept for after the horizon is worth: the median of the steps' offtake prices; 0 without cost."""
        if not self.cost_active or self.prices is None:
            return 0.0
        in_order = np.sort(self.prices.offtake_eur_per_mwh)
        # numpy's own median loads its masked arrays first, which takes as long as a small plan.
        middle = in_order[[(len(in_order) - 1) // 2, len(in_order) // 2]]
        return float(middle.mean()) / 1000.0


def _fixed_load(
    series: list[FixedSeries], tree: ElectricalTree, limits: LimitRows, grid: StepGrid
) -> FixedLoad:
    offsets = {root.name: POINTS_PER_ROOT * number for number, root in enumerate(tree.roots)}
    boards: list[str] = []
    points: list[int] = []
    amps: list[FloatArray] = []
    watts = np.zeros((POINTS_PER_ROOT * len(tree.roots), len(grid.cell_boundary_s) - 1))
    for one in series:
        for phase, power_w in one.power_w_by_phase.items():
            point = offsets[one.board.root] + one.board.root_phase_index[phase]
            boards.append(one.board.name)
            points.append(point)
            amps.append(power_w / one.board.voltage_v)
            watts[point] += power_w
    rows = np.zeros((len(limits.rows), watts.shape[1]))
    if boards:
        rows = incidence(limits, tree, boards, [{point: 1.0} for point in points]) @ np.array(amps)
    return FixedLoad(
        series=tuple(series),
        row_high=grid.largest_of_cells(rows),
        row_low=grid.smallest_of_cells(rows),
        row_cells=rows,
        line_magnitude_a=grid.largest_of_cells(_line_magnitude(rows, limits)),
        point_high_w=grid.largest_of_cells(watts),
        point_low_w=grid.smallest_of_cells(watts),
        point_mean_w=grid.mean_of_cells(watts),
        point_cells_w=watts,
    )


def _line_magnitude(rows: FloatArray, limits: LimitRows) -> FloatArray:
    """Magnitude of each three-wire line's current in all of its rows; two rows 90 degrees apart are its components."""
    magnitude = np.zeros_like(rows)
    for first in limits.first_line_rows():
        magnitude[first : first + ROWS_PER_LINE] = np.hypot(rows[first], rows[first + ROWS_PER_LINE // 2])
    return magnitude


def _sessions(
    request: PlanRequest, configuration: SiteConfiguration, tree: ElectricalTree, grid: StepGrid
) -> list[Session]:
    offsets = {root.name: POINTS_PER_ROOT * number for number, root in enumerate(tree.roots)}
    devices = {device.name: device for device in configuration.device_list}
    messages = [*latest_messages(request.transactions), *latest_messages(request.expected_sessions)]
    sessions = []
    ac_poles = AcPoles()
    for message in messages:
        pole = devices[message.asset_id]
        board = tree.boards[pole.collector]
        if isinstance(pole, ChargingPole3Phase):
            sessions.append(ac_poles.session(message, pole, board, offsets[board.root], grid))
        elif isinstance(pole, DcChargingPole):
            sessions.append(dc_session(message, pole, board, offsets[board.root], grid))
    # The programme, and so its answer among equals, must not depend on the order in which cars are listed.
    return sorted(sessions, key=lambda session: (session.expected, session.start_s, session.transaction_id))


def _batteries(request: PlanRequest, configuration: SiteConfiguration, tree: ElectricalTree) -> list[Battery]:
    offsets = {root.name: POINTS_PER_ROOT * number for number, root in enumerate(tree.roots)}
    batteries = []
    for device in configuration.device_list:
        state = request.state.batteries.get(device.name)
        if (
            isinstance(device, BatteryEnergyStorageSystem)
            and state is not None
            and state.state_of_charge is not None
        ):
            board = tree.boards[device.collector]
            stored_kwh = state.state_of_charge / 100.0 * device.operational_battery_capacity / 1000.0
            batteries.append(Battery(device, balanced_amps_by_point(board, offsets[board.root]), stored_kwh))
    return batteries


def _series(
    request: PlanRequest, configuration: SiteConfiguration, tree: ElectricalTree, grid: StepGrid
) -> tuple[list[FixedSeries], list[Finding]]:
    results = [
        fixed_series(device, tree.boards[device.collector], request.forecasts.get(device.name), grid)
        for device in configuration.device_list
        if isinstance(device, ForecastedSeries3Phase)
    ]
    return (
        [result for result in results if isinstance(result, FixedSeries)],
        [result for result in results if isinstance(result, Finding)],
    )


def _point_table(
    amps_by_point: list[dict[int, float]], watts_per_level: list[float], points: int
) -> FloatArray:
    """W at each point per level of each unit, shape (P, U): a unit's power splits like its currents."""
    table = np.zeros((points, len(amps_by_point)))
    for unit, (amps, watts) in enumerate(zip(amps_by_point, watts_per_level, strict=True)):
        total_a = sum(amps.values())
        for point, value in amps.items():
            table[point, unit] = watts * value / total_a
    return table


def build_problem(
    request: PlanRequest, *, horizon_days: float | None = None, is_site_judged: bool = False
) -> Problem:
    """The request resolved into numbers. Raises InvalidRequest with every finding at once.

    `horizon_days` x 24 h instead of the horizon that the site document says: a whole month in hindsight. With
    `is_site_judged` the site document is known to have no ERROR finding, and not judged again.
    """
    wrong = [] if is_site_judged else site_errors(request.site)
    findings = [finding.under("$.site") for finding in wrong]
    findings += errors(validate_request(request))
    configuration = request.site.configurations.site_configuration
    if findings or configuration is None:
        raise InvalidRequest(findings)
    optimisation = request.site.configurations.optimization_configuration or OptimizationConfiguration()
    timezone = site_timezone(request.site, request.timezone)
    days = horizon_days or HORIZON_DAYS_BY_NAME[optimisation.planning_horizon]
    grid = step_grid(epoch_s(request.at), days, request.options.resolution)
    tree = electrical_tree(configuration)
    series, findings = _series(request, configuration, tree, grid)
    prices = step_prices(request, grid, timezone)
    if isinstance(prices, list):
        findings = prices + findings
        prices = None
    tariff = grid_tariff(request, [root.name for root in tree.roots], grid, timezone)
    energy_tariff = tariff.of_energy(given=request.prices is not None)
    if findings:
        raise InvalidRequest(findings)
    sessions = _sessions(request, configuration, tree, grid)
    batteries = _batteries(request, configuration, tree)
    limits = limit_rows(tree, request.limits, grid)
    devices = {device.name: device for device in configuration.device_list}
    boards = [devices[s.asset_id].collector for s in sessions] + [b.device.collector for b in batteries]
    amps = [s.amps_per_level_by_point for s in sessions] + [b.amps_per_kw_by_point for b in batteries]
    watts = [s.watts_per_level for s in sessions] + [1000.0] * len(batteries)
    revenue = request.site.configurations.revenue
    peaks = tuple(peak_terms(request, tree, grid, grid.local_months(timezone), tariff))
    return Problem(
        request=request,
        timezone=timezone,
        grid=grid,
        tree=tree,
        prices=with_tariff(prices, energy_tariff),
        energy_tariff=energy_tariff,
        cost_active=optimisation.cost_minimization_active,
        revenue_eur_per_kwh=(revenue.revenue_per_kwh_ac_charged or 0.0) if revenue else 0.0,
        sessions=tuple(sessions),
        share=owned_shares(sessions, grid),
        batteries=tuple(batteries),
        units=tuple(zip(boards, amps, strict=True)),
        limits=limits,
        row_per_level=incidence(limits, tree, boards, amps),
        point_w_per_level=_point_table(amps, watts, POINTS_PER_ROOT * len(tree.roots)),
        fixed=_fixed_load(series, tree, limits, grid),
        peaks=peaks,
        policies=tuple(policy_moments(batteries, grid)),
        warnings=(
            *request_warnings(request, sessions, grid, peaks),
            *tariff.warnings,
            *sheet_peak_warnings(request, tariff),
        ),
    )
