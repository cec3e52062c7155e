"""Trying an entry point from Slack's side: first the people who are refused, then the person who may.

A refused person sends what the permitted one would have sent: the same command in the same room, the same
button with the same value, the same form filled in alike. Nothing may change, and it is logged.
"""

from __future__ import annotations

import copy
import sqlite3
import weakref
from collections.abc import Awaitable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import make_url

from bot.cli.demo import Rehearsal
from bot.domain.case.entities import Case, Involvement, Meeting
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency
from handlers.blocks.elements import ActionId
from handlers.slack.vocabulary import split
from handlers.subjects import joined
from sandbox.model import Ephemeral, Json, Message, View
from sandbox.people.person import Person
from sandbox.people.visibility import Seen
from sandbox.serializers import view_json
from storage.transactions import sqlite_engine
from tests.e2e import kit
from tests.ledgers import logged

T = TypeVar("T")
UNREADABLE = "Dette kunne jeg ikke lese"
#: How every refusal begins. The tests of refusals check the rest of the text.
REFUSALS = (
    "Dette har du ikke tilgang til",
    "Dette er det koordinatoren som gjør.",
    "Dette kan bare de som er med i en sak gjøre, og bare i saksrommet.",
    "Dette er det møtelederen eller koordinatoren som gjør.",
    "Dette gjelder én bestemt sak.",
    UNREADABLE,
)
AGENCIES = ("Politiet", "Barneverntjenesten", "Sosialtjenesten", "UDI")
#: Input that no form accepts, by the type of its field.
UNSOUND: Mapping[str, Json] = {
    "plain_text_input": {"value": "Ring 41 23 45 67 " + "æ" * 3_400},
    "number_input": {"value": "-1"},
    "email_text_input": {"value": "ingen"},
    "url_text_input": {"value": "ftp://ond.example"},
    "datepicker": {"selected_date": "1999-01-01"},
    "datetimepicker": {"selected_date_time": 1},
}
#: Optional fields that are nevertheless filled in here.
FILLED = ("place", "agencies", "agency", "urgency", "colleague", "treated", "parts", "needs", "came", "text")
#: The people refused in most trials: a seat holder, somebody being asked, a coordinator who has not
#: confirmed, and a stranger.
OTHERS = ("politi-exit", "sosialtjenesten", "vara-koordinator", "utenforstaende")
#: A coordinator, a seat holder, a colleague without a part, and a stranger.
NOT_OWNERS = ("koordinator", "barnevern", "politi-vakt", "utenforstaende")
STRANGERS = ("politi-exit", "sosialtjenesten", "utenforstaende")
#: The same, and the person who asked: only coordinators decide.
NOT_THE_TEAM = ("helse", *STRANGERS)
#: People who see only that the case exists.
OUTSIDE_ROOM = ("sosialtjenesten", "vara-koordinator", "utenforstaende")
#: The same, and somebody in the room for another agency.
NOT_THEIRS = ("barnevern", *OUTSIDE_ROOM)
#: The most windows that follow each other in one errand.
_MOST_WINDOWS = 4


