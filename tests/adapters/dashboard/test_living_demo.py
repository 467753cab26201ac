"""What a new user does after `script/run`: signs in, looks around, and finds out why one car waits.

The demo's site lives: its clock goes twenty times as fast as ours, its meters speak, its cars come and charge.
With KWARTIER_PICTURES=docs/dashboard the pictures of the documentation are made here.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.adapters.dashboard.browser import PHONE, new_context, picture, wants_pictures
from tests.services.running_service import environment

WAITING = re.compile("Waits|Held|has paused")
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What `kwartier serve-demo` prints about its dashboard."""
    folder: Path = tmp_path_factory.mktemp("living")
    process = subprocess.Popen(
        [sys.executable, "-m", "kwartier", "serve-demo", "--port", "0", "--folder", str(folder), "--json"],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield _dashboard(process)
    finally:
        process.kill()
        process.communicate()


def _dashboard(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """The second of the two objects that are printed."""
    assert process.stdout is not None
    text, decoder = "", json.JSONDecoder()
    for line in process.stdout:
        text += line
        try:
            _, end = decoder.raw_decode(text)
            access = decoder.decode(text[end:].strip())
        except json.JSONDecodeError:
            continue
        found: dict[str, Any] = access["dashboard"]
        return found
    raise AssertionError(f"the demo ended: {text}")


def test_a_new_user_finds_out_why_a_car_waits(browser: Browser, demo: dict[str, Any]) -> None:
    context = new_context(browser)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(demo["url"])
    picture(page, "sign-in")
    page.get_by_label("Company").fill(demo["company"])
    page.get_by_label("User").fill(demo["user"])
    page.get_by_label("Password").fill(demo["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".kw-col-cost").last).to_contain_text("€", timeout=PATIENCE_MS)
    picture(page, "sites")
    page.get_by_role("link", name="Demo charging hub").click()
    waits(page)
    moves(page)
    picture(page, "now")
    page.get_by_role("link", name="Plan").click()
    page.locator("canvas").first.wait_for()
    expect(page.locator(".kw-reason-why", has_text=WAITING).first).to_be_visible(timeout=PATIENCE_MS)
    picture(page, "plan")
    if wants_pictures():
        other_views(page)
        on_a_phone(browser, page, demo)
    context.close()


def other_views(page: Page) -> None:
    """The cars, the money, the editor and the check of the same living site."""
    page.get_by_role("link", name="Cars", exact=True).click()
    expect(page.get_by_role("article").first).to_contain_text(re.compile("Will|Has all"), timeout=PATIENCE_MS)
    picture(page, "cars")
    page.get_by_role("link", name="Money", exact=True).click()
    expect(page.get_by_text("With kwartier")).to_be_visible(timeout=PATIENCE_MS)
    picture(page, "money")
    page.get_by_role("link", name="Set up", exact=True).click()
    expect(page.get_by_text("Nothing keeps this site from being planned.")).to_be_visible(timeout=PATIENCE_MS)
    picture(page, "setup")
    page.get_by_role("link", name="Check", exact=True).click()
    expect(page.get_by_text("In time").first).to_be_visible(timeout=PATIENCE_MS)
    picture(page, "check")


def waits(page: Page) -> None:
    """One car waits: its card says so, why, and what would change it."""
    card = page.locator("article", has=page.locator(".kw-why", has_text=WAITING)).first
    expect(card).to_be_visible(timeout=PATIENCE_MS)
    expect(card.locator(".kw-why")).to_have_text(re.compile(r"^[A-Z].{8,}"))


def moves(page: Page) -> None:
    """Nobody touches anything, and the page shows another reading."""
    standing = page.locator(".kw-standing .kw-muted")
    before = standing.inner_text()
    expect(standing).not_to_have_text(before, timeout=PATIENCE_MS)


def on_a_phone(browser: Browser, signed_in: Page, demo: dict[str, Any]) -> None:
    """The same on a phone in the dark, in Dutch; `test_views.py` tries every view on a phone."""
    context = new_context(browser, language="nl", theme="dark", viewport=PHONE)
    session = next(one for one in signed_in.context.cookies() if one["name"] == "kwartier_session")
    context.add_cookies([{"name": session["name"], "value": session["value"], "url": demo["url"]}])
    page = context.new_page()
    for path, name in (("sites/demo-hub", "now-phone"), ("sites/demo-hub/plan", "plan-phone")):
        page.goto(demo["url"] + path)
        expect(page.get_by_role("heading", level=1)).to_have_text("Demo charging hub", timeout=PATIENCE_MS)
        picture(page, name)
    context.close()
