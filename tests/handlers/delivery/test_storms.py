"""Storms over the whole bot: random faults, after which Slack shows the same as in calm.

People do the same in a calm play and in stormy ones, where calls fail, have their effect without an answer,
or land late, Slack is down or busy, or lets nobody be written to in a direct message; the bot is discarded at
some call and recreated on its database, its machine's clock is wrong, and a backup is restored. Time is
virtual: the clock moves to the next due time. The seed determines everything except which thread comes first.
`TOT_LONG_STORMS=50` with `-m slow` tries fifty more.

Protections removed manually: without the read-back or the mark before a call every script fails, without the
search for copies five of eight, without the order to one person one of five. None of five noticed when posted
messages were not rewritten after an uncertain attempt.

Two things may still ring twice: a card that lands when the bot that made it is gone; and a file, which is
posted again where its upload was not answered, since its content is unknown.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.app import Bot
from bot.cli.manifest import MANIFEST
from bot.domain.case.entities import Case, Phase
from bot.domain.directory.entities import Ground, Person, Reason
from bot.domain.errors import TotError
from bot.domain.notifications import Kind
from bot.usecases import answers, case, lifecycle, meeting
from bot.usecases.involvement import agencies
from bot.usecases.involvement.acknowledgement import acknowledge
from bot.usecases.involvement.summons import AgencyChoice
from bot.usecases.ports import Posted, UnitOfWork
from bot.usecases.validation import Letters, MeetingPlan
from sandbox.activity import render_message
from sandbox.cast import CAST
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Faults
from sandbox.model import Change, Json, Message
from sandbox.server import Sandbox
from sandbox.workspace import Workspace
from tests.databases import SQLITE_FIRST, put_back, sqlite_url
from tests.e2e import kit
from tests.e2e.bot_process import MachineClock, settings_of

#: No bot starts without these: tests/e2e tests how it waits for them.
OF_THE_START = ("auth.test", "apps.connections.open")
#: The calls of which one is held, and the probability for each next one.
TELLING = ("chat.postMessage", "chat.update", "files.completeUploadExternal", "conversations.create")
HELD = 0.4
KINDS = ("reset_before", "reset_after", "5xx_before", "5xx_after", "late", "ratelimited")
#: The longest that a call takes to land when nobody waits for it any more.
LANDS_WITHIN = timedelta(seconds=15)
#: Turns of the event loop: more than a sent request needs to reach Slack.
TURNS = 300
#: When an entry that is due and not taken is checked again.
SOON = timedelta(seconds=20)
#: The number of acts, the minutes between them, and how often each occurs.
ACTS, GAPS = 10, (0.0, 0.0, 0.25, 0.25, 12.0, 18.0, 40.0, 70.0)
ONCE, TWICE = ["calls off", "closes"], ["declines", "moves", "releases", "invites"]
OFTEN = [*ONCE, *2 * TWICE, *4 * ["comes"], *8 * ["confirms"]]
#: Seconds between two messages in calm for which a storm must keep their order; and seconds for which a
#: retried message may make later ones wait (`handlers.delivery.order`).
APART, PATIENCE = 5.0, 55.0
#: A script with many acts; the number of storms for each script, and more scripts.
FIRST, STORMS, MORE = 9, 3, int(os.environ.get("TOT_LONG_STORMS", "0"))
#: The readers, and the text without what differs between plays.
Read = tuple[frozenset[str], str]


class Weather(Faults):
    """Random faults: each kind with probability `rate`; while Slack is `out` all calls fail.

    A call's fault depends on the call, not on thread order. If it is `to_hold` one, a call that tells
    somebody is held. At `release` it is answered, and late calls land.
    """

    def __init__(self, workspace: Workspace, seed: str) -> None:
        super().__init__(workspace.changes.notify)
        self._workspace, self._seed, self._calls = workspace, seed, Counter[str]()
        self.rate, self.out, self.to_hold, self.held = 0.0, False, False, asyncio.Event()
        #: Channels in which Slack lets the bot write to nobody.
        self.refused: frozenset[str] = frozenset()
        #: Keys of the messages about to land; empty for calls without one.
        self.landing: set[str] = set()

    def hit(self, method: str, arguments: Json) -> Fault | None:
        if method == "chat.postMessage" and arguments["channel"] in self.refused:
            return Fault("error", code="user_disabled")
        channel = self._workspace.channels.get(str(arguments.get("channel")))
        place = arguments.get("channel") if channel is None else "" if channel.is_room else channel.members
        self._calls[call := f"{method} {place}"] += 1
        chance = Random(f"{self._seed} {call} {self._calls[call]}")  # noqa: S311
        # For some people more calls fail.
        rate = self.rate * (4 if Random(f"{self._seed} {place}").random() < 0.3 else 1)  # noqa: S311
        kind: Any = next((kind for kind in KINDS if chance.random() < rate), None)
        if self.out:
            kind = "5xx_before"
        elif self.to_hold and method in TELLING and chance.random() < HELD:
            kind, self.to_hold = chance.choice(("delayed", "slow")), False
            self.held.set()
        if kind is None or method in OF_THE_START:
            return None
        if kind in ("late", "delayed"):
            self.landing.add(key_of(arguments.get("metadata")))
        return Fault(kind, retry_after=chance.randint(1, 30))

    def release(self) -> None:
        super().release()
        self.landing.clear()
        self.held.clear()


def key_of(metadata: object) -> str:
    """Return a message's key, from its metadata as sent or as kept."""
    return str(metadata).partition("op_id")[2].strip("\"': ")[:32]


