"""A measurement: what one asset's meter said at one moment."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel

from kwartier.units.instant import Instant
from kwartier.units.text import SITE_ID_PATTERN, Name
from kwartier.units.wire import WireModel

# The years 2000 to 2099 (reliability.md, section 5, edge types): before, no meter spoke to a service; after, a clock is
# wrong. A day more on either side lets the first and the last of them be written with any offset.
FIRST_MOMENT, LAST_MOMENT = datetime(1999, 12, 31, tzinfo=UTC), datetime(2100, 1, 2, tzinfo=UTC)

PinName = Literal["pin1", "pin2", "pin3", "L1", "L2", "L3"]

# The bounds only keep out what no meter means: the largest connections are some 1e9 W and 1e5 A, and at 1e9 W a
# counter reaches 1e15 Wh after a century.
EnergyTotalWh = Annotated[float, Field(ge=-1e15, le=1e15)]
PowerW = Annotated[float, Field(ge=-1e9, le=1e9)]
CurrentA = Annotated[float, Field(ge=-1e5, le=1e5)]
VoltageV = Annotated[float, Field(ge=0, le=1e6)]
Percent = Annotated[float, Field(ge=0, le=100)]


def _of_our_time(moment: datetime) -> datetime:
    if not FIRST_MOMENT <= moment < LAST_MOMENT:
        raise ValueError("a measurement's time lies from 2000 to 2099: set the sender's clock")
    return moment


MeasuredAt = Annotated[
    Instant,
    AfterValidator(_of_our_time),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": "^20[0-9]{2}-"}),
]
"""The moment of a message: RFC 3339 with an offset, from 2000 to 2099, UTC inside."""


class PinReading(WireModel):
    """One pin of a pole, or one phase of a meter: A, W and Wh positive when consumed, V."""

    model_config = ConfigDict(alias_generator=to_camel)

    current_value: CurrentA | None = None
    power_value: PowerW | None = None
    energy_value: EnergyTotalWh | None = None
    voltage_value: VoltageV | None = None


class Measurement(WireModel):
    """One reading of one asset; camelCase and snake_case are read, camelCase is written.

    `energyValue` is the meter's running total in Wh, which only means something as a difference of two. `powerValue`
    in W is positive when consumed, negative when delivered. `currentStateOfCharge` in percent, required of batteries.
    `siteId` may be missing where the address says it, as an MQTT topic does.
    """

    model_config = ConfigDict(alias_generator=to_camel)

    asset_id: Name
    timestamp: MeasuredAt
    energy_value: EnergyTotalWh
    power_value: PowerW
    current_state_of_charge: Percent | None = None
    pins: Annotated[dict[PinName, PinReading], Field(max_length=3)] | None = None
    site_id: Annotated[str, Field(pattern=SITE_ID_PATTERN)] | None = None


class SentMeasurement(Measurement):
    """A measurement that names its site, as REST needs it."""

    site_id: Annotated[str, Field(pattern=SITE_ID_PATTERN)]
