"""The writer of measurements for a database of either kind."""

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.group_commit import GroupCommitWriter
from kwartier.adapters.sql.postgresql_measurement_group import PostgresqlMeasurementGroup
from kwartier.adapters.sql.sqlite_measurement_group import SqliteMeasurementGroup
from kwartier.service.ports.crash_points import CrashPoints, no_crash


def open_measurement_writer(database: Database, crash_points: CrashPoints = no_crash) -> GroupCommitWriter:
    """A running writer; close it before the database. There is one per database and process."""
    group = PostgresqlMeasurementGroup if database.is_postgresql else SqliteMeasurementGroup
    return GroupCommitWriter(group(database, crash_points))
