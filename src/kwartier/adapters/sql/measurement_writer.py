"""The writer of measurements for a database of either kind."""

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.group_commit import GroupCommitWriter, GroupStore
from kwartier.adapters.sql.sqlite_measurement_group import SqliteMeasurementGroup
from kwartier.service.ports.crash_points import CrashPoints, no_crash


def open_measurement_writer(database: Database, crash_points: CrashPoints = no_crash) -> GroupCommitWriter:
    """A running writer; close it before the database. There is one per database and process."""
    return GroupCommitWriter(_group_store(database, crash_points))


def _group_store(database: Database, crash_points: CrashPoints) -> GroupStore:
    if not database.is_postgresql:
        return SqliteMeasurementGroup(database, crash_points)
    # The driver's 9 MB are for those who use it.
    from kwartier.adapters.sql.postgresql_measurement_group import PostgresqlMeasurementGroup

    return PostgresqlMeasurementGroup(database, crash_points)
