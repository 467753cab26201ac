"""How many random sites the planner's property tests try, from one number.

`KWARTIER_RANDOM_SITES` sets it; without that it is 1 000, and 100 000 in the nightly profile (see tests/conftest.py).
Tests that solve a site several times take a fixed part of it. `KWARTIER_FIRST_SITE` moves all seeds, so that each night
tries other sites; script/nightly sets it from the date and prints it.
"""

import os

NIGHTLY = os.environ.get("KWARTIER_HYPOTHESIS_PROFILE") == "nightly"
FIRST_SITE = int(os.environ.get("KWARTIER_FIRST_SITE", "0"))
RANDOM_SITES = int(os.environ.get("KWARTIER_RANDOM_SITES", "100000" if NIGHTLY else "1000"))


def part_of_sites(share: float) -> int:
    """This share of the random sites, at least one."""
    return max(1, round(share * RANDOM_SITES))


def seed_blocks(count: int, first_seed: int, per_block: int) -> list[range]:
    """`count` seeds from `first_seed` on, in ranges of at most `per_block`: one test each, so that workers share."""
    seeds = range(FIRST_SITE + first_seed, FIRST_SITE + first_seed + count)
    return [seeds[start : start + per_block] for start in range(0, count, per_block)]
