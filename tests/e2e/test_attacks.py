"""Attacks from Slack's side and by the partners file: none has an effect or is passed on to others."""

from __future__ import annotations

import ast
import email.policy
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import icalendar
import pytest

from bot.cli.demo import PARTNERS, Rehearsal
from bot.usecases.directory.partners.reader import WrongFile, read_partners
from handlers.blocks.choosing import UNLISTED
from sandbox.exercises.runner import ExerciseRunner
from sandbox.people.person import Person
from tests.e2e import kit, outside
from tests.e2e.clients import chosen, filled_in
from tests.every import every
from tests.handlers.mail.kit import called, playing

ROOT = Path(__file__).parents[2]

INJECTED = (
    "<!channel> <!here> @channel @here <@U0UTENFOR> <https://ond.example|klikk> <#C1|x> &lt;!everyone&gt; "
    "=HYPERLINK(1) BEGIN:VEVENT"
)
#: Parts of the attack that must not be in anything sent: they would be a mention or a link.
ALIVE = ("<!channel", "<!here", "<@U0UTENFOR", "<https://ond", "<#C1", "<!everyone")
#: A shorter attack for limited fields.
SHORT = "<!channel> @channel <!here> <@U0UTENFOR> <https://ond.example|k> <#C1|x>"
#: Free texts that people can type: the function that draws each → a command that opens its form.
FREE_TEXTS = {
    "meeting_fields: note": "/tot møte fredag kl 10",
    "where_fields: link": "/tot møte fredag kl 10",
    "agree_form: text": "/tot tiltak",
    "_topic_field: topic": "/tot fellesmøte fredag kl 12",
    "liaison_form: title": "/tot koble",
    "convene_form: note": "/tot kalle",
    "_asking: text": "/tot veiledning",
    "own_deadline_form: text": "/tot frist",
}
#: Free texts with a separate test here.
BY_THEMSELVES = {"_answering: text", "change_form: text"}
#: Who types it, if not the coordinator; when it is seen, in days; the button that opens the form.
WRITERS = {"/tot frist": "politi-exit", "/tot veiledning": "helse", "/tot kalle": "helse"}
LATER = {"/tot frist": 7}
PRESSED = {
    "/tot koble": "Ta inn en kontakt fra et annet distrikt",
    "/tot frist": "Ny frist i egen tjeneste",
}


def fields_to_write_in() -> Iterator[str]:
    """Return all free-text fields, from the forms' code: the function that draws each, and its block_id."""
    trees = (ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "handlers").rglob("*.py")))
    for draws in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        assigned = [n for n in ast.walk(draws) if isinstance(n, ast.Assign) and is_writing(n.value)]
        names = {t.id for n in assigned for t in n.targets if isinstance(t, ast.Name)}
        for call in ast.walk(draws):
            if not isinstance(call, ast.Call) or called_name(call) != "field":
                continue
            if any(is_writing(a) or (isinstance(a, ast.Name) and a.id in names) for a in call.args):
                name = positional(call)[1]
                said = str(name.value) if isinstance(name, ast.Constant) else ast.unparse(name)
                yield f"{draws.name}: {said}"


def positional(call: ast.Call) -> list[ast.expr]:
    """Return a call's arguments, including those of an unpacked tuple."""
    return [
        each
        for a in call.args
        for each in (a.value.elts if isinstance(a, ast.Starred) and isinstance(a.value, ast.Tuple) else [a])
    ]


def is_writing(node: ast.expr) -> bool:
    return any(isinstance(n, ast.Call) and called_name(n) in ("writing", "line") for n in ast.walk(node))


