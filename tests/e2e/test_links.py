"""Links and a person split off, as people in Slack see them."""

from __future__ import annotations

from sandbox.content_audit import visible_texts
from sandbox.exercises.runner import ExerciseRunner
from tests.e2e import kit


def code_of(room: str) -> str:
    return room.removeprefix("rom-")


def visible(runner: ExerciseRunner, text: str) -> set[str]:
    """The people who see a text anywhere but in a form of their own, the room of that code left out."""
    own_room = f"rom-{text}: "
    return {
        handle
        for held_text in visible_texts(runner.sandbox.workspace)
        if text in held_text.text and not held_text.place.startswith(own_room)
        for handle in held_text.audience
    } - {"tot-bot"}


async def test_linked_cases_are_seen_by_their_coordinators_alone(runner: ExerciseRunner) -> None:
    koordinator = runner.person("koordinator")
    first = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await kit.confirm(runner, "politi-exit", "barnevern")
    second = await kit.open_case(runner, "Helsetjenesten", when="i overmorgen kl 14")
    await kit.confirm(runner, "helse")
    everybody = ("koordinator", "vara-koordinator", "politi-exit", "helse", "utenforstaende")
    for handle in everybody:
        await runner.person(handle).opens_home()
    await runner.until_idle()
    await koordinator.types("/tot koble", in_=first)
    await koordinator.sees_modal("Koble")
    await koordinator.fills({"Hva vil du gjøre?": "Koble til en annen sak"})
    await runner.sends(koordinator)
    await kit.send(runner, koordinator)
    assert f"Koblet til sak *{code_of(second)}*" in koordinator.home.replace("\u200b", "")
    for handle in set(everybody) - {"koordinator"}:
        assert "Koblet" not in runner.person(handle).home
    assert visible(runner, code_of(second)) <= {"koordinator", "helse"}
    assert visible(runner, code_of(first)) <= {"koordinator", "politi-exit", "barnevern"}
    await koordinator.types("/tot koble", in_=second)
    form = await koordinator.sees_modal("Koble")
    assert f"Koblet til sak *{code_of(first)}*" in form.text
    await koordinator.fills({"Hva vil du gjøre?": f"Fjern koblingen til sak {code_of(first)}"})
    await kit.send(runner, koordinator)
    assert "Koblet" not in koordinator.home
    answer = await runner.person("politi-exit").types("/tot koble", in_=first)
    assert answer is not None
    assert "koordinator" in answer.text


async def test_split_off_into_a_room_of_its_own(runner: ExerciseRunner) -> None:
    koordinator = runner.person("koordinator")
    siblings = {"Hvor mange personer": "4"}
    old = await kit.open_case(runner, "Politiet", "Barneverntjenesten", "Helsetjenesten", **siblings)
    await kit.confirm(runner, "politi-exit", "barnevern", "helse", "vara-koordinator")
    await koordinator.opens_home()
    await koordinator.types("/tot koble", in_=old)
    await koordinator.sees_modal("Koble")
    await koordinator.fills({"Hva vil du gjøre?": "Skill ut D i en egen sak"})
    await runner.sends(koordinator)
    await koordinator.sees_modal("Skill ut")
    fields = {"Tjenester som spørres nå": ["Barneverntjenesten", "UDI"], "Sted": "Møterom Nord"}
    await koordinator.fills(fields)
    await runner.sends(koordinator)
    review = await koordinator.sees_modal("Se over og send")
    assert "En egen sak for D" in review.text
    assert "*Denne saken* avsluttes for D" in review.text
    assert "barnevern" in review.text
    await kit.send(runner, koordinator)
    (new,) = set(kit.rooms(runner.sandbox)) - {old}
    assert kit.people_in(runner.sandbox, new) == {"koordinator"}
    await kit.confirm(runner, "barnevern")
    assert kit.people_in(runner.sandbox, new) == {"koordinator", "barnevern"}
    inside = {"koordinator", "vara-koordinator", "politi-exit", "barnevern", "helse"}
    assert kit.people_in(runner.sandbox, old) == inside
    await runner.person("barnevern").sees("*Person:* A", in_=new)
    await runner.person("helse").sees("*Avsluttet for:* D", in_=old)
    assert visible(runner, code_of(new)) <= {"koordinator", "barnevern"}
    assert f"Koblet til sak *{code_of(new)}*" in koordinator.home
    for room in (old, new):
        for handle in kit.people_in(runner.sandbox, room):
            assert not any("Koblet" in m.text for m in runner.person(handle).messages(room))


async def test_a_repeat_is_marked_until_the_earlier_case_is_deleted(runner: ExerciseRunner) -> None:
    koordinator = runner.person("koordinator")
    await koordinator.opens_home()
    earlier = await kit.open_case(runner, "Politiet")
    await kit.submit_form(runner, "koordinator", "/tot lukk", earlier)
    later = await kit.open_case(runner, "Politiet")
    await kit.confirm(runner, "politi-exit")
    await koordinator.types("/tot koble", in_=later)
    await koordinator.fills({"Hva vil du gjøre?": "Merk som gjentakelse av en avsluttet sak"})
    await runner.sends(koordinator)
    await kit.send(runner, koordinator)
    assert f"Gjentakelse av sak *{code_of(earlier)}*" in koordinator.home
    assert f"Kommet igjen som sak *{code_of(later)}*" in koordinator.home
    assert visible(runner, "Gjentakelse av sak") == {"koordinator"}
    await runner.later(days=45)
    assert "Gjentakelse" not in koordinator.home
    assert code_of(earlier) not in koordinator.home
