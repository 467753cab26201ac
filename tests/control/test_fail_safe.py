from itertools import combinations, product
from random import Random

import numpy as np
import pytest

from kwartier.control.fail_safe import RULE, FuseGap, fail_safe_findings, fuse_gaps
from kwartier.control.wiring import ControlledDevice, ControlSite, control_site
from kwartier.planning.check.flow import Flow, PhaseShare, balanced_split, pins_split
from kwartier.planning.check.tree import Network, build_network
from kwartier.site.devices import ChargingPole3Phase, ForecastedSeries3Phase
from kwartier.site.document import Site
from tests.control import sites as s

# What each of a site's ranges takes: a device its fallback on these pins, a series its rating on these phases.
State = list[tuple[str, dict[str, PhaseShare], float]]


def currents_a(network: Network, state: State) -> dict[tuple[str, str], float]:
    """The size of the current in every line, counted by the tree and the sums of the plan's check."""
    flow = Flow(network, 1)
    for collector, split, size in state:
        flow.add(collector, split, np.array([size]))
    return {
        (name, phase): abs(float(current_a[0]))
        for name, node in network.nodes.items()
        for phase, current_a in node.line_currents_a(flow.current_a_by_collector[name]).items()
    }


def choices(site: ControlSite, network: Network, *, reached: frozenset[str]) -> list[State]:
    """For each device and phase of a series all that it may take by itself."""
    found: list[State] = []
    for listed in site.configuration.device_list:
        collector = network.nodes[listed.collector]
        if isinstance(listed, ForecastedSeries3Phase):
            sign = 1 if listed.forecast_type == "load" else -1
            for phase in collector.phases:
                split = pins_split(collector, (phase,))
                found.append(
                    [(listed.collector, split, 0.0), (listed.collector, split, sign * listed.line_current)]
                )
            continue
        device = next(one for one in site.devices if one.name == listed.name)
        if device.name in reached:
            continue
        found.append([(listed.collector, {}, 0.0), *on_pins(device, listed, network)])
    return found


def on_pins(device: ControlledDevice, listed: object, network: Network) -> State:
    node = network.nodes[device.board]
    if not isinstance(listed, ChargingPole3Phase):
        return [(device.board, balanced_split(node), device.fallback_a * device.watts_per_ampere(None))]
    phases = listed.pin_to_phase_mapping.phase_list
    subsets = [tuple(some) for count in (1, 2, 3) for some in combinations(phases, count)]
    return [(device.board, pins_split(node, some), device.fallback_a) for some in subsets]


def worst_seen(site: ControlSite, random: Random, tries: int) -> dict[tuple[str, str], float]:
    """The largest currents in all subsets of reachable devices, each with some random corners of what is possible."""
    network = build_network(site.configuration.collector_list)
    worst: dict[tuple[str, str], float] = {}
    names = [device.name for device in site.devices]
    for count in range(len(names) + 1):
        for reached in combinations(names, count):
            options = choices(site, network, reached=frozenset(reached))
            for _ in range(tries):
                state = [option[random.randrange(len(option))] for option in options]
                for line, size_a in currents_a(network, state).items():
                    worst[line] = max(worst.get(line, 0.0), size_a)
    return worst


SEEDS = s.random_sites(range(60))


@pytest.mark.parametrize(("seed", "document"), SEEDS, ids=[f"seed {seed}" for seed, _ in SEEDS])
def test_in_no_subset_of_reachable_devices_a_proven_line_is_overloaded(seed: int, document: Site) -> None:
    configuration = document.configurations.site_configuration
    assert configuration is not None
    site = control_site(configuration)
    gaps = {(gap.collector, gap.phase): gap.worst_a for gap in fuse_gaps(site)}
    for line, size_a in worst_seen(site, Random(seed), tries=4).items():
        limit_a = site.tree.boards[line[0]].limit_a
        assert size_a <= gaps.get(line, limit_a) + 1e-6


@pytest.mark.parametrize("root", [s.four_wire("main", 40), s.three_wire("main", 40)])
def test_the_worst_current_is_one_that_can_flow(root: s.Json) -> None:
    # All corners of everything, counted by the check: the largest is the proven one, so the proof gives nothing away.
    devices = [s.pole("a"), s.pole("b", phases=["L3", "L1"]), s.dc_pole("c", 9000), s.series("pv", "pv", 50)]
    site = s.site_of([root], devices)
    network = build_network(site.configuration.collector_list)
    worst: dict[tuple[str, str], float] = {}
    for state in product(*choices(site, network, reached=frozenset())):
        for line, size_a in currents_a(network, list(state)).items():
            worst[line] = max(worst.get(line, 0.0), size_a)
    gaps = {(gap.collector, gap.phase): gap.worst_a for gap in fuse_gaps(site)}
    # Solar power alone: 50 A on a phase; between two lines up to sqrt(3) times as much in the one they share.
    assert gaps == pytest.approx({line: size_a for line, size_a in worst.items() if size_a > 40})
    assert set(gaps) == {("main", "L1"), ("main", "L2"), ("main", "L3")}


def test_solar_power_is_never_counted_on_to_keep_a_load_inside_its_fuse() -> None:
    load = s.series("machines", "load", 60)
    alone = fuse_gaps(s.site_of([s.four_wire("main", 50)], [load]))
    beside_the_sun = fuse_gaps(s.site_of([s.four_wire("main", 50)], [load, s.series("roof", "pv", 40)]))
    assert alone == beside_the_sun == tuple(FuseGap("main", phase, 60.0, 50.0) for phase in s.PHASES)


def test_only_the_board_that_cannot_be_proven_is_named() -> None:
    boards = [s.four_wire("main", 200, ["hall"]), s.board("hall", 16)]
    gaps = fuse_gaps(s.site_of(boards, [s.series("machines", "load", 20, "hall"), s.pole("a", "hall")]))
    assert {gap.collector for gap in gaps} == {"hall"}


def test_a_site_whose_fallbacks_fit_has_no_finding_and_one_that_does_not_says_where() -> None:
    def document(rating_a: int) -> Site:
        configuration = {
            "collector_list": [s.four_wire("main", 63, ["hall"]), s.board("hall", 32)],
            "device_list": [s.series("machines", "load", rating_a, "hall"), s.pole("a", "hall")],
        }
        return s.document(configuration)

    assert fail_safe_findings(document(20)) == []
    (finding,) = fail_safe_findings(document(40))
    assert (finding.rule, finding.severity, finding.observed, finding.allowed) == (
        RULE,
        "WARNING",
        40.0,
        32.0,
    )
    assert finding.path == "$.configurations.site_configuration.collector_list[1]"
    assert "hall, L1" in finding.message


def test_every_share_that_the_fallback_promises_is_proven() -> None:
    # The share adds sizes up as if in phase, the proof adds phasors: what the one allows the other must prove.
    shared = 0
    for _, document in s.random_sites(range(200), most_devices=60):
        configuration = document.configurations.site_configuration
        assert configuration is not None
        site = control_site(configuration)
        if site.fallback.current_a > 0 and not any(one.low_a < 0 for one in site.uncontrolled):
            assert fuse_gaps(site) == ()
            shared += 1
    assert shared
