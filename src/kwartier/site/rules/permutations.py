"""Which phase of the parent feeds which phase of the child."""

from collections.abc import Iterator

from kwartier.site.collector import PhasePermutations
from kwartier.site.json_path import as_text, step_into
from kwartier.site.rules.rule import Problem, rule
from kwartier.site.rules.survey import Board, Survey
from kwartier.units.phase import PHASES


def _named(board: Board) -> PhasePermutations | None:
    """The collector's permutations, None where none is named: an empty one says nothing."""
    named = board.collector.phase_permutations
    return named if named is not None and (named.parent or named.child) else None


def _permuted(survey: Survey) -> Iterator[tuple[Board, PhasePermutations]]:
    for board in survey.boards:
        named = _named(board)
        if named is not None:
            yield board, named


def _path(board: Board) -> str:
    return step_into(board.path, "phase_permutations")


@rule(
    "permutation.on_root", "WARNING", "a collector without a parent has phase permutations; they mean nothing"
)
def permutation_on_root(survey: Survey) -> Iterator[Problem]:
    """One problem for each root with permutations."""
    for board in survey.roots():
        if _named(board) is not None:
            yield Problem(
                _path(board),
                f"collector {as_text(board.collector.name)} has no parent, so its phase_permutations are ignored; "
                "remove them",
                allowed="none on a root",
            )


@rule("permutation.length", "ERROR", "`parent` and `child` of a permutation differ in length")
def permutation_length(survey: Survey) -> Iterator[Problem]:
    """One problem for each permutation whose phases don't pair up."""
    for board, named in _permuted(survey):
        if len(named.parent) != len(named.child):
            yield Problem(
                _path(board),
                f"collector {as_text(board.collector.name)}: {len(named.parent)} parent and {len(named.child)} child "
                "phases; parent[i] feeds child[i], so name as many of each",
                f"{len(named.parent)} and {len(named.child)}",
                "two lists of one length",
            )


@rule(
    "permutation.repeated_phase",
    "ERROR",
    "a permutation names a phase twice on one side; it must be a bijection",
)
def permutation_repeats(survey: Survey) -> Iterator[Problem]:
    """One problem for each side of a permutation with a phase that stands there twice."""
    for board, named in _permuted(survey):
        for side, phases in (("parent", named.parent), ("child", named.child)):
            repeated = [phase for phase in PHASES if phases.count(phase) > 1]
            if repeated:
                yield Problem(
                    step_into(_path(board), side),
                    f"collector {as_text(board.collector.name)}: {', '.join(repeated)} stands twice in {side}; "
                    "name each phase once",
                    phases,
                    "each phase once",
                )


@rule(
    "permutation.phase_not_on_collector",
    "ERROR",
    "a permutation names a phase that the parent or child lacks",
)
def permutation_phase_missing(survey: Survey) -> Iterator[Problem]:
    """One problem for each phase that is not there; three phases below one are reported by another rule."""
    for parent, child in survey.links():
        named = _named(child)
        if named is None:
            continue
        for side, phases, board in (("parent", named.parent, parent), ("child", named.child, child)):
            there = survey.phases(board)
            if there is None or (side == "parent" and there < (survey.phases(child) or there)):
                continue
            for index, phase in enumerate(phases):
                if phase in PHASES and phase not in there:
                    yield Problem(
                        step_into(step_into(_path(child), side), index),
                        f"collector {as_text(child.collector.name)}: {side} phase {phase} does not exist, collector "
                        f"{as_text(board.collector.name)} is 1P and has L1 only; write L1",
                        phase,
                        ", ".join(sorted(there)),
                    )


@rule(
    "permutation.incomplete", "ERROR", "the phases that a permutation leaves out collide with those it names"
)
def permutation_incomplete(survey: Survey) -> Iterator[Problem]:
    """One problem for each three-phase child of which two phases would hang on one: unnamed ones keep their name."""
    for parent, child in survey.links():
        named = _named(child)
        both = (survey.phases(parent), survey.phases(child))
        if named is None or both != (frozenset(PHASES), frozenset(PHASES)):
            continue
        if len(named.parent) != len(named.child) or not set(named.parent + named.child) <= set(PHASES):
            continue
        if len(set(named.parent)) < len(named.parent) or len(set(named.child)) < len(named.child):
            continue
        if set(named.parent) != set(named.child):
            left = [phase for phase in PHASES if phase not in named.child]
            yield Problem(
                _path(child),
                f"collector {as_text(child.collector.name)}: child phases {', '.join(left)} are not named, and by "
                "their own names two phases would hang on one; name all three",
                [list(pair) for pair in zip(named.parent, named.child, strict=True)],
                "all three phases",
            )


@rule(
    "permutation.missing_on_1p",
    "WARNING",
    "a single-phase child does not say on which phase of its parent it hangs",
)
def permutation_missing(survey: Survey) -> Iterator[Problem]:
    """One problem for each 1P collector below a 3P one that leaves the phase open."""
    for parent, child in survey.links():
        three_to_one = (survey.phases(parent), survey.phases(child)) == (frozenset(PHASES), frozenset({"L1"}))
        if three_to_one and _named(child) is None:
            yield Problem(
                _path(child),
                f"collector {as_text(child.collector.name)} is 1P and does not say on which phase of "
                f"{as_text(parent.collector.name)} it hangs; L1 is assumed, write "
                '{"parent": ["L1"], "child": ["L1"]} or the right phase',
                allowed='{"parent": ["L1" or "L2" or "L3"], "child": ["L1"]}',
            )
