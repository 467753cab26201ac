"""The answers «no» of everything that plans."""

from dataclasses import dataclass

from kwartier.site.finding import Finding


@dataclass(frozen=True)
class NotPlannable:
    """The site document or the request is such that there is no plan; every finding at once, with its JSON path."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class UnknownPlan:
    """The site has no such plan."""
