"""Each decision has one page, and says which check enforces it."""

import re

from tests.house.project import ROOT

DECISIONS = ROOT / "docs" / "decisions"
SECTIONS = ["Context", "Decision", "Consequences", "Check"]


def faults_of_page(text: str) -> list[str]:
    """What a decision's page lacks: a title, the four sections in their order, text in each."""
    faults = [] if text.startswith("# ") else ["no title"]
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    titles, bodies = parts[1::2], parts[2::2]
    if titles != SECTIONS:
        faults.append(f"sections {titles} are not {SECTIONS}")
    empty = [title for title, body in zip(titles, bodies, strict=True) if not body.strip()]
    return faults + [f"nothing under {title}" for title in empty]


def test_every_decision_has_context_decision_consequences_and_check() -> None:
    faults = {page.name: faults_of_page(page.read_text(encoding="utf-8")) for page in DECISIONS.glob("*.md")}
    assert faults
    assert {name: found for name, found in faults.items() if found} == {}


def test_decisions_are_numbered_without_gaps() -> None:
    pages = sorted(page.name for page in DECISIONS.iterdir())
    assert [name for name in pages if not re.fullmatch(r"\d{4}(-[a-z0-9]+)+\.md", name)] == []
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))


def test_an_incomplete_page_is_found() -> None:
    assert faults_of_page("# T\n## Context\na\n## Decision\nb\n## Consequences\nc\n## Check\nd\n") == []
    assert faults_of_page("# T\n## Context\na\n## Decision\nb\n") != []
    assert faults_of_page("# T\n## Context\na\n## Decision\n\n## Consequences\nc\n## Check\nd\n") == [
        "nothing under Decision"
    ]
