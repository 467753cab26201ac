from random import Random

import pytest

from tests.control import sites as s
from tests.control.closed_loop import Loop, living

# A message takes a second, a car at most four to follow, and the next measurement one more.
REACTION_S = 6


SEEDS = range(12)


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
    """Now and then a device, the meters or the service is lost, and after a while comes back."""
    for name in loop.devices:
        if random.random() < 0.004:
            loop.unreachable ^= {name}
    if random.random() < (0.001 if loop.is_service_up else 0.003):
        loop.is_service_up = not loop.is_service_up
    if random.random() < (0.0005 if loop.meters_up else 0.02):
        loop.meters_up = not loop.meters_up


@pytest.mark.parametrize("seed", SEEDS)
def test_no_fuse_is_overloaded_at_any_second_in_any_state_of_communication(seed: int) -> None:
    random = Random(seed)
    loop = living(s.tight_site(random), random, all_occupied=False)
    loop.loss_ratio = random.choice([0.0, 0.1, 0.3])
    loop.draws_plans = seed % 3 > 0
    for _ in range(900):
        stir_load(loop, random)
        stir_communication(loop, random)
        loop.step()
        assert overloads(loop) == []