class Play:
    """Acts of people by one random source, faults by another; without a `storm` there are no faults."""

    def __init__(self, url: str, folder: Path, sandbox: Sandbox, script: int, storm: int | None) -> None:
        self._url, self._folder, self._sandbox, self._calm = url, folder, sandbox, storm is None
        self._script, self._chance = Random(script), Random(seed := f"{script} {storm}")  # noqa: S311
        self._at = sandbox.clock.now()
        self.weather = sandbox.workspace.faults = Weather(sandbox.workspace, seed)
        if script % 2:
            direct = sandbox.workspace.direct(sandbox.workspace.bot.id, CAST["barnevern"])
            self.weather.refused = frozenset((direct.id, CAST["barnevern"]))
        self._lands_at: datetime | None = None
        #: What was done, the same in every play; and the same with the faults.
        self.done, self.said = list[str](), list[str]()
        self.ended: list[datetime] = []
        self.confirmed = {CAST["koordinator"]}
        #: Keys of messages that may ring twice: they landed when the bot that had sent them was gone.
        self.orphans = Counter[str]()
        #: Each message's case number and kind, by channel and timestamp.
        self.remembered: dict[tuple[str, str], tuple[int, Kind]] = {}

    async def play(self) -> None:
        await self._start()
        try:
            await kit.know_partners(self._bot.database)
            for number in range(ACTS):
                await self._act("opens" if number < 2 else self._script.choice(OFTEN))
                minutes = {0: 0.25, ACTS - 2: 1200.0}.get(number) or self._script.choice(GAPS)
                self._at += timedelta(minutes=minutes)
                if not self._calm:
                    await self._hinder(minutes)
                if minutes:
                    await self._until(self._at)
            self.weather.rate, self.weather.out, self.weather.to_hold = 0.0, False, False
            await self._until(self._at + timedelta(minutes=5))
            self.remembered = await self._bot.database.read(_remembered)
        finally:
            await self._bot.stop()

    # --- what goes wrong

    async def _hinder(self, minutes: float) -> None:
        chance, weather, began = self._chance, self.weather, self._sandbox.clock.now()
        weather.rate, weather.to_hold = chance.choice((0.0, 0.02, 0.06)), chance.random() < 0.8
        if not minutes:  # the next act is done while a call is held
            await self._is_held()
            return
        a_while = began + timedelta(minutes=min(minutes / 3, chance.uniform(0.5, 3)))
        # Acts repeated after a restore get that later date: much later they would read differently.
        long, short = minutes > 10, minutes < 20
        match chance.choice(("nothing", "out", "clock" if long else "out", "restore" if short else "out")):
            case "out":
                self._say("Slack is out")
                weather.out = True
                await self._until(a_while)
                weather.out = False
            case "clock":
                await self._rest()
                wrong = chance.choice((-3600, -1200, -120, 120, 1200, 3600))
                self._say(f"the clock is wrong by {wrong} s")
                (self._folder / "clock-wrong").write_text(str(wrong), "ascii")
                await self._until(a_while)
                (self._folder / "clock-wrong").unlink()
            case "restore" if long:
                await self._rest()
                backup = self._folder / f"{len(self.said)}.backup"
                await self._bot.database.back_up(backup)
                await self._until(self._at - timedelta(minutes=1))
                await self._throw_away("a backup is put back")
                put_back(self._url, backup, self._sandbox.clock.now())
                await self._start()

    async def _throw_away(self, why: str) -> None:
        """Discard everything at once: what has been sent to Slack or to the database continues there."""
        self._say(why)
        self.ended.append(self._sandbox.clock.now())
        await self._bot.dispatcher.stop(grace=0)
        await self._bot.stop()
        for _ in range(TURNS):  # calls that Slack does not hold take effect before another bot checks
            await asyncio.sleep(0)
        self.orphans.update(self.weather.landing)
        self.weather.held.clear()

    async def _start(self) -> None:
        clock = str(self._folder / "clock")
        self._bot = Bot(settings_of(self._sandbox.api_url, self._url, clock), MachineClock(clock))
        await self._bot.start()

    # --- time

    async def _rest(self) -> None:
        """Wait until nothing is due. If a call is held meanwhile the bot usually ends."""
        while await self._is_held():
            how = self._chance.choice(("lands later", "lands later", "answered", "goes on"))
            if how != "lands later":
                self.weather.release()
            if how == "answered":
                # It ends before, while or after it stores the answer.
                for _ in range(self._chance.randint(0, 60)):
                    await asyncio.sleep(0)
            if how != "goes on":
                await self._throw_away("the bot ends")
                self._sandbox.clock.move(timedelta(seconds=self._chance.uniform(0, 5)))
                await self._start()

    async def _is_held(self) -> bool:
        """Return whether a call is held before nothing is due."""
        held, idle = map(asyncio.create_task, (self.weather.held.wait(), self._bot.dispatcher.idle()))
        await asyncio.wait({held, idle}, return_when=asyncio.FIRST_COMPLETED)
        rests = idle.done()
        held.cancel()
        idle.cancel()
        return not rests

    async def _until(self, when: datetime) -> None:
        """Let time pass, and stop whenever something is due, or lands, on the way."""
        clock, weather = self._sandbox.clock, self.weather
        await self._rest()
        while (now := clock.now()) < when:
            if weather.landing and self._lands_at is None:
                self._lands_at = now + LANDS_WITHIN * self._chance.random()
            due_in = await self._bot.database.outbox.next_due_in()
            due = when if due_in is None else now + (due_in if due_in > timedelta(0) else SOON)
            clock.move_to(max(now, min(when, due, self._lands_at or when)) + timedelta(milliseconds=5))
            if self._lands_at is not None and self._lands_at <= clock.now():
                self._lands_at = None
                weather.release()
                await asyncio.sleep(0.01)
            self._bot.dispatcher.notify()
            await self._rest()

    def _say(self, what: str) -> None:
        self.said.append(f"{self._sandbox.clock.now():%a %H:%M:%S} {what}")

    # --- what people do

    async def _act(self, act: str) -> None:
        x, y, at = self._script.random(), self._script.random(), self._at
        try:
            who = await self._bot.database.write(lambda uow: do(uow, act, at, x, y))
            self.confirmed |= {who} if act == "confirms" else set()
        except (TotError, IndexError) as refused:
            who = type(refused).__name__
        self.done.append(f"{act}: {who}")
        self._say(self.done[-1])


