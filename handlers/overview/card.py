"""The case card: what everyone in the room needs to see of the case, kept current."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.answers import AgencyStanding, DutyState, standing_of
from bot.domain.case.entities import Answer, Duty, Involvement, Meeting
from bot.domain.case.file import CaseFile, Standing
from bot.domain.directory.entities import Agency
from bot.domain.overview.missing import lacks
from handlers.answers.calls import steps_taken
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, RenderContext
from handlers.blocks.elements import bullets, context, divider, header, lines, menu, section
from handlers.blocks.formatting import listed, persons_line
from handlers.deputies.messages import successor
from handlers.involvement.messages import INVOLVEMENT
from handlers.lifecycle.messages import waits_line
from handlers.links.messages import liaison_lines
from handlers.overview import card_actions

#: Agencies with a row and a menu of their own; a message takes 50 blocks, and the rest of the card 12
#: beside needs and actions.
MOST_ROWS = 38 - card_actions.MOST_BLOCKS


def card(ctx: RenderContext) -> Message:
    words, file = ctx.words, ctx.file
    if not file.open:
        return Message(_closed(ctx))
    meeting = file.next_meeting(ctx.now)
    blocks = [
        header(ctx.words("card.title", code=file.case.code)),
        section(_facts(ctx)),
        section(_meeting(ctx, meeting)),
        divider(),
        *card_actions.needs(ctx),
        *card_actions.doing(ctx),
        *card_actions.dates(ctx),
        divider(),
        *_agencies(ctx, meeting),
        divider(),
        section(_missing(ctx)),
        context(f"*{ctx.words('said.emergency')}*"),
        context(words("card.no-names"), words.count("card.retention", file.team.rules.retention_days)),
    ]
    return Message(blocks)


def _facts(ctx: RenderContext) -> str:
    words, case = ctx.words, ctx.file.case
    asker = ctx.file.agencies.get(case.asked_by) if case.asked_by else None
    asked_by = words("card.asked-by", agency=ctx.agency(asker)) if asker else words("card.own-initiative")
    return lines(
        words("card.phase", phase=words(f"phase.{case.phase}")),
        persons_line(ctx),
        asked_by,
        words("card.coordinators", people=formatting.coordinators(ctx)),
        liaison_lines(ctx),
        waits_line(ctx),
    )


def _meeting(ctx: RenderContext, meeting: Meeting | None) -> str:
    if meeting is None:
        return ctx.words("card.no-meeting")
    when, where = formatting.span(ctx, meeting), formatting.where(ctx, meeting)
    chair = formatting.mention(ctx.file, meeting.chair)
    return lines(
        ctx.words("card.meeting", when=when, where=where),
        ctx.words("card.chair", person=chair) if chair else None,
        formatting.agenda(ctx, meeting),
    )


def _agencies(ctx: RenderContext, meeting: Meeting | None) -> list[Block]:
    file = ctx.file
    standing = [i for i in file.involvements if i.ended_at is None]
    rows = [_agency(ctx, standing_of(file, i, meeting)) for i in standing[:MOST_ROWS]]
    rest = standing[MOST_ROWS:]
    if rest:
        rows.append(section(ctx.words("card.more-agencies", agencies=_names(ctx, rest))))
    ended = _ended(file)
    if ended:
        rows.append(context(ctx.words("card.ended", agencies=_names(ctx, ended))))
    return rows


def _ended(file: CaseFile) -> list[Involvement]:
    """One for each agency that was asked, whose part is over and has not begun anew."""
    standing = {i.agency_id for i in file.involvements if i.ended_at is None}
    over = {
        i.agency_id: i for i in file.involvements if i.asked_at is not None and i.agency_id not in standing
    }
    return list(over.values())


def _names(ctx: RenderContext, involvements: Sequence[Involvement]) -> str:
    return ctx.words.several(ctx.agency(ctx.file.agency_of(i.id)) for i in involvements)


def _agency(ctx: RenderContext, standing: AgencyStanding) -> Block:
    words, file = ctx.words, ctx.file
    involvement, duty, part = standing.involvement, standing.duty, standing.part
    agency = file.agency_of(involvement.id)
    unasked = part is Standing.ASKED and standing.untold
    outside = _left_out(file, involvement)
    nobody_inside = part is Standing.ACTIVE and len(outside) == len(_confirmed(file, involvement))
    stands = "card.not-rung" if unasked else "card.left-out" if nobody_inside else f"standing.{part}"
    if standing.state is DutyState.NOT_OURS:
        stands, outside = "card.not-ours", []
    people = (formatting.contact(ctx, person_id, agency) for person_id in outside)
    text = lines(
        words("card.agency", agency=ctx.agency(agency), standing=words(stands)),
        words("card.not-let-in", people=words.several(people)) if outside else None,
        words("card.duty", duty=words(f"duty.{standing.state}")) if duty else None,
        _lead(ctx, involvement, agency, part, unasked=unasked),
        *(_deputies(ctx, duty, agency) if duty else ()),
        steps_taken(ctx, duty) if duty else None,
        words(
            "card.why",
            persons=listed(words, involvement.persons),
            reason=words(f"reason.{involvement.reason}"),
            ground=words(f"ground.{involvement.ground}"),
        ),
    )
    return section(text, accessory=_menu(ctx, involvement, part))


def _confirmed(file: CaseFile, involvement: Involvement) -> list[str]:
    return [s.person_id for s in file.seats_for(involvement.id) if s.confirmed]


def _left_out(file: CaseFile, involvement: Involvement) -> list[str]:
    """The agency's people whom Slack does not let into the room."""
    return [p for p in _confirmed(file, involvement) if p in (file.room.left_out or ())]


