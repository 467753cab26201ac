"""The page of the demo's bills is what the script makes of the shipped data and sheets."""

import re
import subprocess
import sys

from tests.house.project import ROOT

PAGE = ROOT / "docs" / "demo-bills.md"


def test_the_page_says_what_the_script_finds() -> None:
    made = subprocess.run(
        [sys.executable, str(ROOT / "script" / "demo_bills.py")], capture_output=True, text=True, check=True
    )
    assert made.stdout == PAGE.read_text(encoding="utf-8")


def test_planning_saves_under_every_sheet_and_the_rows_add_up() -> None:
    text = PAGE.read_text(encoding="utf-8")
    titles = re.findall(r"^## (.+): (.+) EUR saved$", text, flags=re.MULTILINE)
    assert len(titles) == 3
    for table, (_, saved) in zip(text.split("\n## ")[1:], titles, strict=True):
        rows = dict(re.findall(r"^\| ([^|]+) \| .* \| (\S+) \|$", table, flags=re.MULTILINE))
        parts = [
            float(rows[name])
            for name in rows
            if name not in ("EUR", "**bill**", "**in all**", "highest quarter-hour, kW")
        ]
        assert float(rows["**in all**"]) == float(saved) > 0
        # up to seven rows, each rounded to a cent
        assert abs(sum(parts) - float(saved)) < 0.04


def test_the_plot_has_a_bar_for_every_amount_in_all() -> None:
    plot = (ROOT / "docs" / "demo-bills.svg").read_text(encoding="utf-8")
    amounts = re.findall(
        r"^\| \*\*in all\*\* \| (\S+) \| (\S+) \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert len(amounts) == 3
    for pair in amounts:
        assert all(f"{amount} EUR</text>" in plot for amount in pair)