def do(uow: UnitOfWork, act: str, at: datetime, x: float, y: float) -> str:
    """Let somebody do it in a case; return their Slack id. Who and which is the same in every play."""
    (team,) = uow.teams()
    people = {p.id: p for p in uow.find(Person) if p.slack_id is not None}
    who = me = next(p for p in people.values() if p.slack_id == CAST["koordinator"])
    keys = {agency.key: agency.id for agency in uow.agencies(team.id)}
    starts_at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=27 + int(y * 20))
    plan = MeetingPlan(starts_at, starts_at + timedelta(hours=1), "Møterom Nord")

    def pick(things: Iterable[Any], place: Callable[[Any], Any]) -> Any:
        return (ordered := sorted(things, key=place))[int(y * len(ordered))]

    def theirs(things: Iterable[Any]) -> Any:
        on_slack = (thing for thing in things if thing.live and thing.person_id in people)
        return pick(on_slack, lambda thing: (people[thing.person_id].slack_id, thing.asked_at))

    cases = [uow.case_file(each) for each in in_order(uow)]
    file: Any = cases[int(x * len(cases))] if cases else None
    ahead = [(m.id, m.sequence) for m in file.meetings if m.live and m.starts_at > uow.now] if cases else []
    match act:
        case "opens":
            asks = ("politi", "barnevern", "sosialtjenesten", "helse")[: 2 if y < 0.5 else 4]
            chosen = tuple(AgencyChoice(keys[key], "A", Reason.FOLLOW_UP, Ground.LEGAL) for key in asks)
            command = case.OpenCase(team.id, Phase.ACUTE, 1, chosen, plan)
            case.open_case(uow, me, command, case.review_case(uow, me, command))
        case "confirms":
            seat = theirs(seat for seat in file.seats if not seat.confirmed)
            acknowledge(uow, who := people[seat.person_id], seat.id)
        case "comes" | "declines":
            ask = theirs(ask for ask in file.asks if not file.awaits_confidentiality(ask))
            answer = answers.confirm_attendance if act == "comes" else answers.decline
            answer(uow, who := people[ask.person_id], ask.id, ask.sequence)
        case "moves":
            move = meeting.PlanMeeting("", *ahead[0], meeting=plan)
            meeting.plan_meeting(uow, me, move, meeting.review_meeting(uow, me, move))
        case "calls off":
            meeting.cancel_meeting(uow, me, *ahead[0])
        case "releases":
            part = pick(file.current(), lambda part: file.agencies[part.agency_id].key)
            agencies.release_agency(uow, me, part.id)
        case "invites":
            invite = agencies.InviteAgency(file.case.id, agency=keys[pick(keys, str)], persons=Letters("A"))
            agencies.invite_agency(uow, me, invite, agencies.review_invitation(uow, me, invite))
        case "closes":
            lifecycle.close_case(uow, me, file.case.id)
    return str(who.slack_id)


