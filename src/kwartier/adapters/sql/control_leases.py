"""The leases of the control in the database."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from kwartier.adapters.sql.database import Database
from kwartier.adapters.sql.tables.control_leases import control_leases
from kwartier.service.control_lease import CONTROL_LEASE, ControlLease

_table = control_leases.c


class SqlControlLeases:
    """Implements `kwartier.service.ports.ControlLeases`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, partner_id: str, holder_id: str, now: datetime, until: datetime) -> ControlLease | None:
        """The lease until then, taken, renewed or taken over; None while another one holds it."""
        is_own = _table.holder_id == holder_id
        values = {
            "holder_id": holder_id,
            "leased_until": until,
            "fence_number": case((is_own, _table.fence_number), else_=_table.fence_number + 1),
        }
        # A lease far ahead was taken by a clock that was; a day of silence would follow.
        is_over = or_(_table.leased_until <= now, _table.leased_until > now + 4 * CONTROL_LEASE)
        free = (_table.partner_id == partner_id, or_(is_own, is_over))
        taken = update(control_leases).where(*free).values(values).returning(_table.fence_number)
        known = select(_table.partner_id).where(_table.partner_id == partner_id)
        try:
            with self._database.writing(partner_id) as connection:
                number = connection.scalar(taken)
                if number is None and connection.execute(known).first() is None:
                    number = 1
                    row = values | {"partner_id": partner_id, "fence_number": number}
                    connection.execute(insert(control_leases).values(row))
        except IntegrityError:  # another one took it in this moment
            return None
        return None if number is None else ControlLease(partner_id, number)

    def give_back(self, lease: ControlLease, now: datetime) -> None:
        """Let another one take it at once."""
        held = update(control_leases).where(*_held(lease))
        with self._database.writing(lease.partner_id) as connection:
            connection.execute(held.values(leased_until=now))


def is_held(connection: Connection, lease: ControlLease) -> bool:
    """Whether nobody has taken a lease over, nor can before this transaction ends."""
    query = select(_table.fence_number).where(*_held(lease)).with_for_update(read=True)
    return connection.execute(query).first() is not None


def _held(lease: ControlLease) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _table.partner_id == lease.partner_id, _table.fence_number == lease.fence_number
