"""Alive, ready, and figures."""

from kwartier.adapters.http.api import create_app
from tests.services.service_case import ServiceCase


async def test_a_working_service_is_alive_and_ready(service: ServiceCase) -> None:
    async with service.http() as http:
        assert (await http.get("/healthz")).json() == {"status": "ok"}
        assert (await http.get("/readyz")).json() == {"status": "ready"}


async def test_without_its_database_it_is_alive_and_not_ready(sqlite_service: ServiceCase) -> None:
    app = create_app(sqlite_service.ports, version="0", is_ready=lambda: False)
    async with ServiceCase(
        app, sqlite_service.ports, sqlite_service.clock, sqlite_service.database
    ).http() as http:
        assert (await http.get("/healthz")).status_code == 200
        answer = await http.get("/readyz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


async def test_the_figures_count_by_route_and_show_no_tenant(sqlite_service: ServiceCase) -> None:
    async with sqlite_service.caller() as http:
        await http.get("/v1/sites/canary-of-alpha")
        await http.request("CANARY", "/canary-of-alpha")
        figures = (await http.get("/metrics")).text
    counted = 'kwartier_http_requests_total{method="GET",route="/v1/sites/{site_id}",status="404"} 1.0'
    assert counted in figures
    assert 'kwartier_http_requests_total{method="other",route="none",status="404"} 1.0' in figures
    assert "canary" not in figures.lower()
    assert sqlite_service.partner_ids["Alpha"] not in figures
