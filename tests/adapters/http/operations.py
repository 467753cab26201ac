"""Every operation of the OpenAPI description, and how to call it with the examples that stand in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from kwartier.adapters.http.callers import Access
from tests.adapters.http.objects import SHARED, naming
from tests.services.described import described_app


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    description: Mapping[str, Any]
    access: Access

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def path_names(self) -> list[str]:
        """The parameters in its path."""
        return [one["name"] for one in self.description.get("parameters", []) if one["in"] == "path"]

    @property
    def bodies(self) -> Mapping[str, Any]:
        """Its body's schema and example by media type; empty where it takes none."""
        content: Mapping[str, Any] = self.description.get("requestBody", {}).get("content", {})
        return content

    @property
    def names_objects(self) -> bool:
        """Whether its path or its body names something that belongs to a partner."""
        examples = [content["example"] for content in self.bodies.values()]
        return bool({*self.path_names} - SHARED) or any(
            naming(one, {"site_id": ""}) != one for one in examples
        )

    @property
    def is_endless(self) -> bool:
        """Whether its answer goes on for ever; tests/adapters/http/events listens to it."""
        return "text/event-stream" in self.description["responses"].get("200", {}).get("content", {})

    @property
    def needs_body(self) -> bool:
        """Whether it is refused without a body."""
        return bool(self.description.get("requestBody", {}).get("required"))

    def request(self, http: httpx.AsyncClient, ids: Mapping[str, str], **parts: Any) -> httpx.Request:
        """A request with these ids in its path and the example as its body, unless `parts` says otherwise."""
        for media_type, content in list(self.bodies.items())[:1]:
            if "form" in media_type:
                parts.setdefault("data", content["example"])
            elif "content" not in parts:
                parts.setdefault("json", naming(content["example"], ids))
                parts["headers"] = {"Content-Type": media_type, **parts.get("headers", {})}
        return http.build_request(self.method, self.path.format(**ids), **parts)


def operations() -> Iterator[Operation]:
    """All operations of the description."""
    app = described_app()
    for path, methods in app.openapi()["paths"].items():
        for method, description in methods.items():
            yield Operation(method.upper(), path, description, app.state.access[method.upper(), path])
