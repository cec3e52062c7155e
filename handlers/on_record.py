"""«Journalført hos oss»: the buttons of an agency's own people, and a coordinator's list for the others."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.entities import Involvement
from bot.domain.case.file import CaseFile
from bot.domain.on_record import goes_on, own_parts, recording_parts
from bot.texts.words import Words
from bot.usecases.on_record import put_on_record, see_records
from handlers.blocks.context import Block, RenderContext, escape
from handlers.blocks.elements import ActionId, actions, button, lines, section
from handlers.blocks.modal import Blocks, form
from handlers.blocks.people import by_agency
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.verbs import tap

PUT_ON_RECORD = ActionId("put_on_record", "involvement")
TAKE_OFF_RECORD = ActionId("take_off_record", "involvement")
RECORDS = ActionId("records", "case")


def closing_blocks(ctx: RenderContext) -> list[Block]:
    """To somebody who was in the case until it closed: each of their agencies, on record or asked."""
    reader, words = ctx.recipient, ctx.words
    if reader is None or ctx.file.open or ctx.file.case.is_being_erased:
        return []
    parts = own_parts(ctx.file, reader.id)
    blocks: list[Block] = []
    for part in parts:
        # Named only to tell several apart: the reader is no longer in the case.
        agency = f"*{ctx.agency(ctx.file.agency_of(part.id))}*" if len(parts) > 1 else None
        if part.on_record:
            undo = button(words("press.off-record"), TAKE_OFF_RECORD, part.id)
            blocks += [section(lines(agency, words("on-record.done"))), actions(undo)]
            continue
        blocks += question(ctx, part, agency)
    return blocks


def question(ctx: RenderContext, part: Involvement, title: str | None) -> list[Block]:
    """Ask an agency whether the closed case is on its record; the title tells it from other questions."""
    words, day, last = ctx.words, ctx.file.case.delete_on, goes_on(ctx.file)
    waits = None
    if day is not None and last is not None and last > day:
        waits = words("on-record.waits", last=words.day(last))
    put = button(words("press.on-record"), PUT_ON_RECORD, part.id)
    return [section(lines(title, words("on-record.ask"), waits)), actions(put)]


def home_question(ctx: RenderContext, part: Involvement) -> list[Block]:
    """The same in Home, where several closed cases may wait."""
    named = {"code": escape(ctx.file.case.code), "team": escape(ctx.file.team.name)}
    closed, agency = ctx.words("notice.part-over-closed", **named), ctx.agency(ctx.file.agency_of(part.id))
    several = len(own_parts(ctx.file, ctx.reader.id)) > 1
    return question(ctx, part, lines(closed, f"*{agency}*" if several else None))


@form("records", "case", submit=None)
def records_form(words: Words, file: CaseFile) -> Blocks:
    """The agencies that were in the case when it was closed; note for each whether it has it on record."""
    yield section(words("modal.records.intro"))
    for part in by_agency(file, recording_parts(file)):
        agency = escape(file.agency_of(part.id).shown_name)
        if part.on_record:
            undo = button(words("press.off-record"), TAKE_OFF_RECORD, part.id)
            yield section(words("modal.records.on", agency=agency), undo)
        else:
            put = button(words("press.recorded"), PUT_ON_RECORD, part.id)
            yield section(words("modal.records.off", agency=agency), put)
    return file.case.id


ON_RECORD = Subject(
    verbs=(
        Button(PUT_ON_RECORD, Action.PUT_ON_RECORD, tap(put_on_record, on=True)),
        Button(TAKE_OFF_RECORD, Action.TAKE_OFF_RECORD, tap(put_on_record, on=False)),
        Verb(Action.PUT_ON_RECORD, records_form, None, see_records, RECORDS),
    ),
)
