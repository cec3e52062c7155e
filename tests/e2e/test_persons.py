"""The persons of a case as people in Slack see them."""

from __future__ import annotations

import pytest

from sandbox.exercises.runner import ExerciseRunner
from sandbox.people.visibility import CouldNot
from tests.e2e import kit


async def test_closed_for_one_person_and_an_agency_left_with_none_leaves(runner: ExerciseRunner) -> None:
    koordinator = runner.person("koordinator")
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten", **{"Hvor mange personer": "7"})
    await kit.confirm(runner, "politi-exit", "barnevern")
    await koordinator.sees("*Personer:* A–G", in_=room)
    only_b = {"Hvilke personer gjelder det?": ["B"]}
    await kit.submit_form(runner, "koordinator", "/tot inviter helse", room, **only_b)
    await kit.confirm(runner, "helse")
    assert "helse" in kit.people_in(runner.sandbox, room)
    await koordinator.types("/tot lukk B", in_=room)
    form = await koordinator.sees_modal("Avslutt sak")
    assert (
        "*Dette skjer når du avslutter bare for B*\n• Går ut, for de er bare med for B: Helsetjenesten"
        in form.text
    )
    assert form.text.index("bare for B*") < form.text.index("*Dette skjer hvis du avslutter hele saken*")
    assert "*A*" not in form.text, "of the others there is nothing to read"
    await kit.send(runner, koordinator)
    assert kit.people_in(runner.sandbox, room) == {"koordinator", "politi-exit", "barnevern"}
    await runner.person("politi-exit").sees("Saken er avsluttet for B", in_=room)
    await runner.person("politi-exit").sees("*Personer:* A og C–G", in_=room)
    await runner.person("politi-exit").sees("*Avsluttet for:* B (tirsdag 1. desember)", in_=room)
    await runner.person("politi-exit").sees("*Ikke lenger med:* Helsetjenesten", in_=room)
    assert any(m.text.startswith("*Dere er ferdige i sak") for m in kit.direct(runner.sandbox, "helse"))
    with pytest.raises(CouldNot):
        await runner.person("helse").sees("*Personer:*", in_=room, within=0)


async def test_more_persons(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit", "barnevern")
    fields = {"Hvor mange flere": "2", "Tjenester som er med også for dem": ["Politiet"]}
    await kit.submit_form(runner, "koordinator", "/tot person", room, **fields)
    exit_ = runner.person("politi-exit")
    await exit_.sees("Saken gjelder nå også B og C", in_=room)
    await exit_.sees("*Personer:* A, B og C", in_=room)
    card = next(m.text for m in exit_.messages(room) if m.text.startswith("Sak "))
    barnevern, politi = sorted(line for line in card.splitlines() if "har ikke svart ·" in line)[:2]
    assert barnevern.startswith("*Barneverntjenesten:*")
    assert barnevern.endswith(" · for A")
    assert "for A" not in politi
    await exit_.presses("Valg", in_=room)
    shown = await exit_.sees_modal("Valg")
    assert "Gjelder A, B og C · etterforskning" in shown.text
    assert "Gjelder A · vern og omsorg" in shown.text
    await exit_.closes()
    answer = await exit_.types("/tot person", in_=room)
    assert answer is not None
    assert "koordinator" in answer.text
