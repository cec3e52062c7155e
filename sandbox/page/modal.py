"""The modal in a column, and the confirm dialog."""

from __future__ import annotations

import asyncio
import contextlib

from nicegui import background_tasks, ui

from sandbox.block_kit.render import Names
from sandbox.model import Json, View
from sandbox.page import markup
from sandbox.page.blocks import Drawing
from sandbox.page.session import Controller
from sandbox.page.widgets import button, icon_button
from sandbox.people.visibility import CouldNot

_LARGE = "slack-button large"


class ModalLayer:
    """The layer over a column while its person has a modal open."""

    def __init__(self, controller: Controller, bot_face: str) -> None:
        self._controller = controller
        self._bot_face = bot_face
        self._look: tuple[object, ...] | None = None
        self._drawing: Drawing | None = None
        self._errors: dict[str, str] = {}
        self._trouble: ui.label | None = None
        self.element = ui.element("div").classes("veil")
        self.element.set_visibility(False)

    @property
    def is_open(self) -> bool:
        """True while something lies over the column."""
        return self._look is not None

    def refresh(self) -> bool:
        """Draw the modal again if it is another, was changed or refused; True if one came or went."""
        view = self._controller.person.modal_view()
        look = None if view is None else (view.id, view.hash)
        if look == self._look and not (self._drawing is not None and self._drawing.changed_by_another()):
            if view is not None and self._drawing is not None and view.errors != self._errors:
                self._errors = dict(view.errors)
                self._drawing.show_errors(view.errors)
            return False
        was_open, before = self.is_open, self._look
        is_same = view is not None and before is not None and before[0] == view.id
        if view is not None and is_same and self._drawing is not None:
            _keep_typed(view, self._drawing.typed())
        self._look = look
        self.element.clear()
        self.element.set_visibility(view is not None)
        self._errors = dict(view.errors) if view is not None else {}
        if view is not None:
            with self.element:
                self._draw(view, is_new=not is_same).show_errors(self._errors)
        return was_open != self.is_open

    def _draw(self, view: View, *, is_new: bool) -> Drawing:
        words = self._controller.words
        title = str((view.payload["title"] or {}).get("text", ""))
        with ui.element("div").classes("dialog").props("role=dialog aria-modal=true tabindex=-1") as dialog:
            dialog.props["aria-label"] = title
            with ui.element("div").classes("d-head"):
                if self._controller.person.modals_beneath() and not view.payload["clear_on_close"]:
                    icon_button("←", words("modal.back"), lambda: self._close(whole_stack=False))
                ui.html(self._bot_face, sanitize=False)
                with ui.element("div").classes("d-title"):
                    ui.html(markup.plain(title), sanitize=False, tag="h2")
                    whose = self._controller.person.user.display_name
                    ui.label(words("modal.whose", who=whose)).classes("d-whose")
                icon_button("✕", words("modal.close-all"), lambda: self._close(whole_stack=True))
            with ui.element("div").classes("d-body scroll").props("tabindex=0 role=group") as body:
                body.props["aria-label"] = title
                # What comes in its place begins at the top, and where it comes back it stands as it stood.
                body.props["data-keep"] = f"{view.id} {view.payload['callback_id']}"
                drawing = Drawing(self._controller, view, view.values)
                drawing.draw(view.blocks)
            self._trouble = ui.label().classes("d-trouble").props("role=alert")
            with ui.element("div").classes("d-foot"):
                self._foot(view)
        if is_new:
            dialog.run_method("focus")
        self._drawing = drawing
        return drawing

    def _foot(self, view: View) -> None:
        close, submit = view.payload["close"], view.payload["submit"]
        told = str(close["text"]) if close else self._controller.words("modal.cancel")
        button(told, lambda: self._close(whole_stack=False), _LARGE).props["data-escape"] = "2"
        if submit:
            send = button(str(submit["text"]), lambda: self._submit(send), f"{_LARGE} primary")

    async def _submit(self, send: ui.element) -> None:
        send.classes("busy")
        try:
            if self._drawing is not None:
                await self._drawing.flush()
            await self._controller.person.submits()
            if self._drawing is not None:
                self._drawing.go_to_error()
        except CouldNot as failure:
            self._say(self._controller.trouble(failure))
        if not send.is_deleted:
            send.classes(remove="busy")

    def step_aside(self) -> None:
        """Close a window in which nothing is filled in: its reader has gone to a room."""
        view = self._controller.person.modal_view()
        if view is not None and view.payload["submit"] is None:
            background_tasks.create(self._close(whole_stack=False))

    async def _close(self, *, whole_stack: bool) -> None:
        try:
            await self._controller.person.closes(whole_stack=whole_stack)
        except CouldNot as failure:
            self._say(self._controller.trouble(failure))

    def _say(self, text: str) -> None:
        if self._trouble is not None and not self._trouble.is_deleted:
            self._trouble.set_text(f"⚠ {text}")


def _keep_typed(view: View, typed: dict[tuple[str, str], str | None]) -> None:
    """Keep what is being typed when the app changes the modal meanwhile, as Slack does."""
    for (block_id, action_id), text in typed.items():
        state = view.values.get(block_id, {}).get(action_id)
        if state is not None and "value" in state:
            state["value"] = text


class ConfirmLayer:
    """The small dialog that asks before something is done."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._answer: asyncio.Future[bool] | None = None

    def place(self) -> None:
        """Put it, unseen, in the current slot."""
        self.element = ui.element("div").classes("veil above")
        self.element.set_visibility(False)

    async def ask(self, dialog: Json) -> bool:
        """Show the dialog and wait for its answer; leaving it is no."""
        self.element.clear()
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._answer = answer
        with (
            self.element,
            ui.element("div")
            .classes("dialog small")
            .props("role=alertdialog aria-modal=true tabindex=-1") as box,
        ):
            box.props["aria-label"] = str(dialog["title"]["text"])
            with ui.element("div").classes("d-head"):
                ui.html(markup.plain(dialog["title"]["text"]), sanitize=False, tag="h2")
            with ui.element("div").classes("d-body"):
                ui.html(markup.text_object(dialog["text"], self._names), sanitize=False)
            with ui.element("div").classes("d-foot"):
                deny = button(str(dialog["deny"]["text"]), lambda: self._say(False), _LARGE)
                deny.props["data-escape"] = "3"
                style = dialog.get("style") or "primary"
                button(str(dialog["confirm"]["text"]), lambda: self._say(True), f"{_LARGE} {style}")
        self.element.set_visibility(True)
        box.run_method("focus")
        try:
            return await answer
        finally:
            self.element.set_visibility(False)
            self.element.clear()

    def _say(self, answer: bool) -> None:
        if self._answer is not None:
            with contextlib.suppress(asyncio.InvalidStateError):
                self._answer.set_result(answer)
