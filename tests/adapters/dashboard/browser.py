"""The dashboard in a real browser: a service with the demo in it, and pages of signed-in users."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from shutil import which
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from kwartier.adapters.sql import schema
from kwartier.adapters.system.fast_clock import FastClock
from kwartier.adapters.system.system_clock import SystemClock
from kwartier.app.settings import Settings
from kwartier.app.wiring import wired
from kwartier.demo.fill_service import PARTNER, FilledDemo, fill_service
from kwartier.demo.past_days import ZONE
from kwartier.service.caller import Caller, Scope
from kwartier.service.create_site import SiteCreated, create_site
from kwartier.service.create_user import UserCreated, create_user
from kwartier.service.partner import partner_of
from kwartier.service.ports import Ports
from kwartier.service.ports.clock import Clock
from kwartier.service.user import Role
from kwartier.site.document import SiteCreateDTO
from tests.services.running_service import SERVE, RunningService, database_file, running_service

# In a container a browser has neither a sandbox of its own nor much shared memory.
CHROMIUM_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
DESKTOP, PHONE = ViewportSize(width=1280, height=860), ViewportSize(width=390, height=844)
Theme = Literal["light", "dark"]
# What a page needs at most on a machine that is busy with other tests.
PATIENCE_MS = 15_000
# Beside the demo's own: the list of sites has two pages.
OTHER_SITES_COUNT = 27
ELEVEN = time(11)


@dataclass(frozen=True)
class DemoService:
    """A service with the demo's site, and what to sign in with."""

    service: RunningService
    demo: FilledDemo
    password_by_user: dict[str, str]
    clock: Clock

    @property
    def url(self) -> str:
        """The dashboard."""
        return f"{self.service.url}/dashboard"


@contextmanager
def demo_service(
    data_dir: Path, *, sites_count: int = OTHER_SITES_COUNT, is_new_program: bool = False, **settings: str
) -> Iterator[DemoService]:
    """The demo's site, so many others, and a user of each role, named like it.

    It is eleven in the morning, whatever the hour: what a page shows of a day depends on it. A new program goes by the
    machine's clock.
    """
    clock = SystemClock() if is_new_program else clock_at(ELEVEN)
    with wired(Settings(data_dir=data_dir, database_url=database_file(data_dir)), clock=clock) as made:
        schema.upgrade(made.database)
        demo = fill_service(made.ports)
        passwords = {role.value: new_user(made.ports, PARTNER, role.value, role) for role in Role}
        _add_sites(made.ports, demo, sites_count)
    with running_service(
        data_dir,
        crash=None,
        is_new_program=is_new_program,
        program=SERVE,
        begins=None if is_new_program else clock.now(),
        **settings,
    ) as service:
        yield DemoService(service, demo, passwords, clock)


def clock_at(hour: time) -> FastClock:
    """A clock on which it is this hour of today in Brussels, and that goes as fast as the machine's."""
    clock = FastClock(datetime.combine(SystemClock().now().astimezone(ZONE), hour, ZONE).astimezone(UTC), 1.0)
    clock.begin()
    return clock


def _add_sites(ports: Ports, demo: FilledDemo, count: int) -> None:
    """Sites without boards and devices, more than a page of the list has room for."""
    caller = Caller(partner_of(demo.client_id), demo.client_id, Scope.WRITE)
    place = {"name": "Gent", "coordinates": [51.05, 3.72, 8.0]}
    for number in range(1, count + 1):
        document = {"site_id": f"depot-{number:02d}", "name": f"Depot {number:02d}", "location": place}
        made = create_site(
            caller,
            SiteCreateDTO.model_validate(document),
            sites=ports.sites,
            clock=ports.clock,
            flags=ports.flags,
        )
        assert isinstance(made, SiteCreated)


def new_user(ports: Ports, partner: str, name: str, role: Role) -> str:
    """A user; the password."""
    made = create_user(
        partner,
        name,
        role,
        partners=ports.partners,
        users=ports.users,
        ids=ports.ids,
        hasher=ports.hasher,
        clock=ports.clock,
    )
    assert isinstance(made, UserCreated)
    return made.password


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser, without a window."""
    program = which("chromium") or which("chromium-browser") or which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


def new_context(
    browser: Browser, *, language: str = "en", theme: Theme = "light", viewport: ViewportSize = DESKTOP
) -> BrowserContext:
    """A browser without cookies, in Brussels."""
    context = browser.new_context(
        locale=language,
        color_scheme=theme,
        viewport=viewport,
        timezone_id="Europe/Brussels",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


def wants_pictures() -> bool:
    """Whether the pictures of the documentation are to be made anew."""
    return bool(os.environ.get("KWARTIER_PICTURES"))


def picture(page: Page, name: str) -> None:
    """The page as it is shown, into the documentation: only where KWARTIER_PICTURES names a folder for it."""
    if wants_pictures():
        page.wait_for_timeout(800)  # charts draw themselves
        page.screenshot(path=Path(os.environ["KWARTIER_PICTURES"]) / f"{name}.png", full_page=True)


def sign_in(page: Page, found: DemoService, user: str = "operate", path: str = "/") -> None:
    """Fill in the form as a user does, and come to the page that was asked for."""
    page.goto(found.url + path)
    page.get_by_label("Company").fill(PARTNER)
    page.get_by_label("User").fill(user)
    page.get_by_label("Password").fill(found.password_by_user[user])
    page.get_by_role("button", name="Sign in").click()
