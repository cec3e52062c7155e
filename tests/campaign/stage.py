"""One database and its processes for some minutes: rounds of trouble, and the state after each."""

from __future__ import annotations

import asyncio
import os
import time
import tomllib
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot.cli.demo import PARTNERS
from bot.cli.manifest import MANIFEST
from bot.domain.case.entities import Case
from bot.domain.coordinating import ONE_AT_A_TIME
from bot.domain.notifications import Kind
from bot.usecases.authorization import get_or_make_person
from bot.usecases.directory.partners.reader import read_partners
from bot.usecases.directory.partners.transfer import import_partners
from bot.usecases.joint import PlanJoint, plan_joint, review_joint
from bot.usecases.ports import LANDS_WITHIN, UnitOfWork
from bot.usecases.validation import MeetingPlan
from sandbox.cast import CAST
from sandbox.clock import MovableClock
from sandbox.exercises.runner import ExerciseRunner
from sandbox.server import Sandbox
from sandbox.settings import Settings
from storage.database import SqlDatabase
from storage.ledgers.ledger import Entry
from tests.campaign.chaos import Chaos, seeded
from tests.campaign.databases import Place, database_place
from tests.campaign.people import ASKED, People
from tests.campaign.processes import Bots, Hindrances
from tests.campaign.witness import Violations, Wanted, Witness, topic_of
from tests.databases import SECRET_KEY, open_database
from tests.e2e import kit
from tests.ledgers import entries_in

#: Hours before a joint meeting at which people are reminded: one in each round of a generation of meetings.
LEADS = (5, 4, 3, 2, 1)
CALLED_FOR_A_ROUND = 24
MORE_PEOPLE = 15
#: Seconds of trouble in a round, of calm after it, and of an outage of Slack.
ROUND, SETTLED, OUTAGE = 180.0, 75.0, 160.0
#: Seconds after which a socket that delivers nothing is replaced, at most: lives and rounds are short.
QUIET = 10.0
#: No reminder is due before all meetings of a generation have been called.
CALLING = timedelta(minutes=20)
#: A reminder that comes later than this many seconds, without hindrances, is reported.
LATE = 180.0
#: Seconds after a case was opened in which its room's first message may be shown.
JUST_OPENED = 10.0
COORDINATORS = (CAST["koordinator"], CAST["vara-koordinator"])
#: Once nothing goes wrong any more, everything due must come within this many seconds.
AT_REST_WITHIN = 300.0
#: What is always counted; a root fault violates much, of which the first ones are enough.
KINDS, MOST_SHOWN = ("lost", "doubled", "early", "late", "waiting", "unheeded", "in vain"), 20


@dataclass
class Asked:
    """The requested plays."""

    kind: str
    processes: int
    seconds: float
    seed: int

    @property
    def rounds(self) -> int:
        return max(round(self.seconds / (ROUND + SETTLED)), 1)

    @property
    def length(self) -> float:
        """Return the seconds of a round's trouble."""
        return min(self.seconds / self.rounds * 0.8, ROUND)

    @property
    def quiet(self) -> float:
        return min(QUIET, self.length)


