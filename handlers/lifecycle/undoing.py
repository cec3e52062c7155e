"""«Opprettet ved en feil: slett nå»: the form, and what people are told about a case that is gone."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Team
from bot.domain.notifications import Withdrawn
from bot.texts.words import Words
from bot.usecases.lifecycle import can_be_undone
from handlers.blocks.context import Message, PersonRenderContext, RenderContext, escape
from handlers.blocks.elements import ActionId, lines, section
from handlers.blocks.formatting import short_message, told_by_mail
from handlers.blocks.modal import Blocks, form, line_blocks
from handlers.blocks.people import mention

UNDO = ActionId("undo_opening", "case")


@form("undo_opening", "case", heading="modal.undo.title", submit="modal.undo.submit")
def undo_form(words: Words, file: CaseFile, told: Collection[str], prompted: bool) -> Blocks:
    """Show what is deleted, who reads about it, who has to be told, and what cannot be taken back.

    `told` are the ids of the people whom the bot tells; the coordinator has to tell the agencies of the rest.
    """
    people = (file.persons.get(person_id) for person_id in told)
    who = words.several(mention(words, p) for p in people if p is not None and p.on_slack)
    unreached = (i for i in file.current() if all(s.person_id not in told for s in file.seats_for(i.id)))
    agencies = words.several(_with_number(file.agency_of(part.id)) for part in unreached)
    yield section(words("modal.undo.intro", code=escape(file.case.code)))
    yield from line_blocks(
        words("modal.undo.goes"), words("modal.undo.told", who=who or words("modal.no-one"))
    )
    yield from [section(words("modal.undo.tell", agencies=agencies))] if agencies else []
    yield from [section(words("modal.undo.prompted"))] if prompted else []
    yield from line_blocks(
        *([words("modal.undo.mailed")] if told_by_mail(file, None) else []), words("modal.undo.remains")
    )
    return file.case.id


def _with_number(agency: Agency) -> str:
    name = escape(agency.shown_name)
    return f"{name} ({escape(agency.duty_line)})" if agency.duty_line else name


def to_undo(ctx: RenderContext) -> str | None:
    """Return the case's id, while its opening can be undone."""
    return ctx.file.case.id if can_be_undone(ctx.file, ctx.now) else None


def told_of_undoing(ctx: PersonRenderContext) -> Message | None:
    """To somebody who was asked: which request is withdrawn. To a coordinator: which case is gone.

    The time when they were asked, or the case was opened, tells them which is meant. The notification's
    subject is the team; there is no code.
    """
    words, team = ctx.words, ctx.uow.get(Team, ctx.notification.subject)
    if team is None:
        return None
    at = words.short(ctx.notification.params_as(Withdrawn).asked_at, team.time_zone)
    if any(c.person_id == ctx.person.id for c in ctx.uow.coordinators(team.id)):
        return short_message(words("undone.coordinator", team=escape(team.name), opened=at))
    asked = words("undone.asked", team=escape(team.name), asked=at)
    return short_message(lines(asked, words("undone.own-duty")))
