"""The plan: what each device does in each step, what it costs, and what could not be kept."""

from typing import Literal

from pydantic import Field

from kwartier.units.instant import Instant
from kwartier.units.wire import WireModel


class Step(WireModel):
    """One step of the grid: its start and its length in hours."""

    start: Instant
    hours: float


class DevicePlan(WireModel):
    """One device over all steps: power in W (positive when consumed), averaged over the step.

    `current_a` per pin (A while charging) and `transaction_id` for poles, `state_of_charge` (percent, at the end of
    each step; null where unknown) for batteries, `power_w_per_phase` for series.
    """

    power_w: list[float]
    current_a: dict[str, list[float]] | None = None
    transaction_id: list[str | None] | None = None
    state_of_charge: list[float | None] | None = None
    power_w_per_phase: dict[str, list[float]] | None = None


class CollectorPlan(WireModel):
    """One collector over all steps: current per phase while all planned charging runs (A, signed), average power (W).

    On a three-wire network `current_a` is the magnitude of each line's current, never negative.
    """

    current_a: dict[str, list[float]]
    power_w: list[float]


class StepPrices(WireModel):
    """Prices that the plan used, EUR/MWh per step: contract, grid and levies; injection is what the site receives.

    Where the request gives prices itself, they are these.
    """

    offtake_eur_per_mwh: list[float]
    injection_eur_per_mwh: list[float]


class Money(WireModel):
    """Costs in EUR over the horizon, income negative; `total` is the sum of the others.

    `energy` is the contract's part, `grid` the operator's per kWh (offtake, and injection where the sheet prices it),
    `levies` theirs. `peaks` is what peaks above what is billed already add to this and later bills. Terms that no plan
    changes, such as fixed fees, are left out.
    """

    energy: float = 0.0
    grid: float = 0.0
    levies: float = 0.0
    peaks: float = 0.0
    revenue: float = 0.0
    terminal_value: float = 0.0
    total: float = 0.0


class LimitViolation(WireModel):
    """A limit that the uncontrollable load breaks: current of a phase (A) or power of the collector (W)."""

    collector: str
    phase: str | None = None
    step: int
    current_a: float | None = None
    limit_a: float | None = None
    power_w: float | None = None
    limit_w: float | None = None


class Objective(WireModel):
    """What each level of the objective reached, in the order of the levels."""

    excess_ah: float = 0.0
    minimum_energy_wh: float = 0.0
    requested_energy_wh: float = 0.0
    worst_shortage_ratio: float = 0.0
    expected_energy_wh: float = 0.0
    policies_wh: float = 0.0
    unpriced_peak_kw: float = 0.0
    money_eur: float = 0.0


class SolveFacts(WireModel):
    """Size of the programme, time spent (ms, not reproducible), and the certified relative gap of the money."""

    rows: int = 0
    columns: int = 0
    nonzeros: int = 0
    build_ms: float = 0.0
    solve_ms: float = 0.0
    other_ms: float = 0.0
    status: str = ""
    gap: float = 0.0


class ExpectedSessionPlan(WireModel):
    """What a virtual session is planned to take, weighted, W averaged over each step."""

    transaction_id: str
    asset_id: str
    power_w: list[float]


class Plan(WireModel):
    """The answer to a plan request; every array has one entry per step.

    The same request gives the same document, the times in `solve` aside.
    """

    plan_id: str
    site_id: str
    created_at: Instant
    status: Literal["optimal", "feasible", "fallback"]
    steps: list[Step]
    devices: dict[str, DevicePlan]
    expected_sessions: list[ExpectedSessionPlan] = Field(default_factory=list)
    collectors: dict[str, CollectorPlan]
    offtake_w: list[float]
    injection_w: list[float]
    prices: StepPrices | None
    money: Money
    uncontrolled_money: Money
    unserved_wh: dict[str, float]
    limit_violations: list[LimitViolation]
    objective: Objective
    solve: SolveFacts
    warnings: list[str]
    reasons: dict[str, list[str]] = Field(default_factory=dict)
