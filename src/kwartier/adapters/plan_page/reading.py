"""Reads the two JSON documents into what the page shows. Nothing is computed anew except sums and matches.

Both documents may be sparse: what is absent is None in the view.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from kwartier.adapters.plan_page.electrical_tree import collector_tree
from kwartier.adapters.plan_page.local_clock import parse_time
from kwartier.adapters.plan_page.view import Collector, Column, Device, PlanView, Session, Steps, Violation

_KINDS = {
    "charging_pole_3phase": "pole",
    "dc_charging_pole": "pole",
    "battery_energy_storage_system": "battery",
}


def read_plan(request: Mapping[str, Any], plan: Mapping[str, Any]) -> PlanView:
    """The view of a plan and the request it answers; ValueError for a time stamp that can't be read."""
    steps = read_steps(plan)
    count = len(steps)
    site = _mapping(request.get("site"))
    configuration = _mapping(_mapping(site.get("configurations")).get("site_configuration"))
    prices = _mapping(plan.get("prices"))
    devices = tuple(_devices(request, plan, configuration, count))
    collectors = tuple(_collectors(request, plan, configuration, steps))
    roots = {collector.name for collector in collectors if collector.depth == 0}
    return PlanView(
        site_name=str(site.get("name") or site.get("site_id") or plan.get("site_id") or "Site"),
        steps=steps,
        devices=devices,
        collectors=collectors,
        sessions=tuple(_sessions(request, plan, devices, steps)),
        violations=tuple(_violations(plan)),
        expected_power_w=_expected_power(plan, count),
        offtake_w=column(plan.get("offtake_w"), count),
        injection_w=column(plan.get("injection_w"), count),
        offtake_limit_w=_operator_limit(request, steps, "offtake_w", roots),
        injection_limit_w=_operator_limit(request, steps, "injection_w", roots),
        offtake_eur_per_mwh=column(prices.get("offtake_eur_per_mwh"), count),
        injection_eur_per_mwh=column(prices.get("injection_eur_per_mwh"), count),
    )


def read_steps(plan: Mapping[str, Any]) -> Steps:
    """The plan's grid; without steps an empty one."""
    steps = plan.get("steps") or []
    return Steps(
        starts=tuple(parse_time(step["start"]) for step in steps),
        hours=tuple(float(step["hours"]) for step in steps),
    )


def column(values: Any, count: int) -> Column:
    """`values` as exactly `count` numbers or None: an absent or short array leaves gaps."""
    known = [None if value is None else float(value) for value in (values or [])[:count]]
    return known + [None] * (count - len(known))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _field(message: Mapping[str, Any], camel: str, snake: str) -> Any:
    """A telemetry field under either spelling; both are accepted on the wire."""
    value = message.get(camel)
    return message.get(snake) if value is None else value


def _devices(
    request: Mapping[str, Any], plan: Mapping[str, Any], configuration: Mapping[str, Any], count: int
) -> Iterator[Device]:
    facts_by_name = {str(facts["name"]): facts for facts in configuration.get("device_list") or []}
    batteries = _mapping(_mapping(request.get("state")).get("batteries"))
    reasons = _mapping(plan.get("reasons"))
    planned_by_name = _mapping(plan.get("devices"))
    for name in dict.fromkeys([*facts_by_name, *planned_by_name]):
        if name not in planned_by_name:
            continue
        facts, planned = facts_by_name.get(name, {}), _mapping(planned_by_name[name])
        pins = _mapping(planned.get("current_a"))
        yield Device(
            name=name,
            kind=_kind(facts),
            board=str(facts.get("collector") or ""),
            rating_a=_number(facts.get("line_current")),
            rating_w=_number(facts.get("max_power")),
            capacity_wh=_number(facts.get("operational_battery_capacity")),
            power_w=column(planned.get("power_w"), count),
            current_a={str(pin): column(values, count) for pin, values in pins.items()},
            state_of_charge=column(planned.get("state_of_charge"), count),
            stored_now_percent=_number(_mapping(batteries.get(name)).get("state_of_charge")),
            transaction_ids=(planned.get("transaction_id") or [])[:count],
            reasons=(reasons.get(name) or [])[:count],
        )


def _kind(facts: Mapping[str, Any]) -> str:
    if not facts:
        return "other"
    kind = facts.get("type") or "charging_pole_3phase"
    if kind == "forecasted_series_3phase":
        return "pv" if facts.get("forecast_type") == "pv" else "load"
    return _KINDS.get(str(kind), "other")


def _collectors(
    request: Mapping[str, Any], plan: Mapping[str, Any], configuration: Mapping[str, Any], steps: Steps
) -> Iterator[Collector]:
    tree = collector_tree(configuration)
    planned_by_name = _mapping(plan.get("collectors"))
    for name in dict.fromkeys([*tree, *planned_by_name]):
        depth, facts = tree.get(name, (0, {}))
        phases = _mapping(_mapping(planned_by_name.get(name)).get("current_a"))
        own_a = _number(facts.get("line_current"))
        operator_a = _operator_limit(request, steps, "current_a", {name})
        yield Collector(
            name=name,
            depth=depth,
            current_a={str(phase): column(values, len(steps)) for phase, values in phases.items()},
            limit_a=[
                min((limit_a for limit_a in (own_a, asked_a) if limit_a is not None), default=None)
                for asked_a in operator_a
            ],
        )


