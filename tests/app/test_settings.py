"""Settings: where they come from, what is refused, and that no secret is ever shown."""

from pathlib import Path

import pytest

from kwartier.app import settings as settings_module
from kwartier.app.faults import UnusableSettings
from kwartier.app.secret_key import secret_key
from kwartier.app.settings import Settings, load_settings, origins, shown, unknown_variables

KEY = "canary-key-0123456789-abcdefghijklmnop"


@pytest.fixture(autouse=True)
def _own_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of whoever runs the tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(settings_module.PREFIX + name.upper(), raising=False)
    monkeypatch.delenv(settings_module.FILE_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_environment_comes_before_the_file_and_the_file_before_the_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "kwartier.toml").write_text('http_host = "192.0.2.7"\nhttp_port = 1\n')
    monkeypatch.setenv("KWARTIER_HTTP_PORT", "2")
    found = load_settings()
    assert (found.http_host, found.http_port, found.log_level) == ("192.0.2.7", 2, "info")
    where = origins({"KWARTIER_HTTP_PORT": "2"})
    assert [where[name] for name in ("http_host", "http_port", "log_level")] == [
        "kwartier.toml: http_host",
        "KWARTIER_HTTP_PORT",
        "default",
    ]


def test_a_file_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("http_port = 3\n")
    monkeypatch.setenv("KWARTIER_CONFIG_FILE", "other.toml")
    assert load_settings().http_port == 3
    monkeypatch.setenv("KWARTIER_CONFIG_FILE", "gone.toml")
    with pytest.raises(UnusableSettings, match=r"gone\.toml: there is no such file"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("KWARTIER_HTTP_PORT", "70000", "KWARTIER_HTTP_PORT: .*65535"),
        ("KWARTIER_LOG_FORMAT", "xml", "'json' or 'console'"),
        ("KWARTIER_DATABASE_URL", "mysql://root:canary@db/x", "sqlite:/// or postgresql://"),
        ("KWARTIER_SECRET_KEY", "canary", "too weak"),
        ("KWARTIER_SECRET_KEY", "canary" * 10, "too weak"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_without_its_secret(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UnusableSettings, match=words) as caught:
        load_settings()
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("text", ["http_port = ", "colour = 1", "[http]\nport = 1"])
def test_a_file_that_is_none_or_says_something_unknown_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "kwartier.toml").write_text(text)
    with pytest.raises(UnusableSettings):
        load_settings()


def test_secrets_are_masked_wherever_settings_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KWARTIER_SECRET_KEY", KEY)
    monkeypatch.setenv("KWARTIER_DATABASE_URL", "postgresql://me:canary-password@db/kwartier")
    found = load_settings()
    for text in (str(shown(found)), repr(found), found.model_dump_json()):
        assert "canary" not in text
    assert found.database_address.endswith("canary-password@db/kwartier")


def test_a_misspelt_setting_is_noticed() -> None:
    environment = {
        "KWARTIER_DATABSE_URL": "x",
        "KWARTIER_HTTP_PORT": "1",
        "KWARTIER_PYTHON": "x",
        "HOME": "x",
    }
    assert unknown_variables(environment) == ["KWARTIER_DATABSE_URL"]


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    key = secret_key(settings)
    assert len(key) >= 48
    assert secret_key(settings) == key
    assert ((tmp_path / "data" / "secret_key").stat().st_mode & 0o777) == 0o600
    assert ((tmp_path / "data").stat().st_mode & 0o777) == 0o700
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret_key"]


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    secret_key(settings)
    (tmp_path / "secret_key").chmod(0o640)
    with pytest.raises(UnusableSettings, match="chmod 600"):
        secret_key(settings)


def test_a_key_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch(mode=0o600)
    with pytest.raises(UnusableSettings, match="cut off"):
        secret_key(Settings(data_dir=tmp_path))


def test_a_given_key_is_used_and_none_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KWARTIER_SECRET_KEY", KEY)
    assert secret_key(Settings(data_dir=tmp_path / "data")) == KEY
    assert not (tmp_path / "data").exists()
