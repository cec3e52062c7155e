"""In every story, before somebody does something: those who may not try the same, in vain.

They send what the permitted person is about to send: the same command in the same place, a button with the
same value, the same form filled in alike. They are refused in words, nothing
changes, and it is logged. Who may not is told by the access table and by what Slack shows: who is in a room,
to whom the bot has written, whose colleague somebody is. In one run each entry point is tried once by each
sort of person; `missing` names what no story has tried.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from typing import Any

from bot.domain.access import Action, Right
from bot.domain.audit import BOT, Event, done
from bot.domain.directory.entities import Contact, Coordinator, Person
from bot.domain.errors import Refusal
from bot.domain.language import Language
from bot.texts.words import words
from bot.usecases.ports import UnitOfWork
from handlers.slack.vocabulary import Audience, rows_of, split
from handlers.subjects import joined
from sandbox.activity import render_message
from sandbox.model import Channel, Json, View
from tests.e2e import kit
from tests.handlers import forged
from tests.ledgers import logged

#: How every refusal begins, in each language. The tests of refusals check the rest of the text.
UNREADABLE = tuple(words(language)("refused.unreadable").partition(".")[0] for language in Language)
REFUSALS = UNREADABLE + tuple(
    words(language)(f"refused.{refusal.value}").partition(".")[0]
    for language in Language
    for refusal in (
        *(Refusal.NOT_ALLOWED, Refusal.COORDINATORS_ONLY, Refusal.MEMBERS_ONLY),
        *(Refusal.CHAIRS_ONLY, Refusal.IN_THE_ROOM),
    )
)
#: Entry points whose object is everybody's who is asked: each contact answers for themselves.
FOR_EACH = frozenset(
    {
        *("time_suits", "time_not", "no_time", "drill_received"),
        *("joint_comes", "joint_stays_away", "form choose_agency"),
    }
)
#: Entry points where each in the room does it for their own agency, and the coordinators for any.
FOR_EACH_IN_THE_ROOM = frozenset({"take_need"})
#: Rights to what is a person's own, or their agency's.
_OWN = frozenset({Right.OWN, Right.LEADER, Right.ASKED, Right.INVITED})
_IN_THE_ROOM = frozenset({Right.SEAT_HOLDER, Right.DEPUTY, Right.LIAISON})
#: Entry points that no story uses, and rows that none logs → the test that does.
ELSEWHERE = {
    "cleared": "tests/handlers/test_intruders.py",
    Action.CLEAR_LEFTOVERS: "tests/handlers/test_intruders.py",
}
#: Not logged: the time of an answer would reveal how fast people are.
UNLOGGED = {Action.ANSWER_DRILL}
Rows = tuple[Action, ...]
#: What has been tried, by whom, and what was logged, in this process; and what of it `tried` has told.
_TRIED: set[str] = set()
_TOLD: set[str] = set()
_WRITTEN, _GUARDED = " is written in", " is guarded"


def entry_points() -> dict[str, Rows]:
    """Return every button, form and command that somebody is refused, with the rows that allow it.

    Commands for contacts give each their own form: those are tried.
    """
    subjects = joined()
    for_contacts = (Audience.CONTACT, Audience.ANYONE)
    found = {
        **{f"/{c.key}": rows_of(c.may) for c in subjects.commands if c.audience not in for_contacts},
        **{str(button.id): rows_of(button.may) for button in subjects.buttons},
        **{f"form {form.id}": rows_of(form.may) for form in subjects.forms},
    }
    return {name: rows for name, rows in found.items() if not any(Right.ANYONE in r.rights for r in rows)}


def tried() -> set[str]:
    """Return what has been tried and logged in this process since the last call."""
    new = _TRIED - _TOLD
    _TOLD.update(new)
    return new


def missing(found: set[str]) -> set[str]:
    """Return what is not among all that the stories of a run have tried."""
    rows = set(Action) - UNLOGGED - ELSEWHERE.keys()
    return {
        *(f"{name} is refused to a stranger" for name in entry_points().keys() - ELSEWHERE.keys()),
        *(f"{event} is logged" for event in {done(row).value for row in rows}),
        *(each.replace(_WRITTEN, _GUARDED) for each in found if each.endswith(_WRITTEN)),
    } - found


class Intruders:
    def __init__(self, town: Any) -> None:
        self.town = town
        self.sandbox = town.runner.sandbox
        self.workspace = self.sandbox.workspace
        self._points = entry_points()
        self._idle = town.runner.until_idle
        self._rested: object = None
        self._let_in = set(town.were_inside)
        self._coordinators: set[str] = set()
        self._contacts: set[str] = set()
        interactions = self.sandbox.interactions
        self._command, self._in_message = interactions.command, interactions.act_in_message
        self._in_view, self._submit = interactions.act_in_view, interactions.submit
        interactions.command, interactions.act_in_message = self.command, self.act_in_message
        interactions.act_in_view, interactions.submit = self.act_in_view, self.submit
        town.runner.until_idle = self.until_idle

    async def until_idle(self) -> None:
        await self._idle()
        self._rested = self.town.runner._activity()

    # --- what a permitted person does

    async def command(self, user: str, channel: Channel, command: str, text: str) -> Any:
        word = joined().find(split(text)[0])
        if word is not None:

            async def same(other: str) -> str:
                shown = await self._command(other, channel, command, text)
                return render_message(self.workspace, shown) if shown else forged.opened(self.sandbox, other)

            await self._tried(f"/{word.key}", user, same)
        return await self._command(user, channel, command, text)

    async def act_in_message(self, user: str, message: Any, action: Json) -> None:
        await self._pressed(user, action)
        await self._in_message(user, message, action)

    async def act_in_view(self, user: str, view: View, action: Json) -> None:
        await self._pressed(user, action)
        await self._in_view(user, view, action)

    async def submit(self, user: str, view: View) -> None:
        async def same(other: str) -> str:
            return forged.said(await forged.submits(self.sandbox, other, view))

        await self._tried(f"form {view.payload['callback_id']}", user, same)
        await self._is_guarded(user, view)
        await self._submit(user, view)

    # --- the same by others

    async def _pressed(self, user: str, action: Json) -> None:
        async def same(other: str) -> str:
            return await forged.presses(self.town.runner, other, action, self._in_message)

        await self._tried(action["action_id"], user, same)

    async def _is_guarded(self, user: str, view: View) -> None:
        """No text field accepts forbidden content."""
        for block in view.inputs:
            field = f"form {view.payload['callback_id']}, {block['block_id']}"
            texts = block["element"]["type"] == "plain_text_input" and not self._is_disturbed()
            if texts and f"{field}{_GUARDED}" not in _TRIED:
                _TRIED.add(f"{field}{_WRITTEN}")
                written = {"value": {"type": "plain_text_input", "value": "kari@example.no"}}
                answer = await forged.submits(
                    self.sandbox, user, view, view.values | {block["block_id"]: written}
                )
                if block["block_id"] in answer.get("errors", {}):
                    _TRIED.add(f"{field}{_GUARDED}")
                await self.until_idle()

    async def _tried(self, name: str, user: str, same: Callable[[str], Awaitable[str]]) -> None:
        """Have everybody who may not do the same, unless somebody of their sort has."""
        for room in self.town.rooms:
            self._let_in |= self.town.inside(room)
        if name not in self._points or self._is_disturbed():
            return
        presser = self.workspace.handle(user)
        self._coordinators, self._contacts = await self._directory()
        members = (each for each in self.town.people_there() if not (each.is_stranger or each.is_restricted))
        for other in (each.handle for each in members):
            if other == presser or self._may(other, presser, name):
                continue
            once = f"{name} is refused to {self._sort(other)}"
            if once not in _TRIED:
                _TRIED.add(once)
                with self._traceless(other) as id:
                    before = await self._seen()
                    said = await same(id)
                    await self.until_idle()
                    after = await self._seen()
                assert said.startswith(REFUSALS), f"@{other} does {name} of @{presser}: {said[:80]!r}"
                assert after[0] == before[0], f"@{other} was refused {name}, and yet something has changed"
                unread = said.startswith(UNREADABLE)
                assert unread or after[1] == before[1] + 1, f"that @{other} was refused {name} is not logged"

    def _is_disturbed(self) -> bool:
        """Return whether the story has faults on, or has not come to rest: then nothing can be compared."""
        mail = self.town.runner.mail
        faults = any(fault.times for fault in self.workspace.faults._active)
        faults = faults or (mail is not None and mail.faults.busy)
        return faults or self.town.fails or self._rested != self.town.runner._activity()

    @contextlib.contextmanager
    def _traceless(self, handle: str) -> Iterator[str]:
        """Yield the person's id; afterwards they have before them what they had."""
        id, workspace = self.workspace.user(handle).id, self.workspace
        whispers, forms = list(workspace.ephemerals), workspace.stacks.pop(id, None)
        try:
            yield id
        finally:
            workspace.ephemerals[:] = whispers
            workspace.stacks.pop(id, None)
            workspace.channels.pop(forged.channel_of(id), None)
            if forms is not None:
                workspace.stacks[id] = forms

    # --- who may

    async def _directory(self) -> tuple[set[str], set[str]]:
        """Return the handles of the coordinators, and of the contacts of all agencies."""

        def listed(uow: UnitOfWork) -> tuple[set[str | None], set[str | None]]:
            def ids(entries: Iterable[Coordinator | Contact]) -> set[str | None]:
                return {p.slack_id for e in entries if (p := uow.get(Person, e.person_id)) is not None}

            teams = uow.teams()
            coordinators = (c for team in teams for c in uow.coordinators(team.id))
            contacts = (c for team in teams for a in uow.agencies(team.id) for c in uow.contacts(a.id))
            return ids(coordinators), ids(contacts)

        users = self.workspace.users
        first, second = await self.town.rehearsal.bot.database.read(listed)
        return {users[i].handle for i in first & users.keys()}, {
            users[i].handle for i in second & users.keys()
        }

    def _may(self, other: str, presser: str, name: str) -> bool:
        """Return whether this person might have a right to what the presser is about to do."""
        rights = frozenset[Right]().union(*(row.rights for row in self._points[name]))
        coordinates, inside = other in self._coordinators, bool(self.town.rooms_of(other))
        if name in FOR_EACH_IN_THE_ROOM:
            return inside
        if name in FOR_EACH:
            return other in self._contacts or (coordinates and Right.TEAM_COORDINATOR in rights)
        if coordinates and rights & {Right.TEAM_COORDINATOR, Right.CASE_COORDINATOR}:
            return Right.TEAM_COORDINATOR in rights or other in self._let_in
        led = presser in self._coordinators
        theirs = led or (not coordinates and other.split("-")[0] == presser.split("-")[0])
        return bool(
            (rights & _OWN and theirs and (self._is_written_to(other) or other.endswith("-leder")))
            or (rights & _IN_THE_ROOM and inside)
            or (Right.CHAIR in rights and inside and (led or name.startswith("/")))
            or (Right.OWN_PART in rights and inside and theirs)
            or (Right.LEFT_AT_CLOSING in rights and other in self._let_in and theirs)
        )

    def _is_written_to(self, handle: str) -> bool:
        person = self.sandbox.person(handle)
        return "tot-bot" in person.channels() and any(
            s.sender == "tot-bot" for s in person.messages("tot-bot")
        )

    def _sort(self, handle: str) -> str:
        if handle not in self._coordinators | self._contacts:
            return "a stranger"
        who = "a coordinator" if handle in self._coordinators else "a contact"
        return f"{who} {'in a room' if self.town.rooms_of(handle) else 'in no room'}"

    # --- the log

    async def _seen(self) -> tuple[kit.Dump, int]:
        """Return what is stored, and how many refusals are logged."""
        bot = self.town.rehearsal.bot
        refused = sum(entry.event == Event.REFUSED for entry in await logged(bot.database))
        return await kit.dump(bot), refused

    async def is_logged_as_allowed(self) -> None:
        """Check that each act was logged under a right of its row, and note which were."""
        rights = {done(row).value: row.rights for row in Action if done(row).value == row.value}
        for entry in await logged(self.town.rehearsal.bot.database):
            _TRIED.add(f"{entry.event} is logged")
            allowed = rights.get(entry.event)
            by_itself = entry.actor == BOT
            assert by_itself or allowed is None or entry.right in allowed, (entry.event, entry.right)


@contextlib.asynccontextmanager
async def before_each_act(town: Any, url: str) -> AsyncIterator[None]:
    """Let intruders try what the people of this story do; on SQLite alone, as most stories are."""
    intruders = Intruders(town) if url.startswith("sqlite") else None
    await town.rest()
    yield
    if intruders is not None:
        await intruders.is_logged_as_allowed()
