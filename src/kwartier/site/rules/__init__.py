"""The rules that judge a site document: all findings at once, each with the rule's id and a JSON path."""

from kwartier.site.document import Site
from kwartier.site.finding import Finding
from kwartier.site.rules.registry import RULES
from kwartier.site.rules.survey import Survey


def validate_site(site: Site) -> list[Finding]:
    """Every finding of every rule, in the order of the registry, then of the document; empty when all is well.

    docs/validation.md lists the rules. Nothing is raised for any document that has the shape of a site.

    >>> from kwartier.site.document import Location
    >>> hall = Site(
    ...     site_id="hall", name="Hall", location=Location(name="Gent", coordinates=[51.05, 3.73, 8.0])
    ... )
    >>> [finding.rule for finding in validate_site(hall)][:2]
    ['configuration.site_missing', 'configuration.optimization_missing']
    """
    return judge(Survey(site))


def site_errors(site: Site) -> list[Finding]:
    """The findings of `validate_site` that keep a site from being planned: those of the rules that speak of errors."""
    survey = Survey(site)
    return [finding for rule in RULES if rule.severity == "ERROR" for finding in rule.findings(survey)]


def judge(survey: Survey) -> list[Finding]:
    """The findings of all rules about what could be read; none points at a place whose content was set aside."""
    findings = [finding for rule in RULES for finding in rule.findings(survey)]
    return [finding for finding in findings if survey.is_readable(finding.path)]
