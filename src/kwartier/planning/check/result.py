"""What the check answers: violations, and the money as recomputed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from kwartier.planning.check.tolerances import Numbers, Tolerance
from kwartier.planning.plan import Money

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong with a plan.

    `rule` is a stable id such as `limit.current`; `path` says where in the plan (`devices.pole_1.current_a.pin1`);
    `step` is the first step concerned, or None; the message says in words, with units, what was seen and is allowed.
    """

    rule: str
    path: str
    message: str
    observed: Any = None
    allowed: Any = None
    step: int | None = None


@dataclass(frozen=True)
class CheckResult:
    """The violations of a plan (none: it may be used) and its money, recomputed from the request and the plan's arrays.

    `money` is None where the plan's shape is too broken to count anything, `uncontrolled_money` where the request is.
    """

    violations: list[Violation]
    money: Money | None
    uncontrolled_money: Money | None

    @property
    def ok(self) -> bool:
        """Whether the plan keeps every rule."""
        return not self.violations

    def to_json(self) -> dict[str, Any]:
        """The result as a JSON object: `violations`, `money`, `uncontrolled_money`."""
        return {
            "violations": [asdict(violation) for violation in self.violations],
            "money": None if self.money is None else self.money.model_dump(mode="json"),
            "uncontrolled_money": (
                None if self.uncontrolled_money is None else self.uncontrolled_money.model_dump(mode="json")
            ),
        }


@dataclass
class Report:
    """Collects violations. A rule that one array breaks in many steps is reported once, at its first step."""

    violations: list[Violation] = field(default_factory=list)

    def add(
        self,
        rule: str,
        path: str,
        message: str,
        *,
        observed: object = None,
        allowed: object = None,
        step: int | None = None,
    ) -> None:
        """Add one violation."""
        self.violations.append(Violation(rule, path, message, _plain(observed), _plain(allowed), step))

    def steps(
        self,
        rule: str,
        path: str,
        bad: Mask,
        words: str,
        *,
        observed: Sequence[object] | npt.NDArray[Any],
        allowed: Sequence[object] | npt.NDArray[Any],
        unit: str = "",
    ) -> None:
        """Add one violation for the first of the steps where `bad` is true, saying how many there are."""
        where = np.flatnonzero(bad)
        if not len(where):
            return
        first = int(where[0])
        seen, limit = _plain(observed[first]), _plain(allowed[first])
        more = f" (and in {len(where) - 1} more steps)" if len(where) > 1 else ""
        text = f"{words}: step {first} has {_words(seen, unit)}, allowed {_words(limit, unit)}{more}"
        self.add(rule, path, text, observed=seen, allowed=limit, step=first)

    def equal(
        self,
        rule: str,
        path: str,
        words: str,
        observed_number: float,
        expected_number: float,
        tolerance: Tolerance,
    ) -> None:
        """Add a violation where a number is not what was recomputed."""
        if tolerance.differs(observed_number, expected_number):
            text = f"{words}: the plan says {observed_number:.10g}, recomputed {expected_number:.10g} {tolerance.unit}"
            self.add(rule, path, text, observed=observed_number, allowed=expected_number)

    def equal_steps(
        self,
        rule: str,
        path: str,
        words: str,
        observed_number: Numbers,
        expected_number: Numbers,
        tolerance: Tolerance,
    ) -> None:
        """Add a violation where an array is not what was recomputed."""
        observed, expected = np.atleast_1d(observed_number), np.atleast_1d(expected_number)
        bad = tolerance.differs(observed, expected)
        self.steps(rule, path, bad, words, observed=observed, allowed=expected, unit=tolerance.unit)


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value


def _words(value: object, unit: str) -> str:
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    return f"{text} {unit}".rstrip()
