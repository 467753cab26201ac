"""A module's name says what it holds, and nothing in the package is left unfinished."""

import io
import re
import tokenize

from tests.house.project import SOURCE, modules

# Names that say nothing: whatever fits nowhere else ends up behind them.
SAYS_NOTHING = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc", "stuff"}

UNFINISHED_COMMENT = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def vague_parts(module: str) -> set[str]:
    """The words of a module's dotted name that say nothing."""
    return {word for part in module.split(".") for word in part.split("_")} & SAYS_NOTHING


def unfinished_marks(source: str) -> list[str]:
    """Comments that promise work, and raised NotImplementedError, each with its line number."""
    marks = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        promise = token.type == tokenize.COMMENT and UNFINISHED_COMMENT.search(token.string)
        stub = token.type == tokenize.NAME and token.string == "NotImplementedError"
        if promise or stub:
            marks.append(f"line {token.start[0]}: {token.string.strip()}")
    return marks


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = {module: vague_parts(module) for module in modules() if vague_parts(module)}
    assert vague == {}


def test_nothing_in_the_package_is_left_unfinished() -> None:
    found = {}
    for path in SOURCE.rglob("*.py"):
        if marks := unfinished_marks(path.read_text(encoding="utf-8")):
            found[str(path.relative_to(SOURCE))] = marks
    assert found == {}


def test_vague_names_and_unfinished_code_are_found() -> None:
    assert vague_parts("kwartier.site.device_utils") == {"utils"}
    assert vague_parts("kwartier.site.document") == set()
    assert unfinished_marks("x = 1  # TODO: two\n") == ["line 1: # TODO: two"]
    assert unfinished_marks("def f():\n    raise NotImplementedError\n") == ["line 2: NotImplementedError"]
    assert unfinished_marks('text = "TODO"\n') == []
