"""Cases as people play them, overlapping, with several contacts per agency: what is stolen afterwards."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.cli.demo import PARTNERS, Rehearsal, rehearse
from bot.domain.case.entities import Case, DeclineReason, Phase, Seat, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Contact, Ground, Reason
from bot.domain.directory.entities import Person as Human
from bot.domain.errors import TotError
from bot.domain.language import Language
from bot.usecases.answers import confirm_attendance, decline
from bot.usecases.authorization import get_or_make_person
from bot.usecases.case import OpenCase, open_case, review_case
from bot.usecases.deputies import approve_deputy, hand_over
from bot.usecases.directory.agencies import ask_page
from bot.usecases.involvement.acknowledgement import acknowledge, pass_on
from bot.usecases.involvement.summons import AgencyChoice
from bot.usecases.lifecycle import close_case
from bot.usecases.ports import UnitOfWork
from bot.usecases.profile import open_home, set_language, show_open_asks
from bot.usecases.room import account_changed
from bot.usecases.validation import MeetingPlan
from sandbox.cast import CAST, member
from sandbox.channels import join_workspace
from tests.e2e import kit
from tests.inference.attacker import take

#: Agencies of the play: `key`, `kind`, and how many people they have beside a leader.
AGENCIES = (
    ("politi", "police", 4),
    ("barnevern", "child_welfare", 3),
    ("sosial", "social_services", 4),
    ("advokat", "victims_counsel", 3),
    ("helse", "health", 2),
    ("oppfolging", "follow_up", 3),
)
Truth = dict[str, set[str]]


def partners(path: Path) -> Path:
    """The example's team with the agencies of the play."""
    head = PARTNERS.read_text("utf-8").partition("[[teams.agencies]]")[0]
    for key, kind, number in AGENCIES:
        contacts = "\n".join(
            f'  {{ slack_id = "{slack_id(key, n)}", work_mail = "{"x" * (n + 1)}@{key}.example",'
            f' title = "{key} {n}", position = {n}{", leader = true" if n > number else ""} }},'
            for n in range(1, number + 2)
        )
        head += (
            f'[[teams.agencies]]\nkey = "{key}"\nkind = "{kind}"\nname = "{key.title()}"\ncore = true\n'
            'can = "Hjelp"\nusual_reason = "follow_up"\nusual_ground = "legal"\n'
            f"contacts = [\n{contacts}\n]\n"
        )
    path.write_text(head, "utf-8")
    return path


def slack_id(key: str, number: int) -> str:
    return f"U0{key.upper()}{number}"


