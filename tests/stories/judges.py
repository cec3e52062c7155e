"""The judges of every story: they use what Slack shows, not the bot's own words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sandbox.content_audit import visible_texts
from sandbox.model import Call
from tests.stories.town import CONFIRM, STARTS, Town

#: Everything a locked phone may show, in the three languages. A new sentence must be added here too.
LOCK_SCREEN = re.compile(
    r"Noe nytt\. Åpne meldingen\.|Noko nytt\. Opne meldinga\.|Something new\. Open the message\."
    r"|Påminnelse\. Åpne meldingen\.|Påminning\. Opne meldinga\.|A reminder\. Open the message\."
    r"|Haster\. Åpne meldingen\.|Det hastar\. Opne meldinga\.|Urgent\. Open the message\."
    r"|Haster: svar innen kl\. \d\d:\d\d\. Åpne meldingen\."
    r"|Det hastar: svar innan kl\. \d\d:\d\d\. Opne meldinga\."
    r"|Urgent: answer by \d\d:\d\d\. Open the message\."
    r"|En fil til kalenderen din\.|Ei fil til kalenderen din\.|A file for your calendar\."
    r"|En fil til deg\.|Ei fil til deg\.|A file for you\."
)
FILE_NAME = re.compile(r"(mote|rapport|hvem)-[0-9a-f]{12}\.(ics|png|csv|html)")
#: Answers that are waited for: green everywhere.
GREEN = frozenset(
    {
        *("Ferdig", "Fortsett der du slapp", "Godkjenn", "Ja, opprett sak", "Jeg er til stede"),
        *("Kall inn til dette møtet", "Mottatt", "Nytt rom", "Oppgi grunn og vara", "Oppgi grunnen"),
        *("Registrer hvem som kom", "Ryddet", "Si hvem som kommer", "Utført"),
    }
)
#: Slack's errors for calls that should never have been sent.
MALFORMED = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_arguments",
        "invalid_arg_name",
        "missing_argument",
        "missing_scope",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "unknown_method",
        "view_too_large",
    }
)
#: Markup in names and texts of stories: shown as it was written, and alive nowhere.
MENTION = "<!channel> *x* <@U0EVIL> & "
_ALIVE = re.compile("<!channel|<@U0EVIL")
#: In each language: the duties to avert and to report.
_DUTIES = re.compile("[Aa]vver[gj]eplikt")
#: Calls that change nothing: rooms and accounts are checked now and then.
LOOKS = re.compile(r".*\.(info|members|list|history|replies|test)")
#: Text of stories that only the room may show.
FOR_THE_ROOM = re.compile(r"[Kk]anarirom\w*")
#: A meeting's place, and other details that an asked person reads after confirming.
FOR_THE_CONFIRMED = re.compile(r"Møterom Nord|[Kk]anarimøte\w*")


async def judge(town: Town) -> None:
    """Check all rules; AssertionError for the first one broken."""
    await town.rest()
    sandbox = town.runner.sandbox
    calls = sandbox.workspace.calls
    malformed = [(call.method, call.error, call.answer) for call in calls if _is_malformed(call)]
    assert not malformed, malformed[0]
    for call in calls:
        locked_phone(call)
        mentions_nobody(call.arguments)
        states_the_duties(call.arguments)
    for delivery in sandbox.workspace.deliveries:
        mentions_nobody(delivery.answer)
    escaped = list(_escaped(town))
    assert not escaped, "\n".join(escaped)
    stock = await town.rehearsal.bot.stock()
    given_up = {kind for kind, _ in stock.given_up}
    assert not given_up, f"given up: {given_up}"
    assert not stock.set_aside, "a delivery cannot be read"
    unwanted = await town.rehearsal.bot.unwanted()
    assert not unwanted, f"at rest these stand, and would go: {unwanted}"
    before = len(calls)
    await town.rehearsal.clock_moved()
    await town.rest()
    again = [call.method for call in calls[before:] if not LOOKS.fullmatch(call.method)]
    assert not again, f"a second look at the same moment called {again}"
    await _is_current(town)


async def _is_current(town: Town) -> None:
    """Check that each message reads as if it had just been made: every changed case was looked over.

    On another day the same times are worded differently.
    """
    if town.now.date() != STARTS.date():
        return
    stands = dict(_standing(town))
    await town.rehearsal.bot.database.write(_all_changed)
    await town.rest()
    anew = dict(_standing(town))
    both = ((stands.get(each), anew.get(each)) for each in stands.keys() | anew)
    stale = {was: now for was, now in both if was != now}
    assert not stale, f"stood, and would now be: {stale}"


def _all_changed(uow: Any) -> None:
    for team in uow.teams():
        for case_id in uow.cases_of_team(team.id):
            uow.case_changed(case_id)


def _standing(town: Town) -> Iterator[tuple[str, str]]:
    """Yield each of the bot's messages, and each Home, as it reads."""
    workspace = town.runner.sandbox.workspace
    for channel in workspace.channels.values():
        yield from (
            (f"{channel.id} {m.ts}", town.read_by_nobody(m)) for m in channel.messages.values() if m.by_bot
        )
    for who, home in workspace.homes.items():
        yield who, json.dumps([{**block, "block_id": ""} for block in home.blocks], ensure_ascii=False)


