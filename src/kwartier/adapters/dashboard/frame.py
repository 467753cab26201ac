"""What stands around every view: the bar with the site's name, its tabs, what a user may choose, and the way out."""

from collections.abc import Sequence

from nicegui import ui

from kwartier.adapters.dashboard.catalogue import LANGUAGES
from kwartier.adapters.dashboard.choice import choice
from kwartier.adapters.dashboard.cookies import LANGUAGE_NAME, REMEMBERED_S, THEME_NAME, THEMES
from kwartier.adapters.dashboard.sign_in_page import SIGN_IN, SIGN_OUT
from kwartier.adapters.dashboard.tag import Tag
from kwartier.adapters.dashboard.view import SiteView
from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.service.site_record import SiteRecord

# An open page notices so soon that its session has ended elsewhere (R47: 60 s).
LOOK_S = 20.0
DARK_BY_THEME = {"auto": None, "light": False, "dark": True}


def frame(viewer: Viewer, tabs: Sequence[SiteView], record: SiteRecord | None, current: str) -> None:
    """The header of a page, and the watch over its session."""
    dark = ui.dark_mode(DARK_BY_THEME[viewer.theme])
    with ui.header().classes("kw-header"):
        with Tag("div", classes="kw-bar"):
            with Tag("a", classes="kw-brand", href=viewer.address("/")):
                Tag("span", classes="kw-mark", aria_hidden="true")
                Tag("span", "kwartier")
            if record is not None:
                Tag("span", record.site.name or record.site_id, "kw-site-name")
            Tag("span", classes="kw-space")
            _account(viewer, dark)
        if record is not None:
            _tabs(viewer, tabs, record, current)
    # The header puts itself first; whoever has no mouse wants to pass it by.
    ui.skip_link(viewer.words("frame.skip"), target=ui.context.client.content)
    ui.timer(LOOK_S, lambda: _leave_when_over(viewer), immediate=False)


def _tabs(viewer: Viewer, tabs: Sequence[SiteView], record: SiteRecord, current: str) -> None:
    with Tag("nav", classes="kw-tabs", aria_label=viewer.words("frame.main_navigation")):
        for tab in tabs:
            target = viewer.address(tab.path_of(record.site_id))
            link = Tag("a", viewer.words(f"view.{tab.name}"), "kw-tab", href=target)
            if tab.name == current:
                link.props["aria-current"] = "page"


def _account(viewer: Viewer, dark: ui.dark_mode) -> None:
    """Who is signed in, and all that is one's own to choose."""
    words, name = viewer.words, viewer.user.user_name
    themes = {theme: words(f"frame.theme_{theme}") for theme in THEMES}

    def choose_theme(theme: str) -> None:
        dark.set_value(DARK_BY_THEME[theme])
        _remember(THEME_NAME, theme)

    def choose_language(language: str) -> None:
        _remember(LANGUAGE_NAME, language, then="location.reload()")

    with Tag("details", classes="kw-menu"):
        Tag("summary", name[:1].upper(), "kw-avatar", aria_label=words("frame.account"))
        with Tag("div", classes="kw-menu-body"):
            role = words(f"role.{viewer.user.role}")
            Tag("p", words("frame.signed_in_as", user=name, role=role), "kw-muted")
            choice(words("frame.language"), LANGUAGES, words.language, choose_language)
            choice(words("frame.theme"), themes, viewer.theme, choose_theme)
            with Tag("form", method="post", action=viewer.address(SIGN_OUT)):
                Tag("button", words("frame.sign_out"), "kw-button", type="submit")


def _remember(name: str, value: str, then: str = "") -> None:
    ui.run_javascript(
        f"document.cookie='{name}={value}; path=/; max-age={REMEMBERED_S}; samesite=lax';{then}"
    )


async def _leave_when_over(viewer: Viewer) -> None:
    if not await viewer.is_signed_in():
        ui.navigate.to(SIGN_IN)  # NiceGUI puts the mount path before it
