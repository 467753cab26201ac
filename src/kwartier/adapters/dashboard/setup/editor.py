"""The guided editor: the form on one side, the drawn tree and what is wrong on the other; it judges as one types."""

import asyncio
from typing import Any

from nicegui import background_tasks, ui

from kwartier.adapters.dashboard.choice import choice
from kwartier.adapters.dashboard.fleet.rows import forget_rows
from kwartier.adapters.dashboard.setup.draft import Draft
from kwartier.adapters.dashboard.setup.finding_list import FindingList
from kwartier.adapters.dashboard.setup.form import Form
from kwartier.adapters.dashboard.setup.json_box import JsonBox
from kwartier.adapters.dashboard.setup.keep_draft import Kept, keep_draft
from kwartier.adapters.dashboard.setup.tree_drawing import TreeDrawing
from kwartier.adapters.dashboard.tag import Tag
from kwartier.adapters.dashboard.viewer import Viewer
from kwartier.service.caller import Scope
from kwartier.service.judge_document import Judgement, judge_document
from kwartier.service.site_record import SiteRecord
from kwartier.site.finding import Finding
from kwartier.site.templates import TEMPLATE_NAMES

# Long enough that a word is typed, short enough that nobody waits.
PAUSE_S = 0.25


class Editor:
    """One draft of one site, or of a new one where `record` is None."""

    def __init__(self, viewer: Viewer, record: SiteRecord | None, draft: Draft) -> None:
        self._viewer, self._words, self._record, self.draft = viewer, viewer.words, record, draft
        self._change_count = 0
        # A field that is built anew has no page any more when its own change is told.
        self._client = ui.context.client
        day = viewer.ports.clock.now().date()
        with Tag("div", classes="kw-head"):
            Tag("h1", self._words("view.setup" if record else "setup.new"), "kw-title")
            Tag("span", classes="kw-space")
            self._templates()
            self._said = Tag("span", "", "kw-said", role="status")
            if viewer.caller.may(Scope.WRITE):
                save = Tag("button", self._words("setup.save"), "kw-button kw-strong", type="button")
                save.on("click", self._save)
        with Tag("div", classes="kw-columns kw-editor"):
            with Tag("div", classes="kw-stack"):
                self._form = Form(draft, day, self._words, self._changed, is_new=record is None)
                self._json = JsonBox(self._words, draft, self._taken)
            with Tag("div", classes="kw-stack kw-beside"):
                self._findings = FindingList(self._words, self._form.lead_to)
                self._tree = TreeDrawing(self._words)

    async def judge(self) -> None:
        """Judge the draft as it is, and show what was found where it belongs."""
        count = self._change_count
        judged = await self._viewer.run(
            lambda: judge_document(self.draft.document, clock=self._viewer.ports.clock)
        )
        if count == self._change_count:
            self._show(judged)

    def _show(self, judged: Judgement) -> None:
        self._form.show(judged.findings)
        self._findings.show(judged.findings)
        self._tree.show(self.draft, frozenset(self._names(judged.findings)))
        self._json.show()

    def _names(self, findings: tuple[Finding, ...]) -> set[str]:
        """The names of the boards and devices that have an error."""
        found = set()
        for finding in findings:
            if finding.severity != "ERROR":
                continue
            for kind in ("device_list", "collector_list"):
                place = f"$.configurations.site_configuration.{kind}["
                if finding.path.startswith(place):
                    index = finding.path.removeprefix(place).partition("]")[0]
                    name = self.draft.at(("configurations", "site_configuration", kind, int(index), "name"))
                    found.add(str(name))
        return found

    def _templates(self) -> None:
        names: dict[str, str] = {name: self._words(f"setup.template_{name}") for name in TEMPLATE_NAMES}

        def take(name: str) -> None:
            chosen = next((one for one in TEMPLATE_NAMES if one == name), None)
            if chosen is not None:
                self.draft.take_template(chosen)
                self._form.build()
                self._changed()

        choice(self._words("setup.template"), {"": "–", **names}, "", take)

    def _taken(self, document: dict[str, Any]) -> None:
        if self._record is not None:
            document = {**document, "site_id": self._record.site_id}
        self.draft.take(document)
        self._form.build()
        self._changed()

    def _changed(self) -> None:
        self._change_count += 1
        self._said.text = self._words("setup.unsaved")
        count = self._change_count

        async def soon() -> None:
            await asyncio.sleep(PAUSE_S)
            if count == self._change_count:
                with self._client:
                    await self.judge()

        background_tasks.create(soon())

    async def _save(self) -> None:
        viewer = self._viewer
        if not viewer.caller.may(Scope.WRITE) or not await viewer.is_signed_in():
            self._said.text = self._words("setup.may_not")
            return
        kept = await viewer.run(lambda: keep_draft(viewer, self._record, self.draft.document))
        match kept:
            case Kept(record):
                is_new, self._record = self._record is None, record
                self._said.text = self._words("setup.saved")
                forget_rows(viewer)
                if is_new:
                    ui.navigate.to(f"/sites/{record.site_id}/setup")
            case key:
                self._said.text = self._words(f"setup.{key}")
