"""How a call is carried out, without doing it: what to send or wait for next, given what came back.

Both clients run this; they differ only in how they send and wait.
"""

import time
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from kwartier.client import identity
from kwartier.client.call import Call
from kwartier.client.faults import NoAnswer, problem_of
from kwartier.client.patience import Patience

T = TypeVar("T")

# A token is renewed a little before its end, so that none ends on the way.
RENEWED_EARLIER_S = 60.0


@dataclass(frozen=True)
class Send:
    """Send this request; what comes back is an answer, or the error that kept one from coming."""

    call: Call[Any]
    token: str | None = field(repr=False)
    is_stream: bool = False


@dataclass(frozen=True)
class Wait:
    """Let so much time pass."""

    duration_s: float


Outcome = httpx.Response | httpx.TransportError
Steps = Generator[Send | Wait, Outcome | None, T]


class Exchange:
    """The calls of one client, which logs in when it has to."""

    def __init__(self, client_id: str, client_secret: str, patience: Patience) -> None:
        self._client_id, self._client_secret, self._patience = client_id, client_secret, patience
        self._token: str | None = None
        self._valid_until_s = 0.0

    def steps(self, call: Call[T]) -> Steps[T]:
        """What to do until the call's answer is read; raises CallFault."""
        return call.read((yield from self.opened(call)))

    def opened(self, call: Call[Any], *, is_stream: bool = False) -> Steps[httpx.Response]:
        """What to do until there is a good answer; that of a stream is not read yet. Raises CallFault."""
        answer = yield from self._answered(call, is_stream=is_stream)
        if answer.status_code == 401 and call.needs_token:
            # The service has another key by now, or this clock went wrong.
            self._token = None
            answer = yield from self._answered(call, is_stream=is_stream)
        if not answer.is_success:
            raise problem_of(answer)
        return answer

    def token(self) -> Steps[str]:
        """What to do until there is a token that is still good for a while."""
        if self._token is None or time.monotonic() >= self._valid_until_s:
            asked_s = time.monotonic()
            login = identity.log_in(self._client_id, self._client_secret)
            document = yield from self.steps(login)
            self._token = document.access_token
            self._valid_until_s = asked_s + document.expires_in - RENEWED_EARLIER_S
        return self._token

    def _answered(self, call: Call[Any], *, is_stream: bool) -> Steps[httpx.Response]:
        """The answer to a call, after as many attempts as it takes or patience allows."""
        attempt = 1
        while True:
            token = (yield from self.token()) if call.needs_token else None
            outcome = yield Send(call, token, is_stream)
            if outcome is None:
                raise TypeError("a request was answered with nothing")
            wait_s = self._patience.wait_s(outcome, attempt, is_repeatable=call.is_repeatable)
            if wait_s is not None:
                yield Wait(wait_s)
                attempt += 1
            elif isinstance(outcome, httpx.Response):
                return outcome
            else:
                what = f"{call.method} {call.path}: {type(outcome).__name__}: {outcome}"
                raise NoAnswer(what) from outcome