@dataclass
class Outcome:
    """A stage's figures: counts, violations by kind, and delays in seconds."""

    counts: dict[str, int]
    violations: Violations
    delays: dict[str, list[float]]

    def __str__(self) -> str:
        """Return a Markdown table, and the violations below it."""
        kinds = dict.fromkeys((*KINDS, *self.violations))
        rows = {
            **{name: str(many) for name, many in self.counts.items()},
            **{f"**{kind}**": str(len(self.violations.get(kind, ()))) for kind in kinds},
            **{f"{name} (p50 / p95 / longest, s)": _spread(found) for name, found in self.delays.items()},
        }
        lines = ["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows.items())]
        for kind, each in self.violations.items():
            lines += [f"{kind}: {words}" for words in each[:MOST_SHOWN]]
        return "\n".join(lines)


def _spread(delays: list[float]) -> str:
    ordered = sorted(delays)
    return " / ".join(
        f"{ordered[int((len(ordered) - 1) * part)]:.1f}" for part in (0.5, 0.95, 1.0) if ordered
    )


async def play(asked: Asked, folder: Path) -> Outcome:
    os.environ["TOT_SECRET_KEY"] = SECRET_KEY
    hindrances = Hindrances()
    with database_place(asked.kind, folder, hindrances) as place:
        clock = MovableClock(folder / "clock")
        clock.move_to(kit.STARTS)
        database = open_database(place.url, clock)
        await database.write(lambda uow: import_partners(uow, read_partners(_partners())))
        settings = Settings(retry_delays=(0.0, 2.0, 10.0), reach=3.0, patience=3.0)
        async with Sandbox(MANIFEST, clock=clock, settings=settings) as sandbox:
            for number in range(MORE_PEOPLE):
                sandbox.add_person(f"partner-{number}", id=f"U0PARTNER{number:02}")
            arguments = [sandbox.api_url, place.url, str(folder / "clock"), str(asked.quiet)]
            bots = Bots(arguments, asked.processes, hindrances, folder / "bot.log")
            try:
                stage = Stage(asked, sandbox, database, place, bots, hindrances, folder / "tot-waiting")
                return await stage.play()
            finally:
                bots.close()
                await database.close()


def _partners() -> str:
    """Return the example's partners, with one more agency of many people, and the reminder hours."""
    text = PARTNERS.read_text("utf-8").replace("lead_times = [24, 1]", f"lead_times = {list(LEADS)}")
    people = (f'  {{ slack_id = "U0PARTNER{n:02}", title = "Rådgiver {n}" }},' for n in range(MORE_PEOPLE))
    agency = (
        '[[teams.agencies]]\nkey = "flere"\nkind = "other"\nname = "Flere tjenester"\ncontacts = [\n{}\n]\n'
    )
    # Not one of the commented ones.
    before, found, after = text.rpartition("\n[[teams.agencies]]")
    return f"{before}\n{agency.format(chr(10).join(people))}{found}{after}"


@dataclass
class Stage:
    _asked: Asked
    _sandbox: Sandbox
    _database: SqlDatabase
    _place: Place
    _bots: Bots
    _hindrances: Hindrances
    _notes: Path
    """The notes about people who wait for an outcome."""

    def __post_init__(self) -> None:
        self._clock = self._sandbox.clock
        self._seed = f"{self._asked.seed}-{self._asked.kind}-{self._asked.processes}"
        self._chance = seeded(self._seed)
        self.witness = Witness(self._sandbox)
        self._violations: Violations = defaultdict(list)
        self._did: Counter[str] = Counter()
        self._wanted: list[Wanted] = []
        self._invited = _invited()
        self._meetings = 0
        runner, chance = ExerciseRunner(self._sandbox, self), seeded(f"{self._seed}-people")
        self.people = People(runner, chance, self.witness, self._hindrances)

    # --- what the runner needs

    async def idle(self) -> None:
        await self._at_rest()

    async def clock_moved(self) -> None:
        """Do nothing: a bot is not told that the clock has been set."""

    async def next_due(self) -> datetime | None:
        return None

    # --- a stage

    async def play(self) -> Outcome:
        try:
            await self._rounds()
        except Exception:
            # What has been seen so far is still reported.
            self._violations["the campaign itself"].append(traceback.format_exc())
        return self._outcome()

    async def _rounds(self) -> None:
        length = self._asked.length
        await self._bots.start_all()
        began, ends, calling = self._clock.now(), time.monotonic() + self._asked.seconds, 0.0
        for number in range(self._asked.rounds):
            hour = number % len(LEADS)
            if hour == 0:
                called_at = time.monotonic()
                began = self._clock.now() + CALLING
                meetings = await self._call(began, length)
                self._forward_to(began)
                calling = time.monotonic() - called_at
            await self._round(number, length, outage=number % 4 == 0 and length > OUTAGE)
            # Everything still due in this round falls due now.
            self._forward_to(began + timedelta(hours=hour) + self._spread(length))
            for starts_at, topic in meetings:
                due = starts_at - timedelta(hours=LEADS[hour])
                self._wanted += (Wanted(f"reminder {topic}", reader, due) for reader in self._invited)
            await self._look()
            await self._calmly()
            calls_next = calling if hour == len(LEADS) - 1 else 0.0
            if time.monotonic() + calls_next + length + SETTLED > ends:
                break
            self._forward_to(began + timedelta(hours=hour + 1))

    async def _calmly(self) -> None:
        """Let a case be opened, and everybody answer, with nothing going wrong."""
        await self._sandbox.connected(within=kit.IN_TIME)
        # How soon a busy machine lets the bot open a form is not measured.
        usual = dict(vars(self._sandbox.settings))
        vars(self._sandbox.settings).update(vars(kit.quick()))
        await self.people.opens_case()
        vars(self._sandbox.settings).update(usual)
        await self._at_rest()
        await self.people.answer_all()
        await self._look()

    def _spread(self, length: float) -> timedelta:
        """Return the period over which a round's reminders are spread: the clock steps forward within it."""
        return timedelta(seconds=1.4 * length)

    def _forward_to(self, when: datetime) -> None:
        if self._clock.now() < when:
            self._clock.move_to(when)

    async def _call(self, began: datetime, length: float) -> list[tuple[datetime, str]]:
        """Call joint meetings that begin after the generation's last round, and let everybody be invited."""
        called = []
        for _ in range(max(round(CALLED_FOR_A_ROUND * length / ROUND), 2)):
            self._meetings += 1
            after = self._chance.uniform(0.1, 1.0) * self._spread(length)
            starts_at = began + timedelta(hours=LEADS[0]) + after
            topic = topic_of(self._meetings)
            plan = MeetingPlan(starts_at, starts_at + timedelta(hours=1), place="Møterom Nord")

            await self._database.write(partial(_call_joint, topic=topic, plan=plan))
            called.append((starts_at, topic))
            self._wanted += (Wanted(f"invitation {topic}", who) for who in (*self._invited, *COORDINATORS))
            self._wanted += (Wanted("calendar", who) for who in self._invited)
        await self._at_rest(within=900)
        return called

    async def _round(self, number: int, length: float, *, outage: bool) -> None:
        chaos = Chaos(
            seed=f"{self._seed}-{number}",
            sandbox=self._sandbox,
            bots=self._bots,
            place=self._place,
            clock=self._clock,
            hindrances=self._hindrances,
            wrong=self._notes.with_name("clock-wrong"),
            did=self._did,
            wrong_clocks=self.witness.wrong_clocks,
        )
        acting = asyncio.create_task(self.people.act(time.monotonic() + length))
        await chaos.rage(length, outage=min(OUTAGE, length - 15) if outage else 0.0)
        await acting
        # A deaf bot is heard again once its socket has been replaced.
        await asyncio.sleep(2 * self._asked.quiet)

    async def _at_rest(self, within: float = AT_REST_WITHIN) -> None:
        """Wait until nothing is due or claimed; a violation if it takes too long."""
        end = time.monotonic() + within
        while left := await self._database.read(self._due):
            if time.monotonic() > end:
                self._violations["not at rest"].append(f"{len(left)} rows: {left[:5]}")
                return
            await self._bots.start_all()
            await asyncio.sleep(0.25)

    def _due(self, uow: UnitOfWork) -> list[Any]:
        # An entry that is retried soon, or postponed behind an earlier one, is not at rest.
        later = uow.now + timedelta(minutes=2)

        def is_busy(entry: Entry) -> bool:
            # A coordinator who is not next in turn waits minutes.
            soon = (
                entry.next_at != entry.due_at and entry.next_at <= later and entry.kind not in ONE_AT_A_TIME
            )
            return entry.next_at <= uow.now or soon

        busy = (entry for entry in entries_in(uow) if entry.unfinished and is_busy(entry))
        return [(entry.kind, entry.state.name, entry.attempts) for entry in busy]

    def _copies(self, uow: UnitOfWork) -> bool:
        return any(entry.unfinished and entry.kind == Kind.COPIES for entry in entries_in(uow))

    async def _look(self) -> None:
        """Wait until all has come, and judge the posted messages."""
        await self._at_rest()
        if await self._database.read(self._copies):
            # A dead process's messages in flight have landed, maybe twice until they are looked for.
            self._clock.move(2 * LANDS_WITHIN)
            await self._at_rest()
        await self._sandbox.acked(within=60)
        left = await self._notes_left()
        await self._at_rest()
        # There are hundreds of thousands.
        self._sandbox.workspace.calls.clear()
        found = self.witness.judge([*self._wanted, *self._of_cases()], len(kit.rooms(self._sandbox)))
        if left:
            found["waiting"].append(f"{left} notes of those who wait are left")
        found["given up"] += await self._database.read(_given_up)
        rows, wrong = await self._database.log.verify()
        if wrong is not None:
            found["audit chain"].append(f"{wrong} after {rows} rows")
        cases = await self._database.read(lambda uow: uow.find(Case))
        rooms = kit.rooms(self._sandbox)
        sure, unsure = self.people.sent, self.people.unsure
        if not (len(rooms) == len(cases) and sure <= len(cases) <= sure + unsure):
            forms = f"{sure} forms sent and {unsure} perhaps"
            found["cases"].append(f"{len(cases)} cases, {len(rooms)} rooms, {forms}")
        for kind, each in found.items():
            self._violations[kind] += (words for words in each if words not in self._violations[kind])

    def _of_cases(self) -> Iterator[Wanted]:
        """Yield what people should have of each case: a card, a question, and the ring list.

        If a case was opened while the machine's clock was ahead, its list comes later by that offset.
        """
        for room in kit.rooms(self._sandbox):
            code = room.removeprefix("rom-")
            yield Wanted(f"card {code}", room)
            at = self.witness.first_shown(room)
            if not any(by > 0 and a <= at < b + JUST_OPENED for a, b, by in self.witness.wrong_clocks):
                yield Wanted(f"ring list {code}", self._sandbox.person("koordinator").id)
            yield from (Wanted("question", self._sandbox.person(who).id) for who in ASKED)

    async def _notes_left(self) -> int:
        end = time.monotonic() + kit.IN_TIME
        while (left := len(list(self._notes.glob("*")))) and time.monotonic() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.25)
        return left

    def _outcome(self) -> Outcome:
        for what in self.people.in_vain():
            self._violations["in vain"].append(what)
        delays: dict[str, list[float]] = {"late": [], "late, hindrances included": []}
        for what, due, at in self.witness.measured(self._wanted):
            late = at - due - self._hindrances.within(due, at)
            delays["late"].append(late)
            delays["late, hindrances included"].append(at - due)
            if late > LATE:
                self._violations["late"].append(f"{what}: {late:.0f} s")
        counts = {
            "reminders": self.witness.count("reminder"),
            "messages in all": len(self.witness.shown),
            **self._did,
            **self._bots.did,
            "cases opened": len(kit.rooms(self._sandbox)),
            "told to wait, in all": self.witness.waits,
            "told the end by a message": self.witness.count("wait over"),
            **{f"people: {what}": times for what, times in self.people.did.items()},
        }
        return Outcome(counts, {kind: each for kind, each in self._violations.items() if each}, delays)


def _invited() -> list[str]:
    """Return the Slack ids of a joint meeting's invitees: every contact that is not rung."""
    agencies = [agency for team in tomllib.loads(_partners())["teams"] for agency in team["agencies"]]
    contacts = (c for agency in agencies if "cover_name" not in agency for c in agency.get("contacts", []))
    return [contact["slack_id"] for contact in contacts if "slack_id" in contact]


def _given_up(uow: UnitOfWork) -> list[str]:
    over = (entry for entry in entries_in(uow) if not entry.unfinished)
    return [f"{entry.kind} {entry.op_id}: {entry.reason}" for entry in over]


def _call_joint(uow: UnitOfWork, *, topic: str, plan: MeetingPlan) -> None:
    """Call a joint meeting, as a coordinator does."""
    actor, command = (
        get_or_make_person(uow, CAST["koordinator"]),
        PlanJoint(uow.teams()[0].id, topic=topic, plan=plan),
    )
    plan_joint(uow, actor, command, review_joint(uow, actor, command))
