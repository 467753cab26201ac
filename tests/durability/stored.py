"""What a service's database holds, looked at while no service runs."""

from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import text

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.measurement_archive import SqlMeasurementArchive
from kwartier.service.ports.measurement_archive import Span

SITE = "brussels-hub"
MOST_ROWS = 100_000_000


@dataclass(frozen=True)
class Reading:
    """What a client sends, and hears back that it is stored."""

    asset_id: str
    second: int

    @property
    def energy_wh(self) -> float:
        """A value that no other reading has."""
        return self.second + int(self.asset_id.rsplit("_", 1)[1]) / 1000.0


def stored_readings(url: str, partner_id: str) -> dict[tuple[str, int], float]:
    """Energy by asset and second; fails where a reading is there twice."""
    with closing(Database(url)) as database:
        archive = SqlMeasurementArchive(database)
        rows = archive.list_after(partner_id, SITE, None, Span(0, 2**62), None, MOST_ROWS)
    found = {(one.row.asset_id, one.row.measured_us // 1_000_000): one.row.energy_total_wh for one in rows}
    assert len(found) == len(rows)
    assert {one.revision_number for one in rows} <= {0}
    return found


def is_whole(url: str) -> bool:
    """SQLite's own check of its file; PostgreSQL has none for a running database."""
    with closing(Database(url)) as database, database.engine.connect() as connection:
        if database.is_postgresql:
            return True
        return bool(connection.scalar(text("PRAGMA integrity_check")) == "ok")
