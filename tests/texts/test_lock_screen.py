"""Every kind of message as a locked phone shows it, and every mail as a mail server sees it."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.domain.language import Language
from bot.domain.notifications import Kind
from bot.domain.worktime import OSLO
from bot.texts.words import catalogue_keys, words
from handlers.blocks.context import File, Message
from handlers.blocks.lock_screen import lock_screen as sentence
from handlers.delivery.declarations import Job
from tests import lock_screen
from tests.every import every
from tests.handlers.cases import NOW, REGISTRY


@every("kind", lock_screen.KINDS)
def test_a_locked_phone_shows_one_of_six_sentences(kind: Kind) -> None:
    for language in Language:
        found = lock_screen.samples(kind, language)
        assert found, "this kind has no sample, so nobody has seen what a phone shows of it"
        shown = lock_screen.shown(kind, language)
        assert all(lock_screen.pattern(language).fullmatch(text) for text in shown), shown
        assert all(made.blocks for made in found if isinstance(made, Message)), "what it says stands nowhere"
        files = [made for made in found if isinstance(made, File)]
        for calendar in (file for file in files if file.name.endswith(".ics")):
            lock_screen.neutral_calendar(calendar.content)
        if language is Language.NB:
            as_files = shown <= {"En fil til kalenderen din.", "En fil til deg."}
            assert len(files) == as_files * len(found), "a file is told from a message"


#: The kinds that say «Haster», and those that say «Påminnelse», about things without a near answer time.
URGENT = {
    *(Kind.CALL_LIST, Kind.LEADER_ASKED, Kind.NOT_OURS, Kind.INTRUDER, Kind.KICK_REFUSED, Kind.ROOM_TROUBLE),
    *(Kind.NOT_DELIVERED, Kind.SET_ASIDE),
}
REMINDERS = {
    *(Kind.DEPUTY_WAITS, Kind.UNANSWERED, Kind.SUCCESSOR_UNCONFIRMED, Kind.SUCCESSOR_SILENT),
    *(Kind.LIAISON_UNCONFIRMED, Kind.LIAISON_SILENT, Kind.MEETING_SOON, Kind.REGISTER, Kind.NO_MEETING_AHEAD),
    *(Kind.CONTACT_DUE, Kind.DELETION_SOON, Kind.CASE_QUESTION_WAITS, Kind.ACTION_DUE, Kind.ACTION_CALL),
    *(Kind.ACTION_LEADER, Kind.ACTION_OVERDUE, Kind.PLACEMENT_MEETING, Kind.PLACEMENT_END, Kind.DEADLINE_DUE),
    *(Kind.GUIDANCE_WAITS, Kind.CONVENE_WAITS, Kind.JOINT_SOON, Kind.JOINT_REGISTER),
}


def test_which_kinds_are_urgent_and_which_remind() -> None:
    shown = {kind: lock_screen.shown(kind, Language.NB) for kind in lock_screen.KINDS}
    assert {kind for kind in shown if "Haster. Åpne meldingen." in shown[kind]} == URGENT
    assert {kind for kind in shown if "Påminnelse. Åpne meldingen." in shown[kind]} == REMINDERS


def test_only_work_is_without_a_message() -> None:
    assert all(isinstance(REGISTRY[kind], Job) for kind in lock_screen.NO_MESSAGE if kind in REGISTRY)


@every("language", Language)
def test_the_closed_set_is_closed(language: Language) -> None:
    keys = {key for key in catalogue_keys(language) if key.startswith("lock-screen.")}
    assert keys == {f"lock-screen.{sentence}" for sentence in lock_screen.SENTENCES}
    for _, text in ((key, catalogue_keys(language)[key]) for key in keys):
        assert not re.search(r"(?i)\btot\b|\bsak|case|etat|agenc|møte(?!n)|meeting", str(text)), text


@every(
    ("kind", "hours", "said"),
    [
        (Kind.SUMMONS, 11, "Haster: svar innen kl. 20:30. Åpne meldingen."),
        (Kind.SUMMONS, 13, "Noe nytt. Åpne meldingen."),
        (Kind.SUMMONS, -1, "Noe nytt. Åpne meldingen."),
        (Kind.UNANSWERED, 1, "Haster: svar innen kl. 10:30. Åpne meldingen."),
        (Kind.UNANSWERED, 13, "Påminnelse. Åpne meldingen."),
    ],
)
def test_a_deadline_is_named_when_it_is_near(kind: Kind, hours: int, said: str) -> None:
    made = Message([], answer_by=NOW + timedelta(hours=hours))
    assert sentence(words(Language.NB), kind, made, NOW, OSLO) == said


def test_an_other_text_is_found() -> None:
    assert lock_screen.is_harmless("Haster: svar innen kl. 21:20. Åpne meldingen.")
    for text in ("En plassering er ført inn", "Noe nytt. Åpne meldingen. Politiet", "", None):
        assert not lock_screen.is_harmless(text)


@every("language", Language)
def test_a_mail_server_sees_nothing_of_the_team(language: Language) -> None:
    sent = lock_screen.mails(language)
    assert len(sent) == 4, "an invitation, another time, a withdrawal, and a drill"
    for mail in sent.values():
        lock_screen.neutral_mail(mail.as_bytes())
        assert not re.search(rb"(?i)(?<![a-z])tot(?![a-z])", mail.as_bytes())