class Play:
    """The use cases, done by people in one order or another; everything is delivered each time."""

    def __init__(self, rehearsal: Rehearsal, seed: int) -> None:
        self.rehearsal = rehearsal
        self.chance = random.Random(seed)  # noqa: S311

    @property
    def database(self) -> Any:
        return self.rehearsal.bot.database

    async def do(self, use_case: Callable[..., Any], by: str, *about: Any, **said: Any) -> Any:
        """Somebody does it, or is refused; a while later everybody has been told."""
        runner = self.rehearsal.runner
        runner.sandbox.clock.move(timedelta(seconds=self.chance.randint(20, 200)))
        result = None
        with contextlib.suppress(TotError):
            result = await self.database.write(
                lambda uow: use_case(uow, get_or_make_person(uow, by), *about, **said)
            )
        await runner.until_idle()
        return result

    async def begin(self) -> None:
        """Everybody looks at their Home once; two write to the bot, two print the roster."""
        everybody = [slack_id(k, n) for k, _, last in AGENCIES for n in range(1, last + 2)]
        for handle in (*everybody, CAST["koordinator"], CAST["vara-koordinator"]):
            await self.do(open_home, handle)
        for handle in self.chance.sample(everybody, 2):
            await self.do(ask_page, handle)

    async def case(self) -> str:
        """A new case with three to five agencies, of whom most answer."""

        def opened(uow: UnitOfWork, actor: Human, command: OpenCase) -> Case:
            return open_case(uow, actor, command, review_case(uow, actor, command))

        def directory(uow: UnitOfWork) -> tuple[str, dict[str, str]]:
            (team,) = uow.teams()
            return team.id, {agency.key: agency.id for agency in uow.agencies(team.id)}

        team, ids = await self.database.read(directory)
        chosen = [ids[key] for key, _, _ in self.chance.sample(AGENCIES, self.chance.randint(3, 5))]
        choices = tuple(AgencyChoice(id, "A", Reason.FOLLOW_UP, Ground.LEGAL, False) for id in chosen)
        starts = self.rehearsal.runner.sandbox.clock.now() + timedelta(hours=30 + self.chance.randint(0, 40))
        starts = starts.replace(minute=0, second=0, microsecond=0)
        plan = MeetingPlan(starts, starts + timedelta(hours=1), "Møterom Nord", None, "")
        by = CAST[self.chance.choice(["koordinator", "vara-koordinator"])]
        case: Case = await self.do(opened, by, OpenCase(team, Phase.WORKING, 1, choices, plan))
        assert case is not None
        return case.id

    async def go_on(self, case_id: str) -> None:
        """The deeds of the people of one case, one after the other."""
        for seat in [s for s in (await self._file(case_id)).seats if s.live and not s.confirmed]:
            colleague = await self._colleague(case_id, seat)
            if colleague is not None and self.chance.random() < 0.45:
                await self.do(pass_on, await self._slack(seat.person_id), seat.id, colleague=colleague.id)
        await self._all_confirm(case_id)
        for ask in [a for a in (await self._file(case_id)).asks if a.live and a.answer is None]:
            await self._answer_ask(case_id, ask)
        file = await self._file(case_id)
        for ask in [a for a in file.asks if a.awaits_approval]:
            await self.do(approve_deputy, CAST["koordinator"], ask.id)
        await self._all_confirm(case_id)
        held = [s for s in file.seats if s.live and s.role is SeatRole.AGENCY and s.confirmed]
        if held and self.chance.random() < 0.4:
            given = self.chance.choice(held)
            if (colleague := await self._colleague(case_id, given)) is not None:
                by = await self._slack(given.person_id)
                await self.do(hand_over, by, given.id, colleague=colleague.id)
        somebody, other = [await self._slack(s.person_id) for s in self.chance.choices(file.seats, k=2)]
        if self.chance.random() < 0.3:
            await self.do(show_open_asks, somebody, f"m0-{case_id}")
        if self.chance.random() < 0.2:
            await self.do(set_language, other, self.chance.choice(list(Language)))
        if self.chance.random() < 0.2:
            await self.do(close_case, CAST["koordinator"], case_id)

    async def leaves(self, person_id: str) -> None:
        """Somebody's account is deactivated."""
        slack = await self._slack(person_id)
        await self.do(lambda uow, _: account_changed(uow, slack, deactivated=True), CAST["koordinator"])

    async def _all_confirm(self, case_id: str) -> None:
        for seat in [s for s in (await self._file(case_id)).seats if s.live and not s.confirmed]:
            await self.do(acknowledge, await self._slack(seat.person_id), seat.id)

    async def _answer_ask(self, case_id: str, ask: Any) -> None:
        by = await self._slack(ask.person_id)
        file = await self._file(case_id)
        part = file.duty(ask.duty_id).involvement_id
        seat = next((s for s in file.seats_of(ask.person_id) if s.involvement_id == part), None)
        colleague = await self._colleague(case_id, seat) if seat is not None else None
        if colleague is not None and self.chance.random() < 0.3:
            no = {"reason": DeclineReason.COURT, "deputy": colleague.id}
            await self.do(decline, by, ask.id, ask.sequence, **no)
        else:
            await self.do(confirm_attendance, by, ask.id, ask.sequence)

    async def _colleague(self, case_id: str, seat: Seat) -> Contact | None:
        file = await self._file(case_id)
        if seat.involvement_id is None:
            return None
        agency = file.involvement(seat.involvement_id).agency_id
        inside = {s.person_id for s in file.seats}
        theirs = [c for c in file.contacts if c.agency_id == agency and not c.leader and not c.retired]
        free = [c for c in theirs if c.person_id not in inside]
        return self.chance.choice(free) if free else None

    async def _file(self, case_id: str) -> CaseFile:
        file: CaseFile = await self.database.read(lambda uow: uow.case_file(case_id))
        return file

    async def _slack(self, person_id: str) -> str:
        person: Human = await self.database.read(lambda uow: uow.get(Human, person_id))
        return person.slack_id or ""


async def play(url: str, folder: Path, number: int, seed: int) -> tuple[Truth, list[str]]:
    """Play so many cases, overlapping; who has had a seat in each, and all contacts."""
    made = partners(folder / "partners.toml")
    async with rehearse(url, starts=kit.STARTS, sandbox=kit.quick(), partners=made, mail=True) as rehearsal:
        workspace = rehearsal.runner.sandbox.workspace
        for key, _, last in AGENCIES:
            for n in range(1, last + 2):
                join_workspace(workspace, member(f"{key}-{n}", slack_id(key, n)))
        playing = Play(rehearsal, seed)
        await playing.begin()
        under_way: list[str] = []
        for _ in range(number):
            under_way.append(await playing.case())
            if len(under_way) > 2:
                await playing.go_on(under_way.pop(playing.chance.randrange(len(under_way))))
        for case_id in under_way:
            await playing.go_on(case_id)
        somebody = playing.chance.choice(sorted(set().union(*(await truth_of(rehearsal)).values())))
        await playing.leaves(somebody)
        await rehearsal.bot.scheduler.tidy()
        take(url)
        return await truth_of(rehearsal), await contacts_of(rehearsal)


async def contacts_of(rehearsal: Rehearsal) -> list[str]:
    """The ids of all contacts."""
    found = await rehearsal.bot.database.read(lambda uow: uow.find(Contact))
    return list(dict.fromkeys(contact.person_id for contact in found))


async def truth_of(rehearsal: Rehearsal) -> Truth:
    """People who have had a seat in each case that has not been deleted."""

    def read(uow: UnitOfWork) -> Truth:
        files = [f for c in uow.find(Case, purged_at=None) if (f := uow.case_file(c.id)) is not None]
        return {
            f.case.id: {s.person_id for s in f.seats if s.role is not SeatRole.COORDINATOR} for f in files
        }

    return await rehearsal.bot.database.read(read)
