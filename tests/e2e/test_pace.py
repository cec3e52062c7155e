"""How fast people are asked follows the meeting, and what they are told in few and true words."""

from __future__ import annotations

import re

from sandbox.exercises.runner import ExerciseRunner
from tests.e2e import kit

FORTY = ("Politiet", "Barneverntjenesten", "UDI")


def asked(runner: ExerciseRunner, handle: str = "politi-exit") -> str:
    return "\n".join(m.text for m in kit.direct(runner.sandbox, handle))


async def test_a_meeting_more_than_a_day_away_names_no_clock_time_of_an_answer(
    runner: ExerciseRunner,
) -> None:
    await kit.open_case(runner, "Politiet")
    assert "Svar i løpet av arbeidsdagen i dag." in asked(runner)
    await runner.until(runner.day(0, "12:35"))
    assert "Vi venter på svar fra deg" in asked(runner), "halfway"
    assert "Svar innen" not in asked(runner)
    assert "Ring disse" not in asked(runner, "koordinator")
    told = [c.arguments.get("text", "") for c in runner.sandbox.workspace.calls]
    assert not [text for text in told if "svar innen kl." in str(text)], "nor on a locked phone"
    await runner.until(runner.day(1, "12:05"))
    assert "Ring disse" in asked(runner, "koordinator")


async def test_a_meeting_within_a_day_names_the_minutes(runner: ExerciseRunner) -> None:
    await kit.open_case(runner, "Politiet", when="i morgen kl 08:30")
    assert "Svar innen kl. 09:15 i dag." in asked(runner)


async def test_the_first_message_has_few_words_and_the_duties(runner: ExerciseRunner) -> None:
    await kit.open_case(runner, "Politiet", when="i kveld kl 21")
    (question,) = kit.direct(runner.sandbox, "politi-exit")
    assert len(re.findall(r"\w[\w.:/-]*", question.text)) <= 110
    assert "Avvergeplikten gjelder alle, meldeplikten dem som har den." in question.text


async def test_the_receipt_says_who_is_told_and_whom_to_ring(runner: ExerciseRunner) -> None:
    await kit.fill_in_case(runner, FORTY, when="i overmorgen kl 10")
    koordinator = runner.person("koordinator")
    await runner.sends(koordinator)
    receipt = await koordinator.sees_modal("Saken er opprettet")
    assert "Sendt til 2 tjenester. UDI må du ringe: 55 00 00 06." in receipt.text.replace("*", "")


async def test_the_telephone_form_has_thirty_words_to_read_aloud(runner: ExerciseRunner) -> None:
    await kit.open_case(runner, *FORTY)
    koordinator = runner.person("koordinator")
    await koordinator.presses("Registrer svar", near="UDI", in_="tot-bot")
    form = await koordinator.sees_modal("Registrer svar")
    (line,) = re.findall(r"Les høyt:\*? ?(.+)", form.text)
    assert len(line.split()) <= 30
    assert {"Avvergeplikten", "meldeplikten"} <= set(line.split())


async def test_out_of_the_case_says_who_loses_access_of_the_agency_chosen(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, *FORTY)
    await kit.confirm(runner, "politi-exit", "barnevern")
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot ut", in_=room)
    assert "mister tilgangen" not in (await koordinator.sees_modal("Ta ut av saken")).text
    await koordinator.fills({"Tjeneste": "Politiet"})
    await runner.sends(koordinator)
    review = (await koordinator.sees_modal("Ta ut av saken")).text
    assert "Politiet mister tilgangen med en gang" in review
    assert "Barneverntjenesten" not in review
    assert kit.people_in(runner.sandbox, room) >= {"politi-exit"}
    await runner.sends(koordinator)
    await runner.until_idle()
    assert kit.people_in(runner.sandbox, room) == {"koordinator", "barnevern"}


async def test_the_card_names_a_silent_agency_once_and_counts_missing_consent(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "Sosialtjenesten", "Bistandsadvokaten")
    card = next(m.text for m in runner.person("koordinator").messages(room) if m.text.startswith("Sak "))
    assert card.count("Sosialtjenesten") == 1
    assert "Samtykke mangler for 2 tjenester." in card
    await kit.confirm(runner, "politi-exit")
    assert "Samtykke mangler for 2 tjenester." in asked(runner)
    assert "hvem tar med hva, og trengs tolk?" in asked(runner)
