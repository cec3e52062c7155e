"""A closed case not on record: what coordinators are told about it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.case.entities import Involvement
from bot.domain.on_record import goes_on, lacking_record, waits_for_record
from handlers import on_record
from handlers.blocks.context import Block, RenderContext, escape
from handlers.blocks.elements import actions, button, section
from handlers.blocks.people import agency_names


def deletion(ctx: RenderContext) -> list[Block]:
    """To a coordinator: when the case is deleted, and for whom it waits; empty if all is on record."""
    words, case, last = ctx.words, ctx.file.case, goes_on(ctx.file)
    agencies = agency_names(words, ctx.file, lacking_record(ctx.file))
    if not agencies or last is None or case.delete_on is None:
        return []
    today = ctx.file.team.day_of(ctx.now)
    named = {"code": escape(case.code), "agencies": agencies, "last": words.day(last)}
    if last > case.delete_on and not waits_for_record(ctx.file, today):
        said = words("unrecorded.will-wait", day=words.day(case.delete_on), **named)
    else:
        said = words("unrecorded.lacks", **named)
    return [section(said), actions(_records(ctx))]


def to_be_asked(ctx: RenderContext, parts: Sequence[Involvement]) -> list[Block]:
    """To a coordinator: ask agencies that the bot cannot ask whether the case is on record; with the form.

    Empty once they have all said so.
    """
    lacking = lacking_record(ctx.file)
    agencies = agency_names(ctx.words, ctx.file, [part for part in parts if part in lacking])
    said = section(ctx.words("unrecorded.ask-them", agencies=agencies))
    return [said, actions(_records(ctx))] if agencies else []


def _records(ctx: RenderContext) -> Block:
    return button(ctx.words("press.records"), on_record.RECORDS, ctx.file.case.id)
