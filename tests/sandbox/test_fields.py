"""A person of the sandbox fills in forms, uses Home, comes and goes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from sandbox import Person, Sandbox, Settings
from tests.sandbox.kit import TEXT, actions, button, field, home, modal, option, section
from tests.sandbox.little_bot import Body, LittleBot, acknowledge
from tests.sandbox.slack import Api, could_not, manifest


async def test_every_kind_of_field(bot: LittleBot, udi: Person) -> None:
    three = [option("Politi"), option("Barnevern"), option("Barnevernvakt")]
    bot.opens(
        modal(
            field("Tekst", TEXT, "text"),
            field("Etat", {"type": "static_select", "options": three}, "one"),
            field("Etater", {"type": "multi_static_select", "options": three}, "many"),
            field("Fase", {"type": "radio_buttons", "options": three}, "radio"),
            field("Merk", {"type": "checkboxes", "options": three}, "check"),
            field("Dag", {"type": "datepicker"}, "day"),
            field("Møtetid", {"type": "datetimepicker"}, "when"),
            field("Hvem", {"type": "users_select"}, "who"),
            field("Post", {"type": "email_text_input"}, "mail"),
            field("Antall", {"type": "number_input", "is_decimal_allowed": False}, "count"),
        )
    )
    bot.app.view("sak")(acknowledge)
    await udi.types("/tot")
    when = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    filled: dict[str, tuple[Any, str]] = {
        "Tekst": ("hei", "hei"),
        "Etat": ("barnevern", "Barnevern"),
        "Etater": (["Politi", "barnevernvakt"], "Politi, Barnevernvakt"),
        "Fase": ("Politi", "Politi"),
        "Merk": ("Politi", "Politi"),
        "Dag": (date(2026, 12, 1), "2026-12-01"),
        "Møtetid": (when, "2026-12-01 10:00"),
        "Hvem": ("koordinator", "@koordinator"),
        "Post": ("a@b.no", "a@b.no"),
        "Antall": (3, "3"),
    }
    await udi.fills({label: value for label, (value, _) in filled.items()})
    form = udi.modal
    assert form is not None
    assert form.values == {label: shown for label, (_, shown) in filled.items()}
    assert "Fase: (•) Politi ( ) Barnevern ( ) Barnevernvakt" in form.text
    assert await udi.submits() == {}
    values = bot.interactions("view_submission")[0]["view"]["state"]["values"]
    assert values["when"]["when"] == {"type": "datetimepicker", "selected_date_time": int(when.timestamp())}
    assert values["day"]["day"]["selected_date"] == "2026-12-01"
    assert [o["value"] for o in values["many"]["many"]["selected_options"]] == ["politi", "barnevernvakt"]


@pytest.mark.parametrize(
    ("element", "value", "wrong"),
    [
        (TEXT, None, "Please complete this required field."),
        (TEXT | {"min_length": 3}, "ab", "Must be at least 3 characters."),
        (TEXT | {"max_length": 3}, "abcd", "Must be at most 3 characters."),
        ({"type": "email_text_input"}, "ola", "Enter a valid email address."),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "Enter a valid number."),
        (
            {"type": "number_input", "is_decimal_allowed": True, "min_value": "2"},
            "1.5",
            "Must be at least 2.",
        ),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "1"}, "1.5", "Must be at most 1."),
        (
            {"type": "multi_static_select", "options": [option("A")]},
            [],
            "Please complete this required field.",
        ),
    ],
)
async def test_slack_checks_some_fields_itself(
    bot: LittleBot, element: Body, value: Any, wrong: str, udi: Person
) -> None:
    bot.opens(modal(field("Felt", element)))
    await udi.types("/tot")
    await udi.fills({"Felt": value})
    assert await udi.submits() == {"Felt": wrong}
    assert bot.interactions("view_submission") == []


async def test_fields_that_cannot_be_filled(bot: LittleBot, udi: Person) -> None:
    await could_not(udi.fills({"Felt": "x"}, within=0), "has no modal")
    blocks = [field("Møte dag", TEXT), field("Møte sted", TEXT)]
    blocks += [field("Tid", {"type": "datetimepicker"}), field("Hvem", {"type": "users_select"})]
    blocks += [field("Dag", {"type": "datepicker"})]
    bot.opens(modal(*blocks))
    await udi.types("/tot")
    await udi.fills({"sted": "ok"})
    for label, value, why in [
        ("Møte", "x", "ambiguous; there is «Møte dag», «Møte sted»"),
        ("Nei", "x", "is not there"),
        ("Tid", datetime(2026, 1, 1), "no time zone"),  # noqa: DTZ001
        ("Hvem", "ingen", "nobody is called 'ingen'"),
        ("Dag", 5, "5 is no date"),
    ]:
        await could_not(udi.fills({label: value}, within=0.0), why)


async def test_home_is_used_like_a_message(bot: LittleBot, api: Api, udi: Person) -> None:
    bot.acknowledges("ny", "lang")
    lang = {"type": "static_select", "action_id": "lang", "options": [option("Bokmål"), option("Nynorsk")]}
    view = home(section("Språk", accessory=lang), actions(button("Ny sak", "ny")))
    await api.views_publish(user_id="U0UDI", view=view)
    await udi.presses("Ny sak", in_="home")
    await udi.chooses("Språk", "Nynorsk", in_="home")
    first, second = bot.interactions("block_actions")
    assert first["container"]["type"] == "view"
    assert second["view"]["type"] == "home"
    assert "[ Nynorsk ▾ ]" in udi.home


async def test_a_click_that_is_not_acknowledged(
    sandbox: Sandbox, bot: LittleBot, api: Api, settings: Settings
) -> None:
    settings.ack_seconds = 0.1
    await api.chat_postMessage(channel="U0UDI", text="x", blocks=[actions(button("Ja"))])
    await could_not(sandbox.person("udi").presses("Ja"), "warning sign: operation_timeout")


async def test_interactivity_must_be_on() -> None:
    async with Sandbox(manifest(interactivity=False)) as sandbox:
        client = Api(sandbox.bot_token, base_url=sandbox.api_url)
        await client.chat_postMessage(channel="U0UDI", text="x", blocks=[actions(button("Ja"))])
        await could_not(sandbox.person("udi").presses("Ja"), "not configured")


async def test_coming_and_going(sandbox: Sandbox, rom: str, udi: Person) -> None:
    sandbox.add_person("gjest", is_restricted=True)
    await udi.invites("gjest", "rom-k7f3")
    await could_not(udi.invites("gjest", "rom-k7f3"), "is in rom-k7f3 already")
    await could_not(udi.removes("helse", "rom-k7f3"), "cannot be removed")
    await sandbox.person("politi-exit").is_deactivated()
    await could_not(udi.invites("politi-exit", "rom-k7f3"), "cannot be invited")
    await udi.leaves("rom-k7f3")
    await could_not(udi.leaves("rom-k7f3"), "sees no 'rom-k7f3'")
    assert sandbox.workspace.members(rom) == {"tot-bot", "gjest"}
    await could_not(udi.leaves("tot-bot"), "no room that people come to")
