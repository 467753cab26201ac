"""What a comparison found, and the figures that are read from it."""

from dataclasses import dataclass, field
from statistics import median
from typing import Any

from instances import HUB_LIMIT_A
from judging import Judged
from participants import YARDSTICKS, Participant

Json = dict[str, Any]
TIGHTNESSES = tuple(HUB_LIMIT_A)


@dataclass(frozen=True)
class Answer:
    """One plan of one participant: times in ms, its most memory so far in MiB, what it is worth; or what went wrong."""

    wall_ms: float = 0.0
    cpu_ms: float = 0.0
    memory_mib: float = 0.0
    judged: Judged | None = None
    error: str = ""


@dataclass
class Comparison:
    """All answers by participant and tightness, one per round, and what the figures depend on."""

    answers: dict[tuple[str, str], list[Answer]] = field(default_factory=dict)
    versions: dict[str, Json] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    load_before: tuple[float, float, float] = (0.0, 0.0, 0.0)
    load_after: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def of(self, participant: Participant, tightness: str) -> list[Answer]:
        """A participant's answers that are plans."""
        return [answer for answer in self.answers.get((participant.key, tightness), []) if not answer.error]

    def errors(self, participant: Participant) -> set[str]:
        """What a participant said instead of a plan, and how often."""
        said = [
            answer.error
            for tightness in TIGHTNESSES
            for answer in self.answers.get((participant.key, tightness), [])
            if answer.error
        ]
        return {f"{said.count(error)} × {error}" for error in set(said)}

    def ratio(self, participant: Participant, tightness: str, name: str = "wall_ms") -> float | None:
        """The median over the rounds of how many times as long it took as ours did in the same round."""
        pairs = self._pairs(participant, tightness)
        return median(getattr(his, name) / getattr(ours, name) for his, ours in pairs) if pairs else None

    def dearer_ratios(self, participant: Participant, tightness: str) -> tuple[float, float] | None:
        """By which part of our money its schedules are dearer than ours, least and most; negative where cheaper."""
        pairs = [
            (his.judged.money_eur, ours.judged.money_eur)
            for his, ours in self._pairs(participant, tightness)
            if his.judged is not None and ours.judged is not None
        ]
        ratios = [(his - ours) / abs(ours) for his, ours in pairs]
        return (min(ratios), max(ratios)) if ratios else None

    def _pairs(self, participant: Participant, tightness: str) -> list[tuple[Answer, Answer]]:
        """Each plan of a participant with ours of the same round."""
        his = self.answers.get((participant.key, tightness), [])
        ours = self.answers.get((YARDSTICKS[participant.problem], tightness), [])
        return [
            (one, other) for one, other in zip(his, ours, strict=False) if not one.error and not other.error
        ]
