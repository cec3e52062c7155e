"""Bad input at every door: the person gets a clear answer, nothing changes, and nothing of it is logged."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from handlers.answers import messages as answers_messages
from tests.e2e import kit
from tests.e2e.two_cases import CANARY, World, is_answered, logged_by_the_bot, pressed

TEXTS = {
    "endless": f"{CANARY} " + "æ" * 10_000,
    "one endless word": CANARY + "x" * 10_000,
    "emoji": f"{CANARY} 👩‍👩‍👧‍👦🏴‍☠️:smile: \U0001f1f3\U0001f1f4",
    "markup": f"*{CANARY}* ~_`<!channel>`_~ <https://evil.example|sak> & &amp; <script>",
    "mentions": f"<@U0UTENFOR> <!here> <#C0000000001|generelt> @koordinator {CANARY}",
    "control characters": f"{CANARY}\x00\x1b[31m\u202e\u200b\r\n\t",
    "numbers": f"01010112345 {CANARY} 41 23 45 67",
    "a format": f"{{0}} {{user}} %s %(x)s {CANARY}",
}


# --- commands -------------------------------------------------------------------------------------------


async def test_a_command_that_nobody_understands(world: World) -> None:
    places = (("utenforstaende", "#generelt"), ("koordinator", "#generelt"), ("politi-exit", world.room))
    async with world.untouched():
        for (what, text), (handle, place) in itertools.product(TEXTS.items(), places):
            answer = await world.runner.person(handle).types(f"/tot {text}", in_=place)
            assert answer is not None, what
            assert answer.ephemeral, what
            assert answer.text.startswith("Det ordet kjenner jeg ikke."), what
            assert "/tot hjelp" in answer.text, what
            assert CANARY not in answer.text, what


async def test_a_time_that_nobody_understands(world: World) -> None:
    koordinator = world.runner.person("koordinator")
    words = ("sak", "inviter", "avlys")
    async with world.untouched():
        for (what, text), word in itertools.product(TEXTS.items(), words):
            await koordinator.types(f"/tot {word} {text}", in_=world.room)
            modal = await koordinator.sees_modal()
            assert CANARY not in modal.text, (what, word)
            await koordinator.closes()
        await koordinator.types(f"/tot sak {CANARY} {'x' * 5000}")
        modal = await koordinator.sees_modal()
        assert "ikke brukt" in modal.text
        assert CANARY not in modal.text
        await koordinator.closes()


async def test_a_command_where_there_is_no_case_of_theirs(world: World) -> None:
    async with world.untouched():
        for handle, word in itertools.product(
            ("utenforstaende", "politi-exit", "botilbud"),
            ("sak", "inviter", "ut", "møte", "flytt", "avlys", "oppmøte", "fase", "lukk", "koordinator"),
        ):
            person = world.runner.person(handle)
            # Who is in the room may know that the chair can register who came.
            rooms = [] if word == "oppmøte" else kit.rooms(world.sandbox)
            places = ["#generelt", "tot-bot", *(name for name in rooms if name in person.channels())]
            answers = {str(await person.types(f"/tot {word}", in_=place)) for place in places}
            assert len(answers) == 1, "the same answer, whether there is a case or not"
            assert answers.pop().startswith("Dette er det koordinatoren som gjør.")
            assert person.modal is None
        chairs = await world.runner.person("politi-exit").types("/tot oppmøte", in_=world.room)
        assert str(chairs) == "Dette er det møtelederen eller koordinatoren som gjør."
        nowhere = await world.runner.person("koordinator").types("/tot møte")
        assert str(nowhere).startswith("Dette gjelder én bestemt sak.")


# --- forms ----------------------------------------------------------------------------------------------

#: What cannot stand in a field, with what no answer and no line of the log may repeat.
FIELDS: dict[str, tuple[str, Any]] = {
    "not a number": ("Hvor mange personer", CANARY),
    "in disguise": ("Lenke til videomøte", f"https://meet.example.no@{CANARY}.example/"),
    "a script": ("Lenke til videomøte", f"javascript:{CANARY}"),
    "an identity": ("Dagsorden eller merknad", f"{CANARY} 010190 12345, 41 23 45 67"),
    "endless": ("Dagsorden eller merknad", CANARY + "x" * 3000),
}


async def test_a_field_that_cannot_stand(world: World) -> None:
    koordinator = world.runner.person("koordinator")
    async with world.untouched():
        for what, (label, value) in FIELDS.items():
            await koordinator.types("/tot sak i morgen kl 10")
            await koordinator.sees_modal("Opprett sak")
            usual = {"Tjenester som spørres nå": ["Politiet"], "Sted": "Møterom Nord"}
            await koordinator.fills({**usual, label: value})
            errors = await world.runner.is_refused(koordinator)
            assert [error for error in errors if label in error], what
            assert CANARY not in str(errors), what
            await koordinator.closes()


def option(value: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": "Valg"}, "value": value}


MALFORMED: dict[str, tuple[str, dict[str, Any]]] = {
    "agency": ("agencies", {"selected_options": [option("no such agency")]}),
    "place": ("place", {"selected_option": option(CANARY)}),
    "duration": ("minutes", {"selected_option": option("999999999999")}),
    "a time that runs backwards": ("minutes", {"selected_option": option("-60")}),
    "no digit": ("minutes", {"selected_option": option("²")}),
    "no number": ("persons", {"value": "2.5"}),
    "nobody": ("persons", {"value": "0"}),
    "more than there are letters": ("persons", {"value": "27"}),
    "an endless number": ("persons", {"value": "9" * 5000}),
    "moment": ("starts_at", {"selected_date_time": 10**17}),
    "no moment": ("starts_at", {"selected_date_time": None}),
    "phase": ("phase", {"selected_option": option("../../etc")}),
    "type": ("persons", {"value": ["a", {"list": CANARY}]}),
    "nothing": ("asked_by", {}),
}


async def test_a_value_that_the_form_does_not_offer(world: World) -> None:
    koordinator = world.runner.person("koordinator")
    async with world.untouched():
        for block_id, state in MALFORMED.values():
            await koordinator.types("/tot sak i morgen kl 10")
            modal = await koordinator.sees_modal("Opprett sak")
            await koordinator.fills({"Tjenester som spørres nå": ["Politiet"], "Sted": "Møterom Nord"})
            ((action_id, before),) = modal.view.values[block_id].items()
            modal.view.values[block_id] = {action_id: {"type": before["type"], **state}}
            for block in modal.view.blocks:  # Slack checks numbers too, but a forger does not ask Slack
                for bound in ("min_value", "max_value"):
                    block.get("element", {}).pop(bound, None)
            await world.sandbox.interactions.submit(koordinator.id, modal.view)
            is_answered(world, koordinator, "Se over og send")


# --- events ---------------------------------------------------------------------------------------------


async def test_events_that_are_not_as_they_should_be(world: World) -> None:
    channel = world.sandbox.workspace.channel_named(world.room)
    assert channel is not None
    general = world.sandbox.workspace.channel_named("generelt")
    assert general is not None
    wrong: list[dict[str, Any]] = [
        {"type": "message", "channel": channel.id},
        {"type": "message", "channel": channel.id, "channel_type": "group", "user": {"id": CANARY}},
        {"type": "message", "channel": "D7", "channel_type": "im", "user": "U0UDI", "text": [CANARY]},
        {"type": "message", "channel": channel.id, "channel_type": "group", "subtype": "message_changed"},
        {"type": "member_joined_channel", "user": None, "channel": channel.id},
        {"type": "member_left_channel", "channel": channel.id},
        {"type": "member_joined_channel", "user": "U0UTENFOR", "channel": general.id, "event_ts": CANARY},
        {"type": "user_change", "user": CANARY},
        {"type": "user_change", "user": {"id": "U0NOBODY", "deleted": True, "name": CANARY}},
        {"type": "app_home_opened", "user": [], "tab": "home"},
    ]
    async with world.untouched():
        for event in wrong:
            world.sandbox._events.send(event)
    assert all(d.acked for d in world.sandbox.workspace.deliveries)


# --- what nobody foresaw --------------------------------------------------------------------------------


async def test_the_person_has_a_reference_and_the_log_holds_that_and_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    koordinator, other = world.runner.person("koordinator"), world.runner.person("vara-koordinator")
    await koordinator.types("/tot lukk", world.room)

    async def fails(*_: Any) -> Any:
        raise RuntimeError(f"{CANARY} in a message")

    for name in ("once", "read"):
        monkeypatch.setattr(world.rehearsal.bot.database, name, fails)
    assert await koordinator.submits() == {}
    said = [(await koordinator.sees_modal()).text, str(await koordinator.types("/tot hjelp"))]
    message = kit.direct(world.sandbox, other.handle)[-1].source
    said.append(await pressed(world, other, message, answers_messages.CONFIRM, "x"))
    monkeypatch.undo()
    logged = "\n".join(logged_by_the_bot(world))
    for text in said:
        assert "Noe gikk galt hos meg." in text
        assert text.split("referansen: *")[1][:6] in logged
