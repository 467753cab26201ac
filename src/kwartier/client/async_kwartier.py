"""The client for event loops."""

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self, TypeVar

import httpx

from kwartier.client.call import Call, Listing, Stream
from kwartier.client.exchange import Exchange, Outcome, Send, Steps, Wait
from kwartier.client.faults import NoAnswer
from kwartier.client.kwartier import TIMEOUT_S, request_of
from kwartier.client.patience import Patience

T = TypeVar("T")


class AsyncKwartier:
    """Calls the service at `url` for one client. Close it, or use it in an `async with` block."""

    def __init__(
        self,
        url: str,
        client_id: str,
        client_secret: str,
        *,
        patience: Patience = Patience(),  # noqa: B008 - it cannot be changed
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, transport=transport)
        self._exchange = Exchange(client_id, client_secret, patience)

    async def send(self, call: Call[T]) -> T:
        """Make a call; its answer. Raises ProblemAnswer where the service says no, NoAnswer where it says nothing."""
        return await self._run(self._exchange.steps(call))

    async def every(self, listing: Listing[T]) -> AsyncIterator[T]:
        """Each entry of a list, page after page; raises like `send`."""
        page = await self.send(listing.page(None))
        for entry in page.data:
            yield entry
        while page.has_next_page:
            page = await self.send(listing.page(page.end_cursor))
            for entry in page.data:
                yield entry

    async def listen(self, stream: Stream[T]) -> AsyncIterator[T]:
        """Each entry of an answer that goes on, as it comes; raises like `send`, NoAnswer where it breaks off."""
        answer = await self._run(self._exchange.opened(stream.call, is_stream=True))
        reader = stream.reader()
        try:
            async for line in answer.aiter_lines():
                entry = reader.read(line)
                if entry is not None:
                    yield entry
        except httpx.TransportError as error:
            raise NoAnswer(f"{stream.call.path} broke off: {type(error).__name__}") from error
        finally:
            await answer.aclose()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        """Itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self.close()

    async def _run(self, steps: Steps[T]) -> T:
        outcome: Outcome | None = None
        while True:
            try:
                step = steps.send(outcome)
            except StopIteration as end:
                result: T = end.value
                return result
            match step:
                case Send():
                    outcome = await self._sent(step)
                case Wait(duration_s):
                    await asyncio.sleep(duration_s)
                    outcome = None

    async def _sent(self, step: Send) -> Outcome:
        try:
            answer = await self._http.send(request_of(self._http, step), stream=step.is_stream)
            if step.is_stream and not answer.is_success:
                await answer.aread()
        except httpx.TransportError as error:
            return error
        return answer
