"""What a page says when there is nothing to show."""

from kwartier.adapters.dashboard.tag import Tag
from kwartier.adapters.dashboard.viewer import Viewer


def nothing_here(viewer: Viewer, key: str) -> None:
    """The sentence of this key, and the way back to all sites."""
    with Tag("section", classes="kw-nothing"):
        Tag("h1", viewer.words(key))
        Tag("a", viewer.words("frame.back_to_fleet"), "kw-button", href=viewer.address("/"))
