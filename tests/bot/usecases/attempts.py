"""Trying things out in a town of one's own, one by one: only some may, and refusals change nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine

from bot.domain.case.entities import Case, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.errors import Overtaken, TotError
from bot.domain.notifications import Kind
from bot.domain.overview import reminder_plan
from bot.usecases.lifecycle.closing import due_for_purge, forget_case
from tests.bot import cast
from tests.bot.usecases.town import REMINDERS, Dump, StillClock, Town
from tests.databases import open_database, sqlite_url

T = TypeVar("T")
#: How many examples to try, where it is to be more than in every run.
LONG = int(os.environ.get("TOT_LONG_SEQUENCES", "0"))
#: A long play does not shrink what it finds.
PHASES = (Phase.generate,) if LONG else tuple(Phase)


def _memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def forget_due(uow: Any) -> None:
    for case in due_for_purge(uow):
        assert case.delete_on is not None
        forget_case(uow, case.id)


class Choosing(RuleBasedStateMachine):
    """Numbers choose among what there is in cases; hypothesis shrinks them."""

    template: ClassVar[Path]
    #: How much likelier is what is live in an open case.
    favour: ClassVar[int] = 3
    files: list[CaseFile]

    @classmethod
    def play(cls, template: Path, examples: int, steps: int, *, phases: Sequence[Phase]) -> None:
        """Play on copies of this migrated database."""
        cls.template = template
        cls.TestCase.settings = settings(
            max_examples=LONG or examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not LONG,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
            phases=phases,
        )
        cls.TestCase().runTest()

    def pick(self, number: int, things: Iterable[T]) -> T | None:
        """One of the things, the latest first; None if there are none."""
        sequence: Sequence[T] = list(things)
        return sequence[-1 - number % len(sequence)] if sequence else None

    def some(self, number: int, kind: str) -> Any:
        """Something of a kind in one of the cases, mostly what is live in an open one."""
        everything = [thing for file in self.files for thing in getattr(file, kind)]
        live = [
            thing
            for file in self.files
            for thing in getattr(file, kind)
            if file.open and getattr(thing, "live", getattr(thing, "ended_at", None) is None)
        ]
        return self.pick(number, [*everything, *(thing for thing in live for _ in range(self.favour))])


class Trying(Choosing):
    """A town of its own, in which things can be tried; nothing is yet."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="tot-sequence-", dir=_memory()))
        path = Path(shutil.copy(self.template, self.folder / "tot.db"))
        self.runner = asyncio.Runner()
        clock = StillClock()
        self.town = Town(open_database(sqlite_url(path), clock), clock)
        # Not `runner.run`, which looks after Ctrl-C anew for every one of the thousands of waits.
        self.result_of = self.runner.get_loop().run_until_complete
        self.result_of(self.town.settle_in())
        self.files = []
        self.before: Dump = self.result_of(self.town.dump())

    def teardown(self) -> None:
        self.result_of(self.town.database.close())
        self.runner.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- trying ------------------------------------------------------------------------------------

    def attempt(self, use_case: Callable[..., Any], actor: str, command: object, may: set[str]) -> None:
        """Somebody tries something: only those who `may` succeed, and what is refused changes nothing."""
        if self.run(self.town.do(use_case, actor, command)):
            assert actor in may

    def coordinators(self, case_id: str) -> set[str]:
        (file,) = (f for f in self.files if f.case.id == case_id)
        seats = [s for s in file.seats if s.role is SeatRole.COORDINATOR and s.ended_at is None]
        return {s.person_id for s in seats if s.acknowledged_at is not None} & self.team()

    def team(self) -> set[str]:
        now = self.result_of(self.town.database.read(lambda uow: uow.coordinators("team")))
        return {c.person_id for c in now}

    def run(self, trial: Any) -> bool:
        """Return whether it succeeded."""
        try:
            self.result_of(trial)
        except TotError as error:
            # Nobody else is there to be first: only what is recorded already may be said to be.
            if isinstance(error, Overtaken) and "by" not in error.details:
                raise
            assert self.result_of(self.town.dump()) == self.before
            return False
        self.look()
        self.plan_holds()
        return True

    def look(self) -> None:
        self.before, self.files = self.result_of(self._everything())

    async def _everything(self) -> tuple[Dump, list[CaseFile]]:
        cases = await self.town.database.read(lambda uow: uow.find(Case))
        return await self.town.dump(), [await self.town.file(case.id) for case in cases]

    def plan_holds(self) -> None:
        """Every reminder left in the outbox is in the plan, and lies ahead."""
        by_id = {f.case.id: f for f in self.files}
        reminders = [n for n in self.town.left if n.kind in REMINDERS and n.once]
        last = max(map(reminder_plan.due_of, reminders), default=None)
        # The plan until the last holds all until then: asked for each row it was most of the play.
        keys = {
            case_id: {r.key for r in reminder_plan.plan(by_id[case_id], last)}
            for case_id in {n.case_id or "" for n in reminders}
        }
        for reminder in reminders:
            assert reminder.due_at is not None
            assert reminder.due_at > self.town.clock.now()
            case_id = reminder.case_id or ""
            assert reminder.key in keys[case_id] or reminder_plan.still_planned(by_id[case_id], reminder), (
                reminder
            )
        for notification in self.town.left:
            if notification.kind in (Kind.SUMMONS, Kind.INVITE, Kind.ACKNOWLEDGEMENT):
                assert cast.PERSONS[notification.recipient or ""].slack_id is not None
                assert notification.recipient != "keeper", "a shelter's people are never written to"

    def a_case(self, number: int) -> CaseFile | None:
        return self.pick(number, [*self.files, *(f for f in self.files if f.open for _ in range(5))])
