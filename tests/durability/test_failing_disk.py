"""A disk that does not keep what is written to it (reliability.md, R02), and one without space (R11)."""

import os
import sqlite3
from pathlib import Path

import httpx
import pytest

from kwartier.adapters.sql.group_commit import GroupCommitWriter
from kwartier.adapters.sql.sqlite_measurement_group import SqliteMeasurementGroup
from kwartier.service.ports import Ports
from tests.services.hub import MIDNIGHT, SITE, measurement, new_hub, read_all
from tests.services.running_service import running_service
from tests.services.service_case import ServiceCase

PROGRAM = Path(__file__).with_name("failing_disk_service.py")


async def test_a_process_whose_disk_fails_ends_without_an_answer_and_tries_once(tmp_path: Path) -> None:
    with running_service(tmp_path, is_new_program=True, program=[str(PROGRAM)]) as service:
        client = service.new_client("Alpha")
        async with httpx.AsyncClient(base_url=service.url, timeout=30) as http:
            login = await http.post(
                "/v1/identity/client-login",
                data={"grant_type": "client_credentials"},
                auth=(client["client_id"], client["client_secret"]),
            )
            http.headers["Authorization"] = f"Bearer {login.json()['access_token']}"
            await new_hub(http)
            assert (await http.post("/v1/measurements", json=measurement(0))).status_code == 200
            (tmp_path / "disk-fails").touch()
            with pytest.raises(httpx.RemoteProtocolError):
                await http.post("/v1/measurements", json=measurement(1))
        assert service.process.wait(10) == os.EX_IOERR
        assert (tmp_path / "failed-commits").read_text() == "commit\n"
        assert "must be started again" in service.log.read_text()
    with sqlite3.connect(tmp_path / "kwartier.db") as stored:
        assert stored.execute("SELECT measured_us FROM measurements").fetchall() == [
            (int(MIDNIGHT.timestamp()) * 1_000_000,)
        ]


async def test_without_space_nothing_is_acknowledged_reads_work_and_it_recovers(
    sqlite_service: ServiceCase,
) -> None:
    async with sqlite_service.caller() as http:
        await new_hub(http)
        assert (await http.post("/v1/measurements", json=measurement(0))).status_code == 200
        allow_pages(sqlite_service.ports, 1)  # SQLite takes the size that it has instead
        many = [measurement(minute, siteId=SITE) for minute in range(1, 1_500)]
        refused = await http.post("/v1/measurements/batch", json=many)
        assert (refused.status_code, refused.json()["code"]) == (507, "store_full")
        assert int(refused.headers["Retry-After"]) <= 30
        assert len(await read_all(http)) == 1
        allow_pages(sqlite_service.ports, 1_000_000)
        taken = await http.post("/v1/measurements/batch", json=many)
    assert taken.json()["stored"] == len(many)


def allow_pages(ports: Ports, most_pages_count: int) -> None:
    """Let SQLite's file grow to so many pages; beyond, it says what it says of a full disk (SQLITE_FULL)."""
    writer = ports.measurement_writer
    assert isinstance(writer, GroupCommitWriter)
    assert isinstance(writer._store, SqliteMeasurementGroup)
    writer._store._pooled.cursor().execute(f"PRAGMA max_page_count = {most_pages_count}")
