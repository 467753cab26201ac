"""Reading a tariff file: the model where everything is there, and findings with paths where it is not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from kwartier.site.finding import Finding
from kwartier.site.json_path import as_text, hint, is_at_or_under, step_into
from kwartier.site.shape import Fault, faults, finding
from kwartier.tariffs.components import GRID_KINDS
from kwartier.tariffs.toml_file import UnreadableToml, read_toml

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class TariffFile(Generic[M]):
    """A file as it was read: `document` is None where a finding of severity ERROR stands in the way."""

    path: Path
    raw: dict[str, Any]
    document: M | None
    findings: tuple[Finding, ...]


def read_tariff_file(model: type[M], path: Path) -> TariffFile[M]:
    """The file as its model; missing figures, faults of shape and what is no TOML are findings, all at once."""
    try:
        raw = read_toml(path)
    except UnreadableToml as error:
        return TariffFile(path, {}, None, (Finding("sheet.unreadable", "ERROR", "$", str(error)),))
    missing, kinds = list(_missing_figures(raw)), list(_unknown_kinds(raw))
    try:
        document = model.model_validate(raw)
    except ValidationError as error:
        said = [one.path for one in missing] + [one.path.removesuffix(".kind") for one in kinds]
        wrong = [
            finding(_in_plain_values(fault), raw)
            for fault in faults(model, error)
            if not any(is_at_or_under(fault.path, place) for place in said)
        ]
        return TariffFile(path, raw, None, (*missing, *kinds, *wrong))
    return TariffFile(path, raw, None if missing else document, tuple(missing))


def _components(raw: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    components = raw.get("components")
    for index, component in enumerate(components if isinstance(components, list) else []):
        if isinstance(component, dict):
            yield index, component


def _unknown_kinds(raw: dict[str, Any]) -> Iterator[Finding]:
    known = list(GRID_KINDS)
    for index, component in _components(raw):
        kind = component.get("kind")
        if kind in known:
            continue
        if kind is None:
            message = f"the component {component.get('id')} has no kind; write one of {', '.join(known)}"
        else:
            message = (
                f"there is no kind {as_text(kind)}{hint(str(kind), known)}; write one of {', '.join(known)}"
            )
        yield Finding(
            "sheet.unknown_kind", "ERROR", f"$.components[{index}].kind", message, plain(kind), known
        )


def _missing_figures(raw: dict[str, Any]) -> Iterator[Finding]:
    for index, component in _components(raw):
        name = component.get("id")
        for path, field, where in _missing_below(component, f"$.components[{index}]", ""):
            yield Finding(
                "sheet.missing_figure",
                "ERROR",
                path,
                f"{raw.get('id')}: the component {name} has no amount in {field.lstrip('.')}; get it here, and "
                f"write it in place of missing: {where}",
                None,
                "a figure with value, unit, source and confidence",
            )


def _missing_below(value: Any, path: str, field: str) -> Iterator[tuple[str, str, str]]:
    """Path, path within the component and advice of every table below that says `missing`."""
    if isinstance(value, dict) and "missing" in value:
        yield path, field, str(value["missing"])
    elif isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in parts:
            yield from _missing_below(part, step_into(path, key), step_into(field, key))


def _in_plain_values(fault: Fault) -> Fault:
    """The fault with its input as JSON values, for messages and for --json."""
    return replace(fault, error={**fault.error, "input": plain(fault.error["input"])})


def plain(value: Any) -> Any:
    """The value of a TOML file as JSON values: decimals as numbers, days as text.

    >>> plain({"valid_from": date(2026, 1, 1), "value": Decimal("2.5")})
    {'valid_from': '2026-01-01', 'value': 2.5}
    """
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value
