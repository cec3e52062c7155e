"""Home, as each person sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.domain.case.entities import Answer, Attendance, DeclineReason
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import NotOurs
from bot.domain.language import Language
from bot.texts.words import words
from handlers.blocks.context import Block, Message
from handlers.overview.home import home_view
from handlers.overview.home_model import home_model
from tests.handlers.cases import NOW, TEAM, WHEN, amend, base
from tests.handlers.reading import body, buttons, shown


def home(reader: str, file: CaseFile | None = None, *, contact: bool = False) -> list[Block]:
    file = file or base()
    model = home_model(
        file.persons[reader],
        [file],
        [TEAM] if file.coordinates(reader) else [],
        words=words(Language.NB).read_at(NOW),
        now=NOW,
        zone=ZoneInfo("Europe/Oslo"),
        contact=contact,
        all_teams=[TEAM],
    )
    view = home_view(model)
    assert view["type"] == "home"
    blocks: list[Block] = view["blocks"]
    return blocks


def read(blocks: list[Block]) -> list[str]:
    return body(Message(blocks))


def test_a_stranger_learns_what_tot_is_and_how_to_ask() -> None:
    blocks = home("stranger")
    assert read(blocks) == [
        "TOT er et tverretatlig team som samler tjenestene som kan hjelpe når noen kan være utsatt for "
        "menneskehandel. Teamet samordner hjelp og beskyttelse. Det avdekker og etterforsker ikke.",
        "*TOT Bergen:* Mandat",
    ]
    assert buttons(blocks) == [
        ("Hjelp", "help", "help"),
        ("Be om veiledning", "ask_guidance", "ask"),
        ("Be om at TOT samles", "command_convene", "home"),
    ]
    assert "Akutt: ring 112" in shown(blocks)


def test_everybody_reads_the_teams_mandate_once() -> None:
    for reader in ("lead", "police", "social", "stranger"):
        assert shown(home(reader)).count("*TOT Bergen:* Mandat") == 1, reader


def test_somebody_whose_part_is_over_is_a_stranger_to_the_case() -> None:
    ended = amend(base(), "seat-police", ended_at=NOW)
    assert home("police", ended) == home("stranger")
    assert read(home("police", ended, contact=True)) == [
        "Venter på deg",
        "Ingenting venter på deg nå.",
        "Møtene mine",
        "Du har ingen møter framover.",
        "Sakene mine",
        "Du er ikke med i noen sak nå.",
        "*Språk:* Dette språket bruker jeg med deg.",
    ]


def test_a_contact_sees_what_waits_and_own_meetings_and_cases() -> None:
    blocks = home("police")
    seen = read(blocks)
    assert seen[0] == "Venter på deg"
    assert seen[1].startswith("*Kommer du på møtet i sak k7f3?*\n*Når:*")
    assert seen[2:-1] == [
        "Møtene mine",
        f"*{WHEN}* · sak k7f3 · Rådhuset, rom 2 · du har ikke svart · <#C0ROOM>",
        "Sakene mine",
        "Sak *k7f3* · akuttfase · <#C0ROOM>",
    ]
    assert [action for _, action, _ in buttons(blocks)] == [
        *("help", "ask_guidance", "command_convene", "confirm", "decline", "not_ours")
    ]


def test_an_answered_summons_no_longer_waits() -> None:
    blocks = home("police", amend(base(), "ask-police", answer=Answer.CONFIRMED))
    seen = read(blocks)
    assert seen[:2] == ["Venter på deg", "Ingenting venter på deg nå."]
    assert seen[3].endswith("du kommer · <#C0ROOM>")
    assert ("Kan ikke", "decline", "ask-police|0") in buttons(blocks)


def test_why_nobody_came_waits_for_the_agencys_lead_once_the_meeting_is_over() -> None:
    held = {"starts_at": NOW - timedelta(hours=2), "ends_at": NOW - timedelta(hours=1)}
    away = {"attendance": Attendance.ABSENT_WITHOUT_NOTICE, "registered_by": "lead"}
    file = amend(amend(base(), "meeting", registered_at=NOW, **held), "duty-child", **away)
    seen = home("child", file)
    assert "Vi savnet Barneverntjenesten" in shown(seen)
    assert "Ingenting venter på deg nå." not in shown(seen)
    assert ("Oppgi grunnen", "explain_absence", "duty-child") in buttons(seen)
    for other in (
        amend(file, "meeting", ends_at=NOW + timedelta(minutes=1), registered_at=None),
        amend(file, "duty-child", absence_reason=DeclineReason.AWAY),
        amend(file, "duty-child", attendance=Attendance.PRESENT),
        amend(file, "part-child", ended_at=NOW),
    ):
        assert "Vi savnet" not in shown(home("child", other))
    assert "Vi savnet" not in shown(home("police", file))


def test_who_has_said_that_a_deputy_comes_reads_so() -> None:
    seen = shown(home("police", amend(base(), "ask-police", with_deputy=True)))
    assert "· dere kommer med vara: velg hvem · <#C0ROOM>" in seen
    assert "du har ikke svart" not in seen


def test_who_has_said_no_before_confirming_is_not_waited_for() -> None:
    no = amend(base(), "ask-social", answer=Answer.DECLINED, answered_at=NOW, answered_by="social")
    assert "Jeg bekrefter taushetsplikten" in shown(home("social"))
    seen = shown(home("social", no))
    assert "Jeg bekrefter taushetsplikten" not in seen
    assert "Ingenting venter på deg nå." in seen


def test_before_taushetsplikt_home_says_what_the_question_says() -> None:
    blocks = home("social")
    assert read(blocks)[1].startswith(f"*Møte {WHEN}, fysisk*\n<@U0LEAD> trenger Sos")
    assert "k7f3" not in shown(blocks)
    assert read(blocks)[-5:-1] == [
        "Møtene mine",
        "Du har ingen møter framover.",
        "Sakene mine",
        "Du er ikke med i noen sak nå.",
    ]


def test_a_coordinator_sees_every_case_with_what_is_missing() -> None:
    blocks = home("lead")
    assert buttons(blocks) == [
        ("Akutt: kall TOT sammen", "acute", "team"),
        ("Opprett sak", "open_case", "team"),
        ("Hjelp", "help", "help"),
        ("Registrer svar", "record_answer", "ask-counsel|0"),
        ("Registrer svar", "record_answer", "ask-shelter|0"),
    ]
    assert read(blocks)[:-1] == [
        "Venter på deg",
        "Sak k7f3 mangler noe. <#C0ROOM>",
        "Ring disse",
        f"*Sak k7f3, møtet {WHEN}*",
        "*Bistandsadvokaten:* Vakt\n*E-post:* counsel@mail.example\nTaushetsplikten er ikke bekreftet.",
        "*botilbud 1:* kontaktpersonen hos botilbud 1\n*Vakttelefon:* 55 00 00 01\n"
        "Taushetsplikten er ikke bekreftet.",
        "Møtene mine",
        f"*{WHEN}* · sak k7f3 · Rådhuset, rom 2 · du koordinerer · <#C0ROOM>",
        "Saker i TOT Bergen",
        "Sak *k7f3* · akuttfase · <#C0ROOM>\n"
        "• <@U0SECOND> har ikke bekreftet taushetsplikten som koordinator.\n"
        "• Bistandsadvokaten: må ringes.\n"
        "• botilbud 1: må ringes.\n"
        "• Sosialtjenesten: taushetsplikten er ikke bekreftet.\n"
        "• Politiet: har ikke svart på innkallingen.\n"
        "• Barneverntjenesten: har ikke svart på innkallingen.",
    ]


def test_a_coordinator_who_cannot_be_named_is_told_of_all_the_same() -> None:
    file = base()
    persons = file.persons | {"second": replace(file.persons["second"], slack_id=None)}
    seen = shown(home("lead", replace(file, persons=persons)))
    assert "• En koordinator har ikke bekreftet taushetsplikten." in seen


def test_a_coordinator_who_has_not_confirmed_sees_only_that_a_case_waits() -> None:
    blocks = home("second")
    assert read(blocks)[:2] == [
        "Venter på deg",
        "En sak i TOT Bergen venter på at du bekrefter taushetsplikten.",
    ]
    assert ("Jeg bekrefter taushetsplikten", "acknowledge", "seat-second") in buttons(blocks)
    assert "Ingen saker å vise nå." in read(blocks)
    assert "k7f3" not in shown(blocks)


def test_a_closed_case_shows_its_deletion_date_to_the_coordinator_alone() -> None:
    closed = amend(base(), "case", closed_at=NOW, delete_on=date(2026, 12, 30))
    assert "Sak *k7f3* · avsluttet, slettes senest onsdag 13. januar" in read(home("lead", closed))
    for part in ("part-police", "part-child"):
        closed = amend(closed, part, on_record="case")
    assert "Sak *k7f3* · avsluttet, slettes senest onsdag 30. desember" in read(home("lead", closed))
    assert ("Åpne saken igjen", "reopen", "case") in buttons(home("lead", closed))
    assert "k7f3" not in shown(home("police", closed))


def test_a_purged_case_is_gone() -> None:
    purged = amend(base(), "case", closed_at=NOW, purged_at=NOW)
    for reader in ("lead", "second", "police"):
        assert "k7f3" not in shown(home(reader, purged))


def test_language_is_chosen_from_three() -> None:
    select = home("police")[-1]["accessory"]
    assert select["action_id"] == "language"
    assert [(o["text"]["text"], o["value"]) for o in select["options"]] == [
        ("Bokmål", "nb"),
        ("Nynorsk", "nn"),
        ("English", "en"),
    ]
    assert select["initial_option"]["value"] == "nb"


def test_a_case_given_twice_is_shown_once() -> None:
    file = base()
    model = home_model(
        file.persons["lead"],
        [file, file],
        [TEAM],
        words=words(Language.NB).read_at(NOW),
        now=NOW,
        zone=ZoneInfo("Europe/Oslo"),
    )
    assert [len(t.cases) for t in model.teams] == [1]
    assert len(model.meetings) == 1


def test_a_coordinator_has_the_numbers_to_ring_and_nobody_else() -> None:
    blocks = home("lead")
    said = read(blocks)
    at = said.index("Ring disse")
    assert "Vakttelefoner: Politiet 55 00 00 63" in shown(blocks)
    assert said[at + 1 : at + 4] == [
        f"*Sak k7f3, møtet {WHEN}*",
        "*Bistandsadvokaten:* Vakt\n*E-post:* counsel@mail.example\nTaushetsplikten er ikke bekreftet.",
        "*botilbud 1:* kontaktpersonen hos botilbud 1\n*Vakttelefon:* 55 00 00 01\n"
        "Taushetsplikten er ikke bekreftet.",
    ]
    assert ("Registrer svar", "record_answer", "ask-counsel|0") in buttons(blocks)
    for reader in ("second", "police", "shelter", "stranger"):
        assert "Ring disse" not in shown(home(reader)), reader
        assert "55 00 00 63" not in shown(home(reader)), reader
    done = base()
    for key in ("counsel", "shelter"):
        done = amend(done, f"ask-{key}", answer=Answer.CONFIRMED)
    assert "Ring disse" not in shown(home("lead", done))
    assert "Politiet 55 00 00 63 · botilbud 1 55 00 00 01" in shown(home("lead", done))


def test_who_says_that_a_case_is_not_theirs_waits_for_the_coordinator_in_home() -> None:
    facts = {"not_ours": NotOurs.OTHER_DISTRICT, "not_ours_at": NOW, "not_ours_by": "police"}
    file = amend(base(), "part-police", **facts)
    pressed = {action for _, action, _ in buttons(Message(home("lead", file)))}
    assert {"accept_not_ours", "ask_again"} <= pressed
    assert not {"accept_not_ours", "ask_again"} & {a for _, a, _ in buttons(Message(home("police2", file)))}
