"""Blocks drawn as in Slack, and modals: what the workspace accepts of Block Kit."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import background_tasks, ui

from sandbox.model import Json, View
from sandbox.page import fields, markup
from sandbox.page.fields import Frame, Pending
from sandbox.page.markup import section_text, static
from sandbox.page.session import Controller, What
from sandbox.page.widgets import button, icon_button
from sandbox.people.visibility import CouldNot

STATIC = frozenset({"section", "header", "context", "divider", "rich_text"})
_numbers = itertools.count(1)
#: Scrolls to an error once it is drawn; earlier it has no height, and ends up behind the foot of the form.
_INTO_SIGHT = """requestAnimationFrame(() => requestAnimationFrame(() => {
    const wrong = getHtmlElement(%d);
    if (wrong) wrong.scrollIntoView({block: "center"});
}))"""


def _is_static(block: Json) -> bool:
    return block["type"] in STATIC and not block.get("accessory")


class Drawing:
    """The blocks of one message or view, and the texts typed in them."""

    def __init__(self, controller: Controller, what: What, values: dict[str, dict[str, Json]]) -> None:
        self._controller = controller
        self._what = what
        self._values = values
        self._pending: list[Pending] = []
        self._giving = 0
        self._remember()
        self._inputs: dict[str, tuple[ui.element, ui.label]] = {}
        self._wrong: ui.label | None = None

    def static(self, blocks: list[Json]) -> str | None:
        """Return the blocks as HTML; None if one is interactive."""
        if not all(map(_is_static, blocks)):
            return None
        return "".join(static(block, self._controller.names) for block in blocks)

    def draw(self, blocks: list[Json]) -> None:
        """Draw the blocks in the current slot, with consecutive static blocks as one piece of HTML."""
        shown = ""
        for block in blocks:
            if _is_static(block):
                shown += static(block, self._controller.names)
                continue
            self._html(shown)
            shown = ""
            self._one(block)
        self._html(shown)

    def changed_by_another(self) -> bool:
        """Return whether an exercise or another window has changed a value."""
        if self._giving:
            self._remember()
            return False
        return self._seen != self._values

    def _remember(self) -> None:
        self._seen = {block_id: dict(states) for block_id, states in self._values.items()}

    async def _give(self, block_id: str, action_id: str, value: Any) -> str:
        self._giving += 1
        try:
            return await self._controller.give(self._what, block_id, action_id, value)
        finally:
            self._giving -= 1
            self._remember()

    async def flush(self) -> None:
        """Give typed texts that are not yet given."""
        for text in self._pending:
            given = text.read()
            state = self._values.get(text.block_id, {}).get(text.action_id, {})
            if (state.get("value") or None) != given:
                await self._give(text.block_id, text.action_id, given)

    def typed(self) -> dict[tuple[str, str], str | None]:
        """Return typed texts that are not yet given, by block_id and action_id."""
        read = {(text.block_id, text.action_id): (text.read(), text.drawn) for text in self._pending}
        return {where: now for where, (now, drawn) in read.items() if now != drawn}

    def _html(self, shown: str) -> None:
        if shown:
            ui.html(shown, sanitize=False).classes("blocks-html")

    def _one(self, block: Json) -> None:
        if block["type"] == "section":
            with ui.element("div").classes("b-section"):
                ui.html(section_text(block, self._controller.names), sanitize=False).classes("b-section-text")
                with ui.element("div").classes("b-accessory"):
                    self._element(block, block["accessory"])
        elif block["type"] == "actions":
            with ui.element("div").classes("b-actions"):
                for element in block["elements"]:
                    self._element(block, element)
        else:
            self._input(block)

    def _input(self, block: Json) -> None:
        words = self._controller.words
        optional = (
            f' <span class="optional">{words("field.optional")}</span>' if block.get("optional") else ""
        )
        label = str(block["label"]["text"])
        below = f"told-{next(_numbers)}"
        with ui.element("div").classes("b-input") as whole:
            whole.props["data-label"] = label
            ui.html(f"{markup.plain(label)}{optional}", sanitize=False).classes("b-label")
            frame = Frame(self._controller, label, below, required=not block.get("optional"))
            self._field(frame, block, block["element"])
            with ui.element("div").props(f"id={below}"):
                error = ui.label().classes("b-error").props("role=alert")
                hint = markup.text_object(block.get("hint"), self._controller.names)
                if hint:
                    ui.html(hint, sanitize=False).classes("b-hint")
        self._inputs[block["block_id"]] = (whole, error)

    def show_errors(self, errors: dict[str, str]) -> None:
        """Show the error under each field, and scroll to the first."""
        self._wrong = None
        for block_id, (whole, error) in self._inputs.items():
            wrong = self._controller.words.slack(errors.get(block_id, ""))
            if wrong and self._wrong is None:
                self._wrong = error
            error.set_text(wrong)
            whole.classes(add="is-wrong" if wrong else "", remove="" if wrong else "is-wrong")
        self.go_to_error()

    def go_to_error(self) -> None:
        """Scroll to the first error, each time the form is refused."""
        if self._wrong is not None and not self._wrong.is_deleted:
            self._wrong.client.run_javascript(_INTO_SIGHT % self._wrong.id)

    def _element(self, block: Json, element: Json) -> None:
        kind = element["type"]
        if kind == "button":
            self._button(block, element)
        elif kind == "overflow":
            self._overflow(block, element)
        else:
            label = markup.first_line(block.get("text"), self._controller.names) or kind
            self._field(Frame(self._controller, label), block, element)

    def _field(self, frame: Frame, block: Json, element: Json) -> None:
        at = (block["block_id"], element["action_id"])

        async def give(value: Any) -> None:
            await self.flush()
            wrong = await self._give(*at, value)
            trouble.set_text(f"⚠ {wrong}" if wrong else "")

        state = self._values.get(at[0], {}).get(at[1], {})
        read = fields.draw(frame, element, state, give)
        trouble = ui.label().classes("trouble").props("role=alert")
        if read is not None:
            self._pending.append(Pending(*at, read, read()))

    def _button(self, block: Json, element: Json) -> None:
        style = element.get("style", "")
        with ui.element("span").classes("press"):
            made = button(element["text"]["text"], None, f"slack-button {style}")
            trouble = ui.label().classes("trouble").props("role=alert")
        made.on("click", self._presser(made, trouble, block, element))

    def _overflow(self, block: Json, element: Json) -> None:
        with ui.element("span").classes("press"):
            of = markup.first_line(block.get("text"), self._controller.names)
            label = ": ".join(filter(None, (self._controller.words("overflow"), of)))
            more = icon_button("⋯", label, None, "slack-button overflow")
            with more.props("aria-haspopup=menu"), ui.menu().classes("choices"):
                items = [
                    (ui.menu_item(o["text"]["text"]).props("role=menuitem"), o) for o in element["options"]
                ]
            trouble = ui.label().classes("trouble").props("role=alert")
        for item, option in items:
            item.on("click", self._presser(more, trouble, block, element, option["value"]))

    def _presser(
        self,
        button: ui.element,
        trouble: ui.label,
        block: Json,
        element: Json,
        option: str | None = None,
    ) -> Callable[[], Awaitable[None]]:
        async def press() -> None:
            await self.flush()
            button.classes("busy")
            trouble.set_text("")
            wrong = await self._controller.press(self._what, block["block_id"], element["action_id"], option)
            if button.is_deleted:
                return
            button.classes(remove="busy")
            trouble.set_text(f"⚠ {wrong}" if wrong else "")

        return press


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
        """True while a modal is open."""
        return self._look is not None

    def refresh(self) -> bool:
        """Redraw the modal if it is new, changed or refused. Return whether one opened or closed."""
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
                # A modal that replaces this one begins at the top; this one keeps its scroll position.
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
        """Close a modal without a submit button, because the person has gone to a room."""
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
    """Keep typed texts when the app changes the modal, as Slack does."""
    for (block_id, action_id), text in typed.items():
        state = view.values.get(block_id, {}).get(action_id)
        if state is not None and "value" in state:
            state["value"] = text
