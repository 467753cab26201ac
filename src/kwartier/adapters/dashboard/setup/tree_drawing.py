"""The electrical tree of a draft, drawn as it is, also while it has faults."""

from collections.abc import Collection
from typing import Any

from kwartier.adapters.dashboard.catalogue import Words
from kwartier.adapters.dashboard.setup.draft import BOARDS, DEVICES, Draft
from kwartier.adapters.dashboard.tag import Tag


class TreeDrawing:
    """Boards below one another, each with its limit and its devices; what has an error is marked."""

    def __init__(self, words: Words) -> None:
        self._words = words
        with Tag("section", classes="kw-card", aria_labelledby="kw-wiring"):
            Tag("h2", words("setup.tree"), "kw-card-title", id="kw-wiring")
            self._place = Tag("div", classes="kw-wiring")

    def show(self, draft: Draft, wrong: Collection[str]) -> None:
        """Draw a draft; `wrong` are the names of the boards and devices with an error."""
        self._place.clear()
        boards = {str(one.get("name", "")): one for one in draft.listed(BOARDS)}
        devices = draft.listed(DEVICES)
        roots = [name for name in boards if draft.parent_of(name) is None]
        drawn = frozenset[str]().union(*(draft.below(name) for name in roots))
        # Boards that feed each other have no top; each is drawn where the document has it first.
        roots += [name for name in boards if name not in drawn]
        lost = [one for one in devices if one.get("collector") not in boards]
        with self._place:
            if not boards:
                Tag("p", self._words("setup.no_boards"), "kw-muted")
            self._boards(roots, boards, devices, wrong, frozenset())
            if lost:
                Tag("p", self._words("setup.lost_devices"), "kw-bad")
                self._devices(lost, wrong)

    def _boards(
        self,
        names: list[str],
        boards: dict[str, dict[str, Any]],
        devices: list[dict[str, Any]],
        wrong: Collection[str],
        above: frozenset[str],
    ) -> None:
        shown = [name for name in names if name in boards and name not in above]
        if not shown:
            return
        with Tag("ul"):
            for name in shown:
                board = boards[name]
                with Tag("li"):
                    with Tag("div", classes="kw-wire-board" + (" kw-wire-wrong" if name in wrong else "")):
                        Tag("strong", name or "–")
                        phases = "3" if board.get("1P_3P", "3P") == "3P" else "1"
                        Tag("span", f"{phases} × {board.get('line_current', '–')} A", "kw-muted")
                    self._devices([one for one in devices if one.get("collector") == name], wrong)
                    below = [one for one in board.get("children") or () if isinstance(one, str)]
                    self._boards(below, boards, devices, wrong, above | {name})

    def _devices(self, devices: list[dict[str, Any]], wrong: Collection[str]) -> None:
        if not devices:
            return
        with Tag("div", classes="kw-wire-devices"):
            for device in devices:
                name, kind = str(device.get("name", "–")), str(device.get("type", "charging_pole_3phase"))
                marked = " kw-wire-wrong" if name in wrong else ""
                title = self._words.text_by_key.get(f"device_kind.{kind}", kind)
                Tag("span", name, f"kw-wire-device kw-wire-{kind}{marked}", title=title)
