"""One service for all tests of the dashboard, a browser for those of a file, and a page of a user who is signed in.

While Playwright runs, its event loop counts as running in this process: no asynchronous test may come between.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.adapters.dashboard.browser import DemoService, chromium, demo_service, new_context, sign_in


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoService]:
    """The service with the demo's site; tests leave it as they found it, or use names of their own."""
    with demo_service(tmp_path_factory.mktemp("dashboard")) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def operator(browser: Browser, dashboard: DemoService) -> Iterator[BrowserContext]:
    """A browser in which a user who may operate is signed in."""
    context = new_context(browser)
    page = context.new_page()
    sign_in(page, dashboard)
    page.get_by_role("heading", level=1).wait_for()
    page.close()
    yield context
    context.close()


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
