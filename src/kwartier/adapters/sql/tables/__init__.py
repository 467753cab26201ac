"""Every table, one file per resource; each has a `partner_id`, first in its primary key."""

from kwartier.adapters.sql.tables import measurements, partners, sites, transactions
from kwartier.adapters.sql.tables.metadata import metadata

__all__ = ["measurements", "metadata", "partners", "sites", "transactions"]
