"""A charging plan of acnportal's Caltech network with cvxpy, in the manner of ACN's adaptive charging algorithm.

Adacharge itself is not on the package index. This follows its published form: one matrix of currents, bounds from the
sessions' windows, one energy equality per session, one constraint per bottleneck, the cost of energy as objective. The
argument is the form of the bottlenecks: `linear` (the sum of all magnitudes) or `phasor` (second-order cones). The
solvers are cvxpy's own choice. Runs in acnportal's environment.

The rows of the transformer's primary side are left out, since nobody else here can say them; they cost time only.
"""

import sys
from typing import Any

import cvxpy as cp
import numpy as np
from acnportal.acnsim.network import ChargingNetwork
from acnportal.acnsim.network.sites import caltech_acn
from answering import answer_all, timed

Json = dict[str, Any]

STEP_H = 0.25


def network(transformer_kw: float) -> ChargingNetwork:
    """The Caltech site with a transformer of this size."""
    return caltech_acn(basic_evse=True, transformer_cap=transformer_kw)


def description() -> Json:
    """What others need to describe the same site: per pole its pair of lines, voltage and pod; the limits in A."""
    site = network(transformer_kw=150)
    rows = dict(zip(site.constraint_index, np.asarray(site.constraint_matrix), strict=True))
    limits = dict(zip(site.constraint_index, site.magnitudes, strict=True))
    pods = {name: row for name, row in rows.items() if name.endswith("Pod")}
    return {
        "stations": {
            station: {
                "angle_deg": float(site._phase_angles[number]),  # noqa: SLF001  acnportal's interface reads it too
                "voltage_v": float(site._voltages[number]),  # noqa: SLF001
                "pod": next((name for name, row in pods.items() if row[number]), None),
            }
            for number, station in enumerate(site.station_ids)
        },
        "pod_limits_a": {name: float(limits[name]) for name in pods},
        "line_limit_a_per_kw": float(limits["Secondary A"]) / 150,
    }


def bottlenecks(currents_a: cp.Variable, site: ChargingNetwork, form: str) -> list[cp.Constraint]:
    """One constraint per pod and per line of the transformer's secondary side."""
    angle = np.deg2rad(site._phase_angles)  # noqa: SLF001
    constraints = []
    for name, row, limit_a in zip(
        site.constraint_index, np.asarray(site.constraint_matrix), site.magnitudes, strict=True
    ):
        if name.startswith("Primary"):
            continue
        if form == "linear":
            constraints.append(np.abs(row) @ currents_a <= limit_a)
        else:
            parts = np.stack([row * np.cos(angle), row * np.sin(angle)])
            constraints.append(cp.norm(parts @ currents_a, axis=0) <= limit_a)
    return constraints


def plan(problem: Json, site: ChargingNetwork, form: str) -> tuple[str, Any]:
    """Build and solve; the status and the currents, shape (stations, steps)."""
    stations = {station: number for number, station in enumerate(site.station_ids)}
    horizon = max(car["end_step"] for car in problem["cars"])
    currents_a = cp.Variable((len(stations), horizon))
    most_a = np.zeros(currents_a.shape)
    constraints = []
    for car in problem["cars"]:
        number, window = stations[car["pole"]], slice(car["first_step"], car["end_step"])
        voltage_v = site._voltages[number]  # noqa: SLF001
        most_a[number, window] = car["power_w"] / voltage_v
        constraints.append(cp.sum(currents_a[number, window]) * voltage_v * STEP_H == car["energy_wh"])
    constraints += [currents_a >= 0, currents_a <= most_a, *bottlenecks(currents_a, site, form)]
    kw = cp.multiply(currents_a, site._voltages[:, None] / 1000)  # noqa: SLF001
    prices_eur_per_kwh = np.array(problem["offtake_eur_per_mwh"][:horizon]) / 1000
    problem_of_cvxpy = cp.Problem(
        cp.Maximize(-(prices_eur_per_kwh @ cp.sum(kw, axis=0)) * STEP_H), constraints
    )
    problem_of_cvxpy.solve()
    return problem_of_cvxpy.status, currents_a.value


def solve(problem: Json) -> Json:
    """Plan one problem; the time is that of building and solving it, the network being there."""
    site = network(problem["transformer_kw"])
    (status, currents_a), times = timed(lambda: plan(problem, site, sys.argv[1]))
    if status not in (cp.OPTIMAL, cp.OPTIMAL_INACCURATE):
        return {"error": f"solver: {status}"}
    power_w = currents_a * site._voltages[:, None]  # noqa: SLF001
    missing = len(problem["offtake_eur_per_mwh"]) - power_w.shape[1]
    power_w = np.pad(power_w, ((0, 0), (0, missing)))
    return {**times, "schedule": dict(zip(site.station_ids, power_w.tolist(), strict=True))}


if __name__ == "__main__":
    answer_all(solve, ["acnportal", "cvxpy", "highspy", "clarabel", "numpy"], network=description())
