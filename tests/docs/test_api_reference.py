"""docs/api.md is what the service says of itself, and the page that shows it needs nothing from elsewhere."""

import re

from kwartier.adapters.http.description.reference import reference
from tests.adapters.http.operations import operations
from tests.house.project import ROOT
from tests.services.described import described_app
from tests.services.service_case import ServiceCase

PAGE = ROOT / "docs" / "api.md"


def test_the_page_is_as_the_service_describes_itself() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == reference(described_app().openapi()), "run script/api-docs and commit docs/api.md"


def test_it_has_every_route_and_every_link_leads_to_a_heading() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [one for one in map(str, operations()) if f"\n## {one}\n" not in text] == []
    headings = {heading.lower() for heading in re.findall(r"^### (\S+)$", text, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) - headings == set()


async def test_the_page_in_the_browser_fetches_nothing(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.http() as http:
        answer = await http.get("/docs")
    assert answer.status_code == 200
    assert "POST /v1/measurements" in answer.text
    assert re.findall(r"<(?:script|link|img|iframe)|src=|url\(|@import", answer.text) == []
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
