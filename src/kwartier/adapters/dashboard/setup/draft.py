"""A site document while somebody edits it: any JSON object, read and changed by path."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from kwartier.service.site_record import SiteRecord
from kwartier.site.templates import TemplateName, site_template

Key = str | int
# What the server computes is none of the editor's business.
COMPUTED = frozenset({"validation_status", "partner_id", "connections"})
BOARDS = ("configurations", "site_configuration", "collector_list")
DEVICES = ("configurations", "site_configuration", "device_list")


class Draft:
    """The document; its boards stand side by side, each naming those below it, so that any can be moved."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.take(document)

    @classmethod
    def of_record(cls, record: SiteRecord) -> "Draft":
        """What a stored site's document says, without what it leaves to defaults."""
        kept = {key: value for key, value in record.document.items() if key not in COMPUTED}
        return cls({**deepcopy(kept), "active": record.site.active})

    def take(self, document: dict[str, Any]) -> None:
        """Replace the whole document."""
        self.document = document
        self._lay_flat()

    def take_template(self, name: TemplateName) -> None:
        """Replace everything but the site's own id by a template."""
        kept = {key: self.document[key] for key in ("site_id",) if key in self.document}
        self.take({**site_template(name), **kept})

    def at(self, path: tuple[Key, ...]) -> Any:
        """The value at a path; None where there is nothing."""
        value: Any = self.document
        for key in path:
            if isinstance(value, dict) and isinstance(key, str):
                value = value.get(key)
            elif isinstance(value, list) and isinstance(key, int) and key < len(value):
                value = value[key]
            else:
                return None
        return value

    def put(self, path: tuple[Key, ...], value: Any) -> None:
        """Set the value at a path; objects on the way are made, None takes a field away."""
        holder: Any = self.document
        for key in path[:-1]:
            if isinstance(holder, list):
                holder = holder[int(key)]
                continue
            if not isinstance(holder.get(key), dict | list):
                holder[key] = {}
            holder = holder[key]
        if value is None and isinstance(holder, dict):
            holder.pop(path[-1], None)
        else:
            holder[path[-1]] = value

    def listed(self, path: tuple[Key, ...]) -> list[dict[str, Any]]:
        """The objects of a list, which is made where there is none."""
        found = self.at(path)
        if not isinstance(found, list):
            self.put(path, [])
            found = self.at(path)
        return [one for one in found if isinstance(one, dict)]

    def add(self, path: tuple[Key, ...], entry: dict[str, Any]) -> None:
        """Add an entry to a list."""
        self.listed(path)
        self.at(path).append(entry)

    def remove(self, path: tuple[Key, ...], index: int) -> None:
        """Take an entry out of a list, and a board out of what names it."""
        gone = self.at(path).pop(index)
        if path == BOARDS:
            self.move(str(gone.get("name")), None)

    @property
    def board_names(self) -> list[str]:
        """The names of the boards."""
        return [str(one.get("name", "")) for one in self.listed(BOARDS)]

    def parent_of(self, name: str) -> str | None:
        """The board above a board."""
        found = (one for one in self.listed(BOARDS) if name in (one.get("children") or ()))
        return next((str(one.get("name")) for one in found), None)

    def below(self, name: str) -> frozenset[str]:
        """A board and everything below it; of boards that feed each other, each once."""
        children = {str(one.get("name")): one.get("children") or () for one in self.listed(BOARDS)}
        found, pending = set[str](), [name]
        while pending:
            one = pending.pop()
            if one not in found:
                found.add(one)
                pending += [str(child) for child in children.get(one, ())]
        return frozenset(found)

    def move(self, name: str, parent: str | None) -> None:
        """Hang a board below another one, None: make it a connection."""
        for board in self.listed(BOARDS):
            kept = [one for one in board.get("children") or () if one != name]
            if board.get("name") == parent:
                kept.append(name)
            board.pop("children", None)
            if kept:
                board["children"] = kept

    def rename_board(self, before: str, after: str) -> None:
        """Have everything that names a board name it so."""
        for board in self.listed(BOARDS):
            if board.get("children"):
                board["children"] = [after if one == before else one for one in board["children"]]
        for device in self.listed(DEVICES):
            if device.get("collector") == before:
                device["collector"] = after

    def text(self) -> str:
        """The document as JSON text."""
        return json.dumps(self.document, indent=2, ensure_ascii=False)

    def _lay_flat(self) -> None:
        boards = self.at(BOARDS)
        if isinstance(boards, list):
            self.put(BOARDS, list(_flat(boards)))


def _flat(boards: list[Any]) -> Iterator[Any]:
    """Every board once, nested ones behind the one that holds them and named there."""
    for board in boards:
        if not isinstance(board, dict) or not isinstance(board.get("children"), list):
            yield board
            continue
        below = board["children"]
        names = [one.get("name") if isinstance(one, dict) else one for one in below if one is not None]
        yield {**board, "children": names}
        yield from _flat([one for one in below if isinstance(one, dict)])
