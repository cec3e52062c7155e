"""A closed case not on record: what coordinators are told about it, and the form that deletes it at once."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.case.entities import Involvement
from bot.domain.case.file import CaseFile
from bot.domain.on_record import Unrecorded, goes_on, lacking_record, waits_for_record
from bot.texts.words import Words
from handlers import on_record
from handlers.blocks import inputs
from handlers.blocks.context import Block, RenderContext, escape
from handlers.blocks.elements import ActionId, actions, button, section
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import Blocks, field, form
from handlers.blocks.people import agency_names

DELETE_UNRECORDED = ActionId("delete_unrecorded", "case")


def deletion(ctx: RenderContext) -> list[Block]:
    """To a coordinator: when the case is deleted, and for whom it waits; empty if all is on record."""
    words, case, last = ctx.words, ctx.file.case, goes_on(ctx.file)
    agencies = on_record.lacking(words, ctx.file)
    if not agencies or last is None or case.delete_on is None:
        return []
    today = ctx.file.team.day_of(ctx.now)
    named = {"code": escape(case.code), "agencies": agencies, "last": words.day(last)}
    if last > case.delete_on and not waits_for_record(ctx.file, today):
        said = words("unrecorded.will-wait", day=words.day(case.delete_on), **named)
    else:
        said = words("unrecorded.lacks", **named)
    return [section(said), actions(*_buttons(ctx))]


def to_be_asked(ctx: RenderContext, parts: Sequence[Involvement]) -> list[Block]:
    """To a coordinator: ask agencies that the bot cannot ask whether the case is on record; with the form.

    Empty once they have all said so.
    """
    lacking = lacking_record(ctx.file)
    asked = [part for part in parts if part in lacking]
    if not asked:
        return []
    agencies = agency_names(ctx.words, ctx.file, asked)
    records = button(ctx.words("press.records"), on_record.RECORDS, ctx.file.case.id)
    key = "unrecorded.ask-all" if len(asked) == len(parts) else "unrecorded.ask-them"
    return [section(ctx.words(key, agencies=agencies)), actions(records)]


def _buttons(ctx: RenderContext) -> list[Block]:
    words, case_id = ctx.words, ctx.file.case.id
    records = button(words("press.records"), on_record.RECORDS, case_id)
    if not waits_for_record(ctx.file, ctx.file.team.day_of(ctx.now)):
        return [records]
    return [records, button(words("press.delete-unrecorded"), DELETE_UNRECORDED, case_id, danger=True)]


@form("delete_unrecorded", "case")
def delete_form(words: Words, file: CaseFile) -> Blocks:
    """Choose a reason from a fixed list; the form says what cannot be undone."""
    named = {"code": escape(file.case.code), "agencies": on_record.lacking(words, file)}
    reasons = inputs.radio(choices_of(words, "unrecorded-reason", Unrecorded))
    yield section(words("modal.delete-unrecorded.intro", **named))
    yield field(words, "reason", "field.unrecorded-reason", reasons)
    return file.case.id
