from collections.abc import Iterator
from random import Random

import pytest

from kwartier.control.fail_safe import fuse_gaps
from kwartier.control.wiring import ControlSite, control_site
from tests.control import sites as s
from tests.control.closed_loop import Loop, living

# A message takes a second, a car at most four to follow, and the next measurement one more.
REACTION_S = 6


def proven_sites(seeds: range) -> Iterator[tuple[int, ControlSite]]:
    """Random sites with at most six controlled devices on one root, proven fail-safe."""
    for seed, document in s.random_sites(seeds):
        configuration = document.configurations.site_configuration
        assert configuration is not None
        site = control_site(configuration)
        if len(site.tree.roots) == 1 and site.lines and not fuse_gaps(site):
            yield seed, site


PROVEN = list(proven_sites(range(150)))
IDS = [f"seed {seed}" for seed, _ in PROVEN]


def overloads(loop: Loop) -> list[str]:
    """The lines that carry more than their limit at this second."""
    return [
        f"{collector} {phase}: {current_a:.2f} A"
        for (collector, phase), current_a in loop.currents_a().items()
        if abs(current_a) > loop.site.tree.boards[collector].limit_a + 1e-6
    ]


def stir_load(loop: Loop, random: Random) -> None:
    """Now and then a load or the sun changes to anything between nothing and its rating."""
    for series in loop.site.uncontrolled:
        if random.random() < 0.02:
            for phase in loop.load_a[series.name]:
                loop.load_a[series.name][phase] = random.uniform(series.low_a, series.high_a)


def stir_communication(loop: Loop, random: Random) -> None:
    """Now and then a device, the meters or the service is lost, or comes back."""
    for name in loop.devices:
        if random.random() < 0.004:
            loop.unreachable ^= {name}
    if random.random() < 0.003:
        loop.is_service_up = not loop.is_service_up
    if random.random() < 0.003:
        loop.meters_up = not loop.meters_up


@pytest.mark.parametrize(("seed", "site"), PROVEN, ids=IDS)
def test_no_fuse_is_overloaded_at_any_second_in_any_state_of_communication(
    seed: int, site: ControlSite
) -> None:
    random = Random(seed)
    loop = living(site, random, all_occupied=False)
    loop.loss_ratio = random.choice([0.0, 0.1, 0.3])
    for _ in range(1200):
        stir_load(loop, random)
        stir_communication(loop, random)
        loop.step()
        assert overloads(loop) == []
