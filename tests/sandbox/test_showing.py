"""The visibility audit."""

from __future__ import annotations

from sandbox import Person, Sandbox
from sandbox.content_audit import visible_texts
from tests.sandbox.kit import TEXT, field, home, modal, section
from tests.sandbox.little_bot import LittleBot
from tests.sandbox.slack import Api, room


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
