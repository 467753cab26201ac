"""How the dashboard looks: one style sheet, part of every page, so that nothing is fetched for it."""

from functools import cache
from importlib.resources import files

# The mark of the dashboard: a quarter of an hour.
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Ccircle cx='16' cy='16' r='15' fill='%23cfd8e0'/%3E"
    "%3Cpath d='M16 16V1a15 15 0 0 1 15 15z' fill='%230b6bb0'/%3E%3C/svg%3E"
)


@cache
def styles() -> str:
    """The style sheet."""
    return files("kwartier.adapters.dashboard.static").joinpath("dashboard.css").read_text("utf-8")
