"""A workspace in which anybody may try anything, and what holds of it after every delivery."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.cli.demo import Rehearsal, rehearse
from bot.domain.case.entities import Case
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Coordinator, Person
from bot.domain.errors import TotError
from bot.domain.guidance import Guidance
from bot.domain.joint import JointInvitation
from bot.usecases.authorization import get_or_make_person
from bot.usecases.ports import UnitOfWork
from bot.usecases.profile import open_home
from sandbox.exercises.runner import ExerciseRunner
from sandbox.people.visibility import CouldNot
from tests.bot.usecases.attempts import Choosing
from tests.bot.usecases.invariants import entitled
from tests.databases import sqlite_url
from tests.e2e import canaries, kit

T = TypeVar("T")
UseCase = Callable[[UnitOfWork, Person, Any], Any]
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


@dataclass(frozen=True)
class Outside:
    people: Sequence[Person]
    coordinators: Sequence[Coordinator]
    guidances: Sequence[Guidance]
    invitations: Sequence[JointInvitation]


class Crowd(Choosing):
    """A sandbox and a bot. People act through the use cases, and in Slack itself through the sandbox."""

    favour = 4

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="tot-crowd-", dir=MEMORY))
        database = Path(shutil.copy(self.template, self.folder / "tot.db"))
        self.loop = asyncio.Runner()
        self.open_things = contextlib.AsyncExitStack()
        settings = rehearse(
            sqlite_url(database),
            starts=kit.STARTS,
            sandbox=kit.quick(),
            partners=canaries.partners(self.folder, numbered=True),
        )
        self.rehearsal: Rehearsal = self.run(self.open_things.enter_async_context(settings))
        self.files = []
        self.gone: set[tuple[str, str]] = set()
        self.run(self._all_look_at_home())

    def run(self, doing: Awaitable[T]) -> T:
        """Wait for it, with all that goes on meanwhile."""

        async def wait() -> T:
            return await doing

        # Not `runner.run`, which looks after Ctrl-C anew for every one of the thousands of waits.
        return self.loop.get_loop().run_until_complete(wait())

    def teardown(self) -> None:
        self.run(self.open_things.aclose())
        self.loop.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def runner(self) -> ExerciseRunner:
        return self.rehearsal.runner

    @property
    def handles(self) -> list[str]:
        """Everybody's, the bot's not."""
        return sorted(u.handle for u in self.runner.sandbox.workspace.users.values() if not u.is_bot)

    async def _all_look_at_home(self) -> None:
        ids = [self.runner.person(handle).id for handle in self.handles]

        def look(uow: UnitOfWork) -> None:
            for slack_id in ids:
                open_home(uow, get_or_make_person(uow, slack_id))

        await self.rehearsal.bot.database.write(look)
        await self.runner.until_idle()

    # --- trying ---------------------------------------------------------------------------------------

    def attempt(self, use_case: UseCase, slack_id: str | None, command: object) -> None:
        """Somebody tries something; most of it is refused. Then everything is delivered, and looked at."""
        if slack_id is None:
            return

        async def trial() -> None:
            with contextlib.suppress(TotError):
                await self.rehearsal.bot.database.write(
                    lambda uow: use_case(uow, get_or_make_person(uow, slack_id), command)
                )

        self.happens(trial())

    def happens(self, doing: Awaitable[Any]) -> None:
        """Something happens in Slack, if it can; then everything is delivered, and looked at."""

        async def then_settled() -> None:
            with contextlib.suppress(CouldNot):
                await doing
            await self.runner.until_idle()

        self.run(then_settled())
        self.look()

    # --- choosing -------------------------------------------------------------------------------------

    def room_of(self, number: int) -> str | None:
        names = [f.room.name for f in self.files if f.room.name is not None and not f.room.archived]
        return self.pick(number, names)

    def slack_id(self, person_id: str) -> str | None:
        people = {p.id: p for f in self.files for p in f.persons.values()}
        person = people.get(person_id)
        return person.slack_id if person is not None else None

    # --- looking --------------------------------------------------------------------------------------

    def look(self) -> None:
        """Read every case afresh, and see that the rooms and the rest are as they should be."""

        def read(uow: UnitOfWork) -> tuple[list[CaseFile], Outside]:
            files = [file for case in uow.find(Case) if (file := uow.case_file(case.id)) is not None]
            outside = Outside(
                uow.find(Person), uow.find(Coordinator), uow.find(Guidance), uow.find(JointInvitation)
            )
            return files, outside

        self.files, outside = self.run(self.rehearsal.bot.database.read(read))
        for file in self.files:
            self.the_room_is_for_those_entitled(file)
        self.no_canary_has_escaped()
        self.nothing_outside_has_escaped(outside)

    def the_room_is_for_those_entitled(self, file: CaseFile, also: frozenset[str] = frozenset()) -> None:
        """The room's people, as the sandbox says, are those entitled, but for who has left by their own will.

        `also` are those whom the bot is not allowed to remove.
        """
        sandbox = self.runner.sandbox
        if file.room.name is None:
            assert not entitled(file)
            return
        inside = kit.people_in(sandbox, file.room.name)
        may = canaries.handles_of(sandbox, file, entitled(file))
        self.gone -= {(file.room.name, handle) for handle in inside}
        away = {handle for room, handle in self.gone if room == file.room.name}
        assert inside - also <= may, f"{sorted(inside - may)} may not be in the room"
        assert may - away <= inside, f"{sorted(may - away - inside)} are not let in"

    def no_canary_has_escaped(self) -> None:
        """Nothing of a case is anywhere but in its room and with those who are entitled at this moment."""
        sandbox = self.runner.sandbox
        if not self.files:
            return
        file = self.files[0]
        team = canaries.handles_of(sandbox, file, (c.person_id for c in file.coordinators if c.until is None))
        shown = [
            canary
            for number, each in enumerate(self.files)
            for canary in canaries.of_case(sandbox, each, self.mark_of(number))
        ]
        for agency in file.agencies.values():
            shown.extend(canaries.of_agency(sandbox, self.files, agency, team))
        found = canaries.escaped(sandbox, shown, kit.rooms(sandbox))
        assert not found, "\n".join(found)

    def nothing_outside_has_escaped(self, lies: Outside) -> None:
        """Words outside cases are with those who asked, those who are invited, and the coordinators."""
        sandbox = self.runner.sandbox
        people = {p.id: p.slack_id for p in lies.people}

        def handles(person_ids: Iterable[str]) -> frozenset[str]:
            ids = [people.get(id) for id in person_ids]
            return frozenset(sandbox.workspace.handle(id) for id in ids if id)

        team = handles(c.person_id for c in lies.coordinators if c.until is None)
        guidances = [g for g in lies.guidances if g.purged_at is None]
        written = handles(g.asker for g in guidances if g.answer is not None)
        invited = handles(i.person_id for i in lies.invitations)
        shown = [
            canaries.outside(canaries.QUESTION, team if any(g.open for g in guidances) else frozenset()),
            canaries.outside(canaries.ANSWER, written),
            canaries.outside(canaries.REQUEST, team),
            canaries.outside(canaries.TOPIC, team | invited),
            canaries.outside(canaries.AGENDA, team | invited),
        ]
        found = canaries.escaped(sandbox, shown, [])
        assert not found, "\n".join(found)

    def everything(self, kind: type[T]) -> list[T]:
        return self.run(self.rehearsal.bot.database.read(lambda uow: uow.find(kind)))

    def mark_of(self, number: int) -> str:
        """The mark that tells the canaries of one case from those of another."""
        return "ABCDEFGH"[number]
