"""The electrical tree as a document describes it, also where it is no tree: what the rules look at."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from kwartier.site.collector import Collector
from kwartier.site.devices import Device
from kwartier.site.document import Site
from kwartier.site.json_path import is_at_or_under, step_into
from kwartier.units.phase import PHASES

SITE_CONFIGURATION = "$.configurations.site_configuration"
DEVICE_LIST = f"{SITE_CONFIGURATION}.device_list"
COLLECTOR_LIST = f"{SITE_CONFIGURATION}.collector_list"

PHASES_BY_TYPE = {"1P": frozenset({"L1"}), "3P": frozenset[str](PHASES)}

_STEP = re.compile(r"[.\[]")

# What makes the tree incomplete when it can't be read: a name, or a child.
_TREE_PARTS = re.compile(r"(\.collector_list|\.name|\.children|\[\d+\])$")


@dataclass(frozen=True)
class Board:
    """One place where a document defines a collector."""

    collector: Collector
    path: str


@dataclass(frozen=True)
class Feed:
    """One entry of `children`: `parent` feeds `child` (names); `path` is where the document says so."""

    parent: str
    child: str
    path: str


@dataclass
class Tree:
    """The result of following the feeds from the roots down.

    `order` holds every collector after its parent; `parent_of` the feed by which each was reached; `cycles` the feeds
    that lead back, with the names on the way; `second_feeds` those that lead to a collector that has a parent already.
    """

    order: dict[str, None] = field(default_factory=dict)
    parent_of: dict[str, str] = field(default_factory=dict)
    cycles: list[tuple[Feed, list[str]]] = field(default_factory=list)
    second_feeds: list[Feed] = field(default_factory=list)


@dataclass(frozen=True)
class Survey:
    """A site with its collectors and devices by path. `unreadable` are the paths whose content was set aside."""

    site: Site
    unreadable: frozenset[str] = frozenset()

    def is_readable(self, path: str) -> bool:
        """Whether the document's content at this path is what the rules see."""
        if not self.unreadable:
            return True
        return self.unreadable.isdisjoint((path, *(path[: end.start()] for end in _STEP.finditer(path))))

    def is_whole(self, path: str) -> bool:
        """Whether nothing at this path or below it was set aside."""
        return self.is_readable(path) and not any(is_at_or_under(part, path) for part in self.unreadable)

    @cached_property
    def devices(self) -> list[tuple[str, Device]]:
        """Every device with its path."""
        configuration = self.site.configurations.site_configuration
        listed = configuration.device_list if configuration else []
        return [(step_into(DEVICE_LIST, index), device) for index, device in enumerate(listed)]

    @cached_property
    def boards(self) -> list[Board]:
        """Every definition of a collector, nested ones after the one that holds them."""
        configuration = self.site.configurations.site_configuration
        listed = configuration.collector_list if configuration else []
        waiting = [Board(part, step_into(COLLECTOR_LIST, index)) for index, part in enumerate(listed)][::-1]
        found = []
        while waiting:
            board = waiting.pop()
            found.append(board)
            children = enumerate(board.collector.children or [])
            nested = [
                Board(part, child_path(board, i)) for i, part in children if isinstance(part, Collector)
            ]
            waiting.extend(reversed(nested))
        return found

    @cached_property
    def board_of(self) -> dict[str, Board]:
        """The first definition of each collector, by name, in the document's order."""
        found: dict[str, Board] = {}
        for board in self.boards:
            found.setdefault(board.collector.name, board)
        return found

    @cached_property
    def references(self) -> list[Feed]:
        """Every child that is written as a name, whether or not a collector has that name."""
        return [
            Feed(board.collector.name, child, child_path(board, index))
            for board in self.boards
            for index, child in enumerate(board.collector.children or [])
            if isinstance(child, str)
        ]

    @cached_property
    def feeds(self) -> list[Feed]:
        """Every feed between two collectors; a second definition of a name feeds nothing and is reported as such."""
        found = []
        for board in self.boards:
            for index, child in enumerate(board.collector.children or []):
                path = child_path(board, index)
                if isinstance(child, str) and child in self.board_of:
                    found.append(Feed(board.collector.name, child, path))
                elif isinstance(child, Collector) and self.board_of[child.name].path == path:
                    found.append(Feed(board.collector.name, child.name, path))
        return found

    @cached_property
    def fed(self) -> frozenset[str]:
        """The names of the collectors that have a parent."""
        return frozenset(feed.child for feed in self.feeds)

    @cached_property
    def tree(self) -> Tree:
        """The feeds followed from the roots, then from whatever no root reaches."""
        down: dict[str, list[Feed]] = defaultdict(list)
        for feed in self.feeds:
            down[feed.parent].append(feed)
        tree = Tree()
        for start in sorted(self.board_of, key=lambda name: name in self.fed):
            if start not in tree.order:
                _follow(start, down, tree)
        return tree

    @cached_property
    def is_tree_complete(self) -> bool:
        """Whether every collector's name and children could be read; else a root or a dangling name may be none."""
        return not any(
            is_at_or_under(path, COLLECTOR_LIST) and _TREE_PARTS.search(path) for path in self.unreadable
        ) and self.is_readable(SITE_CONFIGURATION)

    def roots(self) -> list[Board]:
        """The collectors that surely have no parent."""
        if not self.is_tree_complete:
            return []
        return [board for name, board in self.board_of.items() if name not in self.fed]

    def links(self) -> list[tuple[Board, Board]]:
        """Parent and child of every feed of the tree, parents first."""
        pairs = ((self.tree.parent_of.get(name), name) for name in self.tree.order)
        return [(self.board_of[parent], self.board_of[name]) for parent, name in pairs if parent is not None]

    def phases(self, board: Board) -> frozenset[str] | None:
        """The phases that a collector has; None where its type is unknown."""
        if self.unreadable and not self.is_readable(step_into(board.path, "1P_3P")):
            return None
        return PHASES_BY_TYPE.get(board.collector.collector_type)


def child_path(board: Board, index: int) -> str:
    """The path of one entry of a collector's `children`."""
    return step_into(step_into(board.path, "children"), index)


def _follow(start: str, down: dict[str, list[Feed]], tree: Tree) -> None:
    """Walk down from one collector, depth first, without recursion: documents may be deep."""
    on_the_way = {start: iter(down[start])}
    tree.order[start] = None
    while on_the_way:
        name, feeds = next(reversed(on_the_way.items()))
        feed = next(feeds, None)
        if feed is None:
            del on_the_way[name]
        elif feed.child in on_the_way:
            way = list(on_the_way)
            tree.cycles.append((feed, [*way[way.index(feed.child) :], feed.child]))
        elif feed.child in tree.order:
            tree.second_feeds.append(feed)
        else:
            tree.parent_of[feed.child] = name
            tree.order[feed.child] = None
            on_the_way[feed.child] = iter(down[feed.child])
