"""«Valg» on the card: whoever presses gets what they may do in the case, each verb a tap, and no other."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.cli.demo import rehearse
from bot.domain.access import Action
from bot.domain.language import Language
from bot.domain.notifications import Kind
from bot.texts.words import words
from handlers.attendance.messages import CORRECT
from handlers.involvement.messages import CHOICES
from handlers.overview.choices import GROUPS, more_choices_view
from handlers.slack.vocabulary import Audience
from handlers.subjects import joined
from sandbox.people.person import Person
from tests.e2e import kit
from tests.handlers.access.checks_lifecycle import chosen
from tests.handlers.access.workspace import REFUSALS, Court, elements_of, filled_in
from tests.handlers.cases import NOW, base, ctx
from tests.handlers.overview.test_help import OF_CLOSED, USES

COMMANDS = {command.key: command for command in joined().commands}
GROUPED = [key for _, keys in GROUPS for key in keys]
OWN = {"deputy", "hand-over"}
#: For anyone anywhere; in a room it is the case's.
ALSO = {"guidance"}
NB = words(Language.NB)


def offered(person: Person) -> list[str]:
    """The verbs that stand in the window before the person."""
    assert person.modal is not None
    ids = [element.get("action_id") for element in elements_of(person.modal.view)]
    return [key for id in ids for key, command in COMMANDS.items() if str(command.choice) == id]


def test_every_word_of_a_room_stands_there_once() -> None:
    room = {command.key for command in joined().commands if command.audience is Audience.ROOM}
    assert room - OF_CLOSED | OWN | ALSO == set(GROUPED), "GROUPS lacks a word of the room, or has one more"
    assert set(Counter(GROUPED).values()) == {1}


async def test_each_is_offered_what_the_table_lets_them_and_no_other(
    sqlite_database_url: str, tmp_path: Path
) -> None:
    """Also to whom a verb is not offered: pressed all the same, it is refused as the word is."""
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        court = Court(rehearsal, tmp_path / "tot.db")
        await court.opens()
        await kit.confirm(court.runner, "barnevern")
        someone = {"selected_user": court.person("helse").id}
        await court.command("koordinator", "/tot koble", what=chosen("liaison"), someone=someone)
        await kit.confirm(court.runner, "helse")
        case_id, channel = await court.case_id(), court.sandbox.workspace.channel_named(court.room)
        assert channel is not None
        for handle in ("koordinator", "barnevern", "helse"):
            person = court.person(handle)
            await person.presses("Valg", in_=court.room)
            await court._opened(handle)
            theirs = USES[handle] - OF_CLOSED | ALSO | (OWN if handle != "helse" else set())
            first = offered(person)
            assert "*Hver tjeneste i saken*" in person.modal.text if person.modal is not None else False
            await shows_more(person, "Be om veiledning")
            assert sorted([*first, *offered(person)]) == sorted(theirs), (handle, "each once")
            await person.closes(whole_stack=True)
        for handle in ("sosialtjenesten", "vara-koordinator", "utenforstaende"):
            told = await court.presses(court.person(handle), CHOICES, case_id)
            assert told.startswith(REFUSALS), (handle, told)
        for handle in ("barnevern", "helse", "sosialtjenesten", "vara-koordinator", "utenforstaende"):
            for key in set(GROUPED) - OWN - ALSO - USES[handle]:
                told = await court.presses(court.person(handle), COMMANDS[key].choice, channel.id)
                assert told.startswith(REFUSALS), (handle, key, told)


def test_every_register_can_be_corrected_by_whoever_leads() -> None:
    """The newest by a button, those before it beside their time; by nobody else."""
    (ahead,) = base().meetings
    held = [
        replace(ahead, id=f"m{n}", starts_at=at, ends_at=at, registered_at=NOW)
        for n in (9, 5, 2)
        for at in [NOW - timedelta(days=n)]
    ]
    file = replace(base(), meetings=(ahead, *held))

    def corrected(reader: str) -> list[str]:
        at = ctx(file, Kind.HOME, reader, reader)
        view = more_choices_view(at, frozenset(Action), joined().commands)
        elements = [e for b in view["blocks"] for e in (*b.get("elements", ()), b.get("accessory") or {})]
        return [e["value"] for e in elements if e.get("action_id") == CORRECT]

    assert corrected("lead") == ["m2", "m5", "m9"]
    assert corrected("police") == []


#: The verbs of a case that stand there, and the window that each opens as its word does.
WINDOWS = {
    "calls": "calls",
    "meeting": "meeting",
    "move": "move",
    "cancel": "cancel",
    "invite": "invite",
    "release": "release",
    "deputy": "name_deputy",
    "hand-over": "hand_over",
    "actions": "action",
    "guidance": "ask_in_case",
    "deadline": "choose_date",
    "phase": "phase",
    "wait": "wait",
    "person": "add_persons",
    "link": "link_menu",
    "close": "close",
    "attendance": "attendance",
}
#: What is a button and no word: its label, its window.
BUTTONS = {
    "Alle tiltak": "actions",
    "Behov": "needs",
    "Velg møteleder": "chair",
    "Gi saken til …": "give_case",
    "Åpnet ved en feil: slett nå": "undo_opening",
}
#: Taps from the card until it is sent, where nothing has to be said in words; the last ends the case.
SENT = {
    "move": 4,
    "meeting": 5,
    "phase": 4,
    "person": 4,
    "invite": 4,
    "release": 5,
    "cancel": 4,
    "close": 4,
}


async def test_every_verb_is_three_taps_from_the_card_at_most_and_nothing_typed(
    sqlite_database_url: str, tmp_path: Path
) -> None:
    assert set(WINDOWS) == set(GROUPED), "WINDOWS says which window each verb of «Valg» opens"
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        court = Court(rehearsal, tmp_path / "tot.db")
        await court.opens()
        handles = {"deputy": "politi-exit", "hand-over": "politi-exit"}
        labels = {key: (NB(COMMANDS[key].choice_key), window) for key, window in WINDOWS.items()}
        for key, (label, window) in ({name: (name, it) for name, it in BUTTONS.items()} | labels).items():
            if key == "attendance":
                await court.runner.until(court.runner.day(3, "10:30"))
            person = court.person(handles.get(key, "koordinator"))
            taps = Taps(court, person)
            await person.presses("Valg", in_=court.room)
            await court._opened(person.handle)
            further = await leads_to(person, label)
            await sees_window(court, person, window)
            assert taps.now() == 2 + further, key
            # It came in place of «Valg»: closed, the card is there again.
            await person.closes()
            assert person.modal is None


async def test_until_it_is_sent(sqlite_database_url: str, tmp_path: Path) -> None:
    async with rehearse(sqlite_database_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        court = Court(rehearsal, tmp_path / "tot.db")
        await court.opens()
        found = {}
        for key, window in ((key, WINDOWS[key]) for key in SENT):
            person, taps = court.coordinator, Taps(court, court.coordinator)
            await person.presses("Valg", in_=court.room)
            await court._opened("koordinator")
            await leads_to(person, NB(COMMANDS[key].choice_key))
            await sees_window(court, person, window)
            chosen_in = 0
            while person.modal is not None and person.modal.view.payload["submit"]:
                before = {name: dict(each) for name, each in person.modal.view.values.items()}
                filled_in(person.modal.view, (), {})
                chosen_in += sum(before.get(n) != v for n, v in person.modal.view.values.items())
                assert await person.submits() == {}, key
                await court.runner.until_idle()
            found[key] = taps.now() + chosen_in
        assert found == SENT


def rest(person: Person) -> str:
    return person.modal.text if person.modal is not None else ""


async def shows_more(person: Person, label: str) -> None:
    await person.presses("Flere valg")
    await kit.until(lambda: f"[ {label} ]" in rest(person))


async def leads_to(person: Person, label: str) -> bool:
    """Press it, where it stands: in «Valg», or, and then it is True, behind «Flere valg»."""
    further = f"[ {label} ]" not in rest(person)
    if further:
        await shows_more(person, label)
    await person.presses(label)
    return further


class Taps:
    """All that somebody has pressed and submitted since."""

    def __init__(self, court: Court, person: Person) -> None:
        self._deliveries, self._user = court.sandbox.workspace.deliveries, person.id
        self._from = len(self._deliveries)

    def now(self) -> int:
        payloads = (delivery.payload for delivery in self._deliveries[self._from :])
        mine = (p for p in payloads if p.get("user", {}) and p["user"].get("id") == self._user)
        return sum(p["type"] in ("block_actions", "view_submission") for p in mine)


async def sees_window(court: Court, person: Person, window: str) -> None:
    def there() -> bool:
        return person.modal is not None and person.modal.view.payload["callback_id"] == window

    found = await court.sandbox.workspace.changes.until(there, kit.IN_TIME)
    assert found, person.modal.text if person.modal is not None else "no window"
