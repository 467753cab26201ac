"""Every table, one file per resource; each has a `partner_id`, first in its primary key."""

from kwartier.adapters.sql.tables import events, partners, plans, prices, sites
from kwartier.adapters.sql.tables.metadata import metadata

__all__ = ["events", "metadata", "partners", "plans", "prices", "sites"]
