"""The collectors of a site document in the order of its electrical tree, parents before children."""

from collections.abc import Mapping
from typing import Any


def collector_tree(configuration: Mapping[str, Any]) -> dict[str, tuple[int, Mapping[str, Any]]]:
    """Name → (depth, the collector's facts) of a `site_configuration`; a root has depth 0.

    A child may be a nested collector, the name of a listed one, or null (dropped). A name without a collector is
    left out, and a cycle is entered once: judging the document is the validation's task, not the page's.
    """
    facts_by_name: dict[str, Mapping[str, Any]] = {}
    children_by_name: dict[str, list[str]] = {}

    def gather(facts: Mapping[str, Any]) -> str:
        name = str(facts["name"])
        facts_by_name.setdefault(name, facts)
        children = children_by_name.setdefault(name, [])
        for child in facts.get("children") or []:
            if child is not None:
                children.append(gather(child) if isinstance(child, Mapping) else str(child))
        return name

    listed = [gather(facts) for facts in configuration.get("collector_list") or []]
    below = {child for children in children_by_name.values() for child in children}
    tree: dict[str, tuple[int, Mapping[str, Any]]] = {}

    def place(name: str, depth: int) -> None:
        if name in tree or name not in facts_by_name:
            return
        tree[name] = (depth, facts_by_name[name])
        for child in children_by_name[name]:
            place(child, depth + 1)

    for name in [*(name for name in listed if name not in below), *listed]:
        place(name, 0)
    return tree
