"""A call of the service, described and not yet made: its address, what it sends, and how its answer is read."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel

from kwartier.adapters.http.page_of import PageOf

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
M = TypeVar("M", bound=BaseModel)

JSON = "application/json"


@dataclass(frozen=True)
class Call(Generic[T]):
    """One request. `path` is as the OpenAPI description has it, its names are filled in from `ids`.

    `is_repeatable`: sending it twice does what sending it once does, so it is sent again when the answer got lost.
    """

    method: str
    path: str
    read: Callable[[httpx.Response], T]
    ids: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    needs_token: bool = True
    is_repeatable: bool = True

    @property
    def address(self) -> str:
        """The path with its ids.

        >>> Call("GET", "/v1/sites/{site_id}", read=bytes, ids={"site_id": "a b"}).address
        '/v1/sites/a%20b'
        """
        return self.path.format_map({name: quote(value, safe="") for name, value in self.ids.items()})

    @property
    def asked(self) -> dict[str, str]:
        """The query's parameters that are given, as text."""
        return {name: str(value) for name, value in self.query.items() if value is not None}


@dataclass(frozen=True)
class Listing(Generic[T]):
    """A list that comes in pages: `page` makes the call for the one behind a cursor, None for the first."""

    page: Callable[[str | None], Call[PageOf[T]]]


class LineReader(Protocol[T_co]):
    """Makes entries of the lines of an answer that goes on."""

    def read(self, line: str) -> T_co | None:
        """The entry that this line completes, if it completes one."""
        ...


@dataclass(frozen=True)
class Stream(Generic[T]):
    """A call whose answer goes on; each run gets a reader of its own."""

    call: Call[None]
    reader: Callable[[], LineReader[T]]


def document_of(model: type[M]) -> Callable[[httpx.Response], M]:
    """How an answer with one document is read; fields that only a newer service knows are left out."""
    return lambda answer: model.model_validate_json(answer.content, extra="ignore")


def nothing(_: httpx.Response) -> None:
    """How an answer without a body is read."""


def json_of(document: BaseModel | Mapping[str, Any]) -> bytes:
    """The body for a document: a model without the defaults that nobody wrote, or a JSON object."""
    if isinstance(document, BaseModel):
        return document.model_dump_json(exclude_unset=True).encode()
    return json.dumps(document, allow_nan=False).encode()


def sending(content: bytes, media_type: str = JSON) -> dict[str, Any]:
    """The parts of a call with a body."""
    return {"content": content, "headers": {"Content-Type": media_type}}
