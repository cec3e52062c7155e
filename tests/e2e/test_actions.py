"""Who does what, through the front door: agreed, seen by all in the room, reminded of, ended."""

from __future__ import annotations

from datetime import date

import pytest

from bot.cli.demo import rehearse
from sandbox.exercises.runner import ExerciseRunner
from sandbox.people.visibility import CouldNot
from tests.e2e import kit


async def test_an_action_from_agreement_to_outcome(play_url: str) -> None:
    async with rehearse(play_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        runner = rehearsal.runner
        room = await kit.open_case(runner, "Politiet", "UDI", **{"Hvor mange personer": "2"})
        await kit.confirm(runner, "politi-exit")
        koordinator, exit_ = runner.person("koordinator"), runner.person("politi-exit")

        await koordinator.types("/tot tiltak Politiet", in_=room)
        await koordinator.sees_modal("Avtal tiltak")
        await koordinator.fills({"Hva skal gjøres?": "Ring 41 23 45 67", "Hvem gjelder det?": ["A"]})
        assert "telefonnummer" in str(await runner.is_refused(koordinator))
        saturday = {"Hva skal gjøres?": "avklare vakthold", "Frist": date(2026, 12, 5)}
        await koordinator.fills(saturday)
        await runner.sends(koordinator)
        assert koordinator.modal is not None
        assert "lørdag 5. desember" in koordinator.modal.text
        assert "helg" in koordinator.modal.text
        await kit.send(runner, koordinator)

        await exit_.sees("avklare vakthold · A · frist lør. 5. des.", in_=room)
        await exit_.sees("Nytt tiltak for Politiet", in_="tot-bot")
        await runner.until(runner.day(3, "07:59"))
        assert not any("til fristen" in m.text for m in kit.direct(runner.sandbox, "politi-exit"))
        await runner.until(runner.day(3, "08:01"))
        await exit_.sees("fristen er i morgen", in_="tot-bot")
        await runner.until(runner.day(8, "08:01"))
        await runner.person("politi-leder").sees("Politiet har tiltak", in_="tot-bot")
        assert "avklare" not in "".join(m.text for m in runner.person("politi-leder").messages("tot-bot"))
        await exit_.presses("Utført", in_="tot-bot")
        await runner.until_idle()
        await exit_.sees("Avsluttede tiltak: 1 utført", in_=room)
        assert not any("har tiltak" in m.text for m in runner.person("politi-leder").messages("tot-bot"))
        await runner.until(runner.day(10))
        assert not any("over fristen" in m.text for m in koordinator.messages("tot-bot"))


async def test_several_are_agreed_in_one_go_and_told_in_one_message(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "UDI", **{"Hvor mange personer": "2"})
    await kit.confirm(runner, "politi-exit")
    koordinator, exit_ = runner.person("koordinator"), runner.person("politi-exit")
    await koordinator.types("/tot tiltak Politiet", in_=room)
    form = (await koordinator.sees_modal("Avtal tiltak")).text
    assert "[x] A" in form
    assert "[x] B" in form
    await koordinator.fills({"Hvilket behov?": "Advokat"})
    await kit.send(runner, koordinator)
    assert koordinator.modal is not None
    assert "Fristen er tirsdag 1. desember." in koordinator.modal.text, "in the acute phase it is tonight"
    await koordinator.presses("Ett til")
    await koordinator.sees_modal("Avtal tiltak")
    await koordinator.fills({"Hva skal gjøres?": "avklare vakthold", "Frist": date(2026, 12, 2)})
    await kit.send(runner, koordinator)
    await koordinator.presses("Ett til")
    await koordinator.sees_modal("Avtal tiltak")
    await koordinator.fills({"Hva skal gjøres?": "avtale avhør"})
    await kit.send(runner, koordinator)

    (told,) = (
        m.text for m in kit.direct(runner.sandbox, "politi-exit") if "Nye tiltak for Politiet" in m.text
    )
    for agreed in ("*Hva:* Avklar: advokat", "*Hva:* avklare vakthold", "*Hva:* avtale avhør"):
        assert agreed in told
    await exit_.sees("Avklar: advokat · alle · frist tir. 1. des.", in_=room)
    await runner.until(runner.day(1, "08:01"))
    (due,) = (m.text for m in kit.direct(runner.sandbox, "politi-exit") if "fristen er i dag" in m.text)
    assert "avklare vakthold" in due
    assert "avtale avhør" in due
    await exit_.presses("Utført", in_="tot-bot", near="fristen er i dag")
    await runner.until_idle()
    (due,) = (m.text for m in kit.direct(runner.sandbox, "politi-exit") if "fristen er i dag" in m.text)
    assert "avklare vakthold" not in due
    assert "avtale avhør" in due


async def test_what_is_typed_after_the_word_is_not_in_the_form(play_url: str) -> None:
    async with rehearse(play_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        runner = rehearsal.runner
        room = await kit.open_case(runner, "Politiet")
        koordinator = runner.person("koordinator")
        await koordinator.types("/tot tiltak Ring Kari\n*Saken er lukket*", in_=room)
        form = await koordinator.sees_modal("Avtal tiltak")
        assert "Kari" not in str((form.view.blocks, form.view.values))


async def test_an_action_is_handed_over_and_the_day_moved(play_url: str) -> None:
    async with rehearse(play_url, starts=kit.STARTS, sandbox=kit.quick()) as rehearsal:
        runner = rehearsal.runner
        room = await kit.open_case(runner, "Politiet", "Sosialtjenesten")
        await kit.confirm(runner, "politi-exit", "sosialtjenesten")
        koordinator, exit_, social = map(runner.person, ("koordinator", "politi-exit", "sosialtjenesten"))
        await koordinator.types("/tot tiltak Politiet", in_=room)
        await koordinator.fills({"Hva skal gjøres?": "avklare bosted", "Frist": date(2026, 12, 4)})
        await kit.send(runner, koordinator)
        await exit_.sees("Nytt tiltak for Politiet", in_="tot-bot")

        await koordinator.presses("Alle tiltak", in_=room)
        await koordinator.sees_modal("Alle tiltak")
        later = "Ikke ferdig: endre frist eller tjeneste"
        await koordinator.fills(
            {"Tiltak": "fre. 4. des. · Politiet: avklare bosted", "Hvordan gikk det?": later}
        )
        await runner.sends(koordinator)
        await koordinator.sees_modal("Endre tiltak")
        assert "Velg en annen dag" in str(await runner.is_refused(koordinator))
        await koordinator.fills({"Ansvarlig tjeneste": "Sosialtjenesten", "Frist": date(2026, 12, 6)})
        await runner.sends(koordinator)
        assert "helg" in (await koordinator.sees_modal("Endre tiltak")).text
        await kit.send(runner, koordinator)

        await social.sees("Sosialtjenesten har overtatt et tiltak", in_="tot-bot")
        await social.sees("*Før:* Politiet, frist fredag 4. desember", in_="tot-bot")
        await exit_.sees("*Endret:* nå Sosialtjenesten, frist søndag 6. desember", in_="tot-bot")
        with pytest.raises(CouldNot):
            await exit_.presses("Utført", in_="tot-bot", within=0)
        await exit_.sees("avklare bosted · frist søn. 6. des.", in_=room)
        await runner.until(runner.day(9))
        assert not any("*Tiltak i sak" in m.text for m in exit_.messages("tot-bot")), "no more reminders"
        await social.sees("fristen gikk ut i går", in_="tot-bot")

        await social.presses("Endre frist eller tjeneste", in_="tot-bot")
        await social.sees_modal("Endre tiltak")
        await social.fills({"Frist": date(2026, 12, 14)})
        await kit.send(runner, social)
        assert not any("gikk ut i går" in m.text for m in social.messages("tot-bot"))
        await social.sees("avklare bosted · frist man. 14. des.", in_=room)


async def test_needs_are_noted_by_the_coordinator_and_taken_by_an_agency(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "Sosialtjenesten")
    await kit.confirm(runner, "politi-exit", "sosialtjenesten")
    koordinator, social = runner.person("koordinator"), runner.person("sosialtjenesten")
    await koordinator.types("/tot tiltak behov", in_=room)
    await koordinator.fills({"Behov": ["Beskyttelse", "Et sted å bo"]})
    await kit.send(runner, koordinator)
    await social.sees_no("Et sted å bo", in_=room)  # «Neste» is not «Lagre»
    await koordinator.fills({"Beskyttelse": "Politiet"})
    await kit.send(runner, koordinator)
    await social.sees("Et sted å bo: ingen har tatt ansvar for dette", in_=room)
    await social.sees("Beskyttelse: Politiet", in_=room)
    updates = [c for c in runner.sandbox.workspace.calls if c.method == "chat.update"]
    await social.presses("Vi tar ansvar", in_=room)
    await runner.until_idle()
    await social.sees("Et sted å bo: Sosialtjenesten", in_=room)
    made = [c for c in runner.sandbox.workspace.calls if c.method == "chat.update"]
    assert len(made) == len(updates) + 1, "the card is updated by one call"
    await koordinator.types("/tot ut Sosialtjenesten", in_=room)
    await kit.send(runner, koordinator)
    await koordinator.sees("Et sted å bo: ingen har tatt ansvar for dette", in_=room)


async def test_a_stranger_gets_nothing_from_the_word(runner: ExerciseRunner) -> None:
    await kit.open_case(runner, "Politiet")
    stranger = runner.person("utenforstaende")
    answer = await stranger.types("/tot tiltak")
    assert answer is not None
    assert "koordinator" in answer.text
    assert stranger.modal is None
    with pytest.raises(CouldNot):
        await stranger.presses("Avtal tiltak", within=0)
