"""Judge a site document that nobody has stored yet, as somebody types it."""

from dataclasses import dataclass
from typing import Any

from kwartier.control.fail_safe import fail_safe_findings
from kwartier.service.ports.clock import Clock
from kwartier.site.document import Site
from kwartier.site.finding import Finding, errors
from kwartier.site.parse import read_site
from kwartier.site.timezone import site_timezone
from kwartier.tariffs.sheets import amounts_finding


@dataclass(frozen=True)
class Judgement:
    """Everything that is wrong with a document, each with its path; `site` is None where it has no shape of one."""

    site: Site | None
    findings: tuple[Finding, ...]

    @property
    def is_plannable(self) -> bool:
        """Whether nothing keeps the site from being planned."""
        return self.site is not None and not errors(list(self.findings))


def judge_document(raw: Any, *, clock: Clock) -> Judgement:
    """The findings about what a JSON reader gives: its shape, its content, today's tariff, and what no fuse can stand.

    Where a part cannot be read the rest is judged all the same.
    """
    site, findings = read_site(raw)
    if site is None:
        return Judgement(None, tuple(findings))
    today = clock.now().astimezone(site_timezone(site)).date()
    unknown = amounts_finding(site, today)
    if unknown is not None:
        findings = [*findings, unknown]
    if not errors(findings):
        findings = [*findings, *fail_safe_findings(site)]
    return Judgement(site, tuple(findings))
