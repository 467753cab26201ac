"""Colours that people with a colour vision deficiency can tell apart, on a light and on a dark page.

The hues are the qualitative set of M. Okabe and K. Ito, «Color Universal Design» (2008). A colour written
`var(--name)` is a property of page.css that differs between the light and the dark page; page.js looks it up.
"""

LOAD = "#8793a6"
PV = "#e6b400"
BATTERY = "#cc79a7"
EXPECTED = "#b9a58c"
OFFTAKE_PRICE = "var(--blue)"
INJECTION_PRICE = "var(--green)"
INK = "var(--ink)"
MUTED = "var(--muted)"
LIMIT = "var(--alarm)"
TRACK = "var(--track)"
PHASES = {"L1": "var(--orange)", "L2": "var(--blue)", "L3": "var(--green)"}
PHASE_DASHES = {"L1": "solid", "L2": "dash", "L3": "dot"}
BATTERIES = ("#cc79a7", "var(--blue)", "#e69f00", "var(--green)", "var(--orange)")
CHARGING_SCALE = ("#a6d3ee", "#3a93cd", "#02568c")

_BOARDS = ("#0072b2", "#009e73", "#d55e00", "#56b4e9", "#8a5fbf", "#8c6d31")
_TINTS = (0.0, 0.3, 0.15, 0.45)


def board_colour(index: int) -> str:
    """The colour of the n-th board; after the sixth they repeat."""
    return _BOARDS[index % len(_BOARDS)]


def pole_colour(board_index: int, index: int) -> str:
    """A tint of the board's colour for the n-th pole on it; neighbours in the stack differ."""
    return _mix(board_colour(board_index), "#ffffff", _TINTS[index % len(_TINTS)])


def charging_colour(share: float) -> str:
    """The colour of a pole that charges with that share (0–1) of its rating: darker is harder."""
    place = min(max(share, 0.0), 1.0) * (len(CHARGING_SCALE) - 1)
    index = min(int(place), len(CHARGING_SCALE) - 2)
    return _mix(CHARGING_SCALE[index], CHARGING_SCALE[index + 1], place - index)


def _mix(first: str, second: str, share: float) -> str:
    """`first` with that share of `second`, both as #rrggbb."""
    pairs = ((int(first[at : at + 2], 16), int(second[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(low + (high - low) * share):02x}" for low, high in pairs)
