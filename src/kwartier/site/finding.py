"""Findings: what is wrong with data, collected and returned all at once."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["ERROR", "WARNING"]


@dataclass(frozen=True)
class Finding:
    """One problem: which rule, where (JSON path), what was seen, what is allowed, in words with the next step."""

    rule: str
    severity: Severity
    path: str
    message: str
    observed: Any = None
    allowed: Any = None

    def to_json(self) -> dict[str, Any]:
        """The finding as a JSON object."""
        return asdict(self)

    def under(self, prefix: str) -> "Finding":
        """The same finding in a larger document that holds this one at `prefix` (a path that starts with $)."""
        return Finding(
            self.rule,
            self.severity,
            prefix + self.path.removeprefix("$"),
            self.message,
            self.observed,
            self.allowed,
        )


def errors(findings: list[Finding]) -> list[Finding]:
    """Those findings that keep a document from being planned."""
    return [finding for finding in findings if finding.severity == "ERROR"]
