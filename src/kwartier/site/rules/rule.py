"""What a rule is: an id, a severity, one sentence that says when it speaks, and the function that looks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from kwartier.site.finding import Finding, Severity
from kwartier.site.json_path import shortened
from kwartier.site.rules.survey import Survey


class Problem(NamedTuple):
    """One place where a rule is broken: its JSON path, words with the next step, what was seen, what is allowed."""

    path: str
    message: str
    observed: Any = None
    allowed: Any = None


Judge = Callable[[Survey], Iterator[Problem]]


@dataclass(frozen=True)
class Rule:
    """A rule of the site document. `meaning` completes "it speaks when ..."; docs/validation.md prints it."""

    id: str
    severity: Severity
    meaning: str
    judge: Judge

    def findings(self, survey: Survey) -> list[Finding]:
        """Every place of the document that breaks this rule, in the document's order."""
        return [
            Finding(self.id, self.severity, path, message, shortened(observed), allowed)
            for path, message, observed, allowed in self.judge(survey)
        ]


def rule(rule_id: str, severity: Severity, meaning: str) -> Callable[[Judge], Rule]:
    """Decorator: the function that finds the problems becomes a `Rule`."""
    return lambda judge: Rule(rule_id, severity, meaning, judge)
