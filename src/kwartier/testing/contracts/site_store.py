"""What a store of sites promises."""

from dataclasses import replace

from kwartier.service.site_record import SiteChange
from kwartier.testing.contracts.examples import MONDAY, TUESDAY, a_draft, a_partner, changed
from kwartier.testing.contracts.promises import Promises, Stores

SITE_STORE = Promises()


@SITE_STORE
def a_site_is_read_back_as_it_was_stored(stores: Stores) -> None:
    """Document, status, moments; the revision is 1."""
    draft = a_draft(a_partner(stores), country="BE", active=True)
    created = stores.sites.create(draft)
    assert created is not None
    assert created == stores.sites.get(draft.partner_id, "hall")
    assert (created.revision_number, created.document) == (1, draft.document)
    assert created.validation_status == draft.validation_status
    assert created.created_at == created.changed_at == MONDAY


@SITE_STORE
def a_site_is_created_once(stores: Stores) -> None:
    """A second one of the same name is refused, and changes nothing."""
    draft = a_draft(a_partner(stores))
    first = stores.sites.create(draft)
    assert stores.sites.create(changed(draft, name="Other")) is None
    assert stores.sites.get(draft.partner_id, "hall") == first


@SITE_STORE
def two_partners_may_use_one_name(stores: Stores) -> None:
    """Each reads its own."""
    alpha, beta = a_partner(stores, "alpha"), a_partner(stores, "beta")
    for partner in (alpha, beta):
        assert stores.sites.create(a_draft(partner, name=partner.name)) is not None
    found = [stores.sites.get(partner.partner_id, "hall") for partner in (alpha, beta)]
    assert [one.document["name"] for one in found if one] == [alpha.name, beta.name]


@SITE_STORE
def a_site_of_another_partner_is_none(stores: Stores) -> None:
    """Neither read nor listed nor changed nor deleted."""
    alpha, beta = a_partner(stores, "alpha"), a_partner(stores, "beta")
    draft = a_draft(alpha)
    stores.sites.create(draft)
    foreign = replace(changed(draft, name="Mine"), partner_id=beta.partner_id)
    assert stores.sites.get(beta.partner_id, "hall") is None
    assert stores.sites.list_after(beta.partner_id, None, 10) == []
    assert stores.sites.list_revisions(beta.partner_id, "hall", None, 10) == []
    assert stores.sites.update(foreign, based_on_number=1) is None
    assert not stores.sites.delete(beta.partner_id, "hall", draft.change, based_on_number=1)


@SITE_STORE
def an_update_counts_the_revision_up_and_keeps_the_creation(stores: Stores) -> None:
    """The document is the new one."""
    draft = a_draft(a_partner(stores))
    stores.sites.create(draft)
    updated = stores.sites.update(changed(draft, name="Yard"), based_on_number=1)
    assert updated is not None
    assert updated == stores.sites.get(draft.partner_id, "hall")
    assert (updated.revision_number, updated.document["name"]) == (2, "Yard")
    assert (updated.created_at, updated.changed_at) == (MONDAY, TUESDAY)


@SITE_STORE
def an_update_of_another_revision_changes_nothing(stores: Stores) -> None:
    """Also of a site that was never there."""
    draft = a_draft(a_partner(stores))
    assert stores.sites.update(draft, based_on_number=1) is None
    created = stores.sites.create(draft)
    for number in (0, 2):
        assert stores.sites.update(changed(draft, name="Yard"), based_on_number=number) is None
    assert stores.sites.get(draft.partner_id, "hall") == created
    assert len(stores.sites.list_revisions(draft.partner_id, "hall", None, 10)) == 1


@SITE_STORE
def a_deleted_site_is_gone_and_its_history_stays(stores: Stores) -> None:
    """The last entry says who deleted it, with the document as it was last."""
    draft = a_draft(a_partner(stores))
    stores.sites.create(draft)
    change = SiteChange("deleted", TUESDAY, "alpha.two")
    assert not stores.sites.delete(draft.partner_id, "hall", change, based_on_number=7)
    assert stores.sites.delete(draft.partner_id, "hall", change, based_on_number=1)
    assert stores.sites.get(draft.partner_id, "hall") is None
    assert stores.sites.list_after(draft.partner_id, None, 10) == []
    newest, oldest = stores.sites.list_revisions(draft.partner_id, "hall", None, 10)
    assert (newest.revision_number, newest.change, newest.document) == (2, change, draft.document)
    assert (oldest.revision_number, oldest.change) == (1, draft.change)


@SITE_STORE
def a_deleted_site_can_be_created_again(stores: Stores) -> None:
    """Its revisions are counted on; its creation is the new one."""
    draft = a_draft(a_partner(stores))
    stores.sites.create(draft)
    stores.sites.delete(draft.partner_id, "hall", draft.change, based_on_number=1)
    again = stores.sites.create(changed(draft, "created", name="Again"))
    assert again is not None
    assert (again.revision_number, again.created_at) == (3, TUESDAY)
    assert again == stores.sites.get(draft.partner_id, "hall")


@SITE_STORE
def sites_are_listed_by_code_point_in_pages(stores: Stores) -> None:
    """Capitals come before small letters, on every machine; a page starts behind the last one."""
    alpha = a_partner(stores)
    names = ["Zoo", "_x", "a", "a-b", "aB", "b"]
    for name in reversed(names):
        stores.sites.create(a_draft(alpha, name))
    assert [one.site_id for one in stores.sites.list_after(alpha.partner_id, None, 10)] == names
    assert [one.site_id for one in stores.sites.list_after(alpha.partner_id, "a", 2)] == ["a-b", "aB"]


@SITE_STORE
def the_history_comes_newest_first_in_pages(stores: Stores) -> None:
    """Each entry has the document of its time."""
    draft = a_draft(a_partner(stores))
    stores.sites.create(draft)
    for number in (1, 2, 3):
        stores.sites.update(changed(draft, "patched", name=f"Name {number}"), based_on_number=number)
    page = stores.sites.list_revisions(draft.partner_id, "hall", 4, 2)
    assert [(one.revision_number, one.document["name"]) for one in page] == [(3, "Name 2"), (2, "Name 1")]
    assert [one.change.kind for one in page] == ["patched", "patched"]
