"""The site document: what a partner writes about a site, field by field as the reference prints it."""

from typing import Annotated, Any

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from kwartier.site.collector import Collector
from kwartier.site.contracts import Contract
from kwartier.site.devices import Device
from kwartier.site.dso import Dso
from kwartier.site.optimization_configuration import OptimizationConfiguration
from kwartier.site.validation_status import ValidationStatus
from kwartier.units.wire import WireModel


class Location(WireModel):
    """Where the site is: latitude and longitude in degrees (WGS 84), altitude in m."""

    name: str
    coordinates: Annotated[list[float], Field(min_length=3, max_length=3)]


class SiteConfiguration(WireModel):
    """The devices and the electrical tree they hang on."""

    device_list: list[Device]
    collector_list: list[Collector]


class Revenue(WireModel):
    """Income of the site."""

    revenue_per_kwh_ac_charged: Annotated[float, Field(ge=-1e4, le=1e4)] | None = Field(
        default=None, description="EUR per kWh charged by AC poles."
    )


class Configurations(WireModel):
    """The five configurations, each nullable."""

    site_configuration: SiteConfiguration | None = None
    optimization_configuration: OptimizationConfiguration | None = None
    contract: Contract | None = None
    revenue: Revenue | None = None
    dso: Dso | None = None


def _accept_and_ignore(value: Any, handler: ValidatorFunctionWrapHandler) -> ValidationStatus | None:
    """A status sent in may be anything: the server computes its own, so a malformed one must not refuse a document."""
    try:
        status: ValidationStatus | None = handler(value)
    except ValidationError:
        return None
    return status


class SiteUpdateDTO(WireModel):
    """What replaces a site's document. `site_id` is chosen by the partner and unique within the partner."""

    site_id: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")]
    name: Annotated[str, Field(max_length=1000)]
    location: Location
    country: str | None = Field(
        default=None, description="ISO 3166-1 alpha-2; with the coordinates it gives the zone."
    )
    configurations: Configurations = Configurations()
    validation_status: Annotated[ValidationStatus | None, WrapValidator(_accept_and_ignore)] = Field(
        default=None, description="Computed by the server; one sent in is accepted and ignored."
    )


class SiteCreateDTO(SiteUpdateDTO):
    """What creates a site; an inactive one is stored and validated, not planned in the cycle."""

    active: bool = False


class Site(SiteCreateDTO):
    """What is read back; every form of the document parses as a `Site`.

    Example: `Site.model_validate_json(text).configurations.contract`. Raises pydantic's ValidationError where the text
    has not the shape of a site document; `kwartier.site.rules.validate_site` judges the content.
    """

    partner_id: str | None = None
    connections: dict[str, str] | None = Field(default=None, description="The MQTT topics of the site.")

    @property
    def planned_configuration(self) -> SiteConfiguration:
        """The boards and devices of a site that can be planned. Raises ValueError where it has none.

        >>> Site.model_validate(
        ...     {
        ...         "site_id": "hall",
        ...         "name": "Hall",
        ...         "location": {"name": "Gent", "coordinates": [51.05, 3.73, 8.0]},
        ...     }
        ... ).planned_configuration
        Traceback (most recent call last):
        ValueError: site hall has no site_configuration; add its devices and collectors
        """
        configuration = self.configurations.site_configuration
        if configuration is None:
            raise ValueError(f"site {self.site_id} has no site_configuration; add its devices and collectors")
        return configuration
