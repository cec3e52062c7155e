"""Where a person writes: messages and commands, with completion of the app's commands."""

from __future__ import annotations

import html

from nicegui import ui
from nicegui.events import GenericEventArguments

from sandbox.model import Channel
from sandbox.page.hand import Hand
from sandbox.page.show import Show
from sandbox.seeing import CouldNot


class Composer:
    """The box at the foot of a place."""

    def __init__(self, show: Show, hand: Hand) -> None:
        self._commands = show.stage.box.workspace.manifest.hints
        self._hand = hand
        self._channel: Channel | None = None
        words = hand.words
        with ui.element("div").classes("composer") as self.element:
            self._completion = ui.element("div").classes("completion").props("role=listbox")
            self._completion.props["aria-label"] = words("composer.commands")
            self._completion.set_visibility(False)
            self._trouble = ui.label().classes("trouble").props("role=alert")
            with ui.element("div").classes("composer-box"):
                self._text = ui.textarea(on_change=self._typed).props("autogrow borderless dense")
                with ui.element("button").classes("send").props("type=button") as send:
                    ui.html("➤", sanitize=False, tag="span").props("aria-hidden=true")
                send.props["aria-label"] = words("composer.send")
            ui.label(words("composer.how")).classes("composer-how")
        # Emptied where it is typed, and at once: the server's word would come when the next line has begun.
        # The server hears that it is empty before it hears the line, which it may put back.
        take = (
            f"() => {{ const box = getElement({self._text.id}), text = box.inputValue; "
            "box.inputValue = ''; box.$nextTick(() => emit(text)); }"
        )
        self._text.on("keydown.enter.exact.prevent", self._send, js_handler=take)
        self._text.on("keydown.tab.exact", self._complete_first)
        send.on("click", self._send, js_handler=take)

    def show(self, channel: Channel | None) -> None:
        """Writes to this place from now on."""
        self._channel = channel
        self.element.set_visibility(channel is not None and not channel.archived)
        if channel is not None:
            told = self._hand.words("composer.to", place=self._hand.place(channel))
            self._text.props["placeholder"] = told
            self._text.props["aria-label"] = told

    def focus(self) -> None:
        """Puts the cursor there."""
        self._text.run_method("focus")

    def _typed(self) -> None:
        text = self._text.value or ""
        fitting = [c for c in self._commands if text.startswith("/") and c.startswith(text.split(" ")[0])]
        self._completion.clear()
        self._completion.set_visibility(bool(fitting))
        with self._completion:
            for command in fitting:
                hint, told = self._commands[command]
                row = ui.element("button").classes("command").props("type=button role=option")
                with row:
                    ui.html(
                        f"<b>{html.escape(command)}</b> <code>{html.escape(hint)}</code>"
                        f"<span>{html.escape(told)}</span>",
                        sanitize=False,
                    )
                row.on("click", lambda command=command: self._complete(command))

    def _complete_first(self) -> None:
        text = self._text.value or ""
        fitting = [c for c in self._commands if text.startswith("/") and c.startswith(text) and c != text]
        if fitting:
            self._complete(fitting[0])

    def _complete(self, command: str) -> None:
        self._text.value = f"{command} "
        self.focus()

    async def _send(self, typed: GenericEventArguments) -> None:
        text = (typed.args or "").strip()
        if not text or self._channel is None:
            return
        place = self._channel.id
        self._trouble.set_text("")
        self.element.classes("busy")
        try:
            if text.startswith("/"):
                await self._hand.person.types(text, place)
            else:
                await self._hand.person.writes(text, place)
        except CouldNot as failure:
            # That a command failed has been told in the place itself, as Slack does.
            if not text.startswith("/") or "not a valid command" in str(failure):
                self._trouble.set_text(f"⚠ {self._hand.trouble(failure)}")
            self._text.value = self._text.value or text
        self.element.classes(remove="busy")
