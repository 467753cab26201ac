"""Logging in, on both databases."""

from datetime import timedelta

import httpx
import pytest

from kwartier.service.create_client import ClientCreated
from kwartier.service.revoke_client import revoke_client
from kwartier.service.rotate_client_secret import SecretRotated, rotate_client_secret
from tests.services.service_case import ServiceCase

LOGIN = "/v1/identity/client-login"
GRANT = {"grant_type": "client_credentials"}


async def log_in(service: ServiceCase, client: ClientCreated, secret: str | None = None) -> httpx.Response:
    auth = (client.client_id, client.client_secret if secret is None else secret)
    async with service.http() as http:
        return await http.post(LOGIN, data=GRANT, auth=auth)


async def test_a_client_logs_in_and_calls(service: ServiceCase) -> None:
    answer = await log_in(service, service.client())
    assert answer.status_code == 200
    document = answer.json()
    # contract.md, section 6.
    assert document == {
        "access_token": document["access_token"],
        "type": "bearer",
        "token_type": "bearer",
        "expires_in": 3600,
    }
    async with service.http(document["access_token"]) as http:
        assert (await http.get("/v1/sites")).status_code == 200


async def test_a_wrong_secret_and_an_unknown_client_are_told_apart_by_nobody(service: ServiceCase) -> None:
    known = service.client()
    comparisons = service.ports.hasher.comparison_count  # type: ignore[attr-defined]  # the fake counts
    answers = [
        await log_in(service, known, "wrong"),
        await log_in(service, ClientCreated("nobody.nothing", "wrong")),
        await log_in(service, ClientCreated("x" * 300, "wrong")),
        await log_in(service, ClientCreated("", "wrong")),
    ]
    assert [answer.status_code for answer in answers] == [401] * 4
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].headers["www-authenticate"].startswith("Basic")
    # Each took one comparison, so each took as long.
    assert service.ports.hasher.comparison_count - comparisons == 4  # type: ignore[attr-defined]  # as above


async def test_after_five_failures_in_a_minute_a_client_waits(service: ServiceCase) -> None:
    # reliability.md, R47.
    client = service.client()
    for _ in range(5):
        assert (await log_in(service, client, "wrong")).status_code == 401
        service.clock.advance(5)
    refused = await log_in(service, client)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "35")
    assert (await log_in(service, service.client())).status_code == 200
    service.clock.advance(35)
    assert (await log_in(service, client)).status_code == 200


async def test_a_revoked_client_does_not_log_in(service: ServiceCase) -> None:
    client = service.client()
    ports = service.ports
    revoke_client(
        "Alpha", client.client_id, partners=ports.partners, clients=ports.clients, clock=ports.clock
    )
    assert (await log_in(service, client)).status_code == 401


async def test_after_a_rotation_both_secrets_work_for_a_while(service: ServiceCase) -> None:
    client, ports = service.client(), service.ports
    rotated = rotate_client_secret(
        "Alpha",
        None,
        overlap=timedelta(hours=1),
        partners=ports.partners,
        clients=ports.clients,
        ids=ports.ids,
        hasher=ports.hasher,
        clock=ports.clock,
    )
    assert isinstance(rotated, SecretRotated)
    new = rotated.client_secret
    assert [(await log_in(service, client, secret)).status_code for secret in (None, new)] == [200, 200]
    service.clock.advance(3600)
    assert [(await log_in(service, client, secret)).status_code for secret in (None, new)] == [401, 200]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"grant_type=client_credentials", 200),
        (b"grant_type=password", 400),
        (b"grant_type=client_credentials&grant_type=password", 400),
        (b"", 400),
        (b"\xff\xfe", 400),
        (b"grant_type=client_credentials&" + b"a" * 4096, 413),
    ],
)
async def test_only_the_one_grant_is_given(sqlite_service: ServiceCase, body: bytes, status: int) -> None:
    client = sqlite_service.client()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with sqlite_service.http() as http:
        auth = (client.client_id, client.client_secret)
        answer = await http.post(LOGIN, content=body, headers=headers, auth=auth)
    assert answer.status_code == status


@pytest.mark.parametrize(
    "header", [b"", b"Basic", b"Basic !!!", b"Basic YQ==", b"Bearer YTpi", "Basic €".encode(), b"Basic /w=="]
)
async def test_credentials_that_are_none_are_refused(sqlite_service: ServiceCase, header: bytes) -> None:
    async with sqlite_service.http() as http:
        answer = await http.post(LOGIN, data=GRANT, headers={b"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_client")
