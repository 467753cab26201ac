"""Time, memory and money of our plans beside those of other systems, in turns; started by script/bench-peers.

Every round draws a new instance of each problem, loose and tight, and asks everybody in turn; who begins changes from
round to round. A machine that gets slower for a while then slows all alike, and the ratios within a round stay.
"""

import argparse
import os
import sys
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from environments import default_folder, python_of
from instances import Instance, caltech_instance, hub_instance
from judging import Judge
from page import print_page, write_page
from participants import ACN, CALTECH, HUB, PARTICIPANTS, YARDSTICKS, Participant
from results import TIGHTNESSES, Answer, Comparison
from running import Running

Json = dict[str, Any]
DEFAULT_ROUNDS = 7


def start_all(
    chosen: list[Participant], folder: Path, log: IO[str], stack: ExitStack, comparison: Comparison
) -> list[Running]:
    """Every participant that can be installed and started; of the others, why not."""
    running = []
    for participant in chosen:
        try:
            python = python_of(participant.environment, folder)
            running.append(stack.enter_context(Running(participant, python, log)))
        except RuntimeError as error:
            log.seek(0)
            last_words = (log.read().strip().splitlines() or [""])[-1]
            comparison.absent[participant.key] = f"{error} {last_words}".strip()
            continue
        comparison.versions[participant.environment.name] = running[-1].hello["versions"]
    return running


def seeds_that_fit(problem: str, network: Json | None, wanted: int) -> list[int]:
    """The first seeds of which every car can be served, loose and tight."""
    seeds = []
    for seed in count():
        if all(Judge(drawn(problem, tightness, seed, network)).everybody_served for tightness in TIGHTNESSES):
            seeds.append(seed)
        if len(seeds) == wanted:
            return seeds
    raise AssertionError("seeds do not end")


def drawn(problem: str, tightness: str, seed: int, network: Json | None) -> Instance:
    """One instance."""
    if problem == HUB:
        return hub_instance(tightness, seed)
    if network is None:
        raise RuntimeError("the Caltech network comes from acnportal, which does not run")
    return caltech_instance(tightness, seed, network)


def compare(chosen: list[Participant], folder: Path, rounds: int) -> Comparison:
    """Ask everybody everything, one warm-up round first."""
    comparison = Comparison(load_before=os.getloadavg())
    with TemporaryFile("w+", encoding="utf-8") as log, ExitStack() as stack:
        running = start_all(chosen, folder, log, stack, comparison)
        network = next((one.hello["network"] for one in running if one.participant.environment == ACN), None)
        for problem in (HUB, CALTECH):
            asked = [one for one in running if one.participant.problem == problem]
            if not asked or (problem == CALTECH and network is None):
                continue
            for number, seed in enumerate(seeds_that_fit(problem, network, rounds + 1)):
                for tightness in TIGHTNESSES:
                    print(f"bench-peers: {problem}, {tightness}, round {number} of {rounds}", file=sys.stderr)
                    found = ask_all(asked, drawn(problem, tightness, seed, network), number)
                    if number > 0:
                        for key, answer in found.items():
                            comparison.answers.setdefault((key, tightness), []).append(answer)
    comparison.load_after = os.getloadavg()
    return comparison


def ask_all(asked: list[Running], instance: Instance, number: int) -> dict[str, Answer]:
    """Everybody's answer to one instance; who begins depends on the round's number."""
    judge, first = Judge(instance), number % len(asked)
    answers = {one.participant.key: one.answer(instance) for one in [*asked[first:], *asked[:first]]}
    return {
        key: Answer(error=answer["error"], memory_mib=answer["memory_mib"])
        if "error" in answer
        else Answer(
            answer["wall_ms"], answer["cpu_ms"], answer["memory_mib"], judge.judge(answer["schedule"])
        )
        for key, answer in answers.items()
    }


def main() -> None:
    """Read the arguments, compare, print; write the page where asked to."""
    parser = argparse.ArgumentParser(prog="script/bench-peers", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=DEFAULT_ROUNDS, help="rounds that count, after one that does not"
    )
    parser.add_argument(
        "--only", default="", help="peers whose names contain one of these words, comma-separated"
    )
    parser.add_argument(
        "--cache", type=Path, default=default_folder(), help="folder of the peers' environments"
    )
    parser.add_argument(
        "--write", action="store_true", help="replace the measured part of docs/peer-benchmark.md"
    )
    arguments = parser.parse_args()
    words = [word.strip().lower() for word in arguments.only.split(",") if word.strip()]
    chosen = [
        one
        for one in PARTICIPANTS
        if not words or one.key in YARDSTICKS.values() or any(word in one.key.lower() for word in words)
    ]
    comparison = compare(chosen, arguments.cache, arguments.rounds)
    if arguments.write:
        if words or comparison.absent:
            parser.error(f"the page wants everybody; absent: {comparison.absent or words}")
        write_page(comparison)
    print_page(comparison)


if __name__ == "__main__":
    main()
