"""A person's use of buttons, fields, modals and Home, and Slack's own checks before a form is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox import limits, modals
from sandbox.activity import ActivityKind
from sandbox.api_errors import BadBlocks
from sandbox.block_kit import render
from sandbox.block_kit.elements import ELEMENTS, TEXT_INPUTS, all_options, is_filled, of_block
from sandbox.model import Change, Ephemeral, Json, Message, View
from sandbox.people.visibility import CouldNot, Modal, Surface, Viewer
from sandbox.socket.interactions import OperationFailed
from sandbox.workspace import Workspace


class UiActions(Viewer):
    """A viewer who also presses, chooses, fills in and submits."""

    async def presses(
        self,
        label: str,
        in_: str | None = None,
        near: str | None = None,
        *,
        within: float | None = None,
    ) -> None:
        """Press a button or an overflow option by its words, and wait for the acknowledgement.

        The newest message with the button is used; without a place, the open modal, or any place if none is
        open. `near` picks one of several by words next to or above it.
        """
        await self.presses_this(await self._target(label, buttons, in_, near, within))

    async def chooses(
        self, label: str, option: Any, in_: str | None = None, *, within: float | None = None
    ) -> None:
        """Choose in a select, picker, radio or checkbox group by its label, text or placeholder."""
        await self.gives(await self._target(label, fields, in_, None, within), option)

    def offered(self, in_: str | None = None) -> list[str]:
        """Return the words of every visible button, newest message first, or of the open form's buttons."""
        surfaces = self.surfaces(in_)
        return list(dict.fromkeys(t.words for s in surfaces for t in buttons(s, self._names)))

    async def presses_this(self, target: Target) -> None:
        """Press exactly this button or overflow option."""
        self._did("presses", self._surface_place(target), target.words)
        await self._act(target, action_of(target))

    async def gives(self, target: Target, value: Any) -> None:
        """Fill in or choose in exactly this element. An option may be given as object instead of words."""
        shown = in_words(value)
        kind: ActivityKind = "fills" if target.block["type"] == "input" else "chooses"
        self._did(kind, self._surface_place(target), f"{target.words}: {shown}")
        state = state_for(self._ws, self._names, target.element, value)
        block_id = target.block["block_id"]
        target.surface.values.setdefault(block_id, {})[target.element["action_id"]] = state
        if isinstance(target.surface.what, View):
            target.surface.what.errors.pop(block_id, None)
        if target.block["type"] != "input":
            await self._act(target, action_of(target, state))
        self._ws.changes.notify()

    async def _target(
        self, label: str, kind: Candidates, in_: str | None, near: str | None, within: float | None
    ) -> Target:
        def look() -> Target:
            return find(label, kind, self.surfaces(in_), self._names, near)

        return await self._until(look, within, self._ws.settings.reach)

    async def _act(self, target: Target, action: Json) -> None:
        if not self._ws.manifest.interactivity:
            raise CouldNot("this app is not configured to handle interactive responses")
        what = target.surface.what
        try:
            if isinstance(what, View):
                await self._interactions.act_in_view(self.id, what, action)
            else:
                await self._interactions.act_in_message(self.id, what, action)
        except OperationFailed as failure:
            self._did("failed", "", str(failure))
            raise CouldNot(f"Slack showed a warning sign: {failure}") from failure

    def _surface_place(self, target: Target) -> str:
        what = target.surface.what
        if isinstance(what, (Message, Ephemeral)):
            return self._place(self._ws.channels[what.channel])
        return str(what.payload["type"])

    # Modals

    async def fills(self, values: Mapping[str, Any], *, within: float | None = None) -> None:
        """Fill in fields of the open modal by their labels, and wait for fields that are still being loaded.

        Values: texts for inputs; an option's words for selects and radio buttons, a list of them for
        checkboxes and multi-selects; dates and aware datetimes for pickers; handles for users; None clears.
        """
        for label, value in values.items():
            view, block = await self._field(label, within)
            words = str(block["label"]["text"])
            await self.gives(Target(self._view_surface(view), block, block["element"], words), value)

    async def submits(self, *, within: float | None = None) -> dict[str, str]:
        """Press the submit button, and wait for the answer. Return label → error if it was refused."""
        view = await self._open_view(within)
        submit = view.payload["submit"]
        if submit is None:
            raise CouldNot("the modal has no submit button")
        self._did("submits", "modal", str(submit["text"]))
        view.errors = own_checks(view)
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
            self._ws.changes.notify()
        return errors

    async def closes(self, *, whole_stack: bool = False, within: float | None = None) -> None:
        """Press cancel, or with `whole_stack` the cross that also closes every modal beneath."""
        view = await self._open_view(within)
        self._did("closes", "modal", "")
        if whole_stack or view.payload["clear_on_close"]:
            modals.clear(self._ws, self.id)
        else:
            modals.close_top(self._ws, self.id)

    async def _field(self, label: str, within: float | None) -> tuple[View, Json]:
        def look() -> tuple[View, Json]:
            view = self._has_modal().view
            return view, find_block(view, label, self._names)

        return await self._until(look, within, self._ws.settings.reach)

    async def _open_view(self, within: float | None) -> View:
        return (await self._until(self._has_modal, within, self._ws.settings.reach)).view

    # Home

    async def opens_home(self) -> str:
        """Open the app's Home tab, and wait until the app knows, and until it shows something.

        Return what it shows; what the app publishes later is in `home`.
        """
        if not self._ws.manifest.home_tab or self.user.deleted:
            raise CouldNot("this app has no Home tab for you")
        self._did("opens_home", "home", "")
        before = len(self._ws.deliveries)
        self._ws.announce(Change("home_opened", user=self.id, detail="home"))
        sent = self._ws.deliveries[before:]
        reach = self._ws.settings.reach
        await self._ws.changes.until(lambda: all(delivery.over for delivery in sent), reach)
        return await self._ws.changes.until(lambda: self.home, reach if sent else 0.0) or ""

    async def opens_messages(self) -> None:
        self._ws.announce(Change("home_opened", user=self.id, detail="messages"))


