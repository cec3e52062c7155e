"""The state of each agency in a case: a line or two on the card, everything in «Valg»."""

from __future__ import annotations

from bot.domain.answers import AgencyStanding, DutyState
from handlers.answers.calls import steps_taken
from handlers.blocks import formatting
from handlers.blocks.context import RenderContext
from handlers.blocks.elements import lines

#: An agency that is asked to no meeting ahead is not one of those whose answers are counted.
_OF_NO_MEETING = {
    DutyState.AWAITS_CONFIDENTIALITY: "card.asked",
    DutyState.NOBODY_ASKED: "card.asked",
    DutyState.DECLINED: "card.cannot",
}


def in_short(ctx: RenderContext, standing: AgencyStanding, *more: str) -> str:
    """The agency's state, as counted in the turnout; its people; the persons, unless it is there for all.

    `more` follows in the same line. Only coordinators see, in «Valg», when somebody was asked, reminded and
    answered, and who said that the case is not theirs.
    """
    words, file = ctx.words, ctx.file
    involvement = standing.involvement
    agency = file.agency_of(involvement.id)
    state = f"duty.{standing.shown}"
    if standing.duty is None:
        state = _OF_NO_MEETING.get(standing.state, state)
    named = not agency.reached_by_coordinator and state not in ("card.cannot", "duty.not_ours")
    line = [f"*{ctx.agency(agency)}:* {words(state)}"]
    if named and standing.people:
        line.append(words.several(formatting.contact(ctx, p, agency) for p in standing.people))
    if involvement.persons != file.open_letters:
        line.append(words("card.for-persons", persons=words.several(involvement.persons)))
    confirmed = dict.fromkeys(s.person_id for s in file.seats_for(involvement.id) if s.confirmed)
    # Slack shows everybody there who has left the room themselves.
    outside = {
        "card.not-let-in": [p for p in confirmed if p in (file.room.left_out or ())],
        "card.has-left": [p for p in confirmed if file.has_left(p)],
    }
    return lines(
        " · ".join(piece for piece in (*line, *more) if piece),
        *(
            words(key, people=words.several(formatting.contact(ctx, p, agency) for p in people))
            for key, people in outside.items()
            if people
        ),
    )


def in_full(ctx: RenderContext, standing: AgencyStanding) -> str:
    """As on the card, with why the agency is in the case; for a coordinator also when, and what was tried."""
    words, involvement, duty = ctx.words, standing.involvement, standing.duty
    tried = duty if formatting.for_coordinator(ctx) else None
    return lines(
        in_short(ctx, standing, _since(ctx, standing) if tried else ""),
        steps_taken(ctx, tried) if tried else None,
        words(
            "card.why",
            persons=words.several(involvement.persons),
            reason=words(f"reason.{involvement.reason}"),
            ground=words(f"ground.{involvement.ground}"),
        ),
    )


def _since(ctx: RenderContext, standing: AgencyStanding) -> str:
    """«svarte 09:05», or the day if not today; when a silent agency was asked, or somebody came.

    Empty for an agency that nobody has been able to ask yet.
    """
    since, zone = standing.since, ctx.zone
    if since is None:
        return ""
    today = since.astimezone(zone).date() == ctx.now.astimezone(zone).date()
    at = ctx.words.clock(since, zone) if today else ctx.words.short(since, zone)
    if standing.state.awaited:
        return ctx.words("card.asked-at", at=at)
    answered = (DutyState.CONFIRMED, DutyState.DEPUTY_CONFIRMED, DutyState.DECLINED)
    return ctx.words("card.answered-at", at=at) if standing.state in answered else at
