"""The check shares no code with the planner: it reads documents, facts and tariffs, and nothing else of planning."""

import ast
from pathlib import Path

import kwartier.planning.check

ALLOWED = (
    "kwartier.units.",
    "kwartier.site.",
    "kwartier.tariffs.marginal",
    "kwartier.planning.check",
    "kwartier.planning.request",
    "kwartier.planning.plan",
)
# The planner's own reading of the tree.
FORBIDDEN = ("kwartier.site.tree", "kwartier.units.step_grid")


def imports_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def is_foreign(module: str) -> bool:
    if not module.startswith("kwartier"):
        return False
    allowed = module in ALLOWED or module.startswith(tuple(f"{name.removesuffix('.')}." for name in ALLOWED))
    return not allowed or module in FORBIDDEN


def test_the_check_imports_only_documents_and_facts() -> None:
    folder = Path(kwartier.planning.check.__file__).parent
    modules = list(folder.glob("*.py"))
    assert len(modules) > 10
    assert {
        path.name: found for path in modules if (found := set(filter(is_foreign, imports_of(path))))
    } == {}


def test_an_import_of_the_planner_is_foreign() -> None:
    assert is_foreign("kwartier.planning.problem")
    assert is_foreign("kwartier.planning.planner")
    assert is_foreign("kwartier.site.tree")
    assert not is_foreign("kwartier.planning.plan")
    assert not is_foreign("numpy")
