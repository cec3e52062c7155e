"""Messages of what lies outside cases: within Slack's limits, without markup, for their reader alone."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.domain.language import Language
from bot.domain.notification_params import Revision
from bot.texts.words import words
from handlers import convening
from handlers.blocks.context import Message
from handlers.directory.roster_page import roster_html
from handlers.guidance import messages as guidance_messages
from handlers.guidance.modals import close_form
from handlers.joint import messages as joint_messages
from handlers.overview.home_outside import Outside, open_questions
from sandbox.block_kit.checks import check_message
from tests.every import every
from tests.handlers.cases import NOW, STARTS, base, with_deputy
from tests.handlers.outside import MESSAGES, a_roster, answered, meeting_view, request, standing
from tests.handlers.reading import buttons
from tests.handlers.test_forms import crowded

NB = words(Language.NB).read_at(NOW)


@every("language", Language)
@every("name", MESSAGES)
def test_fits_in_slack_and_nothing_becomes_markup(name: str, language: Language) -> None:
    for file in (with_deputy(base()), crowded()):
        message = MESSAGES[name](words(language), file)
        assert message is not None
        assert check_message(message.blocks) == []
        shown = json.dumps(message.blocks, ensure_ascii=False)
        assert "<!channel>" not in shown
        assert "<@U0EVIL>" not in shown
        assert "Krisesenteret" not in shown


@every("reader", ["police", "social", "stranger", "shelter"])
def test_who_does_not_coordinate_sees_no_question(reader: str) -> None:
    file = base()
    assert guidance_messages.asked(NB, standing(file), reader) is None
    assert guidance_messages.waits(NB, standing(file), reader, half=True) is None
    assert convening.asked(NB, request(file), reader) is None
    assert joint_messages.called(NB, meeting_view(file), reader) is None


@every("reader", ["lead", "social", "stranger"])
def test_who_did_not_ask_or_is_not_invited_sees_no_answer(reader: str) -> None:
    file = base()
    assert guidance_messages.talk(NB, answered(file), "second", Revision(0)) is None
    assert convening.stands(NB, request(file), reader) is None
    assert joint_messages.invited(NB, meeting_view(file), reader) is None
    assert joint_messages.entry(NB, meeting_view(file), reader, Revision(0), "a@b.example") is None


def test_the_buttons_answer_for_the_time_that_was_asked_about() -> None:
    now = meeting_view(base())
    moved = replace(now, meeting=replace(now.meeting, sequence=3, asked_sequence=2))
    shown = joint_messages.invited(NB, moved, "police")
    assert shown is not None
    values = [e["value"] for b in shown.blocks if b["type"] == "actions" for e in b["elements"]]
    assert values == [f"{now.meeting.id}|2"] * 2


def test_a_coordinator_can_say_no_in_home_too() -> None:
    shown_there = open_questions(NB, Outside(to_decide=(request(base()),)))
    assert buttons(Message(shown_there)) == [
        ("Ja, opprett sak", "open_case_from", "convening/convening"),
        ("Nei", "decline_convening", "convening"),
    ]
    form = convening.decline_convening_form(NB, request(base()))
    assert form["blocks"][0]["text"]["text"] == "Den som spurte, får vite grunnen."


def test_an_older_answer_and_an_older_time_are_gone() -> None:
    file = base()
    assert guidance_messages.answer(NB, answered(file), Revision(0)) is None
    assert guidance_messages.talk(NB, answered(file), "police", Revision(1)) is None
    assert guidance_messages.talk(NB, answered(file), "police", Revision(0)) is not None


def test_a_question_that_is_closed_without_an_answer_is_not_left_in_silence() -> None:
    file = base()
    closed = standing(file, closed_at=STARTS)
    made = guidance_messages.answer(NB, closed, None)
    assert made is not None
    assert "<@U0LEAD> og <@U0SECOND>, eller spør på nytt med `/tot veiledning`." in json.dumps(
        made.blocks, ensure_ascii=False
    )
    for other in (
        standing(file),
        replace(answered(file), asked=replace(answered(file).guidance, closed_at=STARTS)),
    ):
        assert guidance_messages.answer(NB, other, None) is None
    warned = json.dumps(close_form(NB, standing(file)), ensure_ascii=False)
    assert "*<@U0POLICE> har ikke fått svar.* Vi har lovet svar innen onsdag 2. desember" in warned
    assert "har ikke fått svar" not in json.dumps(close_form(NB, answered(file)), ensure_ascii=False)


@every("language", Language)
def test_the_page_is_whole_html_without_markup_from_data(language: Language) -> None:
    page = roster_html(words(language), [a_roster(crowded())], STARTS.date())
    assert page.startswith("<!DOCTYPE html>")
    assert "<!channel>" not in page
    assert page.count("<tr>") == page.count("</tr>")
    assert "Krisesenteret" not in page
