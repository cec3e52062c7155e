"""The help in a room and elsewhere shows each person the words that they can use there, and no other."""

from __future__ import annotations

import re
from pathlib import Path

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
            coordinates = handle in ("koordinator", "vara-koordinator")
            for typed in ("/tot", "/tot hjelp"):
                said = await answer(court, handle, typed, court.room)
                assert offered(said) == (SHOWN if coordinates else set()), (handle, typed)
            assert offered(await everything(court, handle)) == (set(ROOM_WORDS) if coordinates else uses)


async def test_in_the_room_of_a_closed_case_its_coordinator_is_offered_to_open_it(
    sqlite_database_url: str, tmp_path: Path
) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        court = Court(rehearsal, tmp_path / "tot.db")
        await court.opens()
        await court.command("koordinator", "/tot lukk")
        assert offered(await everything(court, "koordinator")) > OF_CLOSED
        await answer(court, "koordinator", "/tot", court.room)
        shown = told_in(court, court.person("koordinator").id)[-1]
        first = next(e for e in elements_of(shown) if e["type"] == "button")
        assert first["text"]["text"] == "Åpne saken igjen"
        for handle in ("politi-exit", "vara-koordinator", "utenforstaende"):
            said = await answer(court, handle, "/tot", court.room)
            assert "Åpne saken igjen" not in said, handle


async def test_a_seat_holder_reads_what_the_words_do_for_them(
    sqlite_database_url: str, tmp_path: Path
) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        court = Court(rehearsal, tmp_path / "tot.db")
        await court.opens()
        theirs = await everything(court, "politi-exit")
        assert (
            "• `/tot tiltak` – avtale hvem som gjør hva\n• `/tot frist` – sette en frist for egen tjeneste"
            in theirs
        )
        coordinators = await everything(court, "koordinator")
        assert "`tiltak behov` viser" in coordinators
        assert "refleksjonsperiode" in coordinators
        for handle in ("koordinator", "politi-exit", "utenforstaende"):
            said = await everything(court, handle)
            # Who is in a case, or may be, can read again what they have confirmed.
            stated = "*Taushetsplikten i en sak*" in said and "Avvergeplikten gjelder alle" in said
            assert stated is (handle != "utenforstaende")
            assert ("«Jeg tar over»" in said) is (handle == "koordinator")


def told_in(court: Court, user: str) -> list[Ephemeral]:
    return [e for e in court.sandbox.workspace.ephemerals if e.user == user]


#: The words of a room that the short help shows, to a coordinator alone.
SHOWN = {"meeting", "invite", "attendance", "actions", "close"}
EIGHT = ["kall", "møte", "inviter", "oppmøte", "tiltak", "avslutt", "hvem", "hjelp"]
FOUR = ["kall", "veiledning", "hvem", "hjelp"]
ASKING = ["Be om at TOT samles", "Be om veiledning", "Hvem kan hva", "Alt du kan"]
#: The words of the short help and the buttons below it, by who asks and where. Once it had 461 words for a
#: coordinator, 283 for a contact, 145 for a stranger.
SHORT = {
    ("koordinator", True): (EIGHT, ["Valg", "Alt du kan"]),
    ("koordinator", False): (EIGHT, ["Kall TOT sammen", "Hvem kan hva", "Alt du kan"]),
    ("politi-exit", True): (FOUR, ["Valg", "Alt du kan"]),
    ("politi-exit", False): (FOUR, ASKING),
    ("utenforstaende", False): (FOUR, ASKING),
}
MOST_WORDS = 150


async def test_help_shows_the_few_words_that_are_needed_and_a_button_for_the_rest(
    sqlite_database_url: str, tmp_path: Path
) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        court = Court(rehearsal, tmp_path / "tot.db")
        await court.opens()
        for (handle, in_room), (listed, labels) in SHORT.items():
            person = court.person(handle)
            seen = await person.types("/tot hjelp", in_=court.room if in_room else "#generelt")
            assert seen is not None
            assert len(seen.text.split()) <= MOST_WORDS, handle
            assert re.findall(r"`/tot ([^` ]+)` –", seen.text) == listed, handle
            assert ("`/tot innsyn`" in seen.text) is (listed is FOUR)
            # On a phone the buttons are in sight.
            assert [block["type"] for block in seen.source.blocks[:2]] == ["section", "actions"]
            found = [e for e in elements_of(seen.source) if e["type"] == "button"]
            assert [e["text"]["text"] for e in found] == labels, handle
            # Each does what it says: a window here, an answer where the word answers.
            for label in labels:
                before = len(told_in(court, person.id))
                await court.sandbox.interactions.act_in_message(
                    *(person.id, seen.source),
                    next({"block_id": "b", **e} for e in found if e["text"]["text"] == label),
                )
                await court.runner.until_idle()
                assert person.modal is not None or len(told_in(court, person.id)) == before + 1, label
                if person.modal is not None:
                    await person.closes(whole_stack=True)


async def everything(court: Court, handle: str) -> str:
    """What «Alt du kan» below the help shows."""
    person = court.person(handle)
    await person.types("/tot hjelp")
    await person.presses("Alt du kan", in_="#generelt")
    text = (await person.sees_modal("TOT")).text
    await person.closes()
    return text
