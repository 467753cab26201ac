"""What can be wrong with a plan request beside its site: names that do not exist, phases that a board has not."""

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from kwartier.planning.request import ExpectedSession, PlanRequest
from kwartier.site.collector import Collector
from kwartier.site.devices import (
    BatteryEnergyStorageSystem,
    ChargingPole3Phase,
    DcChargingPole,
    Device,
    ForecastedSeries3Phase,
)
from kwartier.site.document import SiteConfiguration
from kwartier.site.finding import Finding
from kwartier.site.transaction import Transaction

POLES = (ChargingPole3Phase, DcChargingPole)


def _unknown(path: str, what: str, observed: str, known: Iterable[str]) -> Finding:
    names = sorted(known)
    shown = ", ".join(names[:10]) + (" …" if len(names) > 10 else "")
    return Finding(
        rule="request.unknown_name",
        severity="ERROR",
        path=path,
        message=f"{observed} is no {what} of the site; correct the name or add it to the site document.",
        observed=observed,
        allowed=shown or f"the site has no {what}",
    )


def _names(devices: Sequence[Device], kinds: type | tuple[type, ...]) -> set[str]:
    return {device.name for device in devices if isinstance(device, kinds)}


def _session_findings(
    path: str, messages: Sequence[Transaction] | Sequence[ExpectedSession], poles: set[str]
) -> list[Finding]:
    return [
        _unknown(f"{path}[{index}].assetId", "charging pole", message.asset_id, poles)
        for index, message in enumerate(messages)
        if message.transaction_state != "Ended" and message.asset_id not in poles
    ]


def _key_findings(path: str, what: str, keys: Iterable[str], known: set[str]) -> list[Finding]:
    return [_unknown(f"{path}.{key}", what, key, known) for key in keys if key not in known]


def _collectors(configuration: SiteConfiguration) -> tuple[dict[str, Collector], set[str]]:
    """All collectors by name, and the names of those that hang on another."""
    collectors: dict[str, Collector] = {}
    children: set[str] = set()
    pending = list(configuration.collector_list)
    while pending:
        collector = pending.pop()
        collectors[collector.name] = collector
        for child in collector.children or []:
            if isinstance(child, Collector):
                pending.append(child)
                children.add(child.name)
            elif child is not None:
                children.add(child)
    return collectors, children


def _phase_findings(request: PlanRequest, configuration: SiteConfiguration) -> list[Finding]:
    collectors, _ = _collectors(configuration)
    findings = []
    for device in configuration.device_list:
        forecast = request.forecasts.get(device.name)
        collector = collectors.get(device.collector)
        if forecast is None or collector is None or not isinstance(forecast.power_w, dict):
            continue
        if collector.collector_type == "1P":
            findings += [
                Finding(
                    rule="request.phase_not_on_collector",
                    severity="ERROR",
                    path=f"$.forecasts.{device.name}.power_w.{phase}",
                    message=f"{device.name} hangs on the single-phase collector {collector.name}, which has L1 only; "
                    "send its power under L1.",
                    observed=phase,
                    allowed="L1",
                )
                for phase in forecast.power_w
                if phase != "L1"
            ]
    return findings


def _timezone_findings(timezone: Any) -> list[Finding]:
    if timezone is None:
        return []
    try:
        ZoneInfo(timezone)
    except (ValueError, OSError, KeyError):
        return [
            Finding(
                rule="request.timezone",
                severity="ERROR",
                path="$.timezone",
                message=f"{timezone} is no IANA time zone; write one such as Europe/Brussels or leave it out.",
                observed=timezone,
                allowed="an IANA time zone",
            )
        ]
    return []


def validate_request(request: PlanRequest) -> list[Finding]:
    """Every problem of the request outside its site document, each with its JSON path."""
    configuration = request.site.configurations.site_configuration
    if configuration is None:
        return []
    devices = configuration.device_list
    poles = _names(devices, POLES)
    collectors, children = _collectors(configuration)
    roots = set(collectors) - children
    findings = _timezone_findings(request.timezone)
    findings += _session_findings("$.transactions", request.transactions, poles)
    findings += _session_findings("$.expected_sessions", request.expected_sessions, poles)
    findings += _key_findings(
        "$.forecasts", "forecasted series", request.forecasts, _names(devices, ForecastedSeries3Phase)
    )
    findings += _key_findings(
        "$.state.batteries", "battery", request.state.batteries, _names(devices, BatteryEnergyStorageSystem)
    )
    findings += _key_findings("$.state.month_peaks", "root collector", request.state.month_peaks, roots)
    findings += _key_findings("$.state.quarter_so_far", "root collector", request.state.quarter_so_far, roots)
    findings += _key_findings("$.tariff_state", "root collector", request.tariff_state, roots)
    findings += [
        _unknown(
            f"$.options.whole_ampere_poles[{index}]",
            "AC charging pole",
            name,
            _names(devices, ChargingPole3Phase),
        )
        for index, name in enumerate(request.options.whole_ampere_poles)
        if name not in _names(devices, ChargingPole3Phase)
    ]
    findings += [
        _unknown(f"$.limits[{index}].collector", "collector", limit.collector, collectors)
        for index, limit in enumerate(request.limits)
        if limit.collector not in collectors
    ]
    return findings + _phase_findings(request, configuration)
