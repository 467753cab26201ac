"""Requests that are known by a key of the caller's own, in memory."""

from datetime import datetime

from kwartier.service.ports.idempotency_store import (
    Claim,
    Claimed,
    InFlight,
    KeptAnswer,
    KeyReused,
    RequestKey,
)


class FakeIdempotencyStore:
    """Implements `kwartier.service.ports.IdempotencyStore`."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[RequestKey, datetime, KeptAnswer | None]] = {}

    def claim(self, request: RequestKey, now: datetime, *, forgotten: datetime, given_up: datetime) -> Claim:
        """Take a key, or say what became of the request that has it."""
        self._kept = {place: kept for place, kept in self._kept.items() if kept[1] >= forgotten}
        place = (request.partner_id, request.key)
        if place in self._kept:
            first, claimed_at, answer = self._kept[place]
            if first != request:
                return KeyReused()
            if answer is not None or claimed_at >= given_up:
                return answer or InFlight()
        self._kept[place] = (request, now, None)
        return Claimed()

    def keep(self, request: RequestKey, answer: KeptAnswer) -> None:
        """Store the answer to the request that has claimed the key."""
        place = (request.partner_id, request.key)
        self._kept[place] = (request, self._kept[place][1], answer)

    def release(self, request: RequestKey) -> None:
        """Forget a key that was claimed."""
        del self._kept[request.partner_id, request.key]
