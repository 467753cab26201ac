"""The collectors form trees: every child exists, has one parent, and nothing feeds itself."""

from collections.abc import Iterator

from kwartier.site.json_path import as_text, hint, shown
from kwartier.site.rules.rule import Problem, rule
from kwartier.site.rules.survey import Survey

LONGEST_CIRCLE = 6  # names that a message prints
DEEPEST_LEVEL = 64  # of boards below each other; real sites have fewer than ten


@rule("collector.unknown_child", "ERROR", "`children` names a collector that the document does not define")
def unknown_child(survey: Survey) -> Iterator[Problem]:
    """One problem for each reference that dangles."""
    if not survey.is_tree_complete:
        return
    names = list(survey.board_of)
    allowed = shown(", ".join(names))
    devices = {device.name for _, device in survey.devices}
    for feed in survey.references:
        if feed.child in survey.board_of:
            continue
        if feed.child in devices:
            next_step = "it is a device: a device names its collector, and stands in no children"
        else:
            next_step = f"add it to collector_list or remove it{hint(feed.child, names)}"
        yield Problem(
            feed.path,
            f"collector {as_text(feed.parent)}: there is no collector {as_text(feed.child)}; {next_step}",
            feed.child,
            allowed,
        )


@rule("collector.two_parents", "ERROR", "a collector is the child of two collectors, or twice of one")
def two_parents(survey: Survey) -> Iterator[Problem]:
    """One problem for each feed after the first."""
    first_parent = {feed.child: feed.parent for feed in reversed(survey.feeds)}
    for feed in survey.tree.second_feeds:
        first = survey.tree.parent_of.get(feed.child, first_parent[feed.child])
        yield Problem(
            feed.path,
            f"collector {as_text(feed.child)} is fed by {as_text(first)} already and again by "
            f"{as_text(feed.parent)}; keep it in the children of one of them, once",
            feed.child,
            "one parent",
        )


@rule("collector.cycle", "ERROR", "a collector feeds itself, directly or through others")
def cycle(survey: Survey) -> Iterator[Problem]:
    """One problem for each feed that closes a circle."""
    for feed, way in survey.tree.cycles:
        names = [as_text(name) for name in way]
        circle = " → ".join(names if len(names) <= LONGEST_CIRCLE else [*names[:3], "…", *names[-2:]])
        yield Problem(
            feed.path,
            f"collector {as_text(feed.child)} feeds itself: {circle}; remove the child that closes the circle",
            shown(circle),
            "a tree",
        )


@rule("collector.too_deep", "ERROR", "a collector lies more than 64 levels below its root")
def too_deep(survey: Survey) -> Iterator[Problem]:
    """One problem for each collector one level below the deepest that is allowed."""
    level_of: dict[str, int] = {}
    for name in survey.tree.order:
        parent = survey.tree.parent_of.get(name)
        level_of[name] = 1 if parent is None else level_of[parent] + 1
        if level_of[name] == DEEPEST_LEVEL + 1:
            yield Problem(
                survey.board_of[name].path,
                f"collector {as_text(name)} lies more than {DEEPEST_LEVEL} levels below its root; leave out boards "
                "that limit nothing",
                level_of[name],
                f"at most {DEEPEST_LEVEL} levels",
            )


@rule("collector.3p_below_1p", "ERROR", "a three-phase collector hangs on a single-phase one")
def three_phase_below_single_phase(survey: Survey) -> Iterator[Problem]:
    """One problem for each three-phase child of a single-phase parent."""
    for parent, child in survey.links():
        if (survey.phases(parent), survey.phases(child)) == (
            frozenset({"L1"}),
            frozenset({"L1", "L2", "L3"}),
        ):
            yield Problem(
                f"{child.path}['1P_3P']",
                f"collector {as_text(child.collector.name)} has three phases, its parent "
                f"{as_text(parent.collector.name)} has one; make this one 1P or the parent 3P",
                "3P",
                "1P",
            )
