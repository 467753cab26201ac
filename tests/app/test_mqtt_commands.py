"""`kwartier mqtt`: who may log in to the broker, as an operator types it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kwartier.app.main import app
from kwartier.demo import demo_request_json
from tests.services.running_service import environment


@pytest.fixture
def deployment(sqlite_url: str, tmp_path: Path) -> dict[str, str]:
    """A service that would start its own broker, with a partner."""
    settings = environment(tmp_path, KWARTIER_DATABASE_URL=sqlite_url, KWARTIER_MQTT_URL="")
    assert invoke(settings, "partner", "create", "Alpha").exit_code == 0
    return settings


def invoke(deployment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env=deployment)


def as_json(deployment: dict[str, str], *arguments: str) -> Any:
    result = invoke(deployment, "mqtt", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_user_stands_in_the_brokers_files_until_it_is_revoked(
    deployment: dict[str, str], tmp_path: Path
) -> None:
    user = as_json(deployment, "create", "Alpha")
    listed = as_json(deployment, "acl")
    assert listed["users"] == [{"username": user["username"], "site_id": None}]
    assert Path(listed["folder"]) == tmp_path / "mqtt"
    passwords = tmp_path / "mqtt" / "passwords"
    assert f"{user['username']}:$7$101$" in passwords.read_text()
    assert user["password"] not in passwords.read_text()
    assert f"user {user['username']}\n" in (tmp_path / "mqtt" / "access").read_text()
    assert as_json(deployment, "acl")["is_changed"] is False
    # The folder is there, so the files follow at once.
    assert as_json(deployment, "revoke", user["username"]) == {"username": user["username"]}
    assert user["username"] not in passwords.read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["create", "Nobody"], "no partner"),
        (["create", "Alpha", "--site", "hall"], "no such site"),
        (["revoke", "alpha.unknown"], "no such user"),
        (["revoke", "unknown"], "no such user"),
        (["acl", "--pid-file", "not-there.pid"], "not-there.pid"),
    ],
)
def test_what_cannot_be_done_is_said(deployment: dict[str, str], arguments: list[str], words: str) -> None:
    result = invoke(deployment, "mqtt", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_the_files_for_a_broker_of_ones_own_hold_the_user_of_the_url(
    deployment: dict[str, str], tmp_path: Path
) -> None:
    outside = {**deployment, "KWARTIER_MQTT_URL": "mqtts://service:pass%20word@broker.example"}
    as_json(outside, "acl", "--folder", str(tmp_path / "files"))
    assert (
        (tmp_path / "files" / "access").read_text().startswith("user service\ntopic readwrite kwartier/#\n")
    )
    assert (tmp_path / "files" / "passwords").read_text().startswith("service:$7$101$")


@pytest.mark.parametrize(
    "url", ["http://broker.example", "mqtt://", "mqtt://user:secret@broker.example/path", "mqtt://:x@"]
)
def test_a_broker_that_cannot_be_meant_is_refused_without_its_password(
    deployment: dict[str, str], url: str
) -> None:
    result = invoke({**deployment, "KWARTIER_MQTT_URL": url}, "mqtt", "acl")
    assert result.exit_code == 2
    assert "KWARTIER_MQTT_URL" in result.stderr
    assert "secret" not in result.stderr


@pytest.mark.parametrize(
    ("broker", "words"),
    [("mqtt://127.0.0.1", "PARTNER.NAME"), ("mqtt://a.b:c@127.0.0.1/path", "ends with the port")],
)
def test_a_simulated_site_needs_a_user_of_the_broker(tmp_path: Path, broker: str, words: str) -> None:
    site = tmp_path / "site.json"
    site.write_text(json.dumps(json.loads(demo_request_json())["site"]))
    result = invoke({}, "mqtt", "simulate", str(site), "--broker", broker)
    assert (result.exit_code, words in result.stderr) == (2, True)


def test_a_simulated_site_must_be_a_valid_one(tmp_path: Path) -> None:
    site = tmp_path / "site.json"
    site.write_text("{}")
    result = invoke({}, "mqtt", "simulate", str(site), "--broker", "mqtt://a.b:c@127.0.0.1", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["findings"]