class EntryPoints:
    """A rehearsal with one open case, and the database's content."""

    def __init__(self, rehearsal: Rehearsal, database: Path) -> None:
        self.runner = rehearsal.runner
        self.bot = rehearsal.bot
        self.database = database
        self.sandbox = rehearsal.runner.sandbox
        self.coordinator = self.person("koordinator")
        self.room = ""
        # `data_version` reports others' writes only to a connection that stays open.
        self._looking = sqlite3.connect(database)
        weakref.finalize(self, self._looking.close)
        self._names = [
            name
            for (name,) in self._looking.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in ("receipts", "ledgers", "audit")
        ]
        self._seen: tuple[int, dict[str, list[str]]] = (-1, {})

    def person(self, handle: str) -> Person:
        return self.runner.person(handle)

    async def open_case(self) -> None:
        self.room = await kit.open_case(self.runner, "Politiet", "Sosialtjenesten", when="i morgen kl 10")

    def state(self) -> dict[str, list[str]]:
        """Return the database's content, without bookkeeping."""
        (version,) = self._looking.execute("PRAGMA data_version").fetchone()
        if version != self._seen[0]:
            tables = {n: self._looking.execute(f"SELECT * FROM {n}") for n in self._names}  # noqa: S608
            self._seen = (version, {n: sorted(map(repr, rows)) for n, rows in tables.items()})
        return self._seen[1]

    async def submits(self, person: Person, view: View, **changes: Any) -> Json:
        """Have a person's client submit a view that the bot did not give them."""
        forged = copy.deepcopy(view)
        forged.values = changes.pop("values", forged.values)
        forged.payload |= changes
        interactions = self.sandbox.interactions
        payload = interactions._interaction("view_submission", person.id) | {
            "trigger_id": interactions._tokens.trigger(person.id),
            "view": view_json(forged, with_state=True),
        }
        delivery = await interactions._request("interactive", payload, answerable=True)
        return delivery.answer or {}

    async def presses(self, person: Person, action_id: str, value: str, **action: Any) -> str:
        """Have a person's client press a button that the bot did not give them; return what they are told."""
        direct = self.sandbox.workspace.direct(self.sandbox.workspace.bot.id, person.id)
        message = Message(self.sandbox.workspace.new_ts(), direct.id, self.sandbox.workspace.bot.id, "")
        before = len(self.told(person))
        await self.sandbox.interactions.act_in_message(
            person.id,
            message,
            {"type": "button", "action_id": action_id, "block_id": "b", "value": value} | action,
        )
        await self.runner.until_idle()
        if person.modal is not None:
            text = person.modal.text
            await person.closes(whole_stack=True)
            return text
        return "\n".join(self.told(person)[before:])

    def told(self, person: Person) -> list[str]:
        """Return the bot's whispers to a person in their direct message."""
        if "tot-bot" not in person.channels():
            return []
        return [s.text for s in person.messages("tot-bot") if isinstance(s.source, Ephemeral)]