def _lead(
    ctx: RenderContext, involvement: Involvement, agency: Agency, part: Standing, *, unasked: bool
) -> str | None:
    if agency.reached_by_coordinator:
        return ctx.words("card.sheltered") if part is not Standing.EXPECTED else None
    seat = ctx.file.lead(involvement.id)
    if seat is None:
        return None
    key = "card.lead" if seat.confirmed else "card.to-ring" if unasked else "card.asked"
    new = successor(ctx, seat)
    return lines(
        ctx.words(key, person=formatting.contact(ctx, seat.person_id, agency)),
        ctx.words("card.successor", person=formatting.contact(ctx, new.person_id, agency)) if new else None,
    )


def _deputies(ctx: RenderContext, duty: Duty, agency: Agency) -> list[str]:
    """The deputies at the next meeting; of a sheltering agency not even their number is told."""
    if agency.reached_by_coordinator:
        return []
    return [
        ctx.words(
            "card.deputy-waits" if ask.awaits_approval else "card.deputy",
            person=formatting.contact(ctx, ask.person_id, agency),
        )
        for ask in ctx.file.asks_of(duty.id)
        if ask.deputy_for is not None and ask.answer is not Answer.DECLINED
    ]


def _menu(ctx: RenderContext, involvement: Involvement, part: Standing) -> Block:
    choices = ["change", "release"]
    if part is Standing.EXPECTED:
        choices.insert(0, "ask")
    return menu(
        INVOLVEMENT,
        [(ctx.words(f"card.{choice}"), f"{choice}:{involvement.id}") for choice in choices],
    )


def _missing(ctx: RenderContext) -> str:
    found = lacks(ctx.file, ctx.now)
    if not found:
        return ctx.words("card.nothing-missing")
    listed = [formatting.lack(ctx.words, ctx.file, each) for each in found]
    return ctx.words("card.missing", lines=bullets(listed, most=2800))


def _closed(ctx: RenderContext) -> list[Block]:
    file, words = ctx.file, ctx.words
    closed_at = file.case.closed_at or ctx.now
    closed = words.day(closed_at.astimezone(ctx.zone).date())
    day = words.day(file.case.delete_on) if file.case.delete_on else ""
    blocks = [
        header(words("card.title-closed", code=file.case.code)),
        section(words("card.closed", closed=closed, day=day[:1].upper() + day[1:])),
        section(words("card.coordinators", people=formatting.coordinators(ctx))),
    ]
    ended = _ended(file)
    if ended:
        blocks.append(context(words("card.ended", agencies=_names(ctx, ended))))
    blocks.append(context(f"*{words('said.emergency')}*"))
    return blocks
