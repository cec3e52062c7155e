"""Trigger ids, the view stack, submissions, Home."""

from __future__ import annotations

from typing import Any

from sandbox import Person, Sandbox, Settings
from tests.sandbox.kit import TEXT, actions, button, field, home, modal, section
from tests.sandbox.little_bot import Body, LittleBot, acknowledge
from tests.sandbox.slack import Api, could_not, refused


async def trigger(bot: LittleBot, udi: Person) -> str:
    """Return a fresh trigger id, from a command that opens nothing."""
    if not bot.commands():
        bot.app.command("/tot")(acknowledge)
    await udi.types("/tot")
    trigger_id: str = bot.commands()[-1]["trigger_id"]
    return trigger_id


def submitted(bot: LittleBot, *answers: Body) -> None:
    """Answer submissions with these in turn; the last one repeats."""
    left = list(answers)

    async def on_submit(ack: Any) -> None:
        await ack(left.pop(0) if len(left) > 1 else left[0])

    bot.app.view("sak")(on_submit)


async def test_a_trigger_id_works_once_for_a_while_and_for_a_view_that_keeps_the_rules(
    bot: LittleBot, api: Api, settings: Settings, udi: Person
) -> None:
    trigger_id = await trigger(bot, udi)
    too_long = api.views_open(trigger_id=trigger_id, view=modal(title="x" * 25))
    (told,) = (await refused(too_long, "invalid_arguments"))["response_metadata"]["messages"]
    assert told == "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    await refused(api.views_open(trigger_id=trigger_id, view=home()), "invalid_arguments")
    big = modal(*[section("x" * 3000) for _ in range(90)])
    await refused(api.views_open(trigger_id=trigger_id, view=big), "view_too_large")
    view = (await api.views_open(trigger_id=trigger_id, view=modal()))["view"]
    assert (view["root_view_id"], view["previous_view_id"]) == (view["id"], None)
    assert view["state"] == {"values": {}}
    assert {"hash", "team_id", "app_id", "bot_id", "callback_id"} <= view.keys()
    await refused(api.views_open(trigger_id=trigger_id, view=modal()), "exchanged_trigger_id")
    await refused(api.views_open(trigger_id="1.2.x", view=modal()), "invalid_trigger_id")
    settings.trigger_seconds = 0
    await refused(api.views_open(trigger_id=await trigger(bot, udi), view=modal()), "expired_trigger_id")


async def test_updating_keeps_what_is_filled_in(bot: LittleBot, api: Api, udi: Person) -> None:
    opened = (await api.views_open(trigger_id=await trigger(bot, udi), view=modal()))["view"]
    await udi.fills({"Hvorfor": "haster"})
    await api.views_update(view_id=opened["id"], view=modal(title="Ny"))
    assert (await udi.sees_modal("Ny")).values == {"Hvorfor": "haster"}
    await api.views_update(view_id=opened["id"], view=modal(field("Hvorfor", TEXT, "another")))
    assert (await udi.sees_modal()).values == {"Hvorfor": ""}
    await refused(api.views_update(view_id="V0NOWHERE", view=modal()), "not_found")


async def test_a_submission_carries_the_whole_state_and_errors_are_shown_by_label(
    bot: LittleBot, udi: Person
) -> None:
    more = field("Mer", TEXT, "more", optional=True)
    row = actions(button("Legg til", "add", value="7"), block_id="row")
    bot.opens(modal(row, field("Hvorfor", TEXT, "why"), more, private_metadata="m"))
    bot.acknowledges("add")
    submitted(bot, {"response_action": "errors", "errors": {"more": "Tiden er passert"}}, {})
    await udi.types("/tot")
    await udi.fills({"Hvorfor": "haster"})
    await udi.presses("Legg til")
    (click,) = bot.interactions("block_actions")
    assert click["container"] == {"type": "view", "view_id": click["view"]["id"]}
    assert click["view"]["state"]["values"]["why"]["why"]["value"] == "haster"
    assert [(a["block_id"], a["value"], "action_ts" in a) for a in click["actions"]] == [("row", "7", True)]
    assert not {"channel", "response_url"} & set(click)
    assert await udi.submits() == {"Mer": "Tiden er passert"}
    form = await udi.sees_modal()
    assert form.errors == {"Mer": "Tiden er passert"}
    assert "⚠ Tiden er passert" in form.text
    await udi.fills({"Mer": "i morgen"})
    assert form.errors == {}
    assert await udi.submits() == {}
    assert udi.modal is None
    body, again = bot.interactions("view_submission")
    assert again["view"]["state"]["values"]["more"]["more"]["value"] == "i morgen"
    assert body["view"]["state"]["values"] == {
        "why": {"why": {"type": "plain_text_input", "value": "haster"}},
        "more": {"more": {"type": "plain_text_input", "value": None}},
    }
    assert body["view"]["private_metadata"] == "m"
    assert body["user"]["id"] == "U0UDI"


