"""What the writing and reading of measurements promises."""

from collections.abc import Sequence

from kwartier.service.measurement_row import MeasurementRow, RowOutcome, StoredRow, epoch_us
from kwartier.service.ports.measurement_archive import MeasuredAsset, Span
from kwartier.service.ports.measurement_writer import QueueFull
from kwartier.testing.contracts.examples import MONDAY, TUESDAY, a_draft, a_partner
from kwartier.testing.contracts.promises import Promises, Stores

MEASUREMENT_STORE = Promises()

MINUTE_US = 60_000_000
ALL = Span(0, 2**62)
PATIENCE_S = 10.0


def a_site(stores: Stores, partner_id: str = "alpha", site_id: str = "hall") -> None:
    """A site whose measurements are taken."""
    assert stores.sites.create(a_draft(a_partner(stores, partner_id), site_id)) is not None


def a_row(
    minute_index: int, *, asset_id: str = "pole", energy_total_wh: float = 1_000.0, power_w: float = 3_000.0
) -> MeasurementRow:
    """A row of alpha's hall."""
    measured_us = epoch_us(MONDAY) + minute_index * MINUTE_US
    return MeasurementRow(
        "alpha", "hall", asset_id, measured_us, epoch_us(TUESDAY), energy_total_wh, power_w, None, None
    )


def kept(stores: Stores, *rows: MeasurementRow) -> list[RowOutcome]:
    """What became of rows that were handed over together."""
    submitted = stores.measurement_writer.submit(rows)
    assert not isinstance(submitted, QueueFull)
    return submitted.result(PATIENCE_S)


def listed(stores: Stores, span: Span = ALL, asset_id: str | None = None) -> Sequence[StoredRow]:
    """The rows of alpha's hall."""
    return stores.measurements.list_after("alpha", "hall", asset_id, span, None, 1_000)


@MEASUREMENT_STORE
def a_row_is_read_back_as_it_was_stored(stores: Stores) -> None:
    """Every value to the last digit, null as null, text of any script."""
    a_site(stores)
    plain = a_row(0)
    full = a_row(1, asset_id="Säule №1")._replace(
        energy_total_wh=0.1 + 0.2,
        power_w=-1e9,
        charge_percent=55.5,
        pins='{"L1":{"currentValue":16.0}}',
    )
    assert kept(stores, plain, full) == ["stored", "stored"]
    assert sorted(listed(stores)) == sorted([StoredRow(plain, 0), StoredRow(full, 0)])


@MEASUREMENT_STORE
def the_same_row_again_changes_nothing(stores: Stores) -> None:
    """Not even the moment at which it was received; together with others, or alone, or twice in one request."""
    a_site(stores)
    first = a_row(0)
    again = first._replace(received_us=first.received_us + 1)
    assert kept(stores, first) == ["stored"]
    assert kept(stores, again) == ["unchanged"]
    assert kept(stores, again, a_row(1), again, a_row(1)) == ["unchanged", "stored", "unchanged", "unchanged"]
    assert listed(stores) == [StoredRow(first, 0), StoredRow(a_row(1), 0)]
    assert stores.measurements.list_earlier(first.key) == []


@MEASUREMENT_STORE
def a_correction_replaces_and_the_earlier_values_are_kept(stores: Stores) -> None:
    """Each of them, the oldest first, also of corrections within one request."""
    a_site(stores)
    rows = [a_row(0, energy_total_wh=total_wh) for total_wh in (1.0, 2.0, 3.0, 4.0)]
    assert kept(stores, rows[0]) == ["stored"]
    assert kept(stores, rows[1]) == ["corrected"]
    assert kept(stores, rows[2], rows[3], rows[3]) == ["corrected", "corrected", "unchanged"]
    assert listed(stores) == [StoredRow(rows[3], 3)]
    earlier = stores.measurements.list_earlier(rows[0].key)
    assert earlier == [StoredRow(row, number) for number, row in enumerate(rows[:3])]


@MEASUREMENT_STORE
def a_state_of_charge_or_pins_that_come_later_are_a_correction(stores: Stores) -> None:
    """Missing is a value of its own."""
    a_site(stores)
    bare = a_row(0)
    assert kept(stores, bare) == ["stored"]
    assert kept(stores, bare._replace(charge_percent=0.0)) == ["corrected"]
    assert kept(stores, bare._replace(charge_percent=0.0, pins="{}")) == ["corrected"]
    assert kept(stores, bare) == ["corrected"]


@MEASUREMENT_STORE
def rows_of_an_unknown_site_keep_no_others_out(stores: Stores) -> None:
    """Another partner's site is as unknown as one that never was, and a deleted one too."""
    a_site(stores)
    a_site(stores, "beta", "yard")
    draft = a_draft(a_partner(stores, "gamma"), "gone")
    stores.sites.create(draft)
    stores.sites.delete("gamma", "gone", draft.change, based_on_number=1)
    rows = [
        a_row(0),
        a_row(0)._replace(site_id="yard"),
        a_row(0)._replace(partner_id="beta"),
        a_row(0)._replace(partner_id="gamma", site_id="gone"),
        a_row(0)._replace(partner_id="beta", site_id="yard"),
    ]
    assert kept(stores, *rows) == ["stored", "unknown_site", "unknown_site", "unknown_site", "stored"]
    assert listed(stores) == [StoredRow(rows[0], 0)]


