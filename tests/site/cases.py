"""The folder of cases: site documents with every finding that they give."""

import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))

# With KWARTIER_WRITE_CASES=1 the tests write what they find instead of comparing it. Read the difference, then keep it.
IS_WRITING = os.environ.get("KWARTIER_WRITE_CASES") == "1"


def read_case(name: str) -> dict[str, Any]:
    """`document`, a site unless `model` says otherwise; its `findings`; `about`, what the case shows."""
    case: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return case


def write_findings(name: str, findings: list[dict[str, Any]]) -> None:
    """Keep these findings as the expected ones."""
    case = {**read_case(name), "findings": findings}
    (FOLDER / f"{name}.json").write_text(
        json.dumps(case, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