def called_name(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def test_every_free_text_is_attacked() -> None:
    attacked = BY_THEMSELVES.union(FREE_TEXTS, *WRITTEN_ABOUT_DUTY.values())
    assert set(fields_to_write_in()) == attacked, "tests/e2e/test_attacks.py: FREE_TEXTS"


def sent(rehearsal: Rehearsal) -> str:
    """Return everything sent by Slack's Web API, without plain text and values, which have no markup."""
    calls = rehearsal.runner.sandbox.workspace.calls
    return "\n".join(json.dumps(without_plain(c.arguments), ensure_ascii=False) for c in calls)


def without_plain(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(("[", "{")):
        try:
            return without_plain(json.loads(value))
        except ValueError:
            return value
    if isinstance(value, dict):
        if value.get("type") == "plain_text":
            return {}
        return {k: without_plain(v) for k, v in value.items() if k not in ("value", "initial_value")}
    return [without_plain(each) for each in value] if isinstance(value, list) else value


@pytest.mark.usefixtures("in_a_room")
@pytest.mark.parametrize(("text", "command"), FREE_TEXTS.items())
async def test_what_people_write_is_no_mention_and_no_link(
    rehearsal: Rehearsal, text: str, command: str
) -> None:
    runner, name = rehearsal.runner, text.partition(": ")[2]
    room = kit.the_room(runner)
    writer = runner.person(WRITERS.get(command, "koordinator"))
    place = room if room in writer.channels() else "#generelt"
    await writer.types(command, in_=place)
    if command in PRESSED:
        await writer.presses(PRESSED[command])
        await runner.until_idle()
    await writes(runner, writer, name, {})
    if writer.modal is not None:
        await writer.closes(whole_stack=True)
    await writer.types(command, in_=place)
    await runner.later(days=LATER.get(command, 0))
    assert_dead(rehearsal, refused=name == "link")


async def test_an_answer_is_no_mention_and_no_link(rehearsal: Rehearsal) -> None:
    runner, koordinator = rehearsal.runner, rehearsal.runner.person("koordinator")
    await outside.ask(runner, "helse")
    await koordinator.presses("Svar", in_="tot-bot")
    await writes(runner, koordinator, "text", {})
    assert_dead(rehearsal)


@pytest.mark.usefixtures("in_a_room")
async def test_a_changed_action_is_no_mention_and_no_link(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    koordinator, barnevern = runner.person("koordinator"), runner.person("barnevern")
    await koordinator.types("/tot tiltak", in_=kit.the_room(runner))
    await koordinator.fills(
        {"Ansvarlig tjeneste": "Barneverntjenesten", "Hva skal gjøres?": "avklare bosted"}
    )
    await kit.send(runner, koordinator)
    await barnevern.presses("Endre frist eller tjeneste", in_="tot-bot")
    await writes(runner, barnevern, "text", {})
    assert_dead(rehearsal)


async def test_a_changed_joint_meeting_is_no_mention_and_no_link(rehearsal: Rehearsal) -> None:
    """The topic and the agenda of a coordinator's later change."""
    runner, koordinator = rehearsal.runner, rehearsal.runner.person("koordinator")
    await outside.call(runner)
    await koordinator.presses("Endre fellesmøtet", in_="tot-bot")
    await writes(runner, koordinator, "topic", {"note": {"value": INJECTED}})
    assert_dead(rehearsal)


async def writes(runner: ExerciseRunner, writer: Person, name: str, before: Mapping[str, Any]) -> None:
    """Write the attack in a field and submit the form, with the forms before and after it."""
    await writer.sees_modal()
    while writer.modal is not None and writer.modal.view.payload.get("submit"):
        view = writer.modal.view
        longest = [b["element"]["max_length"] for b in view.blocks if b.get("block_id") == name]
        text = INJECTED if not longest or len(INJECTED) <= longest[0] else SHORT[: longest[0]]
        filled_in(view, ("place", "via"), {**before, name: {"value": text}})
        errors = await writer.submits()
        if errors:
            assert name == "link", errors
            break
    await runner.until_idle()


def assert_dead(rehearsal: Rehearsal, *, refused: bool = False) -> None:
    """The text is shown, unless it was refused, and makes no mention or link."""
    assert ("@channel" in sent(rehearsal)) is not refused, "whether it is shown"
    assert [alive for alive in ALIVE if alive in sent(rehearsal)] == []
    for call in rehearsal.runner.sandbox.workspace.calls:
        assert not {"link_names", "parse"} & set(call.arguments), call.method


async def written(rehearsal: Rehearsal, person: Person, /, **fields: Any) -> dict[str, str]:
    """Fill in and submit the open form and its successors; return the last one's errors."""
    await person.sees_modal()
    errors: dict[str, str] = {}
    while person.modal is not None and person.modal.submit and not errors:
        filled_in(person.modal.view, (), fields)
        errors = await person.submits()
    if person.modal is not None:
        await person.closes(whole_stack=True)
    await rehearsal.runner.until_idle()
    return errors


async def a_duty_line(rehearsal: Rehearsal) -> None:
    """A number that can be rung, and nothing else."""
    koordinator = rehearsal.runner.person("koordinator")
    await koordinator.types("/tot etat politiet")
    await koordinator.presses("Vakttelefonen")
    await rehearsal.runner.until_idle()
    errors = await written(rehearsal, koordinator, duty_line={"value": INJECTED[:30]})
    assert "Vakttelefon" in errors


async def a_title(rehearsal: Rehearsal) -> None:
    """It is shown in the agency's form, where deputies are chosen, and in the room."""
    exit_, koordinator = rehearsal.runner.person("politi-exit"), rehearsal.runner.person("koordinator")
    await koordinator.types("/tot etat politiet")
    new = {"person": {"selected_user": rehearsal.runner.person("udi").id}, "title": {"value": SHORT}}
    await koordinator.presses("Ny kontaktperson")
    await rehearsal.runner.until_idle()
    assert await written(rehearsal, koordinator, **new) == {}
    await koordinator.types("/tot etat politiet")
    assert "@channel" in (await koordinator.sees_modal()).text
    await koordinator.closes(whole_stack=True)
    await exit_.types("/tot overlever")
    form = (await exit_.sees_modal()).view
    (field,) = (b for b in form.blocks if b.get("block_id") == "colleague")
    option = next(o for o in field["element"]["options"] if "@channel" in o["text"]["text"])
    assert await written(rehearsal, exit_, colleague=chosen(option["value"])) == {}
    await rehearsal.runner.person("udi").sees("ta over plassen", in_="tot-bot")


async def an_agency(rehearsal: Rehearsal) -> None:
    """People who ask whom to turn to read its name and what it can do; forms and reviews show its name."""
    koordinator = rehearsal.runner.person("koordinator")
    await koordinator.types("/tot etat")
    new = {"name": {"value": SHORT}, "can": {"value": INJECTED}, "duty_line": {"value": INJECTED[:30]}}
    await koordinator.presses("Ny tjeneste")
    await rehearsal.runner.until_idle()
    errors = await written(rehearsal, koordinator, **new)
    assert "Vakttelefon" in errors
    await koordinator.types("/tot etat")
    await koordinator.presses("Ny tjeneste")
    await rehearsal.runner.until_idle()
    assert await written(rehearsal, koordinator, **{**new, "duty_line": {"value": ""}}) == {}
    shown = await rehearsal.runner.person("utenforstaende").types("/tot hvem HYPERLINK")
    assert str(shown).count("@channel") == 2
    await kit.fill_in_case(rehearsal.runner, ("Politiet", SHORT), when="fredag kl 10")
    assert SHORT in (await koordinator.sees_modal("Se over og send")).text
    await kit.send(rehearsal.runner, koordinator)


async def somebody_unlisted(rehearsal: Rehearsal) -> None:
    """The number of a person known only to the case can be rung; their title is shown to the caller."""
    koordinator = rehearsal.runner.person("koordinator")
    await kit.fill_in_case(rehearsal.runner, ("Politiet", "Bistandsadvokaten"), when="fredag kl 10")
    await koordinator.presses("Spør en annen", near="Bistandsadvokaten")
    view = (await koordinator.sees_modal("Hvem skal spørres?")).view
    filled_in(view, (), {"who": chosen(UNLISTED)})
    await rehearsal.runner.sends(koordinator)
    view = (await koordinator.sees_modal("Hvem skal spørres?")).view
    filled_in(view, (), {"title": {"value": SHORT}, "line": {"value": INJECTED[:30]}})
    assert list(await rehearsal.runner.is_refused(koordinator)) == ["Telefon"]
    filled_in(view, (), {"line": {"value": "93000000"}})
    await rehearsal.runner.sends(koordinator)
    assert "@channel" in (await koordinator.sees_modal("Se over og send")).text
    await kit.send(rehearsal.runner, koordinator)
    await koordinator.sees("@channel", in_="tot-bot")


#: Each attack → the fields about agencies and deputies that it writes in.
WRITTEN_ABOUT_DUTY: dict[Callable[[Rehearsal], Awaitable[None]], set[str]] = {
    a_duty_line: {"_duty_line: duty_line"},
    a_title: {"contact_form: title"},
    an_agency: {"new_agency_form: name", "new_agency_form: can", "_duty_line: duty_line"},
    somebody_unlisted: {"unlisted_form: title", "unlisted_form: line"},
}


@pytest.mark.usefixtures("in_a_room")
@pytest.mark.parametrize("attack", WRITTEN_ABOUT_DUTY)
async def test_what_is_written_about_duty_is_no_mention_and_no_link(
    rehearsal: Rehearsal, attack: Callable[[Rehearsal], Awaitable[None]]
) -> None:
    await attack(rehearsal)
    assert_dead(rehearsal, refused=attack is a_duty_line)


async def test_a_partners_file_with_markup(sqlite_database_url: str, tmp_path: Path) -> None:
    """Names, titles and places in it are shown as written, in Slack and by mail."""
    text = PARTNERS.read_text("utf-8")
    for old in ('name = "Politiet"', 'title = "Etterforsker, EXIT"', '"Møterom Nord"', 'name = "TOT Bergen"'):
        assert old in text
        text = text.replace(old, f'{old[:-1]} <!channel> <!here> <https://ond.example|k>"')
    path = tmp_path / "partners.toml"
    path.write_text(text, "utf-8")
    async with playing(sqlite_database_url, partners=path) as (rehearsal, runner, post):
        koordinator = runner.person("koordinator")
        markup = "<!channel> <!here> <https://ond.example|k>"
        await koordinator.types("/tot sak i overmorgen kl 10")
        choice = {"Tjenester som spørres nå": [f"Politiet {markup}"], "Sted": f"Møterom Nord {markup}"}
        await koordinator.fills(choice)
        await runner.sends(koordinator)
        await kit.send(runner, koordinator)
        await kit.confirm(runner, "politi-exit")
        assert "ond.example" in sent(rehearsal)
        said = [line for line in sent(rehearsal).splitlines() if any(a in line for a in ALIVE[:2])]
        assert said == []
        assert "<https://ond" not in sent(rehearsal)
        assert post.sent


@every("value", ["Rom\\r\\nBEGIN:VEVENT", "Rom\\nBcc: x@y.example", "Rom\\u0000"])
@every("old", ['"Møterom Nord"', 'name = "Politiet"', 'title = "Etterforsker, EXIT"', 'name = "TOT Bergen"'])
def test_a_partners_file_with_line_breaks_is_refused(old: str, value: str) -> None:
    text = PARTNERS.read_text("utf-8")
    assert old in text
    with pytest.raises(WrongFile):
        read_partners(text.replace(old, f'{old.partition(chr(34))[0]}"{value}"', 1))


async def test_invitations_have_one_event_and_no_header_of_anybodys(sqlite_database_url: str) -> None:
    note = "Dagsorden\nBcc: alle\r\nBEGIN:VEVENT\nEND:VCALENDAR"
    async with playing(sqlite_database_url) as (_, runner, post):
        await called(runner, "Politiet", **{"Dagsorden eller merknad": note})
        assert post.sent
        for each in post.sent:
            mail = email.message_from_bytes(each.raw, policy=email.policy.default)
            assert mail["Bcc"] is None
            parts = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
            assert parts
            for part in parts:
                payload = part.get_payload(decode=True)
                assert isinstance(payload, bytes)
                assert len(icalendar.Calendar.from_ical(payload).walk("VEVENT")) == 1


@pytest.mark.usefixtures("in_a_room")
async def test_more_than_slack_would_send(rehearsal: Rehearsal) -> None:
    """3,000 characters of metadata, 10,000 in a field or a word: refused, and nothing changes."""
    runner, koordinator = rehearsal.runner, rehearsal.runner.person("koordinator")
    await koordinator.types("/tot møte fredag kl 10", in_=kit.the_room(runner))
    view = (await koordinator.sees_modal()).view
    filled_in(view, ("place",), {"note": {"value": "æ" * 10_000}})
    before = await kit.dump(rehearsal.bot)
    await runner.sandbox.interactions.submit(koordinator.id, view)
    assert "note" in view.errors
    view.payload["private_metadata"] = "x" * 3000
    await runner.sandbox.interactions.submit(koordinator.id, view)
    assert "Dette har du ikke tilgang til" in (await koordinator.sees_modal()).text
    await koordinator.closes(whole_stack=True)
    answer = await koordinator.types("/tot " + "x" * 10_000)
    assert answer is not None
    assert len(answer.text) < 500
    assert await kit.dump(rehearsal.bot) == before
