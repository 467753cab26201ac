"""A large store of measurements, and how long a month of it takes to read."""

import csv
import io
from contextlib import closing
from time import perf_counter

import httpx
from ingest.server import Served
from sqlalchemy import text

from kwartier.adapters.sql.database import Database, enter

READ_ASSETS = 10
MONTH = {"from": "2025-02-28T23:00:00Z", "to": "2025-03-31T22:00:00Z"}  # March in Brussels
MONTH_QUARTERS = 31 * 96 - 4
# Readings a minute apart, of assets of one site, up to the end of the month; a store of more rows has more assets.
END_S = 1_743_458_400
ROWS_PER_ASSET = 31 * 24 * 60 + 60

# As they would arrive: all assets of a minute, then the next minute. SQLite keeps rows by asset whatever the order
# they come in, and takes them in that order in a fraction of the time.
PLACES = {True: ("n % :assets", "n / :assets"), False: ("n / :per_asset", "n % :per_asset")}
FILL = """
INSERT INTO measurements
  (partner_id, site_id, asset_id, measured_us, received_us, energy_total_wh, power_w, revision_number)
SELECT :partner_id, 'hub-0', 'month_' || ({asset}),
       (:end_s - (:per_asset - 1 - ({minute})) * 60) * CAST(1000000 AS BIGINT), 0, ({minute}) * 50.0, 3000.0, 0
FROM ({numbers}) AS numbers ORDER BY n
"""
NUMBERS = {
    True: "SELECT generate_series(0, :rows - 1) AS n",
    False: "WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < :rows - 1) SELECT n FROM c",
}


def fill(url: str, partner_id: str, rows: int) -> int:
    """Put about so many rows into the store, straight into its table; returns how many."""
    assets = max(READ_ASSETS, rows // ROWS_PER_ASSET)
    with closing(Database(url)) as database:
        asset, minute = PLACES[database.is_postgresql]
        statement = FILL.format(numbers=NUMBERS[database.is_postgresql], asset=asset, minute=minute)
        count = assets * ROWS_PER_ASSET
        values = {"partner_id": partner_id, "rows": count, "per_asset": ROWS_PER_ASSET, "end_s": END_S}
        with database.engine.connect() as connection:
            if database.is_postgresql:
                enter(connection, partner_id, is_read_only=False)
            connection.execute(text(statement), {**values, "assets": assets})
            connection.commit()
        if database.is_postgresql:
            _look_over(database)
    return count


def _look_over(database: Database) -> None:
    """What PostgreSQL does by itself now and then while rows arrive."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE measurements"))


def read_month(served: Served) -> float:
    """Seconds for a month of quarter-hours of ten assets, one request each."""
    with httpx.Client(
        base_url=served.service.url, headers={"Authorization": f"Bearer {served.token}"}, timeout=60
    ) as http:
        start_s = perf_counter()
        for number in range(READ_ASSETS):
            query = {**MONTH, "asset_id": f"month_{number}", "resolution": "PT15M", "format": "csv"}
            answer = http.get("/v1/sites/hub-0/measurements", params=query)
            rows = list(csv.reader(io.StringIO(answer.text)))
            if len(rows) != MONTH_QUARTERS + 1 or rows[1][3] != "750.0":
                raise RuntimeError(f"the month is not what was stored: {len(rows)} rows, first {rows[1]}")
        return perf_counter() - start_s