@dataclass(frozen=True)
class Target:
    """An element that can be used, its block and surface, and the overflow option if it is one."""

    surface: Surface
    block: Json
    element: Json
    words: str
    option: Json | None = None


Candidates = Callable[[Surface, render.Names], list[Target]]


def buttons(surface: Surface, names: render.Names) -> list[Target]:
    found: list[Target] = []
    for block, element in _elements(surface):
        if element["type"] == "button":
            words = render.text_object(element["text"], names)
            found.append(Target(surface, block, element, words))
        elif element["type"] == "overflow":
            for option in element["options"]:
                words = render.text_object(option["text"], names)
                found.append(Target(surface, block, element, words, option))
    return found


def _elements(surface: Surface) -> Iterator[tuple[Json, Json]]:
    return ((block, element) for block in surface.blocks for element in of_block(block))


def fields(surface: Surface, names: render.Names) -> list[Target]:
    """Return every select, picker, radio group, checkbox group and input, by label, text or placeholder."""
    found: list[Target] = []
    for block, element in _elements(surface):
        if ELEMENTS[element["type"]].state:
            texts = (block.get("label") or block.get("text"), element.get("placeholder"))
            words = [render.text_object(text, names) for text in texts]
            found += [Target(surface, block, element, word) for word in words if word]
    return found


def find(
    words: str, candidates: Candidates, surfaces: list[Surface], names: render.Names, near: str | None = None
) -> Target:
    """Return the target with these words, or the one containing them, on the first surface that has it."""
    offered = [candidates(surface, names) for surface in surfaces if near is None or _has(surface.text, near)]
    for matches in (_equal, _has):
        for targets in offered:
            hits = [target for target in targets if matches(target.words, words)]
            if hits:
                return _the_one(words, hits, names, near)
    seen = ", ".join(dict.fromkeys(f"«{target.words}»" for targets in offered for target in targets))
    where = f" near «{near}»" if near else ""
    raise CouldNot(f"there is no «{words}»{where}; there is {seen or 'nothing of the kind'}")


def target_at(surface: Surface, block_id: str, action_id: str, option: str | None = None) -> Target:
    """Return the element with these ids, and its option of this value. Raise CouldNot if it is gone."""
    for block, element in _elements(surface):
        if (block["block_id"], element.get("action_id")) == (block_id, action_id):
            chosen = next((o for o in all_options(element) if o["value"] == option), None)
            words = _plain(element.get("text") or block.get("label") or block.get("text"))
            if option is not None:
                words = _plain(chosen["text"]) if chosen else ""
            return Target(surface, block, element, words, chosen)
    raise CouldNot(f"that is not in {surface.name} any more")


def _plain(text: Json | None) -> str:
    return str(text["text"]) if text else ""


def _the_one(words: str, hits: list[Target], names: render.Names, near: str | None) -> Target:
    unique = [hit for n, hit in enumerate(hits) if all(not _same(hit, other) for other in hits[:n])]
    if len(unique) == 1:
        return unique[0]
    if near is not None:
        distances = [_distance(hit, names, near) for hit in unique]
        closest = [hit for hit, d in zip(unique, distances, strict=True) if d == min(distances)]
        if len(closest) == 1:
            return closest[0]
    where = unique[0].surface.name
    raise CouldNot(f"«{words}» is ambiguous in {where}: {len(unique)} of them; say which with near=…")


def _same(one: Target, other: Target) -> bool:
    return one.element is other.element and one.option is other.option