class Court(EntryPoints):
    """A case with the police in its room; child welfare, social services and UDI are being asked."""

    async def opens(self, *, confirmed: bool = True) -> None:
        """Open the case as the coordinator; the police confirm if `confirmed`."""
        link = {"Lenke til videomøte": "https://meet.example.no/tot-bergen"}
        await kit.open_case(self.runner, *AGENCIES, **link)
        if confirmed:
            await kit.confirm(self.runner, "politi-exit")
        self.stands()

    def stands(self) -> None:
        """The case is open: record what happens from now on."""
        self.room = next(c for c in self.coordinator.channels() if c.startswith("rom-"))
        self._deliveries = len(self.sandbox.workspace.deliveries)
        self._logged = len(self.log())

    async def after(self, deed: Awaitable[object]) -> None:
        """Do something, and wait for all effects."""
        await deed
        await self.runner.until_idle()

    # --- trials ----------------------------------------------------------------------------------------

    async def command(self, handle: str, text: str, /, *, refused: Sequence[str] = (), **values: Any) -> None:
        """Type a command in the room; `values` are the choices in the forms that follow."""
        for other in refused:
            await self.types_in_vain(other, text)
        self.shown = text_of(await self.person(handle).types(text, self.room))
        await self._windows(handle, refused, values)

    async def asks_for(
        self, handle: str, text: str, /, *, in_: str = "#generelt", refused: Sequence[str] = (), **values: Any
    ) -> None:
        """Use a command or shortcut that gives each their own form: the refused submit only the forms."""
        if text.startswith("/"):
            assert await self.person(handle).types(text, in_) is None
        else:
            await self.person(handle).uses(text)
        await self._windows(handle, refused, values)

    async def press_in_form(
        self, handle: str, action_id: ActionId, label: str, refused: Sequence[str], near: str | None = None
    ) -> None:
        """Press a button in the open form, and submit the form that replaces it; the refused try both."""
        person = self.person(handle)
        await self.runner.until_idle()
        assert person.modal is not None
        value = next(e["value"] for e in elements_of(person.modal.view) if e.get("action_id") == action_id)
        for other in refused:
            await self.presses_in_vain(other, {"action_id": action_id, "value": value})
        await person.presses(label, near=near)
        view = person.modal.view
        if view.payload.get("submit"):
            for other in refused:
                await self.submits_in_vain(other, view)
            assert await person.submits() == {}, view.errors
        await person.closes(whole_stack=True)

    async def press(
        self,
        handle: str,
        action_id: ActionId,
        *,
        value: str | None = None,
        refused: Sequence[str] = (),
        **values: Any,
    ) -> None:
        """Press a button or menu that is posted for the person, or, with a `value`, could be posted."""
        source, action = self._found(handle, action_id, value)
        for other in refused:
            await self.presses_in_vain(other, action)
        person = self.person(handle)
        if isinstance(source, View):
            await self.sandbox.interactions.act_in_view(person.id, source, action)
        else:
            await self.sandbox.interactions.act_in_message(person.id, source, action)
        await self._windows(handle, refused, values)

    async def _windows(self, handle: str, refused: Sequence[str], values: Mapping[str, Any]) -> None:
        """Fill in and submit one window after the other; refused people submit each of them first."""
        person = self.person(handle)
        await self.runner.until_idle()
        for _ in range(_MOST_WINDOWS):
            if person.modal is None or not person.modal.view.payload.get("submit"):
                break
            view = person.modal.view
            filled_in(view, FILLED, values)
            unsound = self._unsound(view)
            for other in refused:
                await self.submits_in_vain(other, view)
                if unsound != view.values:
                    await self.submits_in_vain(other, view, values=unsound)
            await self._is_guarded(person, view)
            assert await person.submits() == {}, view.errors
        await self.runner.until_idle()
        if person.modal is not None:
            self.shown = person.modal.text
            assert not self.shown.startswith(REFUSALS), self.shown
            await person.closes(whole_stack=True)

    async def _is_guarded(self, person: Person, view: View) -> None:
        """No text field accepts forbidden content."""
        for block in view.blocks:
            if block["type"] == "input" and block["element"]["type"] == "plain_text_input":
                written = {"value": {"type": "plain_text_input", "value": "kari@example.no"}}
                answer = await self.submits(person, view, values=view.values | {block["block_id"]: written})
                assert block["block_id"] in answer.get("errors", {}), f"{block['block_id']} is not guarded"

    def _found(self, handle: str, action_id: ActionId, value: str | None) -> tuple[Any, Json]:
        person = self.person(handle)
        direct = self.sandbox.workspace.direct(self.sandbox.workspace.bot.id, person.id)
        if value is not None:
            source: Any = Message(
                self.sandbox.workspace.new_ts(), direct.id, self.sandbox.workspace.bot.id, ""
            )
            return source, {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
        places = [p for p in (self.room, "tot-bot") if p in person.channels()]
        sources: list[Any] = [s.source for place in places for s in person.messages(place)]
        for source in [*sources, person.home_view()]:
            for element in elements_of(source):
                if element.get("action_id") == action_id:
                    return source, acted(element)
        raise AssertionError(f"@{handle} has no {action_id}")

    # --- effects ---------------------------------------------------------------------------------------

    def _standing(self) -> tuple[dict[str, list[str]], int]:
        (refused,) = self._looking.execute("SELECT count(*) FROM audit WHERE event = 'refused'").fetchone()
        return self.state(), refused

    def _was_refused(self, before: tuple[dict[str, list[str]], int], handle: str, told: str) -> None:
        after = self._standing()
        assert told.startswith(REFUSALS), f"@{handle} was not refused: {told[:80]!r}"
        assert after[0] == before[0], f"@{handle} was refused, and yet something has changed"
        unread = told.startswith(UNREADABLE)
        assert unread or after[1] == before[1] + 1, f"that @{handle} was refused is not in the log"

    async def types_in_vain(self, handle: str, text: str) -> None:
        """Type a command in the room; it is refused without effect."""
        channel = self.sandbox.workspace.channel_named(self.room)
        assert channel is not None
        before = self._standing()
        command, _, rest = text.partition(" ")
        shown = await self.sandbox.interactions.command(self.person(handle).id, channel, command, rest)
        self._was_refused(before, handle, shown.text if shown is not None else "")

    async def presses_in_vain(self, handle: str, action: Json) -> None:
        """Press, with somebody's client, what is not posted for them; it is refused without effect."""
        before = self._standing()
        more = {k: v for k, v in action.items() if k not in ("action_id", "value")}
        value = action.get("value", "")
        told = await self.presses(self.person(handle), action["action_id"], value, **more)
        self._was_refused(before, handle, told)

    async def submits_in_vain(self, handle: str, view: View, **changes: Any) -> None:
        """Submit another person's form with somebody's client; it is refused without effect."""
        before = self._standing()
        answer = await self.submits(self.person(handle), view, **changes)
        self._was_refused(before, handle, said(answer))

    def _unsound(self, view: View) -> dict[str, Any]:
        """Return the form's values, with invalid content in every field that is not a choice of options.

        A person who may not submit it does not learn that it is invalid.
        """
        wrong = {**UNSOUND, "users_select": {"selected_user": self.sandbox.workspace.bot.id}}
        return {
            block_id: {name: here | wrong.get(here["type"], {}) for name, here in by_action.items()}
            for block_id, by_action in view.values.items()
        }

    def log(self) -> list[tuple[str, str | None]]:
        engine = sqlite_engine(make_url(f"sqlite:///{self.database}"), begin="BEGIN")
        try:
            entries = logged(engine, self.bot.database.keyring)
        finally:
            engine.dispose()
        return [(entry.event, entry.right) for entry in entries]

    def logged(self) -> set[tuple[str, str | None]]:
        """Return everything logged since the case was opened."""
        return set(self.log()[self._logged :])

    def used(self) -> set[str]:
        """Return the entry points used since then: words, action_ids, callback_ids, events."""
        found = set()
        for delivery in self.sandbox.workspace.deliveries[self._deliveries :]:
            payload = delivery.payload
            if "command" in payload:
                word = joined().vocabulary.find(split(payload["text"])[0])
                found.add(f"/{word.key}" if word is not None else "/")
            elif payload["type"] == "shortcut":
                found.add(f"shortcut {payload['callback_id']}")
            elif payload["type"] == "block_actions":
                found.add(str(payload["actions"][0]["action_id"]))
            elif payload["type"] == "view_submission":
                found.add(f"form {payload['view']['callback_id']}")
            elif payload["type"] == "event_callback":
                found.add(f"event {payload['event']['type']}")
        return found

    # --- the objects of buttons that are not posted yet -------------------------------------------------

    async def all(self, kind: type[T], **where: Any) -> list[T]:
        return await self.bot.database.read(lambda uow: uow.find(kind, **where))

    async def only(self, kind: type[T], **where: Any) -> T:
        (found,) = await self.all(kind, **where)
        return found

    async def case_id(self) -> str:
        return (await self.only(Case)).id

    async def meeting_id(self) -> str:
        """Return the id of the first meeting called."""
        return min(await self.all(Meeting), key=lambda m: m.called_at).id

    async def part(self, agency: str) -> str:
        """Return the id of an agency's part in the case."""
        return (await self.only(Involvement, agency_id=(await self.only(Agency, key=agency)).id)).id

    async def file(self) -> CaseFile:
        case_id = await self.case_id()
        file = await self.bot.database.read(lambda uow: uow.case_file(case_id))
        assert file is not None
        return file


def chosen(value: str) -> Any:
    """Return an option as Slack sends it when it is chosen."""
    return {"selected_option": {"text": {"type": "plain_text", "text": value}, "value": value}}


def all_chosen(*values: str) -> Any:
    """Return the same for a field that takes several."""
    return {"selected_options": [chosen(value)["selected_option"] for value in values]}


def elements_of(source: Message | Ephemeral | View | None) -> list[Json]:
    if source is None:
        return []
    blocks = source.blocks
    beside = [b["accessory"] for b in blocks if "accessory" in b]
    return [*beside, *(e for b in blocks for e in b.get("elements", ()))]


def acted(element: Json) -> Json:
    """Return the element as used: a button pressed, or the first option chosen."""
    action = {"type": element["type"], "action_id": element["action_id"], "block_id": "b"}
    if "value" in element:
        return action | {"value": element["value"]}
    return action | {"selected_option": element["options"][0]}


def filled_in(view: View, fill: Sequence[str], values: Mapping[str, Any]) -> None:
    """Fill in the given values; and the first option in every other field that is required, or in `fill`."""
    for block in view.blocks:
        if block["type"] != "input":
            continue
        name, element = block["block_id"], block["element"]
        here = view.values.setdefault(name, {}).setdefault("value", {"type": element["type"]})
        if name in values:
            here |= values[name]
        elif (name in fill or not block.get("optional")) and not any(list(here.values())[1:]):
            options = element.get("options") or []
            if options and element["type"] in ("static_select", "radio_buttons"):
                here["selected_option"] = options[0]
            elif options:
                here["selected_options"] = options[:1]
            elif element["type"] == "plain_text_input":
                here["value"] = "Ringe skolen"
            elif element["type"] == "datepicker":
                here["selected_date"] = f"{kit.STARTS + timedelta(days=14):%Y-%m-%d}"


def said(answer: Json) -> str:
    view = answer.get("view") or {"blocks": []}
    return "\n".join(b["text"]["text"] for b in view["blocks"] if b["type"] == "section")


def text_of(seen: Seen | None) -> str:
    return seen.text if seen is not None else ""