def _is_malformed(call: Call) -> bool:
    return not call.fault and call.error in MALFORMED


def locked_phone(call: Call) -> None:
    """Check that each message, whisper and file shows a locked phone only one of the known sentences."""
    given = call.arguments
    if call.method in ("chat.postMessage", "chat.update", "chat.postEphemeral"):
        assert LOCK_SCREEN.fullmatch(str(given.get("text"))), (call.method, given.get("text"))
        blocks = _read(given.get("blocks"))
        assert blocks, (call.method, "without blocks its text would be all there is")
        for button in (each for block in blocks for each in block.get("elements", ()) if "style" not in each):
            assert button["type"] != "button" or button["text"]["text"] not in GREEN, button
    elif call.method == "files.completeUploadExternal":
        assert LOCK_SCREEN.fullmatch(str(given.get("initial_comment"))), given
        assert all(FILE_NAME.fullmatch(file["title"]) for file in _read(given["files"])), given
    elif call.method == "files.getUploadURLExternal":
        assert FILE_NAME.fullmatch(str(given["filename"])), given


def mentions_nobody(given: Any) -> None:
    """Check that names and texts in a call or an answer are escaped wherever Slack reads markup."""
    for key in ("blocks", "view") if isinstance(given, dict) else ():
        for part in _parts(_read(given.get(key))):
            assert part.get("type") != "mrkdwn" or not _ALIVE.search(part["text"]), part


def states_the_duties(given: Any) -> None:
    """Check that whoever is asked to confirm taushetsplikt reads that other duties override it."""
    parts = [part for key in ("blocks", "view") for part in _parts(_read(given.get(key)))]
    if any(part.get("action_id") == "acknowledge" for part in parts):
        assert any(_DUTIES.search(str(part.get("text"))) for part in parts), parts


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object within blocks or a view."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _parts(each)


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _escaped(town: Town) -> Iterator[str]:
    """Yield a case's content shown to somebody who never was in its room, nor asked and confirmed.

    The code, in any form, and what people have written for the room: only for people ever let into the room.
    The meeting's place: also for people who have confirmed. Coordinators fill it in. Never the text itself.
    """
    sandbox = town.runner.sandbox
    codes = re.compile("|".join(rf"\b{name.removeprefix('rom-')}\b" for name in town.rooms) or "(?!)")
    team = {"tot-bot", *town.coordinators}
    let_in = team | {m.who for m in sandbox.activity if m.kind == "joined" and m.place.startswith("rom-")}
    let_in |= town.were_inside | town.let_in
    confirmed = let_in | {m.who for m in sandbox.activity if m.kind == "presses" and m.text == CONFIRM}
    confirmed |= town.had_confirmed
    for shown in visible_texts(sandbox.workspace):
        for what, pattern, may in (
            ("the code", codes, let_in),
            ("what is for the room", FOR_THE_ROOM, let_in),
            ("the meeting", FOR_THE_CONFIRMED, confirmed),
        ):
            if pattern.search(shown.text) and (strangers := shown.audience - may):
                yield f"{what} stands in {shown.place} before {sorted(strangers)}"
