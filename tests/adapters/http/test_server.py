"""A real server in a process of its own: its bounds on connections and heads, and how it starts and stops."""

import json
import re
import signal
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import httpx

from kwartier.adapters.http.observing import HEADERS_LIMIT_BYTES
from kwartier.adapters.http.server_protocol import CONNECTIONS_PER_ADDRESS_COUNT, HEAD_LIMIT_BYTES
from tests.services.raw_connection import raw
from tests.services.running_service import RunningService, run_kwartier, running_service


def problem_of(answer: bytes) -> dict[str, object]:
    document: dict[str, object] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return document


def test_a_partner_is_served_from_command_line_to_site(http_server: RunningService) -> None:
    partner = "From the command line"
    run_kwartier(http_server.data_dir, "partner", "create", partner, "--json")
    client = run_kwartier(http_server.data_dir, "client", "create", partner, "--json")
    with httpx.Client(base_url=http_server.url) as http:
        login = http.post(
            "/v1/identity/client-login",
            data={"grant_type": "client_credentials"},
            auth=(client["client_id"], client["client_secret"]),
        )
        http.headers["Authorization"] = f"Bearer {login.json()['access_token']}"
        assert http.get("/v1/sites").json()["data"] == []
        run_kwartier(http_server.data_dir, "client", "revoke", partner, "--json")
        deadline_s = time.monotonic() + 10  # authenticate.KNOWN_FOR_S is 5 s; R47 allows 60
        while http.get("/v1/sites").status_code != 401:
            assert time.monotonic() < deadline_s
            time.sleep(0.2)


def test_an_endless_head_is_cut_off(http_server: RunningService) -> None:
    answer = raw(http_server, b"GET / HTTP/1.1\r\nX-Endless: " + b"a" * (HEAD_LIMIT_BYTES + 1))
    assert answer.startswith(b"HTTP/1.1 431")
    assert problem_of(answer)["status"] == 431


def test_a_head_of_the_limit_is_read_and_one_byte_more_is_not(http_server: RunningService) -> None:
    # reliability.md, R39: 16 KiB of names and values together.
    rest_bytes = HEADERS_LIMIT_BYTES - len("Connection" + "close" + "X-Long")

    def head(size_bytes: int) -> bytes:
        return b"GET /healthz HTTP/1.1\r\nConnection: close\r\nX-Long: " + b"a" * size_bytes + b"\r\n\r\n"

    assert raw(http_server, head(rest_bytes)).startswith(b"HTTP/1.1 200")
    assert raw(http_server, head(rest_bytes + 1)).startswith(b"HTTP/1.1 431")


def test_a_large_body_does_not_count_as_a_head(http_server: RunningService) -> None:
    body = b"a" * 2 * HEAD_LIMIT_BYTES
    head = b"POST /v1/sites HTTP/1.1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    assert raw(http_server, head + body).startswith(b"HTTP/1.1 401")


def test_a_head_that_does_not_come_is_not_waited_for(http_server: RunningService) -> None:
    start_s = time.monotonic()
    answer = raw(http_server, b"GET /healthz HTTP/1.1\r\nX-Slow: a")
    assert answer.startswith(b"HTTP/1.1 408")
    assert 8 < time.monotonic() - start_s < 15  # server_protocol.HEAD_PATIENCE_S is 10 s


def test_an_address_has_so_many_connections_and_no_more(http_server: RunningService) -> None:
    # reliability.md, R39: 50 connections per client, refused at the limit and one.
    with ExitStack() as stack:
        held = [
            stack.enter_context(socket.create_connection(("127.0.0.1", http_server.port), timeout=10))
            for _ in range(CONNECTIONS_PER_ADDRESS_COUNT)
        ]
        refused = raw(http_server, b"")
        assert refused.startswith(b"HTTP/1.1 429")
        assert b"\r\nRetry-After: 1\r\n" in refused
        held[0].sendall(b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n")
        assert held[0].recv(100).startswith(b"HTTP/1.1 200")
    deadline_s = time.monotonic() + 5
    while not raw(http_server, b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n").startswith(
        b"HTTP/1.1 200"
    ):
        assert time.monotonic() < deadline_s


def test_a_stop_lets_a_running_request_end(tmp_path: Path) -> None:
    with running_service(tmp_path) as server:
        client = server.new_client("Stopping")
        body = b"grant_type=client_credentials"
        auth = httpx.BasicAuth(client["client_id"], client["client_secret"])._auth_header
        head = (
            "POST /v1/identity/client-login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Authorization: {auth}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            connection.sendall(head.encode() + body[:10])
            time.sleep(0.3)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            connection.sendall(body[10:])
            assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
        assert server.process.wait(timeout=30) == 0


def test_a_stop_does_not_wait_for_a_request_that_never_ends(tmp_path: Path) -> None:
    with running_service(tmp_path) as server, socket.create_connection(("127.0.0.1", server.port)) as idle:
        idle.sendall(b"GET /healthz HTTP/1.1\r\n\r\n")
        idle.recv(65_536)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=30) == 0  # reliability.md, R54: within 30 s


def test_the_logs_are_one_json_object_a_line_and_a_crash_leaves_no_secret(tmp_path: Path) -> None:
    key = "canary-key-0123456789-abcdefghijklmnop"
    with running_service(tmp_path, KWARTIER_SECRET_KEY=key) as server:
        client = server.new_client("Canaries")
        with httpx.Client(base_url=server.url) as http:
            answer = http.post(
                "/v1/identity/client-login",
                data={"grant_type": "client_credentials"},
                auth=(client["client_id"], client["client_secret"]),
            )
            token = answer.json()["access_token"]
            bearer = {"Authorization": f"Bearer {token}", "X-Request-ID": "my-own-id"}
            http.get("/v1/sites?canary=canary-in-query", headers=bearer)
            http.post("/v1/sites", content=b'{"canary-in-body": NaN}', headers=bearer)
        core_limits = re.findall(
            r"Max core file size +(\S+) +(\S+)", Path(f"/proc/{server.process.pid}/limits").read_text()
        )
        deadline_s = time.monotonic() + 10  # a request's line comes after its answer
        while server.log.read_text().count("my-own-id") < 2:
            assert time.monotonic() < deadline_s
            time.sleep(0.02)
        server.process.send_signal(signal.SIGSEGV)
        assert server.process.wait(timeout=30) == -signal.SIGSEGV
        text = server.log.read_text()
    assert core_limits == [("0", "0")]
    assert [one for one in tmp_path.iterdir() if one.name.startswith("core")] == []
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["status"] for line in lines if line.get("request_id") == "my-own-id"] == [422, 422]
    for secret in (key, client["client_secret"], token, "canary-in-query", "canary-in-body"):
        assert secret not in text
