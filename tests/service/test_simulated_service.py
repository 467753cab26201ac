"""The service in virtual time with faults: safe while they last, and well again after them (reliability.md, R52)."""

import os

import pytest

from kwartier.service.ports.measurement_archive import Span
from tests.service.simulated_service import BEGIN, LivingSite, SimulatedService

IS_NIGHTLY = os.environ.get("KWARTIER_HYPOTHESIS_PROFILE") == "nightly"
SEED_COUNT = int(os.environ.get("KWARTIER_SIMULATION_SEEDS", "2000" if IS_NIGHTLY else "50"))
# A failing seed is repeated with KWARTIER_FIRST_SEED=N KWARTIER_SIMULATION_SEEDS=1.
FIRST_SEED = int(os.environ.get("KWARTIER_FIRST_SEED", "0"))
# R52: well again within two cycles after the last fault, and the step in which the last message arrives.
FAULTY_MIN, TWO_CYCLES_MIN = 120 if IS_NIGHTLY else 10, 31
CYCLE_S = 900.0
# A car changes its current within the step in which it hears; a watt is rounding.
MORE_A = 0.01


def assert_safe(site: LivingSite) -> None:
    """P3: no phase above its limit."""
    highest_a = max(power_w / 230.0 for power_w in site.main_w.values())
    assert highest_a <= site.limit_a + MORE_A, (site.site_id, site.state.at)


def assert_stored_once(world: SimulatedService, site: LivingSite) -> None:
    """P1: what was acknowledged is stored, and nothing else; nothing is left to be said."""
    kept = [
        stored.row
        for asset in world.ports.measurements.list_assets(*site.key)
        for stored in world.ports.measurements.list_after(
            *site.key, asset.asset_id, Span(0, 2**62), None, 10**6
        )
    ]
    assert {(row.asset_id, row.measured_us) for row in kept} == {
        (asset_id, int(at.timestamp() * 1e6)) for asset_id, at in site.acknowledged
    }
    assert site.unsaid == []


def unwell(world: SimulatedService, site: LivingSite) -> str | None:
    """P4, P8: what a site still lacks; None where it follows a plan of this cycle, and no setpoint has ended."""
    standing = world.ports.standings.get(*site.key)
    if standing is None or standing.rung not in ("optimal", "feasible"):
        return "no control" if standing is None else standing.reason
    newest = world.ports.plans.in_force(*site.key, world.now)
    if newest is None or (world.now - newest.planned_from).total_seconds() > CYCLE_S:
        return "no fresh plan"
    if any(one.valid_until <= standing.at for one in standing.setpoints):
        return "a setpoint has ended"
    return "something is not said yet" if site.unsaid else None


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SEED_COUNT))
def test_the_service_is_safe_in_faults_and_well_after_them(seed: int) -> None:
    # Every tenth seed solves its programmes, at night each one.
    world = SimulatedService(seed, solves=IS_NIGHTLY or seed % 10 == 0)
    for site in world.run(FAULTY_MIN, are_faults=True):
        assert_safe(site)
    # The next quarter-hour at least is planned without faults; then it ends as soon as all are well.
    next_cycle_s = ((world.now - BEGIN).total_seconds() // CYCLE_S + 1) * CYCLE_S
    lacks: list[str | None] = ["not looked at yet"]
    for _ in range(TWO_CYCLES_MIN):
        for site in world.run(1, are_faults=False):
            assert_safe(site)
        lacks = [unwell(world, site) for site in world.sites]
        if not any(lacks) and (world.now - BEGIN).total_seconds() > next_cycle_s and not IS_NIGHTLY:
            break
    assert not any(lacks), lacks
    for site in world.sites:
        assert_stored_once(world, site)


def test_a_seed_replays_to_the_last_message() -> None:
    hashes = []
    for seed in (3, 3, 4):
        world = SimulatedService(seed, site_count=2)
        for _ in world.run(10, are_faults=True):
            pass
        hashes.append(world.trace.hexdigest())
    assert hashes[0] == hashes[1] != hashes[2]