def in_order(uow: UnitOfWork) -> list[str]:
    return [each.id for each in sorted(uow.find(Case), key=lambda each: each.opened_at)]


def _remembered(uow: UnitOfWork) -> dict[tuple[str, str], tuple[int, Kind]]:
    cases = in_order(uow)
    return {(p.channel_id, p.ts): (cases.index(p.case_id), p.kind) for p in uow.find(Posted) if p.case_id}


class Witness:
    """Sees only Slack: what rings, who reads what, and what is finally posted."""

    def __init__(self, sandbox: Sandbox, play: Play) -> None:
        self._sandbox, self._workspace, self.play = sandbox, sandbox.workspace, play
        self.rang_twice, self.escaped = Counter[str](), list[str]()
        self._in_rooms = set[str]()
        #: Each direct message in order of arrival.
        self._came: list[tuple[Read, Message]] = []
        sandbox.workspace.on_change(self._changed)

    def _changed(self, change: Change) -> None:
        """Nobody who has never confirmed taushetsplikt reads a case's code, or where it meets."""
        message, workspace = change.message, self._workspace
        if not isinstance(message, Message) or not message.by_bot or change.kind == "message_deleted":
            return
        readers, words = read = self._read(message)
        if "KODE" in words or "Møterom Nord" in words:
            may = workspace.handles({workspace.bot.id, *self.play.confirmed})
            self.escaped += [f"@{who} reads: {words}" for who in readers - may]
        if change.kind == "message_posted":
            channel, key = workspace.channels[message.channel], key_of(message.metadata)
            self.rang_twice[key] += sum(key_of(m.metadata) == key for m in channel.messages.values()) > 1
            if channel.is_room:
                self._in_rooms.add(key)
            else:
                self._came.append((read, message))

    def _read(self, message: Message) -> Read:
        """The order of names also differs between plays."""
        rooms = kit.rooms(self._sandbox)
        codes = "|".join(rf"\b{room.removeprefix('rom-')}\b" for room in rooms) or "(?!)"
        words = re.sub(codes, "KODE", render_message(self._workspace, message))
        words = re.sub(r"kl\. \d+(:\d\d)?|\b\d\d:\d\d\b", "TID", kit.neutral(words))
        members = self._workspace.channels[message.channel].members
        return self._workspace.handles(members), "\n".join(sorted(words.split("\n")))

    def stands(self) -> Counter[Read]:
        """Return messages by readers; coordinators are told of missing ones when Slack says so."""
        messages = [m for c in self._workspace.channels.values() for m in c.messages.values() if m.by_bot]
        found = Counter(map(self._read, messages))
        for untold in [read for read in found if "kom ikke fram" in read[1]]:
            del found[untold]
            found[frozenset(), untold[1]] = 1
        return found

    def came(self) -> dict[tuple[frozenset[str], bool], dict[Any, float]]:
        """Return when each reader's messages first came, urgent ones apart, none about deliveries."""
        found: dict[tuple[frozenset[str], bool], dict[Any, float]] = {}
        for (readers, words), message in self._came:
            of = self.play.remembered.get((message.channel, message.ts))
            if of is not None and of[1] is not Kind.NOT_DELIVERED:
                found.setdefault((readers, of[1].urgent), {}).setdefault((of, words), float(message.ts))
        return found

    def wrong(self, calm: Witness) -> Iterator[str]:
        """Yield what differs from the calm play, and may not."""
        should, does = calm.stands(), self.stands()
        yield from (f"missing: {each}" for each in should - does)
        yield from (f"should not stand: {each}" for each in does - should)
        yield from self.escaped
        for key in filter(None, self.rang_twice):
            if self.rang_twice[key] > (self.play.orphans[key] if key in self._in_rooms else 0):
                yield f"rang again as it stood: {key}"
        all_came = self.came()
        for reader, due in calm.came().items():
            came = all_came.get(reader, {})
            for first, then in permutations(due.keys() & came.keys(), 2):
                # The order is in the memory of one process.
                ends = (at.timestamp() for at in self.play.ended)
                forgotten = any(due[first] - APART < end < came[first] for end in ends)
                waited_for = came[first] - due[first] < PATIENCE and not forgotten
                if due[then] - due[first] > APART and came[then] < came[first] and waited_for:
                    yield f"{reader} got {then!r} before {first!r}"


