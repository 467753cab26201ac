"""Whether the configurations that planning needs are there."""

from collections.abc import Iterator

from kwartier.site.optimization_configuration import OptimizationConfiguration
from kwartier.site.rules.rule import Problem, rule
from kwartier.site.rules.survey import SITE_CONFIGURATION, Survey

CONFIGURATIONS = "$.configurations"


@rule("configuration.site_missing", "ERROR", "there is no site_configuration, so there is nothing to plan")
def site_configuration_missing(survey: Survey) -> Iterator[Problem]:
    """One problem where the devices and collectors are absent."""
    if survey.site.configurations.site_configuration is None:
        yield Problem(
            SITE_CONFIGURATION,
            "the document has no site_configuration; add one with device_list and collector_list",
            allowed='{"device_list": […], "collector_list": […]}',
        )


@rule(
    "configuration.optimization_missing",
    "WARNING",
    "there is no optimization_configuration; the defaults are used",
)
def optimization_configuration_missing(survey: Survey) -> Iterator[Problem]:
    """One problem where the settings are absent."""
    if survey.site.configurations.optimization_configuration is None:
        yield Problem(
            f"{CONFIGURATIONS}.optimization_configuration",
            "the document has no optimization_configuration; the defaults are used: cost minimisation, no peaks, "
            "one day ahead; add {} to confirm them",
            allowed="an object, such as {}",
        )


@rule(
    "optimization.cost_without_contract",
    "WARNING",
    "cost_minimization_active is on and there is no contract; energy has no price unless a request brings prices",
)
def cost_without_contract(survey: Survey) -> Iterator[Problem]:
    """One problem where energy costs are to be minimised and are unknown."""
    settings = survey.site.configurations.optimization_configuration or OptimizationConfiguration()
    is_read = survey.is_readable(f"{CONFIGURATIONS}.optimization_configuration.cost_minimization_active")
    if is_read and settings.cost_minimization_active and survey.site.configurations.contract is None:
        yield Problem(
            f"{CONFIGURATIONS}.contract",
            "cost_minimization_active is on, and without a contract energy has no price; add a contract, send "
            "prices with each plan request, or switch cost_minimization_active off",
            allowed="a contract",
        )
