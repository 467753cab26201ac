"""Which names of numbers say what the number is: a unit, or a word for something without one.

`power_w`, `price_eur_per_mwh`, `limit_a_by_phase` and `step_count` do; `power` and `limit` do not.
`share_of_window` does; `state_of_charge` does not.
"""

import re

UNITS = {
    *("w", "kw", "mw", "wh", "kwh", "mwh", "va", "kva", "watts"),  # power, energy
    *("milliwh", "varh"),  # whole numbers of them make sums exact; a milliwatt-hour is a millionth of a kWh
    *("a", "ah", "v", "ohm", "hz", "amps", "ampere", "amperes"),  # electricity
    *("eur", "cent"),  # money
    *(
        "us",
        "ms",
        "s",
        "min",
        "h",
        "seconds",
        "minutes",
        "hours",
        "days",
        "months",
        "years",
        "quarters",
    ),  # time
    *("m", "km", "kg", "c", "rad", "deg", "px", "bytes"),  # the rest
    *("percent", "pu"),  # hundredths; per unit of a rating
}

# Units that are too short to be a name by themselves.
NEVER_ALONE = {"w", "a", "v", "h", "s", "m", "c", "min"}

WITHOUT_UNIT = {
    *(
        "count",
        "counts",
        "number",
        "numbers",
        "size",
        "length",
        "depth",
        "digits",
        "nodes",
        "sides",
    ),  # how many
    *(
        "index",
        "indices",
        "key",
        "step",
        "steps",
        "point",
        "points",
        "position",
        "offset",
        "page",
        "place",
        "rank",
    ),  # which one
    *("row", "rows", "column", "columns", "nonzeros", "priority", "version", "port", "code", "seed"),
    *("year", "month", "weekday"),  # on a calendar
    *("tightness", "ratio", "ratios", "fraction", "share", "shares", "efficiency", "gap"),  # relative
    *("factor", "scale", "sign", "weight", "weights", "coefficient", "coefficients"),
}

# What comes after says for what each number holds, or which one it is.
FOR_WHAT = re.compile(r"(?<=.)_(by|per|of)_.*$")


def says_what_it_is(name: str) -> bool:
    """Whether the name of a number ends in a unit, or in a word for a number without one.

    A unit may be followed by what it is per, or for each of what it holds: `limit_a_by_phase`.
    """
    name = name.lower()
    if name in NEVER_ALONE:
        return False
    last_word = FOR_WHAT.sub("", name).split("_")[-1]
    return last_word in UNITS | WITHOUT_UNIT or name.endswith("_of_day")


# Fields whose name somebody else fixed, with the unit they have. Only fields may use these names; a name that
# is used no more goes.
FIXED_BY_REFERENCE_DOCUMENT = {
    "charging_priority": "1 to 10",
    "coordinates": "degrees, degrees, m",
    "day_injection_cost_per_mwh": "EUR/MWh",
    "day_offtake_cost_per_mwh": "EUR/MWh",
    "discharging_priority": "1 to 10",
    "fixed_injection_cost_per_mwh": "EUR/MWh",
    "fixed_offtake_cost_per_mwh": "EUR/MWh",
    "line_current": "A",
    "line_voltage": "V",
    "max_power": "W",
    "maximum_charging_power": "W",
    "maximum_discharging_power": "W",
    "maximum_state_of_charge": "percent",
    "minimum_state_of_charge": "percent",
    "night_injection_cost_per_mwh": "EUR/MWh",
    "night_offtake_cost_per_mwh": "EUR/MWh",
    "operational_battery_capacity": "Wh",
    "peak_limit": "W",
    "peak_price": "EUR/kW",
    "phase_voltage": "V",
    "revenue_per_kwh_ac_charged": "EUR/kWh",
    "toegangsvermogen": "kW",
}
FIXED_BY_CONTRACT = {
    "expires_in": "s",
    "connection_power": "kVA",
    "injection_constant_cost_per_mwh": "EUR/MWh",
    "offtake_constant_cost_per_mwh": "EUR/MWh",
    "quantity": "of a bill's line, in the line's own unit",
}
FIXED_BY_TELEMETRY = {
    "fallback_current": "A",
    "fallback_power": "W",
    "max_current": "A",
    "power": "W",
    "battery_capacity": "Wh",
    "current_state_of_charge": "percent",
    "current_value": "A",
    "energy_charged": "Wh",
    "energy_value": "Wh",
    "minimum_energy": "Wh",
    "no_charging_phases": "1 to 3",
    "power_value": "W",
    "requested_energy": "Wh",
    "state_of_charge": "percent",
    "voltage_value": "V",
}
FIXED_BY_REST = {
    "corrected": "items",
    "refused": "items",
    "revision": "counted from 0",
    "stored": "items",
    "unchanged": "items",
}
FIXED_BY_PLAN_DOCUMENT = {
    "energy": "EUR",
    "grid": "EUR",
    "levies": "EUR",
    "peaks": "EUR",
    "revenue": "EUR",
    "terminal_value": "EUR",
    "total": "EUR",
}
FIXED = (
    FIXED_BY_REFERENCE_DOCUMENT
    | FIXED_BY_CONTRACT
    | FIXED_BY_TELEMETRY
    | FIXED_BY_REST
    | FIXED_BY_PLAN_DOCUMENT
)
