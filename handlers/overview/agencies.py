"""The state of each agency in a case: a line or two on the card, everything in «Valg»."""

from __future__ import annotations

from bot.domain.answers import AgencyStanding, DutyState
from bot.domain.case.entities import Answer, Duty, Involvement
from bot.domain.case.file import CaseFile, Standing
from bot.domain.directory.entities import Agency
from handlers.answers.calls import steps_taken
from handlers.blocks import formatting
from handlers.blocks.context import RenderContext
from handlers.blocks.elements import lines
from handlers.deputies.messages import successor


def in_short(ctx: RenderContext, standing: AgencyStanding) -> str:
    """The agency's state, as counted in the turnout; its people; the persons, unless it is there for all.

    Only coordinators see, in «Valg», when somebody was asked, reminded and answered, and who said that the
    case is not theirs.
    """
    words, file = ctx.words, ctx.file
    involvement, duty = standing.involvement, standing.duty
    agency = file.agency_of(involvement.id)
    state = words(f"duty.{standing.shown}") if duty else words(f"standing.{standing.part}")
    named = not agency.reached_by_coordinator
    if duty is None and standing.state is DutyState.DECLINED:
        state, named = words("card.cannot"), False
    if standing.state is DutyState.NOT_OURS:
        state, named = words("card.not-ours"), False
    line = [words("card.agency", agency=ctx.agency(agency), standing=state)]
    if named and standing.people:
        line.append(words.several(formatting.contact(ctx, p, agency) for p in standing.people))
    if involvement.persons != file.open_letters:
        line.append(words("card.for-persons", persons=words.several(involvement.persons)))
    return lines(
        " · ".join(piece for piece in line if piece),
        _not_let_in(ctx, _left_out(file, involvement), agency),
        _has_left(ctx, involvement, agency),
        _successor(ctx, involvement, agency),
    )


def _duty(ctx: RenderContext, standing: AgencyStanding, duty: Duty) -> str:
    begun = ctx.file.meeting(duty.meeting_id).starts_at <= ctx.now
    said = ctx.words("card.duty-now" if begun else "card.duty", duty=ctx.words(f"duty.{standing.state}"))
    since = _since(ctx, standing) if formatting.for_coordinator(ctx) else ""
    return f"{said} · {since}" if since else said


def _since(ctx: RenderContext, standing: AgencyStanding) -> str:
    """«svarte 09:05», or the day if not today; when a silent agency was asked, or somebody came.

    Empty for an agency that nobody has been able to ask yet.
    """
    since, zone = standing.since, ctx.zone
    if since is None or (standing.untold and standing.state.awaited):
        return ""
    today = since.astimezone(zone).date() == ctx.now.astimezone(zone).date()
    at = ctx.words.clock(since, zone) if today else ctx.words.short(since, zone)
    if standing.state.awaited:
        return ctx.words("card.asked-at", at=at)
    answered = (DutyState.CONFIRMED, DutyState.DEPUTY_CONFIRMED, DutyState.DECLINED)
    return ctx.words("card.answered-at", at=at) if standing.state in answered else at


def in_full(ctx: RenderContext, standing: AgencyStanding) -> str:
    """All that the room may know about an agency's part; for a coordinator also what was tried."""
    words, file = ctx.words, ctx.file
    involvement, duty, part = standing.involvement, standing.duty, standing.part
    agency = file.agency_of(involvement.id)
    unasked = part is Standing.ASKED and standing.untold
    outside = _left_out(file, involvement)
    nobody_inside = part is Standing.ACTIVE and len(outside) == len(_confirmed(file, involvement))
    stands = "card.not-rung" if unasked else "card.left-out" if nobody_inside else f"standing.{part}"
    if standing.state is DutyState.NOT_OURS:
        stands, outside = "card.not-ours", []
    elif part is Standing.ASKED and standing.state is DutyState.DECLINED:
        stands = "card.cannot"
    return lines(
        words("card.agency", agency=ctx.agency(agency), standing=words(stands)),
        _not_let_in(ctx, outside, agency),
        _has_left(ctx, involvement, agency),
        _duty(ctx, standing, duty) if duty else None,
        _lead(ctx, involvement, agency, part, unasked=unasked),
        *(_deputies(ctx, duty, agency) if duty else ()),
        steps_taken(ctx, duty) if duty and formatting.for_coordinator(ctx) else None,
        words(
            "card.why",
            persons=words.several(involvement.persons),
            reason=words(f"reason.{involvement.reason}"),
            ground=words(f"ground.{involvement.ground}"),
        ),
    )


def _confirmed(file: CaseFile, involvement: Involvement) -> list[str]:
    return [s.person_id for s in file.seats_for(involvement.id) if s.confirmed]


def _left_out(file: CaseFile, involvement: Involvement) -> list[str]:
    """The agency's people whom Slack does not let into the room."""
    return [p for p in _confirmed(file, involvement) if p in (file.room.left_out or ())]


def _not_let_in(ctx: RenderContext, people: list[str], agency: Agency) -> str | None:
    named = ctx.words.several(formatting.contact(ctx, p, agency) for p in people)
    return ctx.words("card.not-let-in", people=named) if people else None


def _has_left(ctx: RenderContext, involvement: Involvement, agency: Agency) -> str | None:
    """The agency's people who have left the room themselves, which Slack shows everybody there."""
    people = dict.fromkeys(p for p in _confirmed(ctx.file, involvement) if ctx.file.has_left(p))
    named = ctx.words.several(formatting.contact(ctx, p, agency) for p in people)
    return ctx.words("card.has-left", people=named) if people else None


def _lead(
    ctx: RenderContext, involvement: Involvement, agency: Agency, part: Standing, *, unasked: bool
) -> str | None:
    if agency.reached_by_coordinator:
        return ctx.words("card.sheltered") if part is not Standing.EXPECTED else None
    seat = ctx.file.lead(involvement.id)
    if seat is None:
        return None
    key = "card.lead" if seat.confirmed else "card.to-ring" if unasked else "card.asked"
    return lines(
        ctx.words(key, person=formatting.contact(ctx, seat.person_id, agency)),
        _successor(ctx, involvement, agency),
    )


def _successor(ctx: RenderContext, involvement: Involvement, agency: Agency) -> str | None:
    seat = None if agency.reached_by_coordinator else ctx.file.lead(involvement.id)
    new = successor(ctx, seat) if seat is not None else None
    if new is None:
        return None
    return ctx.words("card.successor", person=formatting.contact(ctx, new.person_id, agency))


def _deputies(ctx: RenderContext, duty: Duty, agency: Agency) -> list[str]:
    """The deputies at the next meeting; a sheltering agency's are not even counted."""
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