@pytest.mark.long
@pytest.mark.parametrize("script", [FIRST, *(pytest.param(n, marks=pytest.mark.slow) for n in range(MORE))])
@pytest.mark.parametrize("kind", SQLITE_FIRST)
async def test_at_last_it_is_as_if_nothing_had_failed(
    request: pytest.FixtureRequest, migrated_sqlite: Path, tmp_path: Path, kind: str, script: int
) -> None:
    calm: Witness | None = None
    for storm in (None, *range(STORMS)):
        folder = tmp_path / f"{storm}"
        folder.mkdir()
        clock = MovableClock(folder / "clock")
        clock.move_to(kit.STARTS)
        async with AsyncExitStack() as stack:
            if kind == "postgres":
                url = stack.enter_context(request.getfixturevalue("postgres").clone())
            else:
                url = sqlite_url(Path(shutil.copy(migrated_sqlite, folder / "tot.db")))
            sandbox = await stack.enter_async_context(Sandbox(MANIFEST, clock=clock, settings=kit.quick()))
            seen = Witness(sandbox, Play(url, folder, sandbox, script, storm))
            await seen.play.play()
            calm = calm or seen
            assert seen.play.done == calm.play.done
            wrong = list(seen.wrong(calm))
            assert not wrong, "\n".join([*wrong, f"script {script}, storm {storm}:", *seen.play.said])
