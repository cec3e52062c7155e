"""«Hvem kan hva»: the answer to `/tot hvem`, with the button for its page to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.texts.words import Words
from bot.usecases.directory.agencies import Listed, Roster
from handlers.blocks.context import Block, Message, escape
from handlers.blocks.elements import ActionId, actions, button, context, header, lines, section
from handlers.blocks.formatting import duty_line, fit
from handlers.blocks.people import mention

PRINT_ROSTER = ActionId("print_roster", "`print`")


def roster_answer(words: Words, rosters: Sequence[Roster], *, matched: bool | None = None) -> Message:
    """Every agency: what it can do, its duty line, who is on call now.

    `matched` tells whether typed words chose these agencies; None if no words were typed.
    """
    top = [header(words("command.roster.choice"))]
    if matched is False:
        top.append(section(words("roster.none-matched")))
    foot = [
        actions(button(words("press.print-roster"), PRINT_ROSTER, "print")),
        context(words("said.emergency")),
    ]
    shown = [row for roster in rosters for row in _team(words, roster)]
    return Message(fit(words, [[top], shown or [[section(words("roster.empty"))]], [foot]]))


def matching(words: Words, rosters: Sequence[Roster], wanted: Sequence[str]) -> list[Roster]:
    """Return the agencies whose name, kind, abilities or titles have every word; drop teams without any.

    `wanted` are lower-case. For a sheltering agency only what is shown is searched.
    """
    found = []
    for roster in rosters:
        listed = tuple(each for each in roster.listed if _matches(words, each, wanted))
        if listed:
            found.append(replace(roster, listed=listed))
    return found


def _matches(words: Words, listed: Listed, wanted: Sequence[str]) -> bool:
    agency = listed.agency
    text = f"{agency.shown_name} {agency.can}"
    if not agency.reached_by_coordinator:
        titles = " ".join(c.title for c in listed.contacts)
        text = f"{text} {words(f'agency-kind.{agency.kind}')} {titles}"
    return all(word in text.casefold() for word in wanted)


def _team(words: Words, roster: Roster) -> list[list[Block]]:
    people = [mention(words, p) for p in roster.coordinators if p.slack_id]
    led = words("card.coordinators", people=words.several(people)) if people else words("roster.coordinator")
    top = [section(lines(f"*{escape(roster.team.name)}*", led))]
    return [top, *([section(_agency(words, roster, each))] for each in roster.listed)]


def _agency(words: Words, roster: Roster, listed: Listed) -> str:
    agency, now = listed.agency, listed.now
    name = f"*{escape(agency.shown_name)}*"
    can = f"{name} · {escape(agency.can)}" if agency.can else name
    if agency.reached_by_coordinator:
        return lines(can, words("roster.by-coordinator"))
    line = duty_line(words, agency)
    if now is None:
        return lines(can, line, words("roster.nobody-now"))
    return lines(
        can, line, words("roster.now", who=mention(words, roster.persons.get(now.person_id), now.title))
    )
