"""The commands that need the service, as an operator types them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text as sql
from typer.testing import CliRunner, Result

from kwartier.adapters.sql import schema
from kwartier.adapters.sql.database import Database
from kwartier.app.main import app
from tests.services.nursery import start
from tests.services.running_service import environment

CANARY_KEY = "canary-key-0123456789-abcdefghijklmnop"


@pytest.fixture
def deployment(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The settings of a deployment on each kind of database."""
    return environment(tmp_path, KWARTIER_DATABASE_URL=database_url)


def invoke(deployment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env=deployment)


def as_json(deployment: dict[str, str], *arguments: str) -> Any:
    result = invoke(deployment, *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_partner_gets_a_client_by_id_or_by_name(deployment: dict[str, str]) -> None:
    partner = as_json(deployment, "partner", "create", "Alpha")
    assert partner.keys() == {"partner_id"}
    for name in ("Alpha", partner["partner_id"]):
        client = as_json(deployment, "client", "create", name)
        assert client.keys() == {"client_id", "client_secret"}
        assert client["client_id"].startswith(partner["partner_id"] + ".")
        assert len(client["client_secret"]) >= 43  # 256 bits in base 64


def test_a_user_gets_a_password_another_one_and_is_revoked(deployment: dict[str, str]) -> None:
    as_json(deployment, "partner", "create", "Alpha")
    user = as_json(deployment, "user", "create", "Alpha", "anna@example.org", "--role", "operate")
    assert user.keys() == {"user_name", "password"}
    reset = as_json(deployment, "user", "reset", "Alpha", "anna@example.org")
    assert reset["password"] != user["password"]
    assert as_json(deployment, "user", "revoke", "Alpha", "anna@example.org") == {
        "user_name": "anna@example.org"
    }
    assert invoke(deployment, "user", "reset", "Alpha", "anna@example.org").exit_code == 2
    again = invoke(deployment, "user", "create", "Alpha", "anna@example.org")
    assert (again.exit_code, "choose another one" in again.stderr) == (2, True)


def test_a_rotated_client_has_a_new_secret_and_a_revoked_one_is_gone(deployment: dict[str, str]) -> None:
    as_json(deployment, "partner", "create", "Alpha")
    client = as_json(deployment, "client", "create", "Alpha")
    rotated = as_json(deployment, "client", "rotate", "Alpha", "--overlap-hours", "0")
    assert rotated["client_id"] == client["client_id"]
    assert rotated["client_secret"] != client["client_secret"]
    assert as_json(deployment, "client", "revoke", "Alpha") == {"client_id": client["client_id"]}
    assert invoke(deployment, "client", "rotate", "Alpha").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["partner", "create", "Alpha"], "exists"),
        (["partner", "create", " "], "1 to 200"),
        (["partner", "create", "a\x1bb"], "can be printed"),
        (["client", "create", "Nobody"], "no partner"),
        (["client", "revoke", "Alpha"], "name one with --client"),
        (["client", "revoke", "Alpha", "--client", "x.y"], "no such client"),
    ],
)
def test_what_an_operator_gets_wrong_is_said(
    deployment: dict[str, str], arguments: list[str], words: str
) -> None:
    as_json(deployment, "partner", "create", "Alpha")
    for _ in range(2):
        as_json(deployment, "client", "create", "Alpha")
    result = invoke(deployment, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_migrating_says_from_where_to_where(empty_database_url: str, tmp_path: Path) -> None:
    deployment = environment(tmp_path, KWARTIER_DATABASE_URL=empty_database_url)
    first, second = as_json(deployment, "migrate"), as_json(deployment, "migrate")
    assert first["from"] is None
    assert second == {"from": first["to"], "to": first["to"]}


def test_a_database_that_a_newer_program_has_worked_with_is_left_alone(
    empty_database_url: str, tmp_path: Path
) -> None:
    # reliability.md, R55: old code on a new schema.
    deployment = environment(tmp_path, KWARTIER_DATABASE_URL=empty_database_url)
    newest = as_json(deployment, "migrate")["to"]
    database = Database(deployment["KWARTIER_DATABASE_URL"])
    set_version(database, "9999")
    for arguments in (["migrate"], ["partner", "create", "Alpha"]):
        result = invoke(deployment, *arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "schema 9999" in result.stderr
        assert "a newer kwartier has worked with it; install that one again" in result.stderr
    log = tmp_path / "service.log"
    assert start(tmp_path, {**deployment, "KWARTIER_HTTP_PORT": "0"}, log, None).wait(timeout=60) == 1
    assert "NewerSchema: the database has schema 9999" in log.read_text()
    assert schema.current_version(database) == "9999"
    set_version(database, newest)
    assert schema.differences(database) == []
    database.close()


def set_version(database: Database, version: str) -> None:
    """Have the database say that it has this schema."""
    with database.engine.begin() as connection:
        connection.execute(sql("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_a_database_that_does_not_answer_is_said_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://me:canary-password@127.0.0.1:1/kwartier"
    result = subprocess.run(
        [sys.executable, "-m", "kwartier", "partner", "create", "Alpha"],
        env=environment(tmp_path, KWARTIER_DATABASE_URL=url),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (result.returncode, result.stdout) == (4, "")
    assert "does not answer" in result.stderr
    assert "canary" not in result.stderr


def test_the_settings_are_shown_with_their_origins_and_without_secrets(tmp_path: Path) -> None:
    deployment = environment(
        tmp_path,
        KWARTIER_DATABASE_URL="postgresql://me:canary-password@db/kwartier",
        KWARTIER_SECRET_KEY=CANARY_KEY,
        KWARTIER_HTTP_PROT="8080",
    )
    document = as_json(deployment, "config", "show")
    by_name = {setting["name"]: setting for setting in document["settings"]}
    assert by_name["KWARTIER_DATABASE_URL"]["origin"] == "KWARTIER_DATABASE_URL"
    assert by_name["KWARTIER_HTTP_PORT"] == {
        "name": "KWARTIER_HTTP_PORT",
        "value": 8000,
        "origin": "default",
        "description": "Port to listen at; 0 for a free one.",
    }
    assert document["unknown"] == ["KWARTIER_HTTP_PROT"]
    for text in (json.dumps(document), invoke(deployment, "config", "show").output):
        assert "canary" not in text
