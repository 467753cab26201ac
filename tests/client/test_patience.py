"""The clients log in by themselves, renew their token, and repeat what may be repeated."""

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from kwartier.client import AsyncKwartier, Kwartier, NoAnswer, Patience, ProblemAnswer, operation, sites
from kwartier.client.exchange import RENEWED_EARLIER_S

Answerer = Callable[[httpx.Request], httpx.Response]
QUICK = Patience(first_wait_s=0.001)
PAGE = {"data": [], "page_size": 20, "end_cursor": None, "has_next_page": False}
LOGIN = "/v1/identity/client-login"


class Server:
    """Answers with what it is given, one after the other, and with the last of it from then on."""

    def __init__(self, *answers: httpx.Response | Exception, expires_in_s: int = 3600) -> None:
        self.answers = list(answers)
        self.expires_in_s = expires_in_s
        self.seen: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        if request.url.path == LOGIN:
            token = f"token-{self.logins}"
            return httpx.Response(200, json={"access_token": token, "expires_in": self.expires_in_s})
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def logins(self) -> int:
        return sum(request.url.path == LOGIN for request in self.seen)

    @property
    def calls(self) -> list[httpx.Request]:
        return [request for request in self.seen if request.url.path != LOGIN]


def kwartier(server: Server, patience: Patience = QUICK) -> Kwartier:
    return Kwartier("http://x", "id", "secret", patience=patience, transport=httpx.MockTransport(server))


def page(status: int = 200, **headers: str) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json=PAGE, headers=names)


def first_page() -> Any:
    return sites.list_all().page(None)


def test_one_login_serves_many_calls() -> None:
    server = Server(page())
    with kwartier(server) as client:
        for _ in range(3):
            client.send(first_page())
    assert server.logins == 1
    assert {request.headers["authorization"] for request in server.calls} == {"Bearer token-1"}


def test_a_token_that_ends_soon_is_renewed_first() -> None:
    server = Server(page(), expires_in_s=int(RENEWED_EARLIER_S))
    with kwartier(server) as client:
        client.send(first_page())
        client.send(first_page())
    assert server.logins == 2


def test_a_refused_token_is_renewed_once_and_then_the_refusal_is_told() -> None:
    server = Server(page(401), page())
    with kwartier(server) as client:
        client.send(first_page())
        assert server.logins == 2
        server.answers = [page(401)]
        with pytest.raises(ProblemAnswer, match="401"):
            client.send(first_page())
    assert server.logins == 3


def test_the_service_says_how_long_to_wait() -> None:
    server = Server(page(503, Retry_After="1"), page())
    with kwartier(server) as client:
        start_s = time.monotonic()
        client.send(first_page())
        assert 1.0 <= time.monotonic() - start_s < 5.0


def test_a_wait_that_is_too_long_is_the_callers_affair() -> None:
    server = Server(page(429, Retry_After="3600"))
    with kwartier(server) as client, pytest.raises(ProblemAnswer) as refused:
        client.send(first_page())
    assert (refused.value.status_code, len(server.calls)) == (429, 1)


def test_after_so_many_attempts_it_is_over() -> None:
    server = Server(page(503))
    with kwartier(server) as client, pytest.raises(ProblemAnswer, match="503"):
        client.send(first_page())
    assert len(server.calls) == QUICK.most_attempts_count


@pytest.mark.parametrize("lost", [httpx.ReadError("cut"), page(502), page(504)])
def test_a_lost_answer_is_asked_for_again_where_that_does_no_harm(lost: Any) -> None:
    server = Server(lost, page())
    with kwartier(server) as client:
        client.send(first_page())
        server.answers = [lost]
        with pytest.raises((NoAnswer, ProblemAnswer)):
            client.send(sites.delete("hub"))
    assert [request.method for request in server.calls] == ["GET", "GET", "DELETE"]


def test_a_server_that_is_not_there_yet_is_tried_again() -> None:
    server = Server(httpx.ConnectError("refused"), httpx.Response(204))
    with kwartier(server) as client:
        client.send(sites.delete("hub"))
    assert len(server.calls) == 2


def test_an_answer_that_never_comes_says_what_was_asked() -> None:
    server = Server(httpx.ConnectError("refused"))
    with kwartier(server) as client, pytest.raises(NoAnswer, match=r"GET /v1/sites: ConnectError: refused"):
        client.send(first_page())


def test_what_needs_no_token_asks_for_none() -> None:
    server = Server(httpx.Response(200, json={"status": "ok"}))
    with kwartier(server) as client:
        assert client.send(operation.health()) == "ok"
    assert server.logins == 0


def test_an_answer_of_something_in_between_is_no_problem_document() -> None:
    server = Server(httpx.Response(403, text="<html>blocked</html>"))
    with kwartier(server) as client, pytest.raises(ProblemAnswer) as refused:
        client.send(first_page())
    assert (refused.value.code, refused.value.detail) == ("no_problem_document", "Forbidden")


def test_fields_of_a_newer_service_are_left_out() -> None:
    server = Server(httpx.Response(200, json={**PAGE, "new_field": 1}))
    with kwartier(server) as client:
        assert list(client.every(sites.list_all())) == []


def test_an_id_is_one_step_of_the_address_whatever_is_in_it() -> None:
    server = Server(httpx.Response(204))
    with kwartier(server) as client:
        client.send(sites.delete("../identity?x=1"))
    assert server.calls[0].url.raw_path == b"/v1/sites/..%2Fidentity%3Fx%3D1"


def test_no_secret_shows_in_what_is_printed() -> None:
    server = Server(httpx.ConnectError("refused"))
    with kwartier(server) as client, pytest.raises(NoAnswer) as fault:
        client.send(first_page())
    shown = f"{fault.value!r} {fault.value} {vars(client)}"
    assert "secret" not in shown.lower()
    assert "token-1" not in shown


async def test_the_client_for_event_loops_does_the_same() -> None:
    server = Server(page(503, Retry_After="0"), httpx.ReadError("cut"), page(401), page())
    transport = httpx.MockTransport(server)
    async with AsyncKwartier("http://x", "id", "secret", patience=QUICK, transport=transport) as client:
        assert [entry async for entry in client.every(sites.list_all())] == []
    assert (len(server.calls), server.logins) == (4, 2)


def test_the_body_is_what_was_written() -> None:
    server = Server(httpx.Response(503))
    with kwartier(server) as client, pytest.raises(ProblemAnswer):
        client.send(sites.patch("hub", {"name": None}))
    assert json.loads(server.calls[0].content) == {"name": None}
    assert server.calls[0].headers["content-type"] == "application/merge-patch+json"
