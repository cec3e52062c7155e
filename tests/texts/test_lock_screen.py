"""Texts on a locked phone, and every mail as a mail server sees it."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.domain.language import Language
from bot.domain.notifications import Kind
from bot.domain.worktime import OSLO
from bot.texts.words import words
from handlers.blocks.context import Message
from handlers.blocks.lock_screen import lock_screen as sentence
from tests import lock_screen
from tests.every import every
from tests.handlers.cases import NOW
from tests.stories.judges import LOCK_SCREEN


@every("language", Language)
def test_the_closed_set_is_closed(language: Language) -> None:
    keys = {key for key in words(language).catalogue if key.startswith("lock-screen.")}
    assert keys == {f"lock-screen.{sentence}" for sentence in lock_screen.SENTENCES}
    assert all(LOCK_SCREEN.fullmatch(words(language)(key, clock="21:20")) for key in keys)
    for _, text in ((key, words(language).catalogue[key]) for key in keys):
        assert not re.search(r"(?i)\btot\b|\bsak|case|etat|agenc|møte(?!n)|meeting", str(text)), text


@every(
    ("kind", "hours", "said"),
    [
        (Kind.CALL_LIST, -1, "Haster. Åpne meldingen."),
        (Kind.MEETING_SOON, -1, "Påminnelse. Åpne meldingen."),
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


@every("language", Language)
def test_a_mail_server_sees_nothing_of_the_team(language: Language) -> None:
    written = {key: text for key, text in words(language).catalogue.items() if key.startswith("mail.")}
    subjects = [text for key, text in written.items() if "subject" in key]
    assert len(subjects) == 4, "an invitation, another time, a withdrawal, and a drill"
    assert all(re.fullmatch(lock_screen.HEADERS["Subject"], str(text)) for text in subjects)
    assert [key for key, text in written.items() if re.search(r"(?i)\btot\b", str(text))] == []
