"""The help in a room and elsewhere shows each person the words that they can use there, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli.demo import rehearse
from bot.domain.case.entities import Meeting, Seat, SeatRole
from bot.domain.language import Language
from bot.usecases.ports import UnitOfWork
from handlers.slack.vocabulary import Audience
from handlers.subjects import joined
from sandbox.model import Ephemeral
from tests.e2e import kit
from tests.handlers.access.checks_lifecycle import chosen
from tests.handlers.access.workspace import REFUSALS, Court, elements_of

ROOM_WORDS = {c.key: c.names(Language.NB)[0] for c in joined().commands if c.audience is Audience.ROOM}
SEATED = {"actions", "deadline"}
#: Words for a closed case, which an open one offers to nobody.
OF_CLOSED = {"reopen"}
#: As the partners file has it.
MANDATE = "Tverretatlig operativt team for mulige ofre for menneskehandel."
#: Who can use which words in the room: a coordinator, whoever leads the meeting, an agency's seat holder,
#: a liaison, somebody being asked, a coordinator who has not confirmed, a stranger.
USES = {
    "koordinator": set(ROOM_WORDS),
    "politi-exit": SEATED | {"attendance"},
    "barnevern": SEATED,
    "helse": set[str](),
    "sosialtjenesten": set[str](),
    "vara-koordinator": set[str](),
    "utenforstaende": set[str](),
}


async def answer(court: Court, handle: str, text: str, room: str) -> str:
    """The answer to a command, wherever it is typed; nothing where a form opens."""
    person, channel = court.person(handle), court.sandbox.workspace.channel_named(room)
    assert channel is not None
    command, _, rest = text.partition(" ")
    shown = await court.sandbox.interactions.command(person.id, channel, command, rest)
    await court.runner.until_idle()
    if person.modal is not None:
        await person.closes(whole_stack=True)
    return str(shown.text) if shown is not None else ""


def offered(help: str) -> set[str]:
    """The words of a room that stand in a help."""
    found = (joined().vocabulary.find(name) for name in re.findall(r"`/tot ([^` ]+)` –", help))
    return {word.key for word in found if word is not None} & set(ROOM_WORDS)


async def test_what_is_offered_is_what_can_be_done(sqlite_database_url: str, tmp_path: Path) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        court = Court(rehearsal, tmp_path / "tot.db")
        await court.opens()
        await kit.confirm(court.runner, "barnevern")
        someone = {"selected_user": court.person("helse").id}
        await court.command("koordinator", "/tot koble", what=chosen("liaison"), someone=someone)
        await kit.confirm(court.runner, "helse")

        def the_police_lead(uow: UnitOfWork) -> None:
            (meeting,) = uow.find(Meeting)
            seats = uow.find(Seat, role=SeatRole.AGENCY, ended_at=None)
            first = min((s for s in seats if s.acknowledged_at), key=lambda s: str(s.acknowledged_at))
            uow.change(meeting, chair=first.person_id)

        await court.bot.database.write(the_police_lead)
        await court.runner.until(court.runner.day(3, "10:30"))
        for handle, uses in USES.items():
            request = {
                key
                for key, name in ROOM_WORDS.items()
                if not (await answer(court, handle, f"/tot {name}", court.room)).startswith(REFUSALS)
            }
            assert request == uses, handle
            # To who does not coordinate, what waits for them comes first, and the words are in the help.
            listed = uses - OF_CLOSED if handle == "koordinator" else set()
            assert offered(await answer(court, handle, "/tot", court.room)) == listed, handle
            assert offered(await answer(court, handle, "/tot", "generelt")) == set(), handle
            everywhere = set(ROOM_WORDS) if handle == "vara-koordinator" else uses
            assert offered(await answer(court, handle, "/tot hjelp", "generelt")) == everywhere, handle


async def test_in_the_room_of_a_closed_case_its_coordinator_is_offered_to_open_it(
    sqlite_database_url: str, tmp_path: Path
) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        court = Court(rehearsal, tmp_path / "tot.db")
        await court.opens()
        await court.command("koordinator", "/tot lukk")
        assert offered(await answer(court, "koordinator", "/tot", court.room)) == OF_CLOSED
        shown = told_in(court, court.person("koordinator").id)[-1]
        first = next(e for e in elements_of(shown) if e["type"] == "button")
        assert first["text"]["text"] == "Åpne saken igjen"
        for handle in ("politi-exit", "vara-koordinator", "utenforstaende"):
            assert offered(await answer(court, handle, "/tot", court.room)) == set(), handle


async def test_a_seat_holder_reads_what_the_words_do_for_them(
    sqlite_database_url: str, tmp_path: Path
) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        court = Court(rehearsal, tmp_path / "tot.db")
        await court.opens()
        theirs = await answer(court, "politi-exit", "/tot hjelp", court.room)
        assert (
            "• `/tot tiltak` – avtale hvem som gjør hva\n• `/tot frist` – sette en frist for egen tjeneste"
            in theirs
        )
        coordinators = await answer(court, "koordinator", "/tot", court.room)
        assert "`tiltak behov` viser" in coordinators
        for handle in ("koordinator", "politi-exit", "utenforstaende"):
            said = await answer(court, handle, "/tot hjelp", "generelt")
            assert f"*TOT Bergen:* {MANDATE}" in said
            # Who is in a case, or may be, can read again what they have confirmed.
            stated = "*Taushetsplikten i en sak*" in said and "Avvergeplikten gjelder alle" in said
            assert stated is (handle != "utenforstaende")
        assert "refleksjonsperiode" in coordinators
        assert "I saksrommene du er med i" in await answer(court, "politi-exit", "/tot hjelp", "generelt")


def told_in(court: Court, user: str) -> list[Ephemeral]:
    return [e for e in court.sandbox.workspace.ephemerals if e.user == user]


#: The buttons below help, by who asks and where: the likeliest of what they may do there, and no other.
LIKELIEST = {
    ("koordinator", True): [
        "Valg",
        "Kall inn til møte",
        "Oppmøte",
        "Kall inn en tjeneste til",
        "Avtal tiltak",
        "Plassering og frister",
    ],
    ("politi-exit", True): [
        "Valg",
        "Avtal tiltak",
        "Plassering og frister",
        "Meld vara",
        "Fravær og kontakter",
        "Hvem kan hva",
    ],
    ("utenforstaende", True): ["Hvem kan hva", "Be om veiledning", "Be om at TOT samles", "Språk", "Innsyn"],
    ("koordinator", False): [
        "Akutt: kall TOT sammen",
        "Opprett sak",
        "Meld vara",
        "Fravær og kontakter",
        "Hvem kan hva",
    ],
}


@pytest.mark.parametrize("typed", ["/tot", "/tot hjelp"])
async def test_the_five_likeliest_are_buttons(typed: str, sqlite_database_url: str, tmp_path: Path) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        court = Court(rehearsal, tmp_path / "tot.db")
        await court.opens()
        asked = {("politi-exit", True): ["Jeg kommer", "Kan ikke", "Ikke vår sak"]} if typed == "/tot" else {}
        for (handle, in_room), labels in (LIKELIEST | asked).items():
            channel = court.sandbox.workspace.channel_named(court.room if in_room else "generelt")
            assert channel is not None
            command, _, rest = typed.partition(" ")
            person = court.person(handle)
            shown = await court.sandbox.interactions.command(person.id, channel, command, rest)
            assert isinstance(shown, Ephemeral)
            assert [block["type"] for block in shown.blocks[:2]] == ["section", "actions"]
            first = shown.blocks[0]["text"]["text"]
            assert len(first.split()) <= 40, "on a phone the buttons are in sight"
            found = [e for e in elements_of(shown) if e["type"] == "button"]
            assert [e["text"]["text"] for e in found] == labels, handle
            if (handle, in_room) in asked:
                continue
            # Each does what its word does: a window here, an answer where the word answers.
            before = len(told_in(court, person.id))
            await court.sandbox.interactions.act_in_message(
                person.id, shown, {"block_id": "b", **{k: v for k, v in found[0].items() if k != "text"}}
            )
            await court.runner.until_idle()
            if person.modal is not None:
                await person.closes(whole_stack=True)
            else:
                assert len(told_in(court, person.id)) == before + 1
