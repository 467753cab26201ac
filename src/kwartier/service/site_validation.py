"""The validation status of a site: what its document says, and what was received of it."""

from datetime import datetime

from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.received_data import ReceivedData, complete_status, receiving_status, worst
from kwartier.site.document import Site
from kwartier.site.finding import Finding, errors
from kwartier.site.rules import validate_site
from kwartier.site.validation_status import (
    ConfigurationComplete,
    IngressStatus,
    ReceivingMeasurementData,
    SiteConfigurationStatus,
    Status,
    StatusNode,
    ValidationStatus,
    ValidForOptimization,
)

# Findings of severity WARNING that mean: the optimisation settings cannot be followed.
CANNOT_BE_FOLLOWED = frozenset({"optimization.cost_without_contract"})


def validation_status(
    site: Site, at: datetime, flags: FeatureFlags, received: ReceivedData | None = None
) -> ValidationStatus:
    """The whole tree for a document at a moment; without `received` what depends on data is UNKNOWN."""
    findings = validate_site(site)
    configuration = _configuration(site, findings, received)
    has_prices = received is None or received.has_prices
    optimization = StatusNode(status=_optimization(site, findings, flags, has_prices=has_prices))
    receiving = ReceivingMeasurementData() if received is None else receiving_status(site, received)
    ingress = IngressStatus(status=receiving.status, receiving_measurement_data=receiving)
    return ValidationStatus(
        status=worst([configuration.status, optimization.status, ingress.status]),
        site_configuration_status=configuration,
        optimization_configuration_status=optimization,
        ingress_status=ingress,
        last_validation=at,
    )


def _configuration(
    site: Site, findings: list[Finding], received: ReceivedData | None
) -> SiteConfigurationStatus:
    added = StatusNode(status="ERROR" if site.configurations.site_configuration is None else "OK")
    complete = ConfigurationComplete() if received is None else complete_status(site, received)
    valid = _valid(errors(findings))
    return SiteConfigurationStatus(
        status=worst([added.status, complete.status, valid.status]),
        configuration_added=added,
        configuration_complete=complete,
        valid_for_optimization=valid,
    )


def _valid(wrong: list[Finding]) -> ValidForOptimization:
    if not wrong:
        return ValidForOptimization(status="OK")
    lines = "\n".join(f"{finding.path}: {finding.message}" for finding in wrong)
    return ValidForOptimization(status="ERROR", validation_errors=lines)


def _optimization(site: Site, findings: list[Finding], flags: FeatureFlags, *, has_prices: bool) -> Status:
    settings = site.configurations.optimization_configuration
    if settings is None:
        return "ERROR"
    peaks = (settings.peak_minimization, settings.negative_peak_minimization)
    has_price = any(peak and peak.peak_price is not None for peak in peaks)
    is_price_ignored = has_price and not flags.configurable_peak_price
    cannot_follow = any(finding.rule in CANNOT_BE_FOLLOWED for finding in findings)
    return "WARNING" if is_price_ignored or cannot_follow or not has_prices else "OK"