def _operator_limit(request: Mapping[str, Any], steps: Steps, quantity: str, collectors: set[str]) -> Column:
    """The lowest of the grid operator's limits of that quantity per step, None where there is none."""
    lowest: Column = [None] * len(steps)
    for limit in request.get("limits") or []:
        if limit.get("collector") not in collectors or limit.get(quantity) is None:
            continue
        bound = float(limit[quantity])
        for index in steps.touched_steps(parse_time(limit["start"]), parse_time(limit["end"])):
            known = lowest[index]
            lowest[index] = bound if known is None else min(known, bound)
    return lowest


def _sessions(
    request: Mapping[str, Any], plan: Mapping[str, Any], devices: Sequence[Device], steps: Steps
) -> Iterator[Session]:
    poles = {device.name: device for device in devices if device.kind == "pole"}
    unserved_wh = _mapping(plan.get("unserved_wh"))
    sessions = []
    for transaction in _latest_messages(request):
        pole = str(_field(transaction, "assetId", "asset_id"))
        transaction_id = str(_field(transaction, "transactionId", "transaction_id"))
        departure = _field(transaction, "departureTime", "departure_time")
        device = poles.get(pole)
        sessions.append(
            Session(
                pole=pole,
                transaction_id=transaction_id,
                arrival=parse_time(_field(transaction, "startTime", "start_time")),
                departure=None if departure is None else parse_time(departure),
                requested_wh=_number(_field(transaction, "requestedEnergy", "requested_energy")),
                charged_wh=float(_field(transaction, "energyCharged", "energy_charged") or 0.0),
                planned_wh=None if device is None else _planned_wh(device, transaction_id, steps),
                short_wh=_number(unserved_wh.get(transaction_id)),
            )
        )
    order = {name: index for index, name in enumerate(poles)}
    yield from sorted(sessions, key=lambda session: (order.get(session.pole, len(order)), session.arrival))


def _latest_messages(request: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """One message per running transaction: a later time stamp replaces an earlier one."""
    latest: dict[tuple[str, str], Mapping[str, Any]] = {}
    for message in request.get("transactions") or []:
        asset, transaction = (
            _field(message, "assetId", "asset_id"),
            _field(message, "transactionId", "transaction_id"),
        )
        known = latest.get((asset, transaction))
        if known is None or _stamp(known) <= _stamp(message):
            latest[asset, transaction] = message
    return [
        message
        for message in latest.values()
        if _field(message, "transactionState", "transaction_state") != "Ended"
    ]


def _stamp(message: Mapping[str, Any]) -> datetime:
    stamp = message.get("timestamp")
    return datetime.min.replace(tzinfo=UTC) if stamp is None else parse_time(stamp)


def _planned_wh(device: Device, transaction_id: str, steps: Steps) -> float:
    """The energy of the steps that the plan gives to this transaction."""
    rows = zip(device.transaction_ids, device.power_w, steps.hours, strict=False)
    return sum(
        power_w * hours
        for planned_id, power_w, hours in rows
        if power_w is not None and planned_id is not None and str(planned_id) == transaction_id
    )


def _expected_power(plan: Mapping[str, Any], count: int) -> Column:
    """The power of the virtual sessions of expected cars together, all None when the plan has none."""
    expected = plan.get("expected_sessions") or []
    entries = list(expected.values()) if isinstance(expected, Mapping) else list(expected)
    columns = [column(entry["power_w"], count) for entry in entries if _mapping(entry).get("power_w")]
    if not columns:
        return [None] * count
    return [sum(power_w or 0.0 for power_w in powers_w) for powers_w in zip(*columns, strict=True)]


def _violations(plan: Mapping[str, Any]) -> list[Violation]:
    """The plan's violations, consecutive steps of one line taken together."""
    runs: list[Violation] = []
    entries = plan.get("limit_violations") or []
    for entry in sorted(entries, key=lambda e: (e["collector"], e.get("phase") or "", e["step"])):
        found = _violation(entry)
        last = runs[-1] if runs else None
        if last and _continues(last, found):
            worse = max(last, found, key=lambda run: run.worst - run.limit)
            runs[-1] = replace(worse, steps=last.steps + found.steps)
        else:
            runs.append(found)
    return runs


def _violation(entry: Mapping[str, Any]) -> Violation:
    """One entry of `limit_violations`: a current of a phase, or the power of a whole collector."""
    in_ampere = entry.get("limit_a") is not None
    observed = entry.get("current_a") if in_ampere else entry.get("power_w")
    limit = entry.get("limit_a") if in_ampere else entry.get("limit_w")
    return Violation(
        collector=str(entry["collector"]),
        phase=entry.get("phase"),
        steps=(int(entry["step"]),),
        worst=abs(float(observed or 0.0)),
        limit=abs(float(limit or 0.0)),
        unit="A" if in_ampere else "W",
    )


def _continues(last: Violation, found: Violation) -> bool:
    same_line = (last.collector, last.phase, last.unit) == (found.collector, found.phase, found.unit)
    return same_line and found.steps[0] == last.steps[-1] + 1
