"""Buttons, fields, modals and Home, as a person uses them."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any, TypeVar

from sandbox import filling, pressing
from sandbox.elements import all_options
from sandbox.errors import BadBlocks
from sandbox.form import Modal
from sandbox.interactions import OperationFailed
from sandbox.model import Change, Ephemeral, Json, Message, View
from sandbox.moments import MomentKind, render_view
from sandbox.onlooker import Onlooker
from sandbox.seeing import CouldNot, Surface

T = TypeVar("T")


class Clicker(Onlooker):
    """Presses, chooses, fills in and submits."""

    async def presses(
        self,
        label: str,
        in_: str | None = None,
        near: str | None = None,
        *,
        confirm: bool | None = None,
        within: float | None = None,
    ) -> None:
        """Presses a button or an overflow option by its words, and waits for the acknowledgement.

        In the newest message that has it; without a place: in the open modal, else anywhere. `near` tells
        which of several, by words beside or above it; `confirm` answers the confirm dialog.
        """
        target = await self._target(label, pressing.buttons, in_, near, within)
        self._did("presses", self._surface_place(target), target.words)
        if self._confirmed(target, confirm):
            await self._act(target, pressing.action_of(target))

    async def chooses(
        self,
        label: str,
        option: Any,
        in_: str | None = None,
        near: str | None = None,
        *,
        confirm: bool | None = None,
        within: float | None = None,
    ) -> None:
        """Chooses in a select, picker, radio or checkbox group by its label, text or placeholder."""
        target = await self._target(label, pressing.fields, in_, near, within)
        self._did("chooses", self._surface_place(target), f"{target.words}: {option}")
        if self._confirmed(target, confirm):
            await self._give(target, option)

    async def presses_this(self, target: pressing.Target) -> None:
        """Presses exactly this button or overflow option, its confirm dialog, if any, answered with yes."""
        self._did("presses", self._surface_place(target), target.words)
        await self._act(target, pressing.action_of(target))

    async def gives(self, target: pressing.Target, value: Any) -> None:
        """Fills in or chooses in exactly this element; an option may be given itself, not by its words."""
        shown = filling.in_words(value)
        kind: MomentKind = "fills" if target.block["type"] == "input" else "chooses"
        self._did(kind, self._surface_place(target), f"{target.words}: {shown}")
        await self._give(target, value)

    async def _target(
        self, label: str, kind: pressing.Candidates, in_: str | None, near: str | None, within: float | None
    ) -> pressing.Target:
        def look() -> pressing.Target:
            return pressing.find(label, kind, self._eyes.surfaces(in_), self._names, near)

        return await self._until(look, self._ws.settings.reach if within is None else within)

    def _confirmed(self, target: pressing.Target, confirm: bool | None) -> bool:
        dialog = target.element.get("confirm")
        if dialog is None:
            if confirm is not None:
                raise CouldNot(f"«{target.words}» shows no confirm dialog to answer")
            return True
        if confirm is None:
            asked = f"{dialog['title']['text']}: {dialog['text']['text']}"
            raise CouldNot(f"«{target.words}» asks first: {asked} (answer with confirm=True or False)")
        return confirm

    async def _give(self, target: pressing.Target, value: Any) -> None:
        element = await self._with_options(target, value)
        state = filling.state_for(self._ws, self._names, element, value)
        block_id = target.block["block_id"]
        target.surface.values.setdefault(block_id, {})[element["action_id"]] = state
        if isinstance(target.surface.what, View):
            target.surface.what.errors.pop(block_id, None)
        if target.block["type"] != "input" or target.block.get("dispatch_action"):
            await self._act(target, pressing.action_of(target, state))
        self._ws.pulse.beat()

    async def _with_options(self, target: pressing.Target, value: Any) -> Json:
        element = target.element
        if "external" not in element["type"] or value is None:
            return element
        view = target.surface.what if isinstance(target.surface.what, View) else None
        query = str(value[0] if isinstance(value, (list, tuple)) else value)
        suggest = self._interactions.suggest(
            self.id, view, target.block["block_id"], element["action_id"], query
        )
        return element | {"options": all_options(await self._answered(suggest))}

    async def _act(self, target: pressing.Target, action: Json) -> None:
        if not self._ws.manifest.interactivity:
            raise CouldNot("this app is not configured to handle interactive responses")
        what = target.surface.what
        if isinstance(what, View):
            await self._answered(self._interactions.act_in_view(self.id, what, action))
        else:
            await self._answered(self._interactions.act_in_message(self.id, what, action))

    async def _answered(self, doing: Awaitable[T]) -> T:
        try:
            return await doing
        except (OperationFailed, BadBlocks) as failure:
            self._did("failed", "", str(failure))
            raise CouldNot(f"Slack showed a warning sign: {failure}") from failure

    def _surface_place(self, target: pressing.Target) -> str:
        what = target.surface.what
        if isinstance(what, (Message, Ephemeral)):
            return self._place(self._ws.channels[what.channel])
        return str(what.payload["type"])

    # Modals

    async def fills(self, values: Mapping[str, Any], *, within: float | None = None) -> None:
        """Fills in fields of the open modal by their labels; waits for one that is still being loaded.

        Texts for inputs; an option's words for selects and radio buttons, a list of them for checkboxes and
        multi-selects; dates, times and aware datetimes for pickers; handles for users; None clears.
        """
        for label, value in values.items():
            view, block = await self._field(label, within)
            surface = Surface(view, view.blocks, render_view(self._ws, view), view.values)
            self._did("fills", "modal", f"{block['label']['text']}: {filling.in_words(value)}")
            await self._give(pressing.Target(surface, block, block["element"], label), value)

    async def submits(self, *, within: float | None = None) -> dict[str, str]:
        """Presses the submit button and waits for the answer; returns label → error if it was refused."""
        view = await self._open_view(within)
        submit = view.payload["submit"]
        if submit is None:
            raise CouldNot("the modal has no submit button")
        self._did("submits", "modal", str(submit["text"]))
        view.errors = filling.own_checks(view)
        if not view.errors:
            try:
                await self._interactions.submit(self.id, view)
            except (OperationFailed, BadBlocks) as failure:
                self._did("failed", "modal", str(failure))
                raise CouldNot(f"We had some trouble connecting. Try again? ({failure})") from failure
        errors = Modal(self._ws, view).errors
        if errors:
            text = "\n".join(f"{label}: {wrong}" for label, wrong in errors.items())
            self._did("modal_errors", "modal", text)
            self._ws.pulse.beat()
        return errors

    async def closes(self, *, whole_stack: bool = False, within: float | None = None) -> None:
        """Presses cancel, or with `whole_stack` the small cross that closes every modal beneath too."""
        view = await self._open_view(within)
        self._did("closes", "modal", "")
        await self._answered(self._interactions.close(self.id, view, whole_stack=whole_stack))

    async def _field(self, label: str, within: float | None) -> tuple[View, Json]:
        def look() -> tuple[View, Json]:
            view = self._has_modal().view
            return view, filling.find_block(view, label, self._names)

        return await self._until(look, self._ws.settings.reach if within is None else within)

    async def _open_view(self, within: float | None) -> View:
        return (await self.sees_modal(within=self._ws.settings.reach if within is None else within)).view

    # Home

    async def opens_home(self) -> str:
        """Opens the app's Home tab, waits until the app knows, and the first time until it shows something.

        Returns what it shows by then; what the app publishes later is in `home`.
        """
        if not self._ws.manifest.home_tab or self.user.deleted:
            raise CouldNot("this app has no Home tab for you")
        self._did("opens_home", "home", "")
        before = len(self._ws.deliveries)
        self._ws.announce(Change("home_opened", user=self.id, detail="home"))
        sent = self._ws.deliveries[before:]
        reach = self._ws.settings.reach
        await self._ws.pulse.until(lambda: all(delivery.over for delivery in sent), reach)
        return await self._ws.pulse.until(lambda: self.home, reach if sent else 0.0) or ""

    async def opens_messages(self) -> None:
        """Opens the app's Messages tab."""
        self._ws.announce(Change("home_opened", user=self.id, detail="messages"))
