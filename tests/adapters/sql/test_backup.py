"""What was backed up answers the same after a restore, on either database and across them."""

import json
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from kwartier.adapters.sql import schema
from kwartier.adapters.sql.backup import write_backup
from kwartier.adapters.sql.backup_file import FORMAT_NUMBER, MANIFEST
from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.restore import restore_backup
from kwartier.adapters.sql.tables import metadata
from kwartier.adapters.sql.unusable_backup import UnusableBackup
from kwartier.service.create_client import ClientCreated
from kwartier.testing.contracts.broker_credential_store import a_credential
from tests.adapters.http.objects import own_objects
from tests.adapters.http.operations import operations
from tests.adapters.sql.inner_rows import keep_inner_rows
from tests.services.service_case import ServiceCase, service_on

AT = datetime(2026, 3, 2, 7, tzinfo=UTC)
READING = [
    one for one in operations() if one.method == "GET" and one.path.startswith("/v1/") and not one.is_endless
]


def backed_up(database: Database, folder: Path) -> Path:
    path = folder / "backup.zip"
    write_backup(database, path, kwartier_version="0", at=AT)
    return path


async def filled(service: ServiceCase) -> tuple[list[ClientCreated], dict[str, str]]:
    """Two partners with one object of each kind; their clients, and the ids of the first one's objects."""
    clients, ids = [], []
    for partner in ("Alpha", "Beta"):
        client = service.client(partner)
        clients.append(client)
        service.ports.broker_credentials.add(a_credential(service.partner_ids[partner]))
        async with service.http(service.token(client)) as http:
            ids.append(await own_objects(http, partner))
            keep_inner_rows(service.ports, service.partner_ids[partner], ids[-1]["site_id"])
            # The status is computed when it is asked for; from now on it stays as it is.
            await http.get(f"/v1/sites/{ids[-1]['site_id']}/validation-status")
    return clients, ids[0]


