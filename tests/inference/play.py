"""Overlapping cases as people play them, some answering and some not: the data to be stolen."""

from __future__ import annotations

from random import Random

from bot.cli.demo import Rehearsal, rehearse
from bot.domain.case.entities import Case, SeatRole
from bot.domain.directory.entities import Contact
from bot.usecases.ports import UnitOfWork
from tests.e2e import kit
from tests.inference.attacker import take
from tests.stories.town import CONFIRM, Town, Townsperson

#: The people asked first, of any agency, and their deputies.
ASKED = ("politi-exit", "barnevern", "sosialtjenesten", "helse", "udi", "vara-koordinator")
DEPUTIES = {"politi-exit": "Vakthavende", "barnevern": "Leder"}
Truth = dict[str, set[str]]


async def play(url: str, number: int, seed: int) -> tuple[Truth, list[str]]:
    """Play this many cases; return who has had a seat in each, and all contacts."""
    chance = Random(seed)  # noqa: S311
    async with rehearse(url, starts=kit.STARTS, sandbox=kit.quick(), mail=True) as rehearsal:
        town = Town(rehearsal)
        await town.rest()
        for _ in range(number):
            await town.opens_case(*chance.sample(kit.SIX, chance.randint(3, 5)))
            # Pending asks of an earlier case are answered too.
            for handle in chance.sample(ASKED, len(ASKED)):
                await _answers(town.person(handle), chance)
            if "Godkjenn" in town.koordinator.offers("tot-bot"):
                await town.koordinator.presses("Godkjenn", in_="tot-bot")
            if chance.random() < 0.2:
                await town.koordinator.does("/tot avslutt", in_=town.room)
            await town.later(f"{chance.randint(20, 200)} s")
        await town.helse.is_deactivated()
        await rehearsal.bot.scheduler.tidy()
        take(url)
        return await truth_of(rehearsal), await contacts_of(rehearsal)


async def _answers(who: Townsperson, chance: Random) -> None:
    """Answer the newest ask, as most people do."""
    if CONFIRM in who.offers("tot-bot") and chance.random() < 0.8:
        await who.confirms()
    if "Jeg kommer" not in who.offers("tot-bot"):
        return
    if who.handle in DEPUTIES and chance.random() < 0.4:
        await who.does("Kan ikke", {"i stedet": DEPUTIES[who.handle]}, in_="tot-bot")
    elif chance.random() < 0.8:
        await who.presses("Jeg kommer", in_="tot-bot")


async def contacts_of(rehearsal: Rehearsal) -> list[str]:
    """Return the ids of all contacts."""
    found = await rehearsal.bot.database.read(lambda uow: uow.find(Contact))
    return list(dict.fromkeys(contact.person_id for contact in found))


async def truth_of(rehearsal: Rehearsal) -> Truth:
    """Return people who have had a seat in each case that has not been deleted."""

    def read(uow: UnitOfWork) -> Truth:
        files = [f for c in uow.find(Case, purged_at=None) if (f := uow.case_file(c.id)) is not None]
        return {
            f.case.id: {s.person_id for s in f.seats if s.role is not SeatRole.COORDINATOR} for f in files
        }

    return await rehearsal.bot.database.read(read)
