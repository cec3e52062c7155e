"""«Journalført hos oss»: the buttons of an agency's own people, and the form of a coordinator for the others.

Nobody else in the room sees it: what is pressed there is answered to the one who pressed.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.access import Action
from bot.domain.case.entities import Involvement, Meeting
from bot.domain.case.file import CaseFile
from bot.domain.on_record import is_on_record, lacking_record, last_minutes, own_parts, recording_parts
from bot.texts.words import Words
from bot.usecases.on_record import (
    KeepRecords,
    PutOnRecord,
    RecordMinutes,
    TakeOffRecord,
    keep_records,
    put_on_record,
    record_minutes,
    see_minutes,
    see_records,
    take_off_record,
)
from handlers.blocks import inputs
from handlers.blocks.context import Block, RenderContext, escape
from handlers.blocks.elements import ActionId, actions, button, lines, section
from handlers.blocks.modal import CallbackId, View, field, modal
from handlers.blocks.people import agency_choices, by_agency
from handlers.slack.declarations import Button, Form, Subject
from handlers.slack.requests import ActionRequest, SubmissionRequest

RECORD_MINUTES = ActionId("record_minutes", "meeting")
PUT_ON_RECORD = ActionId("put_on_record", "involvement")
TAKE_OFF_RECORD = ActionId("take_off_record", "involvement")
RECORDS = ActionId("records", "case")
RECORDS_FORM = CallbackId("records", "case", heading="modal.records.title", submit="modal.save")


def minutes_buttons(words: Words, file: CaseFile, meeting: Meeting) -> list[Block]:
    """The button on the newest minutes, which in the room is the same for everybody."""
    newest = last_minutes(file) == meeting.id
    return [button(words("press.on-record"), RECORD_MINUTES, meeting.id)] if newest else []


def closing_blocks(ctx: RenderContext) -> list[Block]:
    """To one of those who were in a case until it was closed: each of their agencies, on record or asked."""
    reader, words = ctx.recipient, ctx.words
    if reader is None or ctx.file.open or ctx.file.case.going:
        return []
    days, parts = ctx.file.team.rules.record_days, own_parts(ctx.file, reader.id)
    blocks: list[Block] = []
    for part in parts:
        # Named only where there are several to tell apart: who reads it is out of the case.
        agency = f"*{ctx.agency(ctx.file.agency_of(part.id))}*" if len(parts) > 1 else None
        if is_on_record(ctx.file, part):
            blocks += [section(lines(agency, words("on-record.done"))), actions(_undo(words, part))]
            continue
        waits = words.count("on-record.waits", days) if days else None
        put = button(words("press.on-record"), PUT_ON_RECORD, part.id)
        blocks += [section(lines(agency, words("on-record.ask"), waits)), actions(put)]
    return blocks


def _undo(words: Words, part: Involvement) -> Block:
    return button(words("press.off-record"), TAKE_OFF_RECORD, part.id)


def agency_line(ctx: RenderContext, part: Involvement) -> str | None:
    """In «Valg», to a coordinator and to the agency itself: that it has the case on record."""
    reader = ctx.recipient
    if reader is None or not is_on_record(ctx.file, part):
        return None
    coordinates = reader.id in ctx.file.confirmed_coordinators()
    theirs = coordinates or part in own_parts(ctx.file, reader.id)
    return ctx.words("on-record.agency") if theirs else None


def names(file: CaseFile, words: Words, parts: Iterable[Involvement]) -> str:
    return words.several(escape(file.agency_of(part.id).shown_name) for part in by_agency(file, parts))


def lacking(words: Words, file: CaseFile) -> str:
    """The agencies that have not said that the case is on their record; empty if all have."""
    return names(file, words, lacking_record(file))


async def by_minutes(request: ActionRequest) -> None:
    """Say that one's own agency has the case on record; a coordinator opens the form for the others."""
    file, own = await request.look(see_minutes, request.value)
    if not own:
        await request.open(records_form(request.words, file))
        return
    words = request.words
    file, ids = await request.act(record_minutes, RecordMinutes(request.value))
    parts = [file.involvement(id) for id in ids]
    said = words("on-record.said", agencies=names(file, words, parts))
    # One action id stands only once in a row.
    await request.tell(said, [section(said), *(actions(_undo(words, part)) for part in parts)])


async def put(request: ActionRequest) -> None:
    """Say that the agency has the case on record, where its closing is told."""
    await request.act(put_on_record, PutOnRecord(request.value))


async def take_off(request: ActionRequest) -> None:
    """Take back that the agency has the case on record: «Angre»."""
    file = await request.act(take_off_record, TakeOffRecord(request.value))
    if file.open:
        await request.tell(request.words("on-record.undone"))


async def records(request: ActionRequest) -> None:
    """Open the form in which a coordinator records what agencies have said."""
    here = await request.look(see_records, request.value)
    await request.open(records_form(request.words, here.file))


def records_form(words: Words, file: CaseFile) -> View:
    """Those that lack, to be ticked; apart from them those that have it, to be taken back."""
    without = by_agency(file, lacking_record(file))
    recorded = [part for part in by_agency(file, recording_parts(file)) if part not in without]
    blocks = [section(words("modal.records.intro"))]
    for name, parts in (("recorded", without), ("undone", recorded)):
        if parts:
            ticks = inputs.ticks(agency_choices(file, parts))
            blocks.append(field(words, name, f"field.records-{name}", ticks, optional=True))
    return modal(words, RECORDS_FORM, blocks, file.case.id)


async def records_filled_in(request: SubmissionRequest) -> None:
    fields = request.fields
    command = KeepRecords(request.metadata, fields.options("recorded"), fields.options("undone"))
    await request.act_and_close(keep_records, command)


ON_RECORD = Subject(
    "on_record",
    buttons=(
        Button(RECORD_MINUTES, Action.PUT_ON_RECORD, by_minutes),
        Button(PUT_ON_RECORD, Action.PUT_ON_RECORD, put),
        Button(TAKE_OFF_RECORD, Action.TAKE_OFF_RECORD, take_off),
        Button(RECORDS, Action.PUT_ON_RECORD, records),
    ),
    forms=(Form(RECORDS_FORM, (Action.PUT_ON_RECORD, Action.TAKE_OFF_RECORD), records_filled_in),),
)