@MEASUREMENT_STORE
def rows_are_listed_by_asset_and_moment_in_pages(stores: Stores) -> None:
    """Of one asset or of all; from the first moment of a span up to its end, which is outside."""
    a_site(stores)
    rows = [a_row(minute, asset_id=asset_id) for asset_id in ("B", "a", "é") for minute in range(3)]
    kept(stores, *reversed(rows))
    assert [one.row for one in listed(stores)] == rows
    assert [one.row for one in listed(stores, asset_id="a")] == rows[3:6]
    span = Span(rows[0].measured_us, rows[2].measured_us)
    assert [one.row for one in listed(stores, span, "a")] == rows[3:5]
    page = stores.measurements.list_after("alpha", "hall", None, ALL, rows[4].key, 2)
    assert [one.row for one in page] == rows[5:7]


@MEASUREMENT_STORE
def it_is_known_whether_there_are_more_rows_than_so_many(stores: Stores) -> None:
    """Of one asset or of all; from the first moment of a span up to its end, which is outside."""
    a_site(stores)
    rows = [a_row(minute, asset_id=asset_id) for asset_id in ("a", "é") for minute in range(3)]
    kept(stores, *rows)
    span = Span(rows[0].measured_us, rows[2].measured_us)
    for asset_id, within, row_count in ((None, ALL, 6), (None, span, 4), ("é", ALL, 3), ("é", span, 2)):
        assert not stores.measurements.has_more_than("alpha", "hall", asset_id, within, row_count)
        assert stores.measurements.has_more_than("alpha", "hall", asset_id, within, row_count - 1)
    assert not stores.measurements.has_more_than("alpha", "hall", "nobody's", ALL, 0)


@MEASUREMENT_STORE
def readings_come_in_the_order_of_time(stores: Stores) -> None:
    """Whatever the order in which they arrived."""
    a_site(stores)
    rows = [a_row(minute, energy_total_wh=50.0 * minute, power_w=float(minute)) for minute in range(5)]
    kept(stores, rows[3], rows[0])
    kept(stores, rows[4], rows[1], rows[2])
    readings = stores.measurements.readings("alpha", "hall", "pole", ALL)
    assert readings.time_s.tolist() == [row.measured_us / 1e6 for row in rows]
    assert readings.energy_total_wh.tolist() == [0.0, 50.0, 100.0, 150.0, 200.0]
    assert readings.power_w.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert stores.measurements.readings("alpha", "hall", "other", ALL).time_s.tolist() == []


@MEASUREMENT_STORE
def it_is_known_which_assets_sent_data_and_when_last(stores: Stores) -> None:
    """By their moment, not by their arrival; late data take nothing back."""
    a_site(stores)
    charged = a_row(2, asset_id="battery")._replace(charge_percent=50.0)
    kept(stores, charged, a_row(5, asset_id="battery"), a_row(4))
    kept(stores, a_row(1), a_row(1, asset_id="battery")._replace(charge_percent=40.0))
    assert stores.measurements.list_assets("alpha", "hall") == [
        MeasuredAsset("battery", a_row(5).measured_us),
        MeasuredAsset("pole", a_row(4).measured_us),
    ]
    assert stores.measurements.list_assets("alpha", "other") == []
    latest = [one.row for one in stores.measurements.list_latest("alpha", "hall")]
    assert [(row.asset_id, row.measured_us) for row in latest] == [
        ("battery", a_row(5).measured_us),
        ("pole", a_row(4).measured_us),
    ]
    last_charged_us = stores.measurements.last_charged_us
    assert last_charged_us("alpha", "hall", "battery", ALL) == a_row(2).measured_us
    before = Span(0, a_row(2).measured_us)
    assert last_charged_us("alpha", "hall", "battery", before) == a_row(1).measured_us
    assert last_charged_us("alpha", "hall", "pole", ALL) is None


@MEASUREMENT_STORE
def what_was_known_at_a_moment_can_be_read_again(stores: Stores) -> None:
    """Without what came later, and with what was corrected later as it was."""
    a_site(stores)
    moments_us = [epoch_us(TUESDAY) + number * MINUTE_US for number in range(3)]
    first = a_row(0)
    corrected = first._replace(power_w=1.0, received_us=moments_us[1])
    corrected_again = first._replace(power_w=2.0, received_us=moments_us[2])
    late = a_row(1)._replace(received_us=moments_us[2])
    kept(stores, first, a_row(2))
    for row in (corrected, corrected_again, late):
        kept(stores, row)

    def known(moment_us: int) -> list[float]:
        return list(stores.measurements.readings_as_known("alpha", "hall", "pole", ALL, moment_us).power_w)

    assert known(moments_us[0] - 1) == []
    assert known(moments_us[0]) == [3_000.0, 3_000.0]
    assert known(moments_us[1]) == [1.0, 3_000.0]
    assert known(moments_us[2]) == [2.0, 3_000.0, 3_000.0]


@MEASUREMENT_STORE
def another_partner_reads_nothing(stores: Stores) -> None:
    """Neither rows nor readings nor names nor what was corrected."""
    a_site(stores)
    a_site(stores, "beta")
    kept(stores, a_row(0))
    kept(stores, a_row(0, power_w=1.0))
    archive = stores.measurements
    assert archive.list_after("beta", "hall", None, ALL, None, 10) == []
    assert not archive.has_more_than("beta", "hall", None, ALL, 0)
    assert not archive.has_more_than("beta", "hall", "pole", ALL, 0)
    assert archive.readings("beta", "hall", "pole", ALL).time_s.tolist() == []
    assert archive.list_assets("beta", "hall") == []
    assert archive.list_latest("beta", "hall") == []
    assert archive.last_charged_us("beta", "hall", "pole", ALL) is None
    assert archive.list_earlier(a_row(0)._replace(partner_id="beta").key) == []
