"""A stationary battery with its charging and discharging limits and its state-of-charge policies."""

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from kwartier.site.devices.device import AssetName
from kwartier.units.instant import Instant
from kwartier.units.wire import FromIntegral, Known, WireModel

TYPE = "battery_energy_storage_system"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Efficiency = Annotated[float, Field(gt=0, le=1)]
Priority = Annotated[int, Field(ge=1, le=10), FromIntegral]
PowerW = Annotated[float, Field(gt=0, le=1e9)]
StateOfCharge = Annotated[float, Field(ge=0, le=100)]


class WeeklySchedule(WireModel):
    """Every week on the named days at a local time.

    A time that does not exist on a spring-forward day moves to the next existing minute; one that exists twice means
    the first.
    """

    frequency: Annotated[str, Known(("weekly",))]
    day_of_week: list[Annotated[str, Known(WEEKDAYS, fold=str.lower)]]
    time: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    timezone: str


class OnceSchedule(WireModel):
    """At the given instants."""

    frequency: Annotated[str, Known(("once",))]
    date_times: list[Instant]


def _schedule_tag(value: Any) -> str:
    """The fields of a schedule tell its kind, so that of a wrong frequency only the word is reported."""
    if isinstance(value, WireModel):
        return "once" if isinstance(value, OnceSchedule) else "weekly"
    if not isinstance(value, dict):
        return "weekly"
    if "date_times" in value or "day_of_week" in value:
        return "once" if "date_times" in value else "weekly"
    return "once" if value.get("frequency") == "once" else "weekly"


class SchedulePolicy(WireModel):
    """At each scheduled moment the state of charge lies within the band (percent of capacity)."""

    type: Annotated[str, Known(("schedule",))]
    schedule: Annotated[
        Annotated[WeeklySchedule, Tag("weekly")] | Annotated[OnceSchedule, Tag("once")],
        Discriminator(_schedule_tag),
    ]
    minimum_state_of_charge: StateOfCharge = 0.0
    maximum_state_of_charge: StateOfCharge = 100.0


class BatteryEnergyStorageSystem(WireModel):
    """The battery as the site document writes it. Efficiency default 0.95 each way, as the reference's example."""

    name: AssetName
    collector: str = Field(
        description="Name of the collector that feeds this device; on a 1P collector it uses L1."
    )
    type: Annotated[str, Known((TYPE,))] = TYPE
    charging_efficiency: Efficiency = 0.95
    discharging_efficiency: Efficiency = 0.95
    maximum_charging_power: PowerW = Field(description="W at the AC side, positive.")
    maximum_discharging_power: PowerW = Field(description="W at the AC side, positive.")
    operational_battery_capacity: Annotated[float, Field(gt=0, le=1e12)] = Field(
        description="Usable capacity in Wh."
    )
    charging_priority: Priority = Field(
        default=10, description="With equal economics the higher number goes first."
    )
    discharging_priority: Priority = Field(
        default=10, description="With equal economics the higher number goes first."
    )
    policies: list[SchedulePolicy] = Field(default_factory=list)
