"""The forms of placements and deadlines."""

from __future__ import annotations

from bot.domain.case.dates import Afterwards, DeadlineKind
from bot.domain.reminders import today
from bot.texts.words import Words
from bot.usecases.dates import (
    DATING,
    PLACING,
    DeadlineReview,
    EndDeadline,
    EndPlacement,
    PlacementReview,
    SetDeadline,
    StartPlacement,
    end_deadline,
    end_placement,
    review_deadline,
    see_new_date,
    see_placement,
    see_placing,
    set_deadline,
)
from bot.usecases.review import Reviewed
from handlers.blocks.modal import View
from handlers.dates.modals import (
    END_DEADLINE,
    END_PLACEMENT,
    NEW_OWN,
    NEW_PLACEMENT,
    NEW_REFLECTION,
    deadline_form,
    deadline_review,
    end_placement_form,
    placement_form,
    placement_review,
)
from handlers.slack.payloads import Unreadable, member
from handlers.slack.requests import Submitted
from handlers.slack.review import review, send


async def chosen(submitted: Submitted) -> None:
    """What it is about has been chosen; the form for it comes in its place."""
    what = submitted.fields.needed("what")
    if what == NEW_PLACEMENT:
        here = await submitted.look(lambda uow, actor: see_placing(uow, actor, submitted.metadata))
        day = today(here.file, submitted.services.clock.now())
        await submitted.replace(placement_form(submitted.words, here.file, day))
    elif what in (NEW_OWN, NEW_REFLECTION):
        await _new_date(submitted, DeadlineKind.OWN if what == NEW_OWN else DeadlineKind.REFLECTION)
    elif what.startswith(END_PLACEMENT):
        id = what.removeprefix(END_PLACEMENT)
        here, placement = await submitted.look(lambda uow, actor: see_placement(uow, actor, id))
        await submitted.replace(end_placement_form(submitted.words, here.file, placement))
    elif what.startswith(END_DEADLINE):
        await submitted.act(end_deadline, EndDeadline(what.removeprefix(END_DEADLINE)))
        await submitted.done()
    else:
        raise Unreadable


async def _new_date(submitted: Submitted, kind: DeadlineKind) -> None:
    dates = await submitted.look(lambda uow, actor: see_new_date(uow, actor, submitted.metadata, kind))
    day = today(dates.file, submitted.services.clock.now())
    await submitted.replace(deadline_form(submitted.words, dates, kind, day))


async def placement_filled_in(submitted: Submitted) -> None:
    """Check the dates and show them in words, to be confirmed."""
    fields = submitted.fields
    command = StartPlacement(
        submitted.metadata,
        fields.needed("person"),
        fields.needed_day("starts_on"),
        fields.needed_day("ends_on"),
    )
    await review(submitted, PLACING, command, _shown_placement)


async def placement_sent(submitted: Submitted) -> None:
    """«Jeg bekrefter datoene»."""
    await send(submitted, PLACING, _shown_placement)


def _shown_placement(
    words: Words, metadata: str, reviewed: Reviewed[StartPlacement, PlacementReview]
) -> View:
    return placement_review(words, metadata, reviewed.review)


async def placement_ended(submitted: Submitted) -> None:
    """What comes after."""
    afterwards = member(Afterwards, submitted.fields.needed("afterwards"))
    await submitted.act(end_placement, EndPlacement(submitted.metadata, afterwards))
    await submitted.done()


async def deadline_filled_in(submitted: Submitted) -> None:
    """An agency's own is set at once unless the day is one off; a reflection period is confirmed."""
    fields = submitted.fields
    case_id, _, kind = submitted.metadata.partition(":")
    command = SetDeadline(
        case_id,
        member(DeadlineKind, kind),
        fields.needed_day("due_on"),
        fields.option("involvement"),
        fields.option("person"),
        fields.text("text"),
    )
    reviewed = await submitted.look(lambda uow, actor: review_deadline(uow, actor, command))
    if command.kind is DeadlineKind.REFLECTION or reviewed.warning is not None:
        await review(submitted, DATING, command, _shown_deadline)
        return
    await submitted.act(set_deadline, command)
    words = submitted.words
    await submitted.done(words("modal.deadline.set", day=words.day(command.due_on)))


async def deadline_sent(submitted: Submitted) -> None:
    """The date is confirmed."""
    await send(submitted, DATING, _shown_deadline)


def _shown_deadline(words: Words, metadata: str, reviewed: Reviewed[SetDeadline, DeadlineReview]) -> View:
    return deadline_review(words, metadata, reviewed.review)
