"""The case card: what everyone in the room needs to see of the case, kept current."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.answers import duty_state
from bot.domain.case.entities import Answer, Duty, Involvement, Meeting
from bot.domain.case.file import CaseFile, Standing
from bot.domain.directory.entities import Agency
from bot.domain.escalation import chain as escalation_chain
from bot.domain.overview.missing import lacks
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, Scene
from handlers.blocks.elements import bullets, context, divider, header, lines, menu, section
from handlers.blocks.formatting import listed, persons_line
from handlers.deputies.messages import successor
from handlers.escalation.messages import steps_taken
from handlers.lifecycle.messages import waits_line
from handlers.links.messages import liaison_lines
from handlers.overview import card_actions
from handlers.slack.ids import ActionId

#: Agencies with a row and a menu of their own; a message takes 50 blocks, and the rest of the card 12
#: beside needs and actions.
MOST_ROWS = 38 - card_actions.MOST_BLOCKS


def card(scene: Scene) -> Message:
    """The card, for the case's room."""
    if not scene.file.open:
        return Message(scene.words("card.notice"), _closed(scene))
    file = scene.file
    meeting = file.next_meeting(scene.now)
    blocks = [
        header(scene.words("card.title", code=file.case.code)),
        section(_facts(scene)),
        section(_meeting(scene, meeting)),
        divider(),
        *card_actions.needs(scene),
        *card_actions.doing(scene),
        *card_actions.dates(scene),
        divider(),
        *_agencies(scene, meeting),
        divider(),
        section(_missing(scene)),
        context(f"*{scene.words('said.emergency')}*"),
        context(scene.words("card.no-names"), _retention(scene)),
    ]
    return Message(scene.words("card.notice"), blocks)


def _facts(scene: Scene) -> str:
    words, case = scene.words, scene.file.case
    asker = scene.file.agencies.get(case.asked_by) if case.asked_by else None
    asked_by = words("card.asked-by", agency=scene.agency(asker)) if asker else words("card.own-initiative")
    return lines(
        words("card.phase", phase=words(f"phase.{case.phase}")),
        persons_line(scene),
        asked_by,
        words("card.coordinators", people=formatting.coordinators(scene)),
        liaison_lines(scene),
        waits_line(scene),
    )


def _meeting(scene: Scene, meeting: Meeting | None) -> str:
    if meeting is None:
        return scene.words("card.no-meeting")
    when, where = formatting.span(scene, meeting), formatting.where(scene, meeting)
    chair = formatting.mention(scene.file, meeting.chair)
    return lines(
        scene.words("card.meeting", when=when, where=where),
        scene.words("card.chair", person=chair) if chair else None,
        formatting.agenda(scene, meeting),
    )


def _retention(scene: Scene) -> str:
    return scene.words.count("card.retention", scene.file.team.rules.retention_days)


def _agencies(scene: Scene, meeting: Meeting | None) -> list[Block]:
    file = scene.file
    standing = [i for i in file.involvements if i.ended_at is None]
    duties = {d.involvement_id: d for d in file.duties_of(meeting.id)} if meeting else {}
    rows = [_agency(scene, i, duties.get(i.id)) for i in standing[:MOST_ROWS]]
    rest = standing[MOST_ROWS:]
    if rest:
        rows.append(section(scene.words("card.more-agencies", agencies=_names(scene, rest))))
    ended = _ended(file)
    if ended:
        rows.append(context(scene.words("card.ended", agencies=_names(scene, ended))))
    return rows


def _ended(file: CaseFile) -> list[Involvement]:
    """One for each agency that was asked, whose part is over and has not begun anew."""
    standing = {i.agency_id for i in file.involvements if i.ended_at is None}
    over = {
        i.agency_id: i for i in file.involvements if i.asked_at is not None and i.agency_id not in standing
    }
    return list(over.values())


def _names(scene: Scene, involvements: Sequence[Involvement]) -> str:
    return scene.words.several(scene.agency(scene.file.agency_of(i.id)) for i in involvements)


def _agency(scene: Scene, involvement: Involvement, duty: Duty | None) -> Block:
    words, file = scene.words, scene.file
    agency = file.agency_of(involvement.id)
    standing = file.standing(involvement)
    first = escalation_chain.head(file, duty) if duty else None
    unasked = standing is Standing.ASKED and first is not None and escalation_chain.unasked(file, first)
    text = lines(
        words(
            "card.agency",
            agency=scene.agency(agency),
            standing=words("card.not-rung" if unasked else f"standing.{standing}"),
        ),
        words("card.duty", duty=words(f"duty.{duty_state(file, duty)}")) if duty else None,
        _lead(scene, involvement, agency, standing, unasked=unasked),
        *(_deputies(scene, duty, agency) if duty else ()),
        steps_taken(scene, duty) if duty else None,
        words(
            "card.why",
            persons=listed(words, involvement.persons),
            reason=words(f"reason.{involvement.reason}"),
            ground=words(f"ground.{involvement.ground}"),
        ),
    )
    return section(text, accessory=_menu(scene, involvement, standing))


def _lead(
    scene: Scene, involvement: Involvement, agency: Agency, standing: Standing, *, unasked: bool
) -> str | None:
    if agency.reached_by_coordinator:
        return scene.words("card.sheltered") if standing is not Standing.EXPECTED else None
    seat = scene.file.lead(involvement.id)
    if seat is None:
        return None
    key = "card.lead" if seat.confirmed else "card.to-ring" if unasked else "card.asked"
    new = successor(scene, seat)
    return lines(
        scene.words(key, person=formatting.contact(scene, seat.person_id, agency)),
        scene.words("card.successor", person=formatting.contact(scene, new.person_id, agency))
        if new
        else None,
    )


def _deputies(scene: Scene, duty: Duty, agency: Agency) -> list[str]:
    """Those who stand in at the next meeting; of a sheltering agency not even their number is told."""
    if agency.reached_by_coordinator:
        return []
    return [
        scene.words(
            "card.deputy-waits" if ask.awaits_approval else "card.deputy",
            person=formatting.contact(scene, ask.person_id, agency),
        )
        for ask in scene.file.asks_of(duty.id)
        if ask.deputy_for is not None and ask.answer is not Answer.DECLINED
    ]


def _menu(scene: Scene, involvement: Involvement, standing: Standing) -> Block:
    choices = ["change", "release"]
    if standing is Standing.EXPECTED:
        choices.insert(0, "ask")
    return menu(
        ActionId.INVOLVEMENT,
        [(scene.words(f"card.{choice}"), f"{choice}:{involvement.id}") for choice in choices],
    )


def _missing(scene: Scene) -> str:
    found = lacks(scene.file, scene.now)
    if not found:
        return scene.words("card.nothing-missing")
    listed = [formatting.lack(scene.words, scene.file, each) for each in found]
    return scene.words("card.missing", lines=bullets(listed, most=2800))


def _closed(scene: Scene) -> list[Block]:
    file, words = scene.file, scene.words
    closed_at = file.case.closed_at or scene.now
    closed = words.day(closed_at.astimezone(scene.zone).date())
    day = words.day(file.case.delete_on) if file.case.delete_on else ""
    blocks = [
        header(words("card.title-closed", code=file.case.code)),
        section(words("card.closed", closed=closed, day=day[:1].upper() + day[1:])),
        section(words("card.coordinators", people=formatting.coordinators(scene))),
    ]
    ended = _ended(file)
    if ended:
        blocks.append(context(words("card.ended", agencies=_names(scene, ended))))
    blocks.append(context(f"*{words('said.emergency')}*"))
    return blocks
