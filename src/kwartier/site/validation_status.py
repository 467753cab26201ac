"""The validation status tree of a site, as the reference prints it. The server computes it; one sent in is ignored."""

from typing import Literal

from pydantic import Field

from kwartier.units.instant import Instant
from kwartier.units.wire import WireModel

Status = Literal["ERROR", "WARNING", "OK", "UNKNOWN"]


class StatusNode(WireModel):
    """A status without details."""

    status: Status = "UNKNOWN"


class ConfigurationComplete(WireModel):
    """Assets that send data and stand in no configuration."""

    status: Status = "UNKNOWN"
    missing_assets: list[str] = Field(default_factory=list)


class ValidForOptimization(WireModel):
    """Every problem of the document, one per line with its JSON path."""

    status: Status = "UNKNOWN"
    validation_errors: str | None = None


class SiteConfigurationStatus(WireModel):
    """Whether the site configuration is there, complete and valid."""

    status: Status = "UNKNOWN"
    configuration_added: StatusNode = StatusNode()
    configuration_complete: ConfigurationComplete = ConfigurationComplete()
    valid_for_optimization: ValidForOptimization = ValidForOptimization()


class ReceivingMeasurementData(WireModel):
    """Configured assets that have not sent data in time."""

    status: Status = "UNKNOWN"
    not_receiving_data_from: list[str] = Field(default_factory=list)


class IngressStatus(WireModel):
    """Whether measurements arrive."""

    status: Status = "UNKNOWN"
    receiving_measurement_data: ReceivingMeasurementData = ReceivingMeasurementData()


class ValidationStatus(WireModel):
    """The whole tree; a parent's status is the worst of its children (ERROR > WARNING > UNKNOWN > OK)."""

    status: Status = "UNKNOWN"
    site_configuration_status: SiteConfigurationStatus = SiteConfigurationStatus()
    optimization_configuration_status: StatusNode = StatusNode()
    ingress_status: IngressStatus = IngressStatus()
    last_validation: Instant | None = None
