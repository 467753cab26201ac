"""The settings of a deployment: from the environment (KWARTIER_…), else a TOML file, else their defaults."""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from kwartier.adapters.mqtt.broker_address import broker_address
from kwartier.app.faults import UnusableSettings
from kwartier.service.forget_old import RetentionPeriods

PREFIX = "KWARTIER_"
FILE_VARIABLE = "KWARTIER_CONFIG_FILE"
FILE_NAME = "kwartier.toml"

# What other parts of the project read from the environment, which is no setting of the service.
NO_SETTINGS = frozenset(
    {FILE_VARIABLE, "KWARTIER_TRACEBACK", "KWARTIER_PYTHON", "KWARTIER_HYPOTHESIS_PROFILE"}
)

# RFC 7518, section 3.2: a key for HMAC-SHA-256 has at least as many bytes as the hash.
SHORTEST_KEY_LENGTH = 32
FEWEST_DIFFERENT_LETTERS_COUNT = 10

PRICE_SOURCES = frozenset({"entsoe", "energy_charts"})

NO_BROKER = "off"

LogFormat = Literal["json", "console"]
LogLevel = Literal["debug", "info", "warning", "error"]


def _default_data_dir() -> Path:
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "kwartier"


class Settings(BaseSettings):
    """Every setting with its default. In the environment its name is in capitals behind KWARTIER_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    data_dir: Path = Field(
        default_factory=_default_data_dir, description="Folder of the embedded database and of the key."
    )
    database_url: SecretStr | None = Field(
        default=None, description="sqlite:///FILE or postgresql://…; absent: a SQLite file in `data_dir`."
    )
    http_host: str = Field(default="127.0.0.1", description="Address to listen at; 0.0.0.0 for every one.")
    http_port: Annotated[int, Field(ge=0, le=65_535)] = Field(
        default=8000, description="Port to listen at; 0 for a free one."
    )
    http_certificate_file: Path | None = Field(
        default=None,
        description="PEM file with the certificate for HTTPS and its chain; absent: HTTP, for a proxy in front.",
    )
    http_key_file: Path | None = Field(
        default=None,
        description="PEM file with its key, without a password, where that has a file of its own.",
    )
    mqtt_url: SecretStr | None = Field(
        default=None,
        description="mqtt://USER:PASSWORD@HOST or mqtts://…; absent: Mosquitto is started; off: no MQTT.",
    )
    mqtt_host: str = Field(
        default="127.0.0.1",
        description="Address at which the started Mosquitto listens; 0.0.0.0 for every one.",
    )
    mqtt_port: Annotated[int, Field(ge=0, le=65_535)] = Field(
        default=1883, description="Port at which the started Mosquitto listens; 0 for a free one."
    )
    mqtt_client_id: Annotated[str, Field(pattern=r"^[a-zA-Z0-9-]{1,32}$")] = Field(
        default="kwartier",
        description="Names this instance's sessions at the broker; each instance has its own, and keeps it.",
    )
    mqtt_ca_file: Path | None = Field(
        default=None,
        description="PEM file with the authorities that mqtts:// trusts; absent: those of the system.",
    )
    mqtt_certificate_file: Path | None = Field(
        default=None, description="PEM file with our certificate, for a broker that asks for one."
    )
    mqtt_key_file: Path | None = Field(
        default=None,
        description="PEM file with its key, without a password, where that has a file of its own.",
    )
    mqtt_allow_unsafe_broker: bool = Field(
        default=False, description="Work with a broker that forgets sessions or lets anybody in."
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses, with commas, of reverse proxies whose X-Forwarded-For is believed.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Signs tokens; absent: made once and kept in `data_dir`, for its owner only.",
    )
    log_format: LogFormat = Field(default="json", description="json for machines, console for people.")
    log_level: LogLevel = Field(default="info", description="The least that is logged.")
    price_sources: str = Field(
        default="",
        description="Where day-ahead prices are fetched, in this order: entsoe, energy_charts; none: nowhere.",
    )
    entsoe_api_key: SecretStr | None = Field(
        default=None, description="The security token for ENTSO-E's transparency platform."
    )
    plan_deadline_s: Annotated[float, Field(ge=1.0, le=600.0)] = Field(
        default=10.0, description="Seconds from asking for a plan to having one, else the fallback plan."
    )
    concurrent_plan_count: Annotated[int, Field(ge=1, le=64)] = Field(
        default=1, description="Plans made at the same time; each takes a core, and 65 MB."
    )
    planning_cycle: bool = Field(
        default=True,
        description="This process plans the active sites each quarter-hour; else `kwartier worker` has to.",
    )
    measurement_retention_days: Annotated[int, Field(ge=32)] = Field(
        default=800,
        description="Measurements older than this are deleted; 800 days hold what a bill of last year looks at.",
    )
    plan_retention_days: Annotated[int, Field(ge=1)] = Field(
        default=400, description="Plans older than this are deleted, except the newest of a site."
    )
    control: bool = Field(
        default=True,
        description="This process controls the active sites between plans; of several on one database, one does.",
    )
    webhooks_allow_private: bool = Field(
        default=False, description="Webhooks may lead to private addresses, and to http without encryption."
    )
    dashboard: bool = Field(
        default=True, description="This process serves the dashboard beside the REST API."
    )
    feature_configurable_peak_price: bool = Field(
        default=True, description="A site's own `peak_price` is followed."
    )

    @field_validator("price_sources")
    @classmethod
    def _are_known_sources(cls, names: str) -> str:
        unknown = {name.strip() for name in names.split(",") if name.strip()} - PRICE_SOURCES
        if unknown:
            raise ValueError(f"no such source; allowed are {', '.join(sorted(PRICE_SOURCES))}, with commas")
        return names

    @field_validator("secret_key")
    @classmethod
    def _is_strong(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None:
            text = key.get_secret_value()
            if len(text) < SHORTEST_KEY_LENGTH or len(set(text)) < FEWEST_DIFFERENT_LETTERS_COUNT:
                raise ValueError(
                    f"too weak: at least {SHORTEST_KEY_LENGTH} characters from a random source, or leave it away"
                )
        return key

    @field_validator("mqtt_url")
    @classmethod
    def _is_broker(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and url.get_secret_value() != NO_BROKER:
            broker_address(url.get_secret_value())
        return url

    @field_validator("database_url")
    @classmethod
    def _is_known_database(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(
            ("sqlite:///", "postgresql://", "postgresql+")
        ):
            raise ValueError("it must start with sqlite:/// or postgresql://")
        return url

    @property
    def has_own_broker(self) -> bool:
        """Whether the service starts a broker."""
        return self.mqtt_url is None

    @property
    def is_mqtt_off(self) -> bool:
        """Whether the service has nothing to do with MQTT."""
        return self.mqtt_url is not None and self.mqtt_url.get_secret_value() == NO_BROKER

    @property
    def retention_periods(self) -> RetentionPeriods:
        """For how long what is kept."""
        return RetentionPeriods(
            timedelta(days=self.measurement_retention_days), timedelta(days=self.plan_retention_days)
        )

    @property
    def database_address(self) -> str:
        """The URL of the database, secrets included."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir.absolute() / 'kwartier.db'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings hands it over by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - and this one too
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment comes before the file; there are no other sources."""
        file = settings_file()
        found = (TomlConfigSettingsSource(settings_cls, file),) if file is not None else ()
        return (init_settings, env_settings, *found)


def settings_file() -> Path | None:
    """The settings file: the one that KWARTIER_CONFIG_FILE names, else kwartier.toml in this folder if there is one."""
    named = os.environ.get(FILE_VARIABLE)
    if named:
        if not Path(named).is_file():
            raise UnusableSettings(
                f"{FILE_VARIABLE}={named}: there is no such file; correct it or leave it away"
            )
        return Path(named)
    return Path(FILE_NAME) if Path(FILE_NAME).is_file() else None


def load_settings() -> Settings:
    """The settings; raises UnusableSettings with every fault at once, and never with a secret in it."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"{_origin(str(one['loc'][0]))}: {one['msg']}" for one in error.errors(include_input=False)]
        raise UnusableSettings("; ".join(lines)) from None
    except ValueError as error:  # a TOML file that is none
        raise UnusableSettings(f"{settings_file()}: {error}; correct the file") from None


def _origin(name: str) -> str:
    return origins(os.environ).get(name, name)


def origins(environment: Mapping[str, str]) -> dict[str, str]:
    """Where each setting comes from: the variable, the file, or "default"."""
    file = settings_file()
    in_file = TomlConfigSettingsSource(Settings, file)() if file is not None else {}
    found = {name: f"{file}: {name}" for name in in_file}
    for name in Settings.model_fields:
        if environment.get(PREFIX + name.upper()):
            found[name] = PREFIX + name.upper()
    return {**dict.fromkeys(Settings.model_fields, "default"), **found}


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like settings and are none: a slip of the pen, most often."""
    known = {PREFIX + name.upper() for name in Settings.model_fields} | NO_SETTINGS
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def shown(settings: Settings) -> list[dict[str, Any]]:
    """Each setting with its value, origin and meaning; secrets are masked."""
    from_where = origins(os.environ)
    return [
        {
            "name": PREFIX + name.upper(),
            "value": _shown_value(getattr(settings, name)),
            "origin": from_where[name],
            "description": field.description,
        }
        for name, field in Settings.model_fields.items()
    ]


def _shown_value(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return "********"
    return str(value) if isinstance(value, Path) else value
