"""Which fields the form has, for each part of the document and each kind of device, contract and operator."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from kwartier.adapters.dashboard.catalogue import Words
from kwartier.adapters.dashboard.setup.draft import DEVICES, Draft, Key
from kwartier.adapters.dashboard.setup.field import FieldSpec
from kwartier.service.list_connections import list_connections
from kwartier.site.contracts import CONTRACT_TYPES
from kwartier.site.devices import DEVICE_TYPES
from kwartier.site.dso import DSO_NAMES
from kwartier.site.optimization_configuration import HORIZON_DAYS_BY_NAME
from kwartier.units.phase import PHASES, PINS

KILO = 1000.0
CONTRACT, DSO = ("configurations", "contract"), ("configurations", "dso")
OPTIMIZATION = ("configurations", "optimization_configuration")
CONTRACT_FIELDS = {
    "fixed": ("fixed_offtake_cost_per_mwh", "fixed_injection_cost_per_mwh"),
    "day_night_be": (
        "day_offtake_cost_per_mwh",
        "night_offtake_cost_per_mwh",
        "day_injection_cost_per_mwh",
        "night_injection_cost_per_mwh",
    ),
    "dynamic": (
        "offtake_coefficient",
        "offtake_constant_cost_per_mwh",
        "injection_coefficient",
        "injection_constant_cost_per_mwh",
    ),
}
# Pins that turn from pole to pole share single-phase cars among the phases.
TURNS = ("L1,L2,L3", "L2,L3,L1", "L3,L1,L2", "L1", "L2", "L3")


def site_specs(words: Words, *, is_new: bool) -> Iterator[FieldSpec]:
    """Name and place."""
    yield FieldSpec(("site_id",), words("setup.site_id"), is_fixed=not is_new)
    yield FieldSpec(("name",), words("setup.name"))
    yield FieldSpec(("location", "name"), words("setup.place"))
    yield FieldSpec(("country",), words("setup.country"))
    for index, name in enumerate(("latitude", "longitude", "altitude")):
        yield FieldSpec(("location", "coordinates", index), words(f"setup.{name}"), "number")
    yield FieldSpec(("active",), words("setup.active"), "yes_no")


def board_specs(
    path: tuple[Key, ...], board: dict[str, Any], draft: Draft, words: Words
) -> Iterator[FieldSpec]:
    """One board: its place, its limit per phase, its phases."""
    name = str(board.get("name", ""))
    below = draft.below(name)
    others = {one: one for one in draft.board_names if one not in below}
    parent = draft.parent_of(name)
    yield FieldSpec((*path, "name"), words("setup.name"), is_structural=False)
    parents = {"": words("setup.connection"), **others}
    yield FieldSpec(
        (*path, "children"), words("setup.below"), "choice", parents, is_structural=True, shown=parent or ""
    )
    yield FieldSpec((*path, "line_current"), words("setup.limit_a"), "number")
    yield FieldSpec(
        (*path, "1P_3P"), words("setup.phases"), "choice", {"3P": "3", "1P": "1"}, is_structural=True
    )
    if parent is None:
        voltage = "phase_voltage" if board.get("1P_3P") == "1P" else "line_voltage"
        yield FieldSpec((*path, voltage), words(f"setup.{voltage}"), "number")


def device_specs(
    path: tuple[Key, ...], device: dict[str, Any], draft: Draft, words: Words
) -> Iterator[FieldSpec]:
    """One device: what all have, and what its kind has."""
    kinds = {kind: words.text_by_key.get(f"device_kind.{kind}", kind) for kind in DEVICE_TYPES}
    kind = str(device.get("type", "charging_pole_3phase"))
    yield FieldSpec((*path, "name"), words("setup.name"))
    yield FieldSpec((*path, "type"), words("setup.kind"), "choice", kinds, is_structural=True)
    boards = {one: one for one in draft.board_names}
    yield FieldSpec((*path, "collector"), words("setup.board"), "choice", boards, is_structural=True)
    if kind == "charging_pole_3phase":
        mapping = device.get("pin_to_phase_mapping") or {}
        shown = ",".join(map(str, mapping.get("phase_list") or ()))
        yield FieldSpec((*path, "line_current"), words("setup.pin_a"), "number")
        yield FieldSpec(
            (*path, "pin_to_phase_mapping"),
            words("setup.pins"),
            "choice",
            {turn: turn.replace(",", ", ") for turn in TURNS},
            convert=_mapping,
            shown=shown,
        )
    elif kind == "dc_charging_pole":
        yield FieldSpec((*path, "max_power"), words("setup.max_kw"), "number", scale=KILO)
    elif kind == "forecasted_series_3phase":
        types = {"pv": words("setup.sun"), "load": words("setup.load")}
        yield FieldSpec((*path, "forecast_type"), words("setup.series"), "choice", types)
        yield FieldSpec((*path, "line_current"), words("setup.rating_a"), "number")
        yield FieldSpec((*path, "should_be_aggregated"), words("setup.no_meter"), "yes_no")
    elif kind == "battery_energy_storage_system":
        for name in ("maximum_charging_power", "maximum_discharging_power", "operational_battery_capacity"):
            yield FieldSpec((*path, name), words(f"setup.{name}"), "number", scale=KILO)


def contract_specs(draft: Draft, words: Words) -> Iterator[FieldSpec]:
    """The contract: its kind and its prices."""
    kinds = {kind: words(f"setup.contract_{kind}") for kind in CONTRACT_TYPES}
    yield FieldSpec(
        (*CONTRACT, "contract_type"), words("setup.contract_type"), "choice", kinds, is_structural=True
    )
    for name in CONTRACT_FIELDS.get(str(draft.at((*CONTRACT, "contract_type"))), ()):
        yield FieldSpec((*CONTRACT, name), words(f"setup.{name}"), "number")


def dso_specs(draft: Draft, day: date, words: Words) -> Iterator[FieldSpec]:
    """The grid connection: operator, region, type; each type says whether its amounts are known."""
    operators = {name: name for name in DSO_NAMES}
    yield FieldSpec((*DSO, "dso"), words("setup.operator"), "choice", operators, is_structural=True)
    operator, region = draft.at((*DSO, "dso")), draft.at((*DSO, "region"))
    if operator not in operators:
        return
    choices = list_connections(day, dso=str(operator))
    regions = {one.combination.region: one.combination.region for one in choices}
    yield FieldSpec((*DSO, "region"), words("setup.region"), "choice", regions, is_structural=True)
    types = {
        one.combination.connection_type: one.combination.connection_type
        if one.has_amounts
        else words("setup.without_amounts", name=one.combination.connection_type)
        for one in choices
        if one.combination.region == region
    }
    yield FieldSpec((*DSO, "connection_type"), words("setup.connection_type"), "choice", types)
    if operator == "Fluvius":
        yield FieldSpec((*DSO, "toegangsvermogen"), words("setup.access_kw"), "number")
    if operator == "Sibelga":
        yield FieldSpec((*DSO, "connection_power"), words("setup.connection_kva"), "number")


def optimization_specs(words: Words) -> Iterator[FieldSpec]:
    """What is minimised, and how far ahead."""
    horizons = {name: words("setup.days", count=days) for name, days in HORIZON_DAYS_BY_NAME.items()}
    yield FieldSpec((*OPTIMIZATION, "planning_horizon"), words("setup.horizon"), "choice", horizons)
    yield FieldSpec((*OPTIMIZATION, "cost_minimization_active"), words("setup.cost"), "yes_no")
    peak = (*OPTIMIZATION, "peak_minimization")
    yield FieldSpec((*peak, "active"), words("setup.peak"), "yes_no")
    yield FieldSpec((*peak, "peak_limit"), words("setup.peak_limit"), "number", scale=KILO)


def new_device(draft: Draft) -> dict[str, Any]:
    """A pole on the first board, with a name that no other device has."""
    names = {str(one.get("name")) for one in draft.listed(DEVICES)} | set(draft.board_names)
    name = next(f"pole_{number}" for number in range(1, 10_000) if f"pole_{number}" not in names)
    return {
        "name": name,
        "collector": next(iter(draft.board_names), ""),
        "type": "charging_pole_3phase",
        "line_current": 32,
        "pin_to_phase_mapping": _mapping(TURNS[0]),
    }


def new_board(draft: Draft) -> dict[str, Any]:
    """A board with a name that no other has."""
    names = {str(one.get("name")) for one in draft.listed(DEVICES)} | set(draft.board_names)
    name = next(f"board_{number}" for number in range(1, 10_000) if f"board_{number}" not in names)
    return {"name": name, "line_current": 63, "1P_3P": "3P"}


def _mapping(turn: str) -> dict[str, list[str]]:
    phases: list[str] = [one for one in turn.split(",") if one in PHASES]
    return {"pin_list": list(PINS[: len(phases)]), "phase_list": phases}
