"""What a site's connection costs and will cost, and what it would cost elsewhere."""

from kwartier.adapters.http.money.documents import MoneyDocument, TariffComparisonDocument
from kwartier.client.call import Call, document_of

ONE = "/v1/sites/{site_id}"


def running_month(site_id: str, *, collector: str | None = None) -> Call[MoneyDocument]:
    """The running month so far and to its end, what control saved, its peaks; EUR, W."""
    return Call(
        "GET",
        f"{ONE}/money",
        read=document_of(MoneyDocument),
        ids={"site_id": site_id},
        query={"collector": collector},
    )


def tariff_comparison(
    site_id: str, *, month: str | None = None, collector: str | None = None
) -> Call[TariffComparisonDocument]:
    """A month (`2026-03`, else the running one) billed under other contracts and connections, EUR with VAT."""
    return Call(
        "GET",
        f"{ONE}/tariff-comparison",
        read=document_of(TariffComparisonDocument),
        ids={"site_id": site_id},
        query={"month": month, "collector": collector},
    )
