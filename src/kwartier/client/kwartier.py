"""The client that blocks."""

import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self, TypeVar

import httpx

from kwartier.client.call import Call, Listing, Stream
from kwartier.client.exchange import Exchange, Outcome, Send, Steps, Wait
from kwartier.client.faults import NoAnswer
from kwartier.client.patience import Patience

T = TypeVar("T")

# Planning a large site takes seconds; everything else answers well within.
TIMEOUT_S = 60.0


class Kwartier:
    """Calls the service at `url` for one client. Close it, or use it in a `with` block."""

    def __init__(
        self,
        url: str,
        client_id: str,
        client_secret: str,
        *,
        patience: Patience = Patience(),  # noqa: B008 - it cannot be changed
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http = httpx.Client(base_url=url, timeout=TIMEOUT_S, transport=transport)
        self._exchange = Exchange(client_id, client_secret, patience)

    def send(self, call: Call[T]) -> T:
        """Make a call; its answer. Raises ProblemAnswer where the service says no, NoAnswer where it says nothing."""
        return self._run(self._exchange.steps(call))

    def every(self, listing: Listing[T]) -> Iterator[T]:
        """Each entry of a list, page after page; raises like `send`."""
        page = self.send(listing.page(None))
        yield from page.data
        while page.has_next_page:
            page = self.send(listing.page(page.end_cursor))
            yield from page.data

    def listen(self, stream: Stream[T]) -> Iterator[T]:
        """Each entry of an answer that goes on, as it comes; raises like `send`, NoAnswer where it breaks off."""
        answer = self._run(self._exchange.opened(stream.call, is_stream=True))
        reader = stream.reader()
        try:
            for line in answer.iter_lines():
                entry = reader.read(line)
                if entry is not None:
                    yield entry
        except httpx.TransportError as error:
            raise NoAnswer(f"{stream.call.path} broke off: {type(error).__name__}") from error
        finally:
            answer.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self.close()

    def _run(self, steps: Steps[T]) -> T:
        outcome: Outcome | None = None
        while True:
            try:
                step = steps.send(outcome)
            except StopIteration as end:
                result: T = end.value
                return result
            match step:
                case Send():
                    outcome = self._sent(step)
                case Wait(duration_s):
                    time.sleep(duration_s)
                    outcome = None

    def _sent(self, step: Send) -> Outcome:
        try:
            answer = self._http.send(request_of(self._http, step), stream=step.is_stream)
            if step.is_stream and not answer.is_success:
                answer.read()
        except httpx.TransportError as error:
            return error
        return answer


def request_of(http: httpx.Client | httpx.AsyncClient, step: Send) -> httpx.Request:
    """The request of a step."""
    call, headers = step.call, dict(step.call.headers)
    if step.token is not None:
        headers["Authorization"] = f"Bearer {step.token}"
    return http.build_request(
        call.method,
        call.address,
        params=call.asked or None,
        content=call.content,
        headers=headers,
    )
