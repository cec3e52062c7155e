"""The town of the stories: one bot, one Slack, and people who see and press visible words."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.cli.demo import PARTNERS, Rehearsal
from bot.cli.person import everything
from sandbox.activity import Activity, render_message
from sandbox.block_kit.elements import all_options
from sandbox.exercises.runner import ZONE, ExerciseRunner
from sandbox.faults import Fault
from sandbox.model import Channel, Message, User
from sandbox.people.person import Person
from sandbox.people.ui_actions import Target, buttons, find
from sandbox.people.visibility import CouldNot, Seen
from sandbox.settings import Settings
from tests.stories import changed

STARTS = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)
CONFIRM = "Jeg bekrefter taushetsplikten"
#: Seconds of real time within which a wait must end, however busy the machine is.
IN_TIME = 60.0
#: Words of the button that leads to a review of the people a form reaches.
_FIRST = ("Se over",)
#: The title of that review; and the coordinators, who hear of what one of them does.
_REVIEW, _COORDINATORS = "Se over og send", {"koordinator", "vara-koordinator"}
_LENGTHS = {"s": "seconds", "min": "minutes", "t": "hours", "d": "days"}


def quick() -> Settings:
    """Return Slack's rules, but events are resent soon, and a busy machine gets time; bench measures it."""
    return Settings(
        ack_seconds=20.0, trigger_seconds=20.0, retry_delays=(0.0, 0.2, 0.4), reach=IN_TIME, patience=IN_TIME
    )