def _distance(hit: Target, names: render.Names, near: str) -> int:
    """Return how far above the element the words are. Words below count only if there are none above."""
    blocks = hit.surface.blocks
    at = next(n for n, block in enumerate(blocks) if block is hit.block)
    places = [n for n, block in enumerate(blocks) if _has(render.block(block, names, {}), near)]
    above = [at - n for n in places if n <= at]
    below = [len(blocks) + n - at for n in places if n > at]
    return min(above or below or [2 * len(blocks)])


def _equal(one: str, other: str) -> bool:
    return one.casefold().strip() == other.casefold().strip()


def _has(text: str, part: str) -> bool:
    return part.casefold() in text.casefold()


def action_of(target: Target, state: Json | None = None) -> Json:
    """Return the entry of `actions` that is sent when this element is used."""
    element = target.element
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": target.block["block_id"],
    }
    action |= {key: element[key] for key in ("text", "value", "style", "placeholder") if key in element}
    if target.option is not None:
        action["selected_option"] = target.option
    return action | (state or {})


_REQUIRED = "Please complete this required field."


def state_for(ws: Workspace, names: render.Names, element: Json, value: Any) -> Json:
    """Return the state of an element after the person gave it this value (None: cleared)."""
    kind = element["type"]
    known = ELEMENTS[kind]
    state: Json = {"type": kind}
    if value is None:
        return state | {known.state: [] if known.many else None}
    if known.many:
        items = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
        state[known.state] = [_one(ws, names, element, item) for item in items]
        return state
    state[known.state] = _one(ws, names, element, value)
    return state


def in_words(value: Any) -> str:
    """Return a value as text; an option as its words."""
    if isinstance(value, (list, tuple)):
        return ", ".join(in_words(item) for item in value)
    return str(value["text"]["text"]) if isinstance(value, dict) else str(value)


def _one(ws: Workspace, names: render.Names, element: Json, value: Any) -> Any:
    kind = element["type"]
    if kind in TEXT_INPUTS:
        return str(value)
    if kind == "datepicker":
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if kind == "datetimepicker":
        return int(value.timestamp()) if isinstance(value, datetime) else int(value)
    if kind == "users_select":
        return _user_id(ws, str(value))
    if value in all_options(element):
        return value
    return _option(names, element, str(value))


def _user_id(ws: Workspace, handle: str) -> str:
    try:
        return ws.user(handle).id
    except KeyError as missing:
        raise CouldNot(str(missing.args[0])) from missing


def _option(names: render.Names, element: Json, words: str) -> Json:
    options = [(render.text_object(option["text"], names), option) for option in all_options(element)]
    return _meant(words, options, f"«{words}»", "cannot be chosen", "nothing")


def find_block(view: View, label: str, names: render.Names) -> Json:
    """Return the input block with this label, or the only one whose label contains it."""
    inputs = [(render.text_object(b["label"], names), b) for b in view.inputs]
    return _meant(label, inputs, f"the field «{label}»", "is not there", "none")


def _meant(words: str, offered: Sequence[tuple[str, Json]], told: str, missing: str, none: str) -> Json:
    """Return the item with these words, or the only one whose words contain them."""
    wanted = words.casefold().strip()
    exact = [item for text, item in offered if text.casefold().strip() == wanted]
    hits = exact or [item for text, item in offered if wanted in text.casefold()]
    if len(hits) == 1:
        return hits[0]
    listed = ", ".join(f"«{text}»" for text, _ in offered)
    raise CouldNot(f"{told} {'is ambiguous' if hits else missing}; there is {listed or none}")


def own_checks(view: View) -> dict[str, str]:
    """Return Slack's own errors, before the app is asked: block_id → message."""
    wrong: dict[str, str] = {}
    for block in view.inputs:
        element = block["element"]
        state = view.values[block["block_id"]][element["action_id"]]
        if not is_filled(state):
            if not block.get("optional"):
                wrong[block["block_id"]] = _REQUIRED
        elif element["type"] in TEXT_INPUTS:
            complaint = _text_complaint(element, str(state["value"]))
            if complaint:
                wrong[block["block_id"]] = complaint
    return wrong


def _text_complaint(element: Json, value: str) -> str:
    kind = element["type"]
    if kind == "plain_text_input":
        longest = element.get("max_length", limits.PLAIN_TEXT_INPUT)
        return f"Must be at most {longest} characters." if len(value) > longest else ""
    if kind == "email_text_input":
        name, at, domain = value.partition("@")
        return "" if name and at and "." in domain else "Enter a valid email address."
    return _number_complaint(element, value)


def _number_complaint(element: Json, value: str) -> str:
    try:
        number = float(value) if element["is_decimal_allowed"] else int(value)
    except ValueError:
        return "Enter a valid number."
    if element.get("min_value") is not None and number < float(element["min_value"]):
        return f"Must be at least {element['min_value']}."
    if element.get("max_value") is not None and number > float(element["max_value"]):
        return f"Must be at most {element['max_value']}."
    return ""