async def fills_and_sends(udi: Person, *, open_it: bool = True) -> None:
    """Open the form by the command, fill it in and send it."""
    if open_it:
        await udi.types("/tot")
    await udi.fills({"Hvorfor": "x"})
    await udi.submits()


async def test_a_submission_may_update_push_and_clear_and_a_view_is_closed_alone_or_with_what_is_beneath(
    sandbox: Sandbox, bot: LittleBot, udi: Person
) -> None:
    bot.opens(modal(title="En"))
    push = {"response_action": "push", "view": modal(title="To")}
    clearing = {"response_action": "push", "view": modal(title="Tre", clear_on_close=True)}
    update, clear = {"response_action": "update", "view": modal(title="Nå")}, {"response_action": "clear"}
    submitted(bot, update, push, push, clearing, clear, clearing)

    def stands() -> list[tuple[str, str | None]]:
        stack = sandbox.workspace.stacks["U0UDI"]
        assert {view.root_view_id for view in stack} == {stack[0].id}
        return [(view.payload["title"]["text"], view.previous_view_id) for view in stack]

    await fills_and_sends(udi)
    assert stands() == [("Nå", None)]
    beneath = sandbox.workspace.stacks["U0UDI"][0].id
    await fills_and_sends(udi, open_it=False)
    assert stands() == [("Nå", None), ("To", beneath)]
    await udi.closes()
    await udi.sees_modal("Nå")
    await udi.submits()
    await udi.sees_modal("To")
    await udi.closes(whole_stack=True)
    assert udi.modal is None
    await fills_and_sends(udi)
    await udi.sees_modal("Tre")
    await fills_and_sends(udi, open_it=False)
    assert udi.modal is None, "cleared"
    await fills_and_sends(udi)
    await udi.closes()
    assert udi.modal is None


async def test_a_malformed_answer_is_trouble_for_the_person(bot: LittleBot, udi: Person) -> None:
    bot.opens(modal())
    malformed: list[Body] = [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "explode"},
        {"response_action": "update", "view": {"type": "modal"}},
    ]
    submitted(bot, *malformed)
    for n in range(len(malformed)):
        await could_not(fills_and_sends(udi, open_it=n == 0), "trouble connecting")
        assert udi.modal is not None


async def test_home(sandbox: Sandbox, bot: LittleBot, api: Api, udi: Person) -> None:
    async def opened(event: Body, client: Api) -> None:
        if event["tab"] == "home" and "view" not in event:
            await client.views_publish(user_id=event["user"], view=home(section(f"Hei <@{event['user']}>")))

    bot.app.event("app_home_opened")(opened)
    assert await udi.opens_home() == "Hei @udi"
    await api.views_publish(user_id="U0UDI", view=home(section("Enda nyere")))
    assert await udi.opens_home() == "Enda nyere"
    await udi.opens_messages()
    await sandbox.acked()
    first, again, messages = bot.events("app_home_opened")
    assert (first["tab"], first["user"], first["channel"][0]) == ("home", "U0UDI", "D")
    assert again["view"]["blocks"][0]["text"]["text"] == "Enda nyere"
    assert (messages["tab"], "view" in messages) == ("messages", False)
