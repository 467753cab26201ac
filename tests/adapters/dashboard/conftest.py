"""One service and one browser for all tests of the dashboard, and a page of a user who is signed in.

While Playwright runs, its event loop counts as running in its thread, where no asynchronous test could run any more:
what asks for the browser, tests and fixtures alike, runs in a thread of its own.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from _pytest.runner import runtestprotocol
from playwright.sync_api import Browser, BrowserContext, Page

from tests.adapters.dashboard.browser import DemoService, chromium, demo_service, new_context, sign_in

_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="browser")
_open = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a test that asks for the browser in the browser's thread, from its set-up to its tear-down."""
    if "browser" not in getattr(item, "fixturenames", ()):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    _thread.submit(runtestprotocol, item, nextitem=nextitem).result()
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_sessionfinish() -> None:
    """Close the browser where one was opened."""
    _thread.submit(_open.close).result()


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoService]:
    """The service with the demo's site; tests leave it as they found it, or use names of their own.

    It believes a proxy on this machine, whose headers tests send themselves.
    """
    with demo_service(tmp_path_factory.mktemp("dashboard"), KWARTIER_TRUSTED_PROXIES="127.0.0.1") as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Browser:
    """The browser."""
    return _open.enter_context(chromium())


@pytest.fixture(scope="session")
def operator(browser: Browser, dashboard: DemoService) -> BrowserContext:
    """A browser in which a user who may operate is signed in."""
    context = new_context(browser)
    page = context.new_page()
    sign_in(page, dashboard)
    page.get_by_role("heading", level=1).wait_for()
    page.close()
    return context


@pytest.fixture
def page(operator: BrowserContext) -> Iterator[Page]:
    """A page of that user; a fault that the browser notes fails the test."""
    page, faults = operator.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    yield page
    page.close()
    assert faults == []


@pytest.fixture
def stranger(browser: Browser) -> Iterator[Page]:
    """A page in which nobody is signed in."""
    context = new_context(browser)
    yield context.new_page()
    context.close()
