"""A charging transaction: one car at one pole, from start to stop."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from kwartier.site.measurement import MeasuredAt
from kwartier.units.instant import Instant
from kwartier.units.text import SITE_ID_PATTERN
from kwartier.units.wire import WireModel

TransactionState = Literal["Started", "Updated", "SuspendedEV", "Ended"]
EnergyWh = Annotated[float, Field(ge=0, le=1e9)]


def _phase_count(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.strip() in ("1", "2", "3") else value


class Transaction(WireModel):
    """The latest known facts of a charging session; camelCase and snake_case are read, camelCase is written.

    `requestedEnergy` and `minimumEnergy` are for the whole transaction in Wh, `energyCharged` is what of it has been
    delivered, `maxPower` in W limits the car, `stateOfCharge` in percent. A `startTime` after the planning moment is a
    reservation.
    """

    model_config = ConfigDict(alias_generator=to_camel)

    asset_id: Annotated[str, Field(min_length=1, max_length=200)]
    transaction_id: Annotated[str, Field(min_length=1, max_length=200)]
    timestamp: Instant
    transaction_state: TransactionState
    start_time: Instant
    stop_time: Instant | None = None
    no_charging_phases: Annotated[Annotated[int, Field(ge=1, le=3)] | None, BeforeValidator(_phase_count)] = (
        None
    )
    used_charging_pins: Annotated[list[Literal["pin1", "pin2", "pin3"]], Field(max_length=3)] | None = None
    max_power: Annotated[float, Field(ge=0, le=1e8)] | None = None
    departure_time: Instant | None = None
    requested_energy: EnergyWh | None = None
    energy_charged: EnergyWh | None = None
    minimum_energy: EnergyWh | None = None
    state_of_charge: Annotated[float, Field(ge=0, le=100)] | None = None
    battery_capacity: Annotated[float, Field(gt=0, le=1e8)] | None = None
    id_tag: Annotated[str, Field(max_length=200)] | None = None
    site_id: str | None = None


class TopicTransaction(Transaction):
    """A message that comes from a clock that is set; its site may stand in the topic."""

    timestamp: MeasuredAt


class SentTransaction(TopicTransaction):
    """The same with its site, as REST needs it."""

    site_id: Annotated[str, Field(pattern=SITE_ID_PATTERN)]
