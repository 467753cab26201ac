"""List the charging transactions of a site."""

from kwartier.service.caller import Caller
from kwartier.service.outcomes import UnknownSite
from kwartier.service.page import Page, page_of
from kwartier.service.ports.site_store import SiteStore
from kwartier.service.ports.transaction_store import TransactionKey, TransactionStore
from kwartier.site.transaction_history import TransactionHistory


def list_transactions(
    caller: Caller,
    site_id: str,
    *,
    after: TransactionKey | None,
    page_size: int,
    sites: SiteStore,
    transactions: TransactionStore,
) -> Page[TransactionHistory] | UnknownSite:
    """A page of the transactions by start, those behind `after`."""
    if sites.get(caller.partner_id, site_id) is None:
        return UnknownSite()
    return page_of(
        lambda limit_count: transactions.list_after(caller.partner_id, site_id, after, limit_count), page_size
    )
