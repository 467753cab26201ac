"""Two who change one site at once: neither change is lost, and none is made to what its author has not seen."""

from typing import Any

from kwartier.service.caller import Caller, Scope
from kwartier.service.change_site import MOST_ATTEMPTS, SiteChanged
from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.outcomes import DocumentTooLarge, RevisionConflict
from kwartier.service.partner import Partner
from kwartier.service.patch_site import patch_site
from kwartier.service.site_record import SiteDraft, SiteRecord
from kwartier.testing.contracts.examples import MONDAY, a_draft, changed
from kwartier.testing.fakes.clock import FakeClock
from kwartier.testing.fakes.site_store import FakeSiteStore

CALLER = Caller("alpha", "alpha.one", Scope.WRITE)
FIRST = a_draft(Partner("alpha", "Alpha", MONDAY))


class ContestedStore(FakeSiteStore):
    """Before each of the first updates, somebody else's comes through."""

    def __init__(self, others_count: int) -> None:
        super().__init__()
        self.others_left = others_count
        self.create(FIRST)

    def update(self, draft: SiteDraft, *, based_on_number: int) -> SiteRecord | None:
        """Update, perhaps after somebody else."""
        if self.others_left > 0:
            self.others_left -= 1
            found = self.get(draft.partner_id, draft.site_id)
            assert found is not None
            other = changed(FIRST, "patched", country=f"C{self.others_left}")
            super().update(other, based_on_number=found.revision_number)
        return super().update(draft, based_on_number=based_on_number)


def patched(store: FakeSiteStore, patch: dict[str, Any], based_on_number: int | None = None) -> object:
    return patch_site(
        CALLER,
        "hall",
        patch,
        based_on_number=based_on_number,
        sites=store,
        clock=FakeClock(),
        flags=FeatureFlags(),
    )


def test_without_a_precondition_both_changes_are_made() -> None:
    store = ContestedStore(others_count=2)
    outcome = patched(store, {"name": "Mine"})
    assert isinstance(outcome, SiteChanged)
    document = outcome.record.document
    assert (document["name"], document["country"], outcome.record.revision_number) == ("Mine", "C0", 4)


def test_a_site_that_never_rests_is_given_up() -> None:
    store = ContestedStore(others_count=MOST_ATTEMPTS)
    assert patched(store, {"name": "Mine"}) == RevisionConflict()


def test_with_a_precondition_the_second_change_is_refused() -> None:
    assert patched(ContestedStore(others_count=1), {"name": "Mine"}, based_on_number=1) == RevisionConflict()


def test_a_change_that_changes_nothing_is_not_stored() -> None:
    store = ContestedStore(others_count=0)
    outcome = patched(store, {"name": FIRST.document["name"]})
    assert isinstance(outcome, SiteChanged)
    assert outcome.record.revision_number == 1
    assert len(store.list_revisions("alpha", "hall", None, 10)) == 1


def test_a_document_does_not_grow_beyond_its_bound_patch_by_patch() -> None:
    # site_draft.LARGEST_DOCUMENT_BYTES: 1 MiB of JSON. Each name has 199 characters.
    store = ContestedStore(others_count=0)
    children = [f"{number:0199d}" for number in range(2_000)]
    board = {"name": "a", "line_current": 1, "children": children}
    lists = {"device_list": [], "collector_list": [board | {"name": str(number)} for number in range(2)]}
    assert isinstance(patched(store, {"configurations": {"site_configuration": lists}}), SiteChanged)
    lists["collector_list"] *= 2
    assert patched(store, {"configurations": {"site_configuration": lists}}) == DocumentTooLarge()
