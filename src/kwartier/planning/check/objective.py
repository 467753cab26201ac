"""The levels of the objective, recomputed from a plan's arrays."""

from kwartier.planning.check.facts import Facts
from kwartier.planning.check.grid import FloatArray
from kwartier.planning.check.limits import LimitRow, total_excess_ah
from kwartier.planning.check.outcome import Outcome
from kwartier.planning.check.peaks import peaks
from kwartier.planning.check.policies import policies_wh
from kwartier.planning.check.result import Report
from kwartier.planning.check.tolerances import ENERGY, EXCESS, PEAK, RATIO
from kwartier.planning.plan import Objective


def check_objective(
    facts: Facts,
    said: Objective,
    outcome: Outcome,
    rows: list[LimitRow],
    stored_wh: dict[str, FloatArray],
    report: Report,
) -> None:
    """Report every level, but the money, that is not what the plan's arrays reach."""
    pairs = list(zip(facts.sessions, outcome.charged_wh, strict=True))
    real = [(session, charged) for session, charged in pairs if not session.expected]
    short_wh = [max(0.0, session.owed_wh - charged) for session, charged in real]
    ratios = [
        short / session.owed_wh
        for (session, _), short in zip(real, short_wh, strict=True)
        if session.owed_wh > 0
    ]
    percent = {
        name: course / facts.devices.batteries[name].operational_battery_capacity * 100
        for name, course in stored_wh.items()
    }
    unpriced = [
        peak.above_floor_kw for peak in peaks(facts, outcome.average) if peak.price_eur_per_kw is None
    ]
    minimum_wh = sum(max(0.0, session.minimum_owed_wh - charged) for session, charged in real)
    expected_wh = sum(max(0.0, session.owed_wh - charged) for session, charged in pairs if session.expected)
    levels = (
        ("excess_ah", said.excess_ah, total_excess_ah(rows, facts.grid.hours), EXCESS),
        ("minimum_energy_wh", said.minimum_energy_wh, minimum_wh, ENERGY),
        ("requested_energy_wh", said.requested_energy_wh, sum(short_wh), ENERGY),
        ("worst_shortage_ratio", said.worst_shortage_ratio, max(ratios, default=0.0), RATIO),
        ("expected_energy_wh", said.expected_energy_wh, expected_wh, ENERGY),
        ("policies_wh", said.policies_wh, policies_wh(facts, percent), ENERGY),
        ("unpriced_peak_kw", said.unpriced_peak_kw, sum(unpriced), PEAK),
    )
    for level, seen, counted, tolerance in levels:
        report.equal(
            f"objective.{level}", f"objective.{level}", f"objective, {level}", seen, counted, tolerance
        )
