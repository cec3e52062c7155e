"""Running an exercise: the cast, the clock, and waiting until the bot is idle."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sandbox.activity import Activity
from sandbox.cast import WORK_MAILS
from sandbox.exercises.step_gate import Actor, StepGate
from sandbox.exercises.ways import Action
from sandbox.mail.calendar import Entry, PartStat
from sandbox.mail.clients import Client
from sandbox.mail.servers import MailServers, SentMail
from sandbox.people.person import Person
from sandbox.people.visibility import CouldNot
from sandbox.server import Sandbox

ZONE = ZoneInfo("Europe/Oslo")
#: The start of most exercises, in office hours.
TUESDAY = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)
#: Rounds of «acknowledged, then delivered» after which the bot is taken to never become idle.
MOST_ROUNDS = 200
_HANDLES = {address: handle for handle, address in WORK_MAILS.items()}


class PlayingBot(Protocol):
    """The bot, with the methods that the runner needs."""

    async def idle(self) -> None:
        """Wait until nothing that is due is left to deliver."""

    async def clock_moved(self) -> None:
        """Notice that the clock has been moved."""

    async def next_due(self) -> datetime | None:
        """Return when the next delivery falls due, as an aware UTC datetime, or None."""


@dataclass(frozen=True)
class Chapter:
    """A heading of the exercise, and the index of the activity entry that it comes before."""

    before: int
    title: str
    text: str


class ExerciseRunner:
    """The sandbox, the bot and the mail servers that an exercise uses."""

    def __init__(self, sandbox: Sandbox, bot: PlayingBot, mail: MailServers | None = None) -> None:
        self.sandbox = sandbox
        self.mail = mail
        if mail is not None:
            mail.on_sent(self._mailed)
        self._bot = bot
        self._step_gate: StepGate | None = None
        self.chapters: list[Chapter] = []

    def with_step_gate(self, step_gate: StepGate) -> ExerciseRunner:
        """Return a copy of the runner with a gate before each step."""
        runner = copy.copy(self)
        runner._step_gate = step_gate
        runner.chapters = []
        return runner

    def person(self, handle: str) -> Person:
        sandbox = self.sandbox
        if self._step_gate is None:
            return sandbox.person(handle)
        actor = Actor(sandbox.workspace, sandbox.interactions, sandbox.activity, sandbox.user(handle))
        actor.step_gate = self._step_gate
        return actor

    @property
    def koordinator(self) -> Person:
        """The coordinator, who acts in every exercise."""
        return self.person("koordinator")

    def chapter(self, title: str, text: str = "") -> None:
        """Begin a new chapter of the exercise."""
        self.chapters.append(Chapter(len(self.sandbox.activity), title, text))

    def story(self) -> Iterator[Chapter | Activity]:
        """Yield all activity, with each chapter's heading before its activity."""
        chapters = list(self.chapters)
        for index, entry in enumerate(self.sandbox.activity):
            while chapters and chapters[0].before <= index:
                yield chapters.pop(0)
            yield entry
        yield from chapters

    def now(self) -> datetime:
        """Return the moved time, in Oslo."""
        return self.sandbox.clock.now().astimezone(ZONE)

    async def until_idle(self) -> None:
        """Wait until Slack's deliveries are acknowledged, the bot's are made, and nothing follows."""
        for _ in range(MOST_ROUNDS):
            before = self._activity()
            await self.sandbox.acked()
            if self.mail is not None:
                await self.mail.read()
            await self._bot.idle()
            if before == self._activity():
                return
        raise TimeoutError("the bot does not come to rest")

    def _activity(self) -> tuple[int, int, int]:
        workspace = self.sandbox.workspace
        mails = len(self.mail.sent) if self.mail is not None else 0
        return len(workspace.calls), len(workspace.deliveries), mails

    def _mailed(self, sent: SentMail) -> None:
        """Log a mail as its reader sees it: the subject and the text."""
        mail, words = sent.read()
        text = f"*{mail['Subject']}*\n{words}"
        who = _HANDLES.get(sent.recipient, sent.recipient)
        self.sandbox.activity.add("mail", who, "mail", text, frozenset({who}))
        self.sandbox.workspace.changes.notify()

    def answers(self, handle: str, partstat: PartStat, client: Client = "outlook", **how: str) -> None:
        """Answer the soonest invitation, or that of `uid`, as one of the cast or an address."""
        if self.mail is None:
            raise CouldNot(f"@{handle} has no mail here: play it with --mail")
        self.sandbox.activity.add("answers", handle, "mail", _in_words(partstat, client), frozenset({handle}))
        self.mail.answer(WORK_MAILS.get(handle, handle), partstat, client, **how)

    async def replies(self, handle: str, partstat: PartStat, client: Client = "outlook", **how: str) -> None:
        """Answer in the calendar of one of the cast at their turn, unless a user has done it."""
        action = Action(handle, "answers", "mail", _in_words(partstat, client))
        if self._step_gate is None or not await self._step_gate.turn(action):
            self.answers(handle, partstat, client, **how)

    def writes_back(self, handle: str, text: str) -> None:
        """Answer the newest mail to one of the cast in words."""
        if self.mail is None:
            raise CouldNot(f"@{handle} has no mail here: play it with --mail")
        self.sandbox.activity.add("writes_back", handle, "mail", text, frozenset({handle}))
        self.mail.write_back(WORK_MAILS[handle], text)

    def calendar(self, handle: str) -> list[Entry]:
        """Return the meetings in the calendar of one of the cast, soonest first."""
        return self.mail.invited(WORK_MAILS[handle]) if self.mail is not None else []

    async def sends(self, person: Person) -> None:
        """Submit the open form. Raise CouldNot if a field was refused."""
        errors = await person.submits()
        if errors:
            raise CouldNot(f"@{person.handle}'s form was refused: {errors}")

    async def is_refused(self, person: Person) -> dict[str, str]:
        """Submit a form to be refused. Raise CouldNot if it was accepted, unless a user played the part."""
        errors = await person.submits()
        if not errors and not (isinstance(person, Actor) and person.is_human):
            raise CouldNot(f"@{person.handle}'s form was accepted")
        return errors

    async def next_due(self) -> datetime | None:
        """Return when the bot's next delivery falls due, as an aware UTC datetime, or None."""
        return await self._bot.next_due()

    async def until(self, when: datetime) -> None:
        """Move the clock to `when` (aware), stopping at each delivery that falls due on the way."""
        if self._step_gate is not None:
            await self._step_gate.turn(Action("", "time", "", when.isoformat(timespec="minutes")))
        await self.until_idle()
        while True:
            due = await self._bot.next_due()
            if due is None or due >= when:
                break
            if due > self.sandbox.clock.now():
                self.sandbox.clock.move_to(due + timedelta(milliseconds=10))
            await self._bot.clock_moved()
            await self.until_idle()
        if when > self.sandbox.clock.now():
            self.sandbox.clock.move_to(when)
        await self._bot.clock_moved()
        await self.until_idle()

    async def later(self, **by: float) -> None:
        """Move the clock by a timedelta's arguments, such as `hours=2`."""
        await self.until(self.sandbox.clock.now() + timedelta(**by))

    def day(self, days: int, clock: str = "10:00") -> datetime:
        """Return a clock time in Oslo, `days` days from today."""
        date = (self.now() + timedelta(days=days)).date()
        return datetime.combine(date, time.fromisoformat(clock), ZONE)

    def working_day(self, days: int, clock: str = "10:00") -> datetime:
        """Return a clock time in Oslo on the `days`-th weekday (Monday to Friday) after today."""
        date = self.now().date()
        left = days
        while left > 0:
            date += timedelta(days=1)
            left -= date.weekday() < 5
        return datetime.combine(date, time.fromisoformat(clock), ZONE)

    def friday(self, clock: str = "21:00") -> datetime:
        """Return a clock time in Oslo on the next Friday on which it is in the future."""
        now = self.now()
        days = (4 - now.weekday()) % 7
        when = self.day(days, clock)
        return when if when > now else self.day(days + 7, clock)


def _in_words(partstat: PartStat, client: Client) -> str:
    said = {"ACCEPTED": "Ja", "DECLINED": "Nei", "TENTATIVE": "Kanskje"}[partstat]
    return f"{said} ({client.capitalize()})"


class Exercise(Protocol):
    """A module of `sandbox.exercises`."""

    TITLE: str
    SENTENCE: str
    STARTS: datetime

    async def play(self, runner: ExerciseRunner) -> None: ...
