"""The port to the turns of planning."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from kwartier.service.planning_turn import DueSite, PlanningTurn


class PlanningTurns(Protocol):
    """Which sites wait for a plan, and who makes it. Each call is one transaction of the database."""

    def ask(self, partner_id: str, site_id: str, at: datetime) -> None:
        """Have an existing site planned again from `at` on; where an earlier moment stands already, that stays."""
        ...

    def list_due(self, partner_id: str, quarter_number: int, now: datetime) -> Sequence[DueSite]:
        """The active sites, by id, that nobody plans: those without this quarter-hour's plan, and those that wait.

        One planned for a quarter-hour after the next one counts as not planned: the clock was wrong then.
        """
        ...

    def take(
        self, partner_id: str, site_id: str, quarter_number: int, now: datetime, until: datetime
    ) -> PlanningTurn | None:
        """The turn until then, with the next fencing number; None where another one holds it.

        What was asked for until now is answered by this turn; the quarter-hour counts as planned only at `end`.
        """
        ...

    def end(self, turn: PlanningTurn) -> bool:
        """Give the turn back, its quarter-hour done; False where it had gone to somebody else."""
        ...

    def drop(self, turn: PlanningTurn, again_at: datetime) -> bool:
        """Give the turn back, nothing done; nobody takes it before then. False where it had gone to another one."""
        ...
