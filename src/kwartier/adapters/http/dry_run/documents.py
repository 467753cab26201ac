"""The setting that tries a site out, as it is sent and read."""

from typing import Any

from pydantic import Field

from kwartier.service.dry_run import DryRun
from kwartier.units.instant import Instant, format_instant
from kwartier.units.wire import WireModel

EXAMPLE_DRY_RUN: dict[str, Any] = {"dry_run": True}


class DryRunDocument(WireModel):
    """Whether devices are told nothing."""

    dry_run: bool = Field(description="True: plans and events as always, and no setpoints go out.")


class DryRunKept(DryRunDocument):
    """The setting, and since when it is so."""

    changed_at: Instant


def dry_run_document(setting: DryRun) -> dict[str, Any]:
    """The JSON value of the setting."""
    return {"dry_run": setting.is_on, "changed_at": format_instant(setting.changed_at)}
