"""Colours of the charts, which people with a colour vision deficiency can tell apart, on light and on dark.

The hues are those of M. Okabe and K. Ito, «Color Universal Design» (2008), as on the plan page. Ink, lines
and grounds are properties of the style sheet that differ between light and dark; `css` has the browser look one up.
"""

PV, LOAD, BATTERY = "#e6b400", "#8793a6", "#cc79a7"
POLES = ("#0072b2", "#56b4e9", "#009e73", "#7cc9b0", "#d55e00", "#f0a36b", "#8a5fbf", "#b79ad9")
PRICE, INJECTION = "#0072b2", "#009e73"
COLOUR_BY_PHASE = {"L1": "#e07b00", "L2": "#2f8fce", "L3": "#12a077"}
DASH_BY_PHASE = {"L1": "solid", "L2": "dashed", "L3": "dotted"}


def css(name: str) -> str:
    """An expression for the browser: the value of a property such as `--kw-ink`."""
    return f"getComputedStyle(document.body).getPropertyValue('{name}').trim()"


def pole(number: int) -> str:
    """The colour of the n-th pole; after eight they repeat."""
    return POLES[number % len(POLES)]
