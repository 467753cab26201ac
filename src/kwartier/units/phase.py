"""The three phases of a network and the names that documents use for them."""

from typing import Literal

PhaseName = Literal["L1", "L2", "L3"]
PHASES: tuple[PhaseName, ...] = ("L1", "L2", "L3")
PINS: tuple[str, ...] = ("pin1", "pin2", "pin3")
