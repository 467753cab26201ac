"""The validation status of a site document: what its own content says, without any data received."""

from collections.abc import Iterable
from datetime import datetime

from kwartier.service.feature_flags import FeatureFlags
from kwartier.site.document import Site
from kwartier.site.finding import Finding, errors
from kwartier.site.rules import validate_site
from kwartier.site.validation_status import (
    ConfigurationComplete,
    IngressStatus,
    SiteConfigurationStatus,
    Status,
    StatusNode,
    ValidationStatus,
    ValidForOptimization,
)

# contract.md, section 2: a parent's status is the worst of its children, in this order.
WORST_FIRST: tuple[Status, ...] = ("ERROR", "WARNING", "UNKNOWN", "OK")

# Findings of severity WARNING that mean: the optimisation settings cannot be followed.
CANNOT_BE_FOLLOWED = frozenset({"optimization.cost_without_contract"})


def validation_status(site: Site, at: datetime, flags: FeatureFlags) -> ValidationStatus:
    """The whole tree for a document at a moment; what depends on received data is UNKNOWN here."""
    findings = validate_site(site)
    configuration = _configuration(site, findings)
    optimization = StatusNode(status=_optimization(site, findings, flags))
    ingress = IngressStatus()
    return ValidationStatus(
        status=worst([configuration.status, optimization.status, ingress.status]),
        site_configuration_status=configuration,
        optimization_configuration_status=optimization,
        ingress_status=ingress,
        last_validation=at,
    )


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of some statuses.

    >>> worst(["OK", "UNKNOWN"]), worst(["WARNING", "ERROR"])
    ('UNKNOWN', 'ERROR')
    """
    return min(statuses, key=WORST_FIRST.index)


def _configuration(site: Site, findings: list[Finding]) -> SiteConfigurationStatus:
    added = StatusNode(status="ERROR" if site.configurations.site_configuration is None else "OK")
    complete = ConfigurationComplete()
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


def _optimization(site: Site, findings: list[Finding], flags: FeatureFlags) -> Status:
    settings = site.configurations.optimization_configuration
    if settings is None:
        return "ERROR"
    peaks = (settings.peak_minimization, settings.negative_peak_minimization)
    has_price = any(peak and peak.peak_price is not None for peak in peaks)
    is_price_ignored = has_price and not flags.configurable_peak_price
    cannot_follow = any(finding.rule in CANNOT_BE_FOLLOWED for finding in findings)
    return "WARNING" if is_price_ignored or cannot_follow else "OK"
