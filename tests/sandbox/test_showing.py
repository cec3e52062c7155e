"""Rendering, the visibility audit, and the activity log."""

from __future__ import annotations

from typing import Any

from sandbox import Activity, Person, Sandbox
from sandbox.block_kit import render
from sandbox.content_audit import visible_texts
from tests.every import every
from tests.sandbox.kit import TEXT, actions, button, field, home, modal, mrkdwn, option, plain, section
from tests.sandbox.little_bot import LittleBot
from tests.sandbox.slack import Api, room

RICH = [{"type": "text", "text": "a "}, {"type": "user", "user_id": "U1"}]
NAMES = render.Names(user=lambda u: {"U1": "udi"}.get(u, u), channel=lambda c: {"C1": "generelt"}.get(c, c))


@every(
    ("text", "shown"),
    [
        ("*fet* _kursiv_ <@U1> i <#C1>", "*fet* _kursiv_ @udi i #generelt"),
        ("<#C1|annet> <!here> <!subteam^S1|@vakt>", "#annet @here @vakt"),
        (
            "<https://x.no|avtalen> <https://x.no> <mailto:a@b.no|a@b.no>",
            "avtalen (https://x.no) https://x.no a@b.no (mailto:a@b.no)",
        ),
        ("&lt;@U1&gt; &amp;amp;", "<@U1> &amp;"),
    ],
)
def test_texts(text: str, shown: str) -> None:
    assert render.mrkdwn(text, NAMES) == shown


@every(
    ("block", "shown"),
    [
        (
            section("hei", accessory=button("Ja")),
            "hei\n[ Ja ]",
        ),
        ({"type": "header", "text": plain("Møte")}, "Møte"),
        ({"type": "divider"}, "———"),
        (actions(button("Ja"), button("Nei")), "[ Ja ] [ Nei ]"),
        (actions({"type": "overflow", "options": [option("A"), option("B")]}), "[ ⋯ A | B ]"),
        (actions({"type": "users_select", "action_id": "u"}), "[ velg ▾ ]"),
        ({"type": "context", "elements": [mrkdwn("a"), plain("b")]}, "a · b"),
        (
            field("Navn", TEXT | {"placeholder": plain("skriv")}, optional=True, hint=plain("kort")),
            "Navn (valgfritt): ‹skriv›\n  kort",
        ),
        ({"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": RICH}]}, "a @udi"),
    ],
)
def test_blocks(block: dict[str, Any], shown: str) -> None:
    assert render.block(block, NAMES, {}) == shown


async def test_visible_texts_are_everything_and_say_who_can_see_it(
    sandbox: Sandbox, bot: LittleBot, api: Api, udi: Person
) -> None:
    bot.opens(modal(field("Felt", TEXT), private_metadata="i-modal-meta"))
    rom = await room(sandbox, api, "udi", "helse", name="rom-kanari")
    await api.chat_postMessage(
        channel=rom,
        text="i-tekst",
        blocks=[section("i-blokk")],
        metadata={"event_type": "i-type", "event_payload": {"k": "i-meta"}},
    )
    await api.chat_postEphemeral(channel=rom, user="U0UDI", text="i-hvisket")
    await api.chat_postMessage(channel="U0HELSE", text="i-direkte")
    await api.files_upload_v2(channel=rom, filename="i-filnavn.txt", content="i-innhold", title="i-tittel")
    await api.views_publish(user_id="U0UDI", view=home(section("i-hjem")))
    await udi.types("/tot")
    await udi.fills({"Felt": "i-felt"})

    await api.conversations_create(name="apen-kanari")
    guest = sandbox.add_person("gjest", is_restricted=True)

    def seers(text: str) -> set[frozenset[str]]:
        return {seen.audience for seen in visible_texts(sandbox.workspace) if text in seen.text}

    for texts, audience in (
        (
            "rom-kanari i-tekst i-blokk i-type i-meta i-filnavn i-innhold i-tittel",
            {"tot-bot", "udi", "helse"},
        ),
        ("i-hvisket", {"udi"}),
        ("i-direkte", {"tot-bot", "helse"}),
        ("i-hjem i-modal-meta i-felt", {"tot-bot", "udi"}),
    ):
        for text in texts.split():
            assert seers(text) == {frozenset(audience)}, text
    # A public channel is open to every member.
    (everybody,) = seers("apen-kanari")
    assert "utenforstaende" in everybody
    assert guest.handle not in everybody
    await api.conversations_kick(channel=rom, user="U0HELSE")
    assert seers("i-tekst") == {frozenset({"tot-bot", "udi"})}
    assert seers("finnes ikke") == set()


async def test_activity_tells_who_did_what_and_who_sees_it(
    sandbox: Sandbox, bot: LittleBot, api: Api, udi: Person
) -> None:
    heard: list[Activity] = []
    sandbox.activity.subscribe(heard.append)
    bot.opens(modal(field("Felt", TEXT)))
    rom = await room(sandbox, api, "udi", "helse")
    posted = await api.chat_postMessage(channel=rom, text="hei")
    await api.chat_update(channel=rom, ts=posted["ts"], text="hei igjen")
    await api.chat_delete(channel=rom, ts=posted["ts"])
    await api.chat_postEphemeral(channel=rom, user="U0UDI", text="bare du")
    await udi.types("/tot sak")
    await udi.submits()
    await udi.closes()
    await api.conversations_kick(channel=rom, user="U0HELSE")
    await udi.leaves("rom-k7f3")
    await api.conversations_archive(channel=rom)
    await sandbox.person("helse").is_deactivated()
    assert heard == list(sandbox.activity)
    assert len(sandbox.activity) == len(heard)
    told = [(m.kind, m.who, m.place, m.text) for m in heard]
    assert told == [
        ("room", "tot-bot", "rom-k7f3", "rom-k7f3"),
        ("joined", "tot-bot", "rom-k7f3", ""),
        ("joined", "udi", "rom-k7f3", "invited by @tot-bot"),
        ("joined", "helse", "rom-k7f3", "invited by @tot-bot"),
        ("message", "tot-bot", "rom-k7f3", "hei"),
        ("updated", "tot-bot", "rom-k7f3", "hei igjen"),
        ("deleted", "tot-bot", "rom-k7f3", "hei igjen"),
        ("ephemeral", "tot-bot", "rom-k7f3", "bare du"),
        ("types", "udi", "generelt", "/tot sak"),
        ("modal", "udi", "modal", "«Sak»\nFelt: ‹›\n[ Avbryt ] [ Send ]"),
        ("submits", "udi", "modal", "Send"),
        ("modal_errors", "udi", "modal", "Felt: Please complete this required field."),
        ("closes", "udi", "modal", ""),
        (
            "modal_closed",
            "udi",
            "modal",
            "«Sak»\nFelt: ‹›\n  ⚠ Please complete this required field.\n[ Avbryt ] [ Send ]",
        ),
        ("removed", "helse", "rom-k7f3", "by @tot-bot"),
        ("left", "udi", "rom-k7f3", ""),
        ("archived", "tot-bot", "rom-k7f3", "rom-k7f3"),
        ("person", "helse", "", "deactivated"),
    ]
    seen_by = {(m.kind, m.text): m.seen_by for m in heard}
    assert seen_by["message", "hei"] == {"udi", "helse"}
    assert seen_by["ephemeral", "bare du"] == {"udi"}
    assert heard[0].time.tzinfo is not None
