"""A small sheet as text, changed and written to a folder as a test needs it."""

from pathlib import Path

from kwartier.tariffs.sheet_file import SheetFile, read_sheet

FLEMISH = """
id = "mine/imewo/2027"
dso = "Fluvius"
region = "Imewo"
connection_type = "Low Voltage Network"
valid_from = 2027-01-01
valid_to = 2027-12-31
voltage = "low"
transmission = "included"
proration = { method = "days/365", source = "list", confidence = "D" }

[sources.list]
title = "A made-up list"
retrieved = 2026-11-22

[[components]]
id = "capacity"
kind = "rolling_mean_peak"
group = "grid"
price = { value = 60, unit = "EUR/kW/year", source = "list", confidence = "O" }
floor_kw = { value = 2.5, unit = "kW", source = "list", confidence = "O" }

[[components]]
id = "network"
kind = "energy"
group = "grid"
price = { value = 0.05, unit = "EUR/kWh", source = "list", confidence = "O" }

[[components]]
id = "maximum"
kind = "cap"
group = "grid"
price = { value = 0.33, unit = "EUR/kWh", source = "list", confidence = "O" }
covers = ["capacity", "network"]
least_of = "capacity"
"""

TRANSMISSION = """
[[components]]
id = "transport"
kind = "energy"
group = "transmission"
price = { value = 0.02, unit = "EUR/kWh", source = "list", confidence = "O" }
"""

WALLOON = (
    FLEMISH.replace("Fluvius", "ORES")
    .replace("Imewo", "All")
    .replace("Low Voltage Network", "BT - heures normales")
    .replace('"included"', '"line"')
    + TRANSMISSION
)


def changed(text: str, *changes: tuple[str, str]) -> str:
    """The text with each first part, which must be there, replaced by its second."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def write(folder: Path, name: str, text: str) -> Path:
    """The text as a file in a folder, which is made where it is not there."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str) -> SheetFile:
    """The sheet that a text holds, as a file of the user."""
    return read_sheet(write(folder, "sheet", text), is_own=True)
