"""Coroutines that wait for other threads."""

import asyncio
from concurrent.futures import Future
from threading import Thread

from kwartier.adapters.http.measurements.landing import Landing

COUNT = 500


async def test_every_coroutine_hears_of_its_own_future_whatever_came_of_it() -> None:
    landing = Landing()
    futures: list[Future[int]] = [Future() for _ in range(COUNT)]

    def finish(own: list[Future[int]]) -> None:
        for number, future in enumerate(own):
            if number % 3:
                future.set_result(number)
            else:
                future.set_exception(ValueError("broken"))

    waiting = [asyncio.create_task(landing.wait(future)) for future in futures]
    await asyncio.sleep(0)
    threads = [Thread(target=finish, args=(futures[part::2],)) for part in range(2)]
    for thread in threads:
        thread.start()
    async with asyncio.timeout(10):
        await asyncio.gather(*waiting)
    assert all(future.done() for future in futures)


async def test_a_future_that_is_done_is_not_waited_for() -> None:
    future: Future[None] = Future()
    future.set_result(None)
    async with asyncio.timeout(10):
        await Landing().wait(future)


async def test_a_coroutine_that_gave_up_keeps_no_other_waiting() -> None:
    landing = Landing()
    first: Future[None] = Future()
    second: Future[None] = Future()
    tasks = [asyncio.create_task(landing.wait(future)) for future in (first, second)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    for future in (first, second):
        Thread(target=future.set_result, args=(None,)).start()
    async with asyncio.timeout(10):
        await tasks[1]
    assert tasks[0].cancelled()
