"""Every view, in every language, light and dark, wide and narrow: whole, and open to everybody."""

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from kwartier.adapters.dashboard.catalogue import LANGUAGES
from kwartier.adapters.dashboard.cookies import PLAIN_NAME
from kwartier.adapters.dashboard.views import FLEET_VIEWS, SITE_VIEWS
from tests.adapters.dashboard.browser import DESKTOP, PHONE, DemoService, Theme, new_context

PATHS = [*(view.path for view in FLEET_VIEWS), *(view.path_of("demo-hub") for view in SITE_VIEWS)]
# Each language once, each theme and width twice.
LOOKS: dict[str, tuple[Theme, ViewportSize]] = {
    "en": ("light", DESKTOP),
    "de": ("dark", PHONE),
    "fr": ("light", PHONE),
    "nl": ("dark", DESKTOP),
}


@pytest.fixture(scope="module")
def contexts(
    browser: Browser, operator: BrowserContext, dashboard: DemoService
) -> Iterator[dict[str, BrowserContext]]:
    """A browser for each of the looks, with the session of a user who is signed in."""
    session = next(one["value"] for one in operator.cookies() if one["name"] == PLAIN_NAME)
    made = {}
    for language, (theme, viewport) in LOOKS.items():
        made[language] = new_context(browser, language=language, theme=theme, viewport=viewport)
        made[language].add_cookies([{"name": PLAIN_NAME, "value": session, "url": dashboard.service.url}])
    yield made
    for context in made.values():
        context.close()


def opened(context: BrowserContext, dashboard: DemoService, path: str) -> Page:
    page = context.new_page()
    page.goto(dashboard.url + path)
    page.get_by_role("heading", level=1).wait_for()
    return page


# Every view wide and light, or narrow and dark in the language with the longest words, in turns; at night each in all.
SEEN = (
    [(language, path) for language in LOOKS for path in PATHS]
    if os.environ.get("KWARTIER_HYPOTHESIS_PROFILE") == "nightly"
    else [
        *((("en", "de")[number % 2], path) for number, path in enumerate(PATHS)),
        ("de", PATHS[0]),
        ("fr", PATHS[-1]),
        ("nl", PATHS[2]),
    ]
)


@pytest.mark.parametrize(("language", "path"), SEEN)
def test_a_view_fits_its_screen_and_speaks_its_language(
    contexts: dict[str, BrowserContext], dashboard: DemoService, path: str, language: str
) -> None:
    page = opened(contexts[language], dashboard, path)
    try:
        assert (page.get_attribute("html", "lang") or "").startswith(language)
        wider_px = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wider_px == 0
        if language in {"en", "de"}:
            assert serious(page) == []
    finally:
        page.close()


def serious(page: Page) -> list[str]:
    """What axe-core finds that keeps somebody out: its serious and critical findings, with an element each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]} {one['nodes'][0]['failureSummary'][:300]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


def test_the_sign_in_is_open_to_everybody(stranger: Page, dashboard: DemoService) -> None:
    stranger.goto(dashboard.url + "/sign-in")
    assert serious(stranger) == []


def test_every_language_has_its_look() -> None:
    assert LOOKS.keys() == LANGUAGES.keys()


def test_a_keyboard_reaches_the_content_at_once_and_opens_the_account(
    contexts: dict[str, BrowserContext], dashboard: DemoService
) -> None:
    page = opened(contexts["en"], dashboard, "/sites/demo-hub")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.get_by_label("Account").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("button", name="Sign out").is_visible()
    page.close()
