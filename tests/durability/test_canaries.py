"""Secrets stay where they belong: not in logs, answers, figures, traces or backups (reliability.md, R48).

Each secret of a deployment is a text that stands nowhere else. The service is used, rightly and wrongly, backed up, and
killed in the middle of a write; then everything that it said and wrote is searched.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from kwartier.app.main import app
from kwartier.service.create_client import ClientCreated
from tests.services.hub import measurement
from tests.services.new_client import logged_in, new_client
from tests.services.nursery import start
from tests.services.postgres import fresh_database
from tests.services.ready_site import FIXED
from tests.services.running_service import RunningService, environment, running_service
from tests.services.site_data import example_site

CANARIES = {
    "key": "canary-key-0123456789-abcdefghijklmnop",
    "database": "canary-of-the-database",
    "prices": "canary-of-the-price-source",
    "broker": "canary-of-the-broker",
}
SITE = "canary-hub"


@pytest.fixture
def settings(postgres_server: str) -> Iterator[dict[str, Any]]:
    """A deployment with a secret in every setting that may hold one."""
    with fresh_database(postgres_server, "canaries", owner="owner") as url:
        yield {
            # The tests' server asks for no password, and takes one all the same.
            "KWARTIER_DATABASE_URL": re.sub(r"://owner@", f"://owner:{CANARIES['database']}@", url),
            "KWARTIER_SECRET_KEY": CANARIES["key"],
            "KWARTIER_ENTSOE_API_KEY": CANARIES["prices"],
            # A broker that is away: the service says so, and goes on.
            "KWARTIER_MQTT_URL": f"mqtt://kwartier:{CANARIES['broker']}@127.0.0.1:1",
            "KWARTIER_LOG_LEVEL": "debug",
        }


def test_no_secret_leaves_by_any_way(tmp_path: Path, settings: dict[str, Any]) -> None:
    url, backup = settings["KWARTIER_DATABASE_URL"], tmp_path / "backup.zip"
    assert CANARIES["database"] in url
    client = new_client(url, "Canaries")
    with running_service(tmp_path, crash=("group_written", 1), **settings) as service:
        with logged_in(service.url, client) as http:
            token = http.headers["Authorization"].removeprefix("Bearer ")
            said = list(answers(http, client, token))
            said += [command(settings, "config", "show"), command(settings, "backup", str(backup))]
            kill(http, service)
        said.append(service.log.read_bytes())
    with zipfile.ZipFile(backup) as members:
        said += [members.read(name) for name in members.namelist()]
    away = f"postgresql://owner:{CANARIES['database']}@127.0.0.1:1/none"
    said.append(failed_start(tmp_path, settings | {"KWARTIER_DATABASE_URL": away}))
    secrets = [*CANARIES.values(), client.client_secret, token]
    assert [(secret, text) for secret in secrets for text in said if secret.encode() in text] == []


def answers(http: httpx.Client, client: ClientCreated, token: str) -> Iterator[bytes]:
    """What the service answers to right calls and to wrong ones."""
    document = example_site(site_id=SITE, active=True)
    document["configurations"]["contract"] = FIXED
    site = f"/v1/sites/{SITE}"
    span = {"from": "2026-03-01T00:00:00Z", "to": "2026-03-03T00:00:00Z"}
    right = [
        http.post("/v1/sites", json=document),
        http.post(f"{site}/plans"),
        http.get(f"{site}/plans/latest", params={"include": "request"}),
        http.post("/v1/measurements", json=measurement(0, siteId=SITE)),
        http.get(f"{site}/measurements", params={**span, "format": "csv"}),
        http.get("/metrics"),
        http.get("/openapi.json"),
    ]
    wrong = [
        http.post("/v1/identity/client-login", content=client.client_secret, auth=("x", token)),
        http.get(f"{site}/bill", params={"month": token}),
        http.post("/v1/sites", content=f'{{"{token}": "{client.client_secret}"}}'),
        http.get(f"/v1/sites/{client.client_secret}"),
    ]
    assert [answer.is_success for answer in [*right, *wrong]] == [True] * len(right) + [False] * len(wrong)
    for answer in [*right, *wrong]:
        yield str(answer.headers).encode() + answer.content


def kill(http: httpx.Client, service: RunningService) -> None:
    """Send a reading at which the service dies in the middle of its write."""
    with pytest.raises(httpx.TransportError):
        http.post("/v1/measurements", json=measurement(1, siteId=SITE))
    assert service.process.wait(timeout=20) == -9


def command(settings: dict[str, str], *arguments: str) -> bytes:
    """What a command says, on both of its ways out."""
    result = CliRunner().invoke(app, arguments, env=settings, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output.encode()


def failed_start(folder: Path, settings: dict[str, str]) -> bytes:
    """What the service says when its database is away at the start, with the trace that the command would not show."""
    log = folder / "failed.log"
    process = start(folder, environment(folder, **settings), log, None)
    assert process.wait(timeout=60) == 1
    told = log.read_bytes()
    assert b"StoreUnavailable" in told
    return told
