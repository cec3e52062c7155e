"""The case card: what everyone in the room needs to see of the case, kept current."""

from __future__ import annotations

from collections import Counter

from bot.domain.answers import AgencyStanding, DutyState, standings
from bot.domain.attendance import named_chair
from bot.domain.case.entities import Involvement, Meeting, Phase
from bot.domain.case.file import CaseFile
from bot.domain.on_record import goes_from
from bot.domain.overview.missing import Missing, lacks
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, RenderContext
from handlers.blocks.elements import actions, bullets, context, header, lines, section, sections
from handlers.blocks.formatting import Part, fit, persons_line
from handlers.lifecycle.messages import waits_line
from handlers.lifecycle.reopening import reopen_button
from handlers.links.messages import liaison_lines
from handlers.overview import card_actions
from handlers.overview.agencies import in_short
from handlers.polls.messages import on_card


def card(ctx: RenderContext) -> Message:
    words, file = ctx.words, ctx.file
    if not file.open:
        return Message(_closed(ctx))
    meeting = file.next_meeting(ctx.now)
    top = [
        header(ctx.words("card.title", code=file.case.code)),
        section(lines(_turnout(ctx) if meeting else None, _meeting(ctx, meeting))),
        *on_card(ctx),
        *([section(missing)] if (missing := _missing(ctx)) else []),
        card_actions.buttons(ctx),
    ]
    foot = [
        *card_actions.dates(ctx),
        section(_facts(ctx)),
        context(words("said.emergency")),
        context(words("card.no-names")),
    ]
    parts = ([top], _agencies(ctx), card_actions.needs(ctx), card_actions.doing(ctx), [foot])
    return Message(fit(words, parts))


_TURNOUT = ("there", "coming", "silent", "to-ring", "to-approve", "staying-away")


def _turnout(ctx: RenderContext) -> str:
    """«*1 kommer* · 4 har ikke svart · 1 må ringes · 1 deltar ikke»: each agency asked is counted once.

    During the meeting first those who are there, «*3 er på møtet*», and then those who come, if any.
    """
    found = Counter(map(_counted_as, standings(ctx.file, ctx.now)))
    told = [name for name in _TURNOUT if found[name] or (name == "coming" and not found["there"])]
    return " · ".join(ctx.words(f"card.{name}", n=found[name]) for name in told)


def _counted_as(standing: AgencyStanding) -> str:
    state = standing.shown
    if state is DutyState.NOT_OURS:
        return "staying-away"
    if standing.duty is None:
        return "expected"
    if state is DutyState.PRESENT or state.comes:
        return "there" if state is DutyState.PRESENT else "coming"
    if state.lost or state is DutyState.MUST_BE_CALLED:
        return "to-ring"
    return "to-approve" if state is DutyState.DEPUTY_AWAITS_APPROVAL else "silent"


def _facts(ctx: RenderContext) -> str:
    words, case = ctx.words, ctx.file.case
    asker = ctx.file.agencies.get(case.asked_by) if case.asked_by else None
    asked_by = words("card.asked-by", agency=ctx.agency(asker)) if asker else words("card.own-initiative")
    coordinated_by = words("card.coordinators", people=formatting.coordinators(ctx))
    is_working = case.phase is Phase.WORKING
    return lines(
        " · ".join((words("card.phase", phase=words(f"phase.{case.phase}")), asked_by, coordinated_by)),
        words("card.working", coordinator=formatting.coordinator(ctx)) if is_working else None,
        persons_line(ctx),
        liaison_lines(ctx),
        waits_line(ctx),
    )


def _meeting(ctx: RenderContext, meeting: Meeting | None) -> str:
    if meeting is None:
        return ctx.words("card.no-meeting")
    when, where = formatting.span(ctx, meeting), formatting.where(ctx.words, meeting)
    chair = formatting.mention(ctx.file, named_chair(ctx.file, meeting))
    key = "card.meeting" if ctx.now < meeting.starts_at else "card.meeting-now"
    return lines(
        ctx.words(key, when=when, where=where),
        formatting.moved_from(ctx, meeting) if meeting.moved_from is not None else None,
        ctx.words("card.chair", person=chair) if chair else None,
        formatting.agenda(ctx, meeting),
    )


def _agencies(ctx: RenderContext) -> Part:
    listed = lines(*(in_short(ctx, standing) for standing in standings(ctx.file, ctx.now)))
    ended = _ended(ctx.file)
    gone = [context(ctx.words("card.ended", agencies=formatting.names(ctx, ended)))] if ended else []
    return [*([each] for each in sections(listed)), gone]


def _ended(file: CaseFile) -> list[Involvement]:
    """One part for each agency that was asked, and whose part has ended and not begun again."""
    standing = {i.agency_id for i in file.involvements if i.live}
    over = {
        i.agency_id: i for i in file.involvements if i.asked_at is not None and i.agency_id not in standing
    }
    return list(over.values())


def _missing(ctx: RenderContext) -> str:
    """List what is missing and no other line of the card says; what coordinators owe is in their Home."""
    found = lacks(ctx.file, ctx.now)
    found.pop(Missing.COORDINATOR_UNCONFIRMED, None)
    if not found:
        return ctx.words("card.nothing-missing")
    of_case = [each for each in found.items() if each[0] in set(Missing) - {Missing.NO_MEETING}]
    said = formatting.lacking(ctx.words, ctx.file, ctx.now, of_case)
    return ctx.words("card.missing", lines=bullets(said, most=2800)) if said else ""


def _closed(ctx: RenderContext) -> list[Block]:
    file, words = ctx.file, ctx.words
    closed_at = file.case.closed_at or ctx.now
    closed = words.day(closed_at.astimezone(ctx.zone).date())
    goes = goes_from(file, file.team.day_of(ctx.now))
    day = words.day(goes) if goes else ""
    blocks = [
        header(words("card.title-closed", code=file.case.code)),
        section(words("card.closed", closed=closed, day=day)),
        section(words("card.coordinators", people=formatting.coordinators(ctx))),
    ]
    ended = _ended(file)
    if ended:
        blocks.append(context(words("card.ended", agencies=formatting.names(ctx, ended))))
    reopening = reopen_button(ctx)
    if reopening is not None:
        blocks.append(actions(reopening))
    blocks.append(context(words("said.emergency")))
    return blocks