async def answers(service: ServiceCase, client: ClientCreated, ids: dict[str, str]) -> dict[str, Any]:
    async with service.http(service.token(client)) as http:
        found = {str(one): await http.send(one.request(http, ids)) for one in READING}
    return {name: (answer.status_code, answer.content) for name, answer in found.items()}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_restored_service_gives_the_same_answers(
    service: ServiceCase, request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    # From each kind of database into each: an embedded one moves to a server and back.
    (alpha, beta), ids = await filled(service)
    before = [await answers(service, one, ids) for one in (alpha, beta)]
    assert {status for status, _ in before[0].values()} == {200}
    path = backed_up(service.database, tmp_path)
    counts = row_counts(path)
    service.database.close()
    restored = Database(empty_url(kind, request, tmp_path))
    manifest = restore_backup(restored, path)
    with service_on(restored) as again:
        assert [await answers(again, one, ids) for one in (alpha, beta)] == before
        login = await logged_in(again, alpha)
    assert login.status_code == 200
    assert {table.name: table.row_count for table in manifest.tables} == counts
    assert row_counts(backed_up(restored, tmp_path)) == counts
    restored.close()


def empty_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if kind == "sqlite":
        return f"sqlite:///{tmp_path}/restored.db"
    # The same database as before, wiped: there is one server for the tests, and the fixture empties it.
    url: str = request.getfixturevalue("postgresql_url")
    database = Database(url)
    schema.downgrade(database, "base")
    database.close()
    return url


async def logged_in(service: ServiceCase, client: ClientCreated) -> httpx.Response:
    async with service.http() as http:
        return await http.post(
            "/v1/identity/client-login",
            data={"grant_type": "client_credentials"},
            auth=(client.client_id, client.client_secret),
        )


def row_counts(path: Path) -> dict[str, int]:
    with zipfile.ZipFile(path) as archive:
        tables = json.loads(archive.read(MANIFEST))["tables"]
    return {table["name"]: table["row_count"] for table in tables}


async def test_a_backup_holds_every_row_of_every_table(service: ServiceCase, tmp_path: Path) -> None:
    await filled(service)
    counts = row_counts(backed_up(service.database, tmp_path))
    assert counts.keys() == metadata.tables.keys()
    assert [name for name, count in counts.items() if count == 0] == []
    for name, table in metadata.tables.items():
        stored = 0
        for partner_id in service.partner_ids.values():
            with service.database.reading(partner_id) as connection:
                query = select(func.count()).where(table.c.partner_id == partner_id)
                stored += connection.scalar(query) or 0
        assert stored == counts[name], name


def test_a_backup_is_for_its_owners_eyes(sqlite_service: ServiceCase, tmp_path: Path) -> None:
    path = backed_up(sqlite_service.database, tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir() if "backup" in entry.name] == ["backup.zip"]


async def test_a_database_that_holds_partners_is_left_alone(service: ServiceCase, tmp_path: Path) -> None:
    (alpha, _), ids = await filled(service)
    before = await answers(service, alpha, ids)
    path = backed_up(service.database, tmp_path)
    with pytest.raises(UnusableBackup, match="holds partners already"):
        restore_backup(service.database, path)
    assert await answers(service, alpha, ids) == before


def changed(path: Path, member: str, data: bytes) -> Path:
    """A copy of the backup with one member replaced."""
    copy = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            new.writestr(name, data if name == member else old.read(name))
    return copy


async def test_a_damaged_or_foreign_file_changes_nothing(sqlite_service: ServiceCase, tmp_path: Path) -> None:
    await filled(sqlite_service)
    path = backed_up(sqlite_service.database, tmp_path)
    with zipfile.ZipFile(path) as archive:
        rows, manifest = archive.read("sites.jsonl"), json.loads(archive.read(MANIFEST))
    text = tmp_path / "text"
    text.write_text("no zip")
    cut = tmp_path / "cut.zip"
    cut.write_bytes(path.read_bytes()[:-100])
    faults = {
        "no backup": [text, cut],
        "no manifest": [
            changed(path, MANIFEST, b"{}"),
        ],
    }
    target = Database(f"sqlite:///{tmp_path}/target.db")
    for message, files in faults.items():
        for file in files:
            with pytest.raises(UnusableBackup, match=message):
                restore_backup(target, file)
    for member, data, message in (
        (MANIFEST, b"{}", "no manifest"),
        ("sites.jsonl", rows.replace(b"Alpha", b"Gamma"), "rows of sites are damaged"),
        (MANIFEST, json.dumps(manifest | {"format_number": FORMAT_NUMBER + 1}).encode(), "newer kwartier"),
        (MANIFEST, json.dumps(manifest | {"schema_version": "9999"}).encode(), "which is newer"),
    ):
        with pytest.raises(UnusableBackup, match=message):
            restore_backup(target, changed(path, member, data))
    assert schema.current_version(target) is None
    target.close()


async def test_a_restore_that_fails_halfway_can_be_repeated(
    sqlite_service: ServiceCase, empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (alpha, _), ids = await filled(sqlite_service)
    before = await answers(sqlite_service, alpha, ids)
    path = backed_up(sqlite_service.database, tmp_path)
    target = Database(empty_database_url)
    with monkeypatch.context() as patched:
        patched.setattr(Database, "visit", failing_at(5))
        with pytest.raises(RuntimeError, match="killed"):
            restore_backup(target, path)
    restore_backup(target, path)
    with service_on(target) as again:
        assert await answers(again, alpha, ids) == before
    target.close()


def failing_at(number: int) -> Any:
    """`Database.visit`, until the call of that number."""
    visit, calls = Database.visit, []

    def visit_or_fail(*arguments: Any, **options: Any) -> None:
        calls.append(arguments)
        if len(calls) == number:
            raise RuntimeError("killed")
        visit(*arguments, **options)

    return visit_or_fail


def test_a_database_of_another_schema_is_not_backed_up(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(UnusableBackup, match="run kwartier migrate first"):
        backed_up(database, tmp_path)
    database.close()
    assert not (tmp_path / "backup.zip").exists()
