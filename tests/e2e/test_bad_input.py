"""Bad and forged input at every entry point: its sender is told, nothing changes, nothing of it is logged."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import pytest

from bot.cli.demo import Rehearsal
from handlers.answers import messages as answers_messages
from handlers.blocks.modal import NOTICE
from handlers.case import modals as case_modals
from handlers.convening import SHORTCUT
from handlers.directory.roster import PRINT_ROSTER
from handlers.overview import home as overview_home
from handlers.subjects import joined
from sandbox import modals
from sandbox.activity import render_view
from sandbox.people.person import Person
from sandbox.server import Sandbox
from tests import watched
from tests.e2e import kit
from tests.handlers import forged

#: A word that no log line may contain (`tests.watched`).
CANARY = "Kanarifugl"


@pytest.fixture
async def playing(in_a_room: object, rehearsal: Rehearsal) -> Rehearsal:
    """Set up two cases: the police and child welfare share a room, social services are asked in the other."""
    await kit.open_case(rehearsal.runner, "Sosialtjenesten", when="fredag kl 10")
    return rehearsal


@contextlib.asynccontextmanager
async def untouched(playing: Rehearsal) -> AsyncIterator[None]:
    """Assert that neither the database nor what people see changes, except private answers."""
    before = await kit.dump(playing.bot), standing(playing)
    yield
    await playing.runner.until_idle()
    assert (await kit.dump(playing.bot), standing(playing)) == before


def first_room(playing: Rehearsal) -> str:
    return kit.rooms(playing.runner.sandbox)[0]


def standing(playing: Rehearsal) -> list[str]:
    channels = playing.runner.sandbox.workspace.channels.values()
    return [f"{m.ts} {m.text} {m.blocks}" for c in channels for m in c.messages.values()]


def is_answered(playing: Rehearsal, person: Person, *but_not: str) -> None:
    """Assert a form with errors, or one that gives the reason; close it."""
    modal = person.modal
    assert modal is not None
    assert modal.errors or modal.view.payload["callback_id"] == NOTICE
    assert modal.title not in but_not
    text = render_view(playing.runner.sandbox.workspace, modal.view)
    assert text.strip()
    assert "referanse" not in text.lower(), "nobody foresaw it"
    modals.clear(playing.runner.sandbox.workspace, person.id)


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


async def test_what_nobody_understands_is_answered_and_repeated_nowhere(playing: Rehearsal) -> None:
    """A word that is none; and what is typed after a word, in the form that it opens."""
    koordinator, room = playing.runner.person("koordinator"), first_room(playing)
    places = (("utenforstaende", "#generelt"), ("koordinator", "#generelt"), ("politi-exit", room))
    async with untouched(playing):
        for what, text in TEXTS.items():
            for handle, place in places:
                answer = await playing.runner.person(handle).types(f"/tot {text}", in_=place)
                assert answer is not None, what
                assert answer.ephemeral, what
                assert answer.text.startswith("Det ordet kjenner jeg ikke."), what
                assert "/tot hjelp" in answer.text, what
                assert CANARY not in answer.text, what
            for word in ("sak", "inviter", "avlys"):
                await koordinator.types(f"/tot {word} {text}", in_=room)
                assert CANARY not in (await koordinator.sees_modal()).text, (what, word)
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


async def test_a_value_that_the_form_does_not_offer(playing: Rehearsal) -> None:
    koordinator = playing.runner.person("koordinator")
    async with untouched(playing):
        for block_id, state in MALFORMED.values():
            await koordinator.types("/tot sak i morgen kl 10")
            modal = await koordinator.sees_modal("Opprett sak")
            await koordinator.fills({"Tjenester som spørres nå": ["Politiet"], "Sted": "Møterom Nord"})
            ((action_id, before),) = modal.view.values[block_id].items()
            modal.view.values[block_id] = {action_id: {"type": before["type"], **state}}
            for block in modal.view.blocks:  # Slack checks numbers too, but a forger bypasses Slack
                for bound in ("min_value", "max_value"):
                    block.get("element", {}).pop(bound, None)
            await playing.runner.sandbox.interactions.submit(koordinator.id, modal.view)
            is_answered(playing, koordinator, "Se over og send")


async def test_events_that_are_not_as_they_should_be(playing: Rehearsal) -> None:
    channel = playing.runner.sandbox.workspace.channel_named(first_room(playing))
    assert channel is not None
    general = playing.runner.sandbox.workspace.channel_named("generelt")
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
    async with untouched(playing):
        for event in wrong:
            playing.runner.sandbox._events.send(event)
    assert all(d.acked for d in playing.runner.sandbox.workspace.deliveries)


async def test_the_person_has_a_reference_and_the_log_holds_that_and_no_more(
    playing: Rehearsal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    koordinator, other = playing.runner.person("koordinator"), playing.runner.person("vara-koordinator")
    await koordinator.types("/tot lukk", first_room(playing))

    async def fails(*_: Any) -> Any:
        raise RuntimeError(f"{CANARY} in a message")

    for name in ("once", "read"):
        monkeypatch.setattr(playing.bot.database, name, fails)
    assert await koordinator.submits() == {}
    said = [(await koordinator.sees_modal()).text, str(await koordinator.types("/tot hjelp"))]
    press = {"action_id": answers_messages.CONFIRM, "value": "x"}
    said.append(await forged.presses(playing.runner, other.id, press))
    monkeypatch.undo()
    logged = "\n".join(watched.lines_of("".join(capsys.readouterr())))
    assert CANARY not in logged
    for text in said:
        assert "Noe gikk galt hos meg." in text
        assert text.split("referansen: *")[1][:6] in logged


async def test_what_is_done_before_it_fails_is_not_offered_again(
    playing: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(case_modals, "opened_notice", fails)
    runner, koordinator = playing.runner, playing.runner.person("koordinator")
    before = len(kit.rooms(runner.sandbox))
    await kit.fill_in_case(runner, ["Politiet"], when="fredag kl 12")
    await runner.sends(koordinator)
    await runner.until_idle()
    assert len(kit.rooms(runner.sandbox)) == before + 1
    assert koordinator.modal is None, "the form is closed, as of what is done"


#: The form fields in which ids are chosen, and those with a few fixed words.
IDS = ("team", "involvement", "meeting", "colleague", "agency", "asked_by", "place", "deputy")
OPTIONS = {
    **{"phase": "working", "answer": "confirmed", "via": "phone"},
    **{"reason": "court", "ground": "legal", "minutes": "60"},
}
NO_IDS = ("no-such-id", CANARY * 100, "change:", "' OR 1=1 --", "'; DROP TABLE cases; --", "\x00", "{}", "")


async def test_buttons_and_forms_about_what_there_is_not(playing: Rehearsal) -> None:
    """`tests/handlers/intruders.py` tries each about what there is, of others."""
    runner, person = playing.runner, playing.runner.person("politi-vakt")
    reads_no_value = (overview_home.HELP, SHORTCUT, PRINT_ROSTER)
    buttons = [each.id for each in joined().buttons if each.id not in reads_no_value]
    forms = [each.id for each in joined().forms]

    def tried(ids: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield each id with two of the values; for one that nobody declares, an empty one is a link's."""
        yield "unheard_of", "x"
        for n, id in enumerate(ids):
            yield from ((id, NO_IDS[(n + other) % len(NO_IDS)]) for other in (0, 3))

    async with untouched(playing):
        for id, value in tried(buttons):
            answer = await forged.presses(runner, person.id, {"action_id": id, "value": value})
            assert "Dette" in answer, (id, value)
            assert "referanse" not in answer.lower(), (id, value)
            assert person.modal is None, (id, value)
        for id, value in tried(forms):
            await runner.sandbox.interactions.submit(person.id, made_up(runner.sandbox, person, id, value))
            is_answered(playing, person)


def made_up(sandbox: Sandbox, person: Person, view_id: str, metadata: str) -> Any:
    """Return a form that the bot would never have opened, with every field it has anywhere."""
    view = modals.show(
        sandbox.workspace,
        person.id,
        {
            "type": "modal",
            "callback_id": view_id,
            "private_metadata": metadata,
            "title": {"type": "plain_text", "text": "Falsk"},
            "submit": {"type": "plain_text", "text": "Send"},
            "blocks": [],
        },
    )
    chosen = dict.fromkeys(IDS, metadata or "x") | OPTIONS
    view.values = {name: {"f": {"selected_option": {"value": value}}} for name, value in chosen.items()}
    view.values |= {
        "starts_at": {"f": {"selected_date_time": int(kit.STARTS.timestamp()) + 90_000}},
        "persons": {"f": {"value": "1", "selected_options": [{"value": "A"}]}},
        "agencies": {"f": {"selected_options": [{"value": metadata}]}},
        "appoint": {"f": {"selected_user": person.id}},
    }
    return view
