"""Trigger ids, the view stack, submissions, Home."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sandbox import Person, Sandbox, Settings
from tests.sandbox.kit import TEXT, actions, button, field, home, modal, section
from tests.sandbox.little_bot import Body, LittleBot, acknowledge
from tests.sandbox.slack import Api, could_not, manifest, refused


async def trigger(bot: LittleBot, sandbox: Sandbox, handle: str = "udi") -> str:
    """A fresh trigger id, from a command that opens nothing."""
    if not bot.commands():
        bot.app.command("/tot")(acknowledge)
    await sandbox.person(handle).types("/tot")
    trigger_id: str = bot.commands()[-1]["trigger_id"]
    return trigger_id


def submitted(bot: LittleBot, answer: Body) -> None:
    """Answer every submission like this."""

    async def on_submit(ack: Any) -> None:
        await ack(answer)

    bot.app.view("sak")(on_submit)


async def test_a_trigger_id_works_once(sandbox: Sandbox, bot: LittleBot, api: Api) -> None:
    trigger_id = await trigger(bot, sandbox)
    opened = await api.views_open(trigger_id=trigger_id, view=modal())
    view = opened["view"]
    assert (view["root_view_id"], view["previous_view_id"]) == (view["id"], None)
    assert view["state"] == {"values": {}}
    assert {"hash", "team_id", "app_id", "bot_id", "callback_id"} <= view.keys()
    await refused(api.views_open(trigger_id=trigger_id, view=modal()), "exchanged_trigger_id")
    await refused(api.views_open(trigger_id="1.2.x", view=modal()), "invalid_trigger_id")


async def test_a_trigger_id_expires(sandbox: Sandbox, bot: LittleBot, api: Api, settings: Settings) -> None:
    settings.trigger_seconds = 0.02
    trigger_id = await trigger(bot, sandbox)
    await asyncio.sleep(0.05)
    await refused(api.views_open(trigger_id=trigger_id, view=modal()), "expired_trigger_id")
    assert sandbox.person("udi").modal is None


async def test_update_by_id_and_hash(sandbox: Sandbox, bot: LittleBot, api: Api, udi: Person) -> None:
    opened = (await api.views_open(trigger_id=await trigger(bot, sandbox), view=modal()))["view"]
    await udi.fills({"Hvorfor": "haster"})
    updated = await api.views_update(view_id=opened["id"], hash=opened["hash"], view=modal(title="Ny"))
    assert (await udi.sees_modal("Ny")).values == {"Hvorfor": "haster"}
    await refused(api.views_update(view_id=opened["id"], hash=opened["hash"], view=modal()), "hash_conflict")
    fresh = modal(field("Hvorfor", TEXT, "another"))
    await api.views_update(view_id=updated["view"]["id"], view=fresh)
    assert (await udi.sees_modal()).values == {"Hvorfor": ""}
    await refused(api.views_update(view_id="V0NOWHERE", view=modal()), "not_found")


async def test_errors_are_shown_by_label_and_the_modal_stays(sandbox: Sandbox, bot: LittleBot) -> None:
    bot.opens(modal(field("Hvorfor", TEXT, "why"), field("Når", TEXT, "when")))
    submitted(bot, {"response_action": "errors", "errors": {"when": "Tiden er passert"}})
    udi = sandbox.person("udi")
    await udi.types("/tot")
    await udi.fills({"Hvorfor": "x", "Når": "i går"})
    assert await udi.submits() == {"Når": "Tiden er passert"}
    form = await udi.sees_modal()
    assert form.errors == {"Når": "Tiden er passert"}
    assert "⚠ Tiden er passert" in form.text
    await udi.fills({"Når": "i morgen"})
    assert form.errors == {}
    sent = sandbox.workspace.deliveries[-1].payload["view"]["state"]["values"]
    assert sent["when"]["when"]["value"] == "i går"


async def test_a_submission_carries_the_whole_state(sandbox: Sandbox, bot: LittleBot, udi: Person) -> None:
    more = field("Mer", TEXT, "more", optional=True)
    bot.opens(modal(field("Hvorfor", TEXT, "why"), more, private_metadata="m"))
    submitted(bot, {})
    await udi.types("/tot")
    await udi.fills({"Hvorfor": "haster"})
    assert await udi.submits() == {}
    assert udi.modal is None
    (body,) = bot.interactions("view_submission")
    assert body["view"]["state"]["values"] == {
        "why": {"why": {"type": "plain_text_input", "value": "haster"}},
        "more": {"more": {"type": "plain_text_input", "value": None}},
    }
    assert body["view"]["private_metadata"] == "m"
    assert body["user"]["id"] == "U0UDI"
    assert body["team"] == {"id": "T0SANDBOX", "domain": "sandbox"}
    assert (body["enterprise"], body["is_enterprise_install"]) == (None, False)
    assert "trigger_id" in body
    assert "channel" not in body
    assert "response_url" not in body


async def fills_and_sends(sandbox: Sandbox, *, open_it: bool = True) -> None:
    """@udi opens the form by the command, fills it in and sends it."""
    udi = sandbox.person("udi")
    if open_it:
        await udi.types("/tot")
    await udi.fills({"Hvorfor": "x"})
    await udi.submits()


async def pushed(sandbox: Sandbox, bot: LittleBot, answers: list[Body]) -> None:
    """Open a modal, and submit it; each submission is answered with the next of these."""
    bot.opens(modal(title="En"))

    async def on_submit(ack: Any) -> None:
        await ack(answers.pop(0))

    bot.app.view("sak")(on_submit)
    await fills_and_sends(sandbox)


@pytest.mark.parametrize(("action", "depth"), [("update", 1), ("push", 2)])
async def test_a_submission_may_update_or_push(
    sandbox: Sandbox, bot: LittleBot, action: str, depth: int
) -> None:
    await pushed(sandbox, bot, [{"response_action": action, "view": modal(title="Se over")}])
    await sandbox.person("udi").sees_modal("Se over")
    stack = sandbox.workspace.stacks["U0UDI"]
    assert (len(stack), stack[-1].root_view_id) == (depth, stack[0].id)
    assert stack[-1].previous_view_id == (stack[0].id if depth == 2 else None)


async def test_a_pushed_view_is_closed_alone_or_with_what_is_beneath(
    sandbox: Sandbox, bot: LittleBot, udi: Person
) -> None:
    await pushed(sandbox, bot, [{"response_action": "push", "view": modal(title="To")}] * 2)
    await udi.closes()
    await udi.sees_modal("En")
    await udi.submits()
    await udi.sees_modal("To")
    await udi.closes(whole_stack=True)
    assert udi.modal is None


async def test_a_submission_or_a_view_may_clear_the_stack(sandbox: Sandbox, bot: LittleBot) -> None:
    push = {"response_action": "push", "view": modal(title="To", clear_on_close=True)}
    await pushed(sandbox, bot, [push, {"response_action": "clear"}, push])
    udi = sandbox.person("udi")
    await fills_and_sends(sandbox, open_it=False)
    assert udi.modal is None
    await fills_and_sends(sandbox)
    await udi.closes()
    assert udi.modal is None


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "explode"},
        {"response_action": "update", "view": {"type": "modal"}},
    ],
)
async def test_a_malformed_answer_is_trouble_for_the_person(
    sandbox: Sandbox, bot: LittleBot, answer: Body
) -> None:
    bot.opens(modal())
    submitted(bot, answer)
    await could_not(fills_and_sends(sandbox), "trouble connecting")
    assert sandbox.person("udi").modal is not None


async def test_a_click_in_a_modal(bot: LittleBot, udi: Person) -> None:
    row = actions(button("Legg til", "add", value="7"), block_id="row")
    bot.opens(modal(row, field("Hvorfor", TEXT, "why")))

    async def add(ack: Any, body: Body, client: Api) -> None:
        await ack()
        view = body["view"]
        await client.views_update(view_id=view["id"], hash=view["hash"], view=modal(title="To felt"))

    bot.app.action("add")(add)
    await udi.types("/tot")
    await udi.fills({"Hvorfor": "haster"})
    await udi.presses("Legg til")
    await udi.sees_modal("To felt")
    (body,) = bot.interactions("block_actions")
    assert body["container"] == {"type": "view", "view_id": body["view"]["id"]}
    assert body["view"]["state"]["values"]["why"]["why"]["value"] == "haster"
    (action,) = body["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("add", "row", "7")
    assert "action_ts" in action
    assert "channel" not in body
    assert "response_url" not in body


async def test_a_view_that_breaks_the_rules(sandbox: Sandbox, bot: LittleBot, api: Api) -> None:
    trigger_id = await trigger(bot, sandbox)
    too_long = api.views_open(trigger_id=trigger_id, view=modal(title="x" * 25))
    (told,) = (await refused(too_long, "invalid_arguments"))["response_metadata"]["messages"]
    assert told == "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    await refused(api.views_open(trigger_id=trigger_id, view=home()), "invalid_arguments")
    malformed = api.api_call("views.open", params={"trigger_id": trigger_id, "view": "{"})
    await refused(malformed, "invalid_arguments")
    big = modal(*[section("x" * 3000) for _ in range(90)])
    await refused(api.views_open(trigger_id=trigger_id, view=big), "view_too_large")


async def test_home(sandbox: Sandbox, bot: LittleBot, api: Api, udi: Person) -> None:
    async def opened(event: Body, client: Api) -> None:
        await client.views_publish(user_id=event["user"], view=home(section(f"Hei <@{event['user']}>")))

    bot.app.event("app_home_opened")(opened)
    assert await udi.opens_home() == "Hei @udi"
    (event,) = bot.events("app_home_opened")
    assert (event["tab"], event["user"], event["channel"][0]) == ("home", "U0UDI", "D")
    assert "view" not in event
    published = (await api.views_publish(user_id="U0UDI", view=home(section("Nytt"))))["view"]
    await api.views_publish(user_id="U0UDI", view=home(section("Enda nyere")), hash=published["hash"])
    stale = api.views_publish(user_id="U0UDI", view=home(), hash=published["hash"])
    await refused(stale, "hash_conflict")
    assert udi.home == "Enda nyere"
    assert sandbox.person("helse").home == ""
    await refused(api.views_publish(user_id="U0NOBODY", view=home()), "invalid_arguments")


async def test_home_must_be_enabled() -> None:
    async with Sandbox(manifest(home=False)) as sandbox:
        client = Api(sandbox.bot_token, base_url=sandbox.api_url)
        await refused(client.views_publish(user_id="U0UDI", view=home()), "not_enabled")
        await could_not(sandbox.person("udi").opens_home(), "no Home tab")


async def test_a_global_shortcut_comes_from_no_place_and_opens_a_modal(
    sandbox: Sandbox, bot: LittleBot, api: Api
) -> None:
    """Source: docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload."""
    bot.app.shortcut("kall")(acknowledge)
    person = sandbox.person("udi")
    await person.uses("Kall sammen")
    (sent,) = bot.interactions("shortcut")
    assert (sent["callback_id"], sent["user"]["id"]) == ("kall", person.id)
    assert not {"channel", "response_url", "view", "actions"} & set(sent)
    await api.views_open(trigger_id=sent["trigger_id"], view=modal())
    assert person.modal is not None
    await could_not(person.uses("Noe annet"), "there is no shortcut")