class Townsperson:
    """A person. Each act ends when everything that follows from it has been delivered."""

    def __init__(self, town: Town, person: Person) -> None:
        self._town = town
        self.person = person

    @property
    def handle(self) -> str:
        return self.person.handle

    # --- acts

    async def types(self, text: str, in_: str = "#generelt") -> str:
        """Type a command; return the private answer, or nothing if it opened a form."""
        await self.puts_away()
        shown = await self.person.types(text, in_=in_)
        await self._town.rest()
        return shown.text if shown is not None else ""

    async def uses(self, shortcut: str) -> None:
        """Use a global shortcut by its name."""
        await self.puts_away()
        await self.person.uses(shortcut)
        await self._town.rest()

    async def presses(self, label: str, *, in_: str | None = None, near: str | None = None) -> None:
        """Press a button by its words: in the open form, otherwise in its newest place."""
        await self._looks(in_)
        await self.person.presses(label, in_=in_, near=near, within=0)
        await self._town.rest()

    def keeps(self, label: str, *, in_: str | None = None, near: str | None = None) -> Target:
        """Return a button as it is now, for a client that keeps showing it; pressed by `presses_kept`."""
        return find(label, buttons, self.person.surfaces(in_), self.person._names, near)

    async def presses_kept(self, kept: Target) -> str:
        """Press a kept button, whatever is there now; return the answer, or what opens."""
        await self.puts_away()
        before = len(self.whispers)
        await self.person.presses_this(kept)
        await self._town.rest()
        said = "\n".join([*self.whispers[before:], self.form]).strip()
        await self.puts_away()
        return said

    async def chooses(self, label: str, option: Any, *, in_: str | None = None) -> None:
        """Choose in a menu or a date by its words."""
        await self._looks(in_)
        await self.person.chooses(label, option, in_=in_, within=0)
        await self._town.rest()

    async def fills(self, fields: Mapping[str, Any]) -> None:
        """Fill in fields of the open form by their labels, or by part of them, and leave it open."""
        await self.person.fills(fields, within=0)
        await self._town.rest()

    async def sends(self, fields: Mapping[str, Any] | None = None) -> None:
        """Fill in fields, if any, and send the form; accept its review, if any."""
        reviewed = self.person.modal is not None and self.person.modal.submit in _FIRST
        await self.steps(fields)
        if reviewed and self.person.modal is not None and self.person.modal.submit:
            await self._accepted()

    async def steps(self, fields: Mapping[str, Any] | None = None) -> None:
        """Fill in fields and send the form; stop at the form that follows, such as a review."""
        await self.person.fills(fields or {}, within=0)
        await self._accepted()

    async def opens(
        self, what: str, *forms: Mapping[str, Any], in_: str | None = None, near: str | None = None
    ) -> str:
        """Type a command or press a button, and send its form or forms, if any; stop at the one that follows.

        Return what is then before them: the private answer, or the form, which stays open.
        """
        said = ""
        if what.startswith("/"):
            said = await self.types(what, in_=in_ or "#generelt")
        else:
            await self.presses(what, in_=in_, near=near)
        for fields in forms:
            await self.steps(fields)
        return said or self.form

    async def does(
        self, what: str, *forms: Mapping[str, Any] | str, in_: str | None = None, near: str | None = None
    ) -> None:
        """Do the same, accept the reviews, and close what is said about it.

        A button in a form that opens the next one is given by its words.
        """
        await self.opens(what, in_=in_, near=near)
        for fields in forms or ({},):
            await (self.presses(fields) if isinstance(fields, str) else self.sends(fields))
        await self.puts_away()

    async def looks_over(self, fields: Mapping[str, Any] | None = None) -> str:
        """Fill in fields and send the form; return what the next form shows, which stays open."""
        await self.steps(fields)
        return self.form

    async def _accepted(self) -> None:
        """Send the form. Before its review nobody is written to, then nobody else, except coordinators."""
        shown, form = self.person.modal, self.form
        before = len(self._town.runner.sandbox.activity)
        errors = await self.person.submits()
        if errors:
            raise CouldNot(f"@{self.handle}'s form was refused: {errors}")
        await self._town.rest()
        if self.person.modal is not None and self.person.modal.title == _REVIEW:
            assert not self._town.rung_since(before), "before anything was sent"
        elif shown is not None and shown.title == _REVIEW:
            told = self._town.runner.sandbox.activity.since(before)
            written = {who for m in told if _is_new(m) and m.place == "tot-bot" for who in m.seen_by}
            assert {who for who in written if f"@{who}" not in form} <= _COORDINATORS

    async def is_refused(self, fields: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Fill in fields, send the form and be refused; return label → what is wrong."""
        await self.person.fills(fields or {}, within=0)
        before = len(self._town.runner.sandbox.activity)
        errors = await self.person.submits()
        if not errors:
            raise CouldNot(f"@{self.handle}'s form was accepted")
        await self._town.rest()
        assert not self._town.rung_since(before), "a refused form is told to nobody"
        return errors

    async def _looks(self, place: str | None) -> None:
        """Close the open form before using a place behind it, which nobody can see."""
        if place not in (None, "modal"):
            await self.puts_away()

    async def puts_away(self) -> None:
        """Close every open form."""
        while self.person.modal is not None:
            await self.person.closes(whole_stack=True)
        await self._town.rest()

    async def picks(self, label: str, *forms: Mapping[str, Any], near: str | None = None) -> None:
        """Open «Valg» in the newest room, press this (it may be behind «Flere valg»), and send its forms."""
        await self.opens_choices(more=label not in await self.opens_choices())
        await self.presses(label, near=near)
        for fields in forms:
            await self.sends(fields)
        if forms:
            await self.puts_away()

    async def opens_choices(self, *, more: bool = False) -> list[str]:
        """Open «Valg» in the newest room, and «Flere valg» if `more`; return the words of its buttons."""
        if self.person.modal is None:
            await self.presses("Valg", in_=self._town.room)
        if more:
            await self.presses("Flere valg")
        return self.offers("modal")

    async def confirms(self) -> None:
        """Confirm taushetsplikt, as the message asks."""
        await self.presses(CONFIRM, in_="tot-bot")

    async def comes(self) -> None:
        """Confirm taushetsplikt, and say that they come."""
        await self.confirms()
        await self.presses("Jeg kommer", in_="tot-bot")

    async def writes(self, text: str, to: str = "tot-bot") -> None:
        await self.puts_away()
        await self.person.writes(text, to)
        await self._town.rest()

    async def leaves(self) -> None:
        """Leave the newest room."""
        await self.person.leaves(self._town.room)
        await self._town.rest()

    async def looks_at_home(self) -> str:
        """Open Home, and return it as read."""
        await self.puts_away()
        await self.person.opens_home()
        await self._town.rest()
        return self.person.home

    def __getattr__(self, act: str) -> Callable[..., Awaitable[None]]:
        """Return another act of the sandbox's person: `invites`, `mutes`, `is_deactivated`."""
        if act.startswith("_"):
            raise AttributeError(act)
        done = getattr(self.person, act)

        async def acts(*given: Any, **how: Any) -> None:
            await done(*given, **how)
            await self._town.rest()

        return acts

    # --- what they see

    @property
    def home(self) -> str:
        """Return Home as last published."""
        return self.person.home

    @property
    def form(self) -> str:
        """Return the open form as read, its title first; empty if none is open."""
        modal = self.person.modal
        return f"{modal.title}\n{modal.text}" if modal is not None else ""

    def choices(self, label: str) -> list[str]:
        """Return the choices in a field of the open form, by words of its label."""
        modal = self.person.modal
        assert modal is not None, f"@{self.handle} has no form open"
        inputs = [block for block in modal.view.blocks if block["type"] == "input"]
        (element,) = [b["element"] for b in inputs if label in b["label"]["text"]]
        return [str(option["text"]["text"]).replace("\u00a0", " ") for option in all_options(element)]

    @property
    def messages(self) -> list[str]:
        """Return the bot's direct messages, oldest first, as read."""
        return [seen.text for seen in self._from_the_bot()]

    @property
    def whispers(self) -> list[str]:
        """Return the bot's private answers, anywhere, oldest first."""
        return [seen.text for seen in self.person.whispers() if seen.sender == "tot-bot"]

    def files(self) -> list[tuple[str, bytes]]:
        """Return the bot's files for them, oldest first: name and content."""
        place = self.person.channel("tot-bot").id
        kept = self._town.runner.sandbox.workspace.files.values()
        return [(file.name, file.content) for file in kept if not file.deleted and place in file.channels]

    def reads(self, place: str) -> str:
        """Return all messages in a room that they are in."""
        return "\n---\n".join(self.person.reads(place))

    def sees(self, words: str, *also: str, in_: str | None = None) -> str:
        """Return the newest text before them with these words: a message, a form, Home. It does not wait.

        That text must have the words of `also` too.
        """
        texts = self._texts(in_)
        found = next((text for text in reversed(texts) if words in text), None)
        if found is None:
            newest = "\n---\n".join(texts[-5:])
            raise CouldNot(f"@{self.handle} sees no «{words}» {in_ or 'anywhere'}; the newest is:\n{newest}")
        if lacking := [each for each in also if each not in found]:
            raise CouldNot(f"@{self.handle} sees «{words}», but without {lacking}:\n{found}")
        return found

    def sees_no(self, words: str, *, but: str, in_: str | None = None) -> None:
        """Assert that these words are nowhere before them.

        `but` is what is seen instead, so that a changed spelling does not pass: by them, or, as `koordinator:
        Varaen`, by somebody else.
        """
        for text in self._texts(in_):
            if words in text:
                raise CouldNot(f"@{self.handle} does see «{words}»:\n{text}")
        handle, colon, seen = but.partition(": ")
        if colon and self._town.has(handle):
            self._town.person(handle).sees(seen)
        else:
            self.sees(but)

    def offers(self, in_: str | None = None) -> list[str]:
        """Return the words of every button before them, newest message first; of the form, if one is open."""
        return self.person.offered(in_)

    def _texts(self, place: str | None) -> list[str]:
        return self.person.texts(place)

    def _from_the_bot(self) -> list[Seen]:
        return [seen for seen in self.person.messages("tot-bot") if seen.sender == "tot-bot"]


class Town:
    """The people, the time, and calls held on their way."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.rehearsal = rehearsal
        self._people: dict[str, Townsperson] = {}
        self._heard = 0
        #: Whether submissions fail just now.
        self.fails = False
        #: People let in, and people who had confirmed, before the story began; its log begins there too.
        self.were_inside: frozenset[str] = frozenset()
        self.had_confirmed: frozenset[str] = frozenset()
        self.coordinators = {"koordinator", "vara-koordinator"}
        #: People whom others have let into a room: what they saw there is not leaked by the bot.
        self.let_in: set[str] = set()

    def starts_here(self, confirmed: Iterable[str] = ()) -> None:
        """Start the story here, and count messages from now on."""
        self._heard = len(self.runner.sandbox.activity)
        self.were_inside = frozenset(handle for room in self.rooms for handle in self.inside(room))
        self.had_confirmed = frozenset(confirmed)

    @property
    def runner(self) -> ExerciseRunner:
        return self.rehearsal.runner

    # --- people

    def __getattr__(self, name: str) -> Townsperson:
        """Return the person with this handle: `town.politi_exit` is @politi-exit."""
        handle = name.replace("_", "-")
        if name.startswith("_") or not self.has(handle):
            raise AttributeError(f"nobody is called @{handle}")
        return self.person(handle)

    def has(self, handle: str) -> bool:
        """Return whether anybody has this handle."""
        return any(user.handle == handle for user in self.runner.sandbox.workspace.users.values())

    def person(self, handle: str) -> Townsperson:
        if handle not in self._people:
            self._people[handle] = Townsperson(self, self.runner.person(handle))
        return self._people[handle]

    def people(self, handles: Iterable[str]) -> list[Townsperson]:
        return [self.person(handle) for handle in handles]

    def people_there(self) -> list[User]:
        """Return everybody who can use Slack, without the bot."""
        return [u for u in self.runner.sandbox.workspace.users.values() if not (u.is_bot or u.deleted)]

    def newcomer(self, handle: str, **traits: Any) -> Townsperson:
        """Return somebody who has just joined the workspace; `traits` are fields of the sandbox's User."""
        self.runner.sandbox.add_person(handle, **traits)
        return self.person(handle)

    # --- rooms

    @property
    def rooms(self) -> list[str]:
        """Return the names of case rooms, oldest first, including archived ones."""
        return [c.name for c in self.runner.sandbox.workspace.channels.values() if c.kind == "private"]

    @property
    def room(self) -> str:
        """Return the name of the newest room."""
        return self.rooms[-1]

    @property
    def code(self) -> str:
        """Return the case code of `room`."""
        return self.room.removeprefix("rom-")

    def inside(self, room: str | None = None) -> set[str]:
        """Return the handles of the people in a room."""
        return set(self.runner.sandbox.workspace.members(room or self.room)) - {"tot-bot"}

    def rooms_of(self, handle: str) -> list[str]:
        """Return the case rooms that somebody is in."""
        return [room for room in self.rooms if handle in self.inside(room)]

    def channel(self, room: str) -> Channel:
        found = self.runner.sandbox.workspace.channel_named(room)
        assert found is not None, f"there is no room {room}"
        return found

    def card(self, room: str | None = None) -> str:
        """Return the case's card, which is pinned in its room; empty if there is none."""
        channel = self.channel(room or self.room)
        pinned = [channel.messages[ts] for ts in channel.pins if ts in channel.messages]
        return self.read_by_nobody(pinned[0]) if pinned else ""

    def read_by_nobody(self, message: Message) -> str:
        """Return a message as it reads, independent of who may see it."""
        return render_message(self.runner.sandbox.workspace, message)

    # --- time

    @property
    def now(self) -> datetime:
        """Return the moved time, in Oslo."""
        return self.runner.now()

    async def rest(self) -> None:
        """Wait until everything due has been delivered and nothing follows from it."""
        await self.runner.until_idle()

    async def later(self, length: str) -> None:
        """Let `30 s`, `31 min`, `2 t` or `3 d` pass; what falls due on the way is delivered on time."""
        number, unit = length.split()
        await self.runner.later(**{_LENGTHS[unit]: float(number)})

    async def until(self, clock: str, *, days: int = 0) -> None:
        """Let time pass until a clock time in Oslo, today or `days` days from today."""
        await self.runner.until(self.runner.day(days, clock))

    async def rings_at(self, clock: str, *, days: int = 0) -> dict[str, int]:
        """Let time pass until a minute after a clock time; return what rings then: nothing may before."""
        at = self.runner.day(days, clock)
        await self.runner.until(at - timedelta(minutes=1))
        early = self.rings()
        assert not early, f"before {clock}: {early}"
        await self.runner.until(at + timedelta(minutes=1))
        return self.rings()

    async def bot_is_away(self, length: str) -> None:
        """Let time pass while the bot is away: what fell due meanwhile is late."""
        number, unit = length.split()
        self.runner.sandbox.clock.move(timedelta(**{_LENGTHS[unit]: float(number)}))
        await self.rehearsal.clock_moved()
        await self.rest()

    # --- what rang

    def rings(self) -> dict[str, int]:
        """Return how many new messages and mails each person has got since the previous call."""
        since, self._heard = self._heard, len(self.runner.sandbox.activity)
        return dict(sorted(self.rung_since(since).items()))

    def rung_since(self, entry: int) -> Counter[str]:
        """Return how many new messages and mails each person has got since this entry of the activity log."""
        moments = self.runner.sandbox.activity.since(entry)
        return Counter(h for m in moments if _is_new(m) for h in m.seen_by)

    async def rings_when(self, act: Awaitable[object]) -> dict[str, int]:
        """Return how many new messages and mails each person gets by this act alone."""
        self.rings()
        await act
        return self.rings()

    def mails(self, handle: str) -> list[str]:
        """Return the subjects of somebody's mails, by handle or by address, since the story began."""
        moments = self.runner.sandbox.activity.since(0)
        return [m.text.split("\n")[0].strip("*") for m in moments if m.kind == "mail" and m.who == handle]

    # --- faults

    def meets(self, kind: Any, method: str, **how: Any) -> Fault:
        """Make calls of this method meet a fault of the sandbox, by default once."""
        return self.runner.sandbox.faults.add(Fault(kind, method, **how))

    @contextlib.asynccontextmanager
    async def held(self, method: str, **how: Any) -> AsyncIterator[Fault]:
        """Hold the next call of the method without an answer; afterwards wait until all is delivered.

        Inside, people act by `town.person(…).person`, which does not wait for a rest that cannot come.
        """
        fault = self.meets("hang_before", method, **how)
        try:
            yield fault
        finally:
            self.runner.sandbox.faults.clear()
            await self.rest()

    @contextlib.contextmanager
    def nothing_carried_out(self) -> Iterator[None]:
        """Make submissions fail inside the block: the database (SQLite) takes no receipt."""

        def does(statement: str) -> None:
            path = self.rehearsal.bot.settings.database_url.removeprefix("sqlite:///")
            with contextlib.closing(sqlite3.connect(path)) as other, other:
                other.execute(statement)

        does("CREATE TRIGGER fails BEFORE INSERT ON receipts BEGIN SELECT RAISE(FAIL, 'on purpose'); END")
        self.fails = True
        try:
            yield
        finally:
            self.fails = False
            does("DROP TRIGGER fails")

    async def bot_restarts(self) -> None:
        """Stop the bot as told, and start it again on its database."""
        await self.rehearsal.restart()
        await self.rest()

    # --- what is done outside Slack

    async def partners_change(self, *words: tuple[str, str]) -> None:
        """Import the partners file again, with these words changed."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "partners.toml"
            path.write_text(changed(*words)(PARTNERS.read_text("utf-8")), "utf-8")
            await self.rehearsal.reads_in(path)
        await self.rest()

    async def keeps_of(self, handle: str) -> str:
        """Return all that `tot person export` finds of somebody; empty if nothing is kept."""
        who = self.person(handle).person.id
        return await everything(self.rehearsal.bot.database, who, "access") or ""

    async def jobs_run(self) -> None:
        """Run the recurring jobs, which are no deliveries: in real time each runs every hour or every day."""
        for job in self.rehearsal.bot.scheduler._scheduler.get_jobs():
            await job.func()
            await self.rest()

    # --- beginnings of stories

    async def police_send_a_deputy(self) -> None:
        """The police say that they cannot come; their deputy is approved, and confirms taushetsplikt."""
        await self.politi_exit.does("Kan ikke", {"i stedet": "Vakthavende"}, in_="tot-bot")
        await self.koordinator.presses("Godkjenn", in_="tot-bot")
        await self.politi_vakt.confirms()

    async def moves(self, when: str) -> str:
        """Move the next meeting as the coordinator; return what the review says."""
        await self.koordinator.types(f"/tot flytt {when}", in_=self.room)
        review = await self.koordinator.looks_over()
        await self.koordinator.sends()
        return review

    async def opens_case(
        self, *agencies: str, when: str = "i overmorgen kl 10", by: str = "koordinator", **fields: Any
    ) -> str:
        """Open a case with a meeting at a place, as a coordinator; return the name of its room."""
        before = set(self.rooms)
        opener = self.person(by)
        await opener.types(f"/tot sak {when}")
        wanted = {"Tjenester som spørres nå": list(agencies), "Sted": "Møterom Nord"}
        await opener.sends({**wanted, **{label.replace("_", " "): v for label, v in fields.items()}})
        await opener.puts_away()
        return next(name for name in self.rooms if name not in before)


def _is_new(moment: Activity) -> bool:
    """Return whether a phone rings: an edit rings none."""
    return moment.kind == "mail" or (moment.kind == "message" and moment.who == "tot-bot")
