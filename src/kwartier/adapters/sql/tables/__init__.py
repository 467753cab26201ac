"""Every table, one file per resource; each has a `partner_id`, first in its primary key."""

from kwartier.adapters.sql.tables import partners, sites
from kwartier.adapters.sql.tables.metadata import metadata

__all__ = ["metadata", "partners", "sites"]
