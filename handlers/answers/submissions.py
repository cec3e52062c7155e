"""Forms that decline a summons, or record an answer given by telephone."""

from __future__ import annotations

from bot.domain.case.duty import OnDuty
from bot.domain.case.entities import Answer, DeclineReason
from bot.usecases.answers import AnswerSummons, RecordAnswer, answer_summons, record_answer
from bot.usecases.duty_phone import RecordPhoneAnswer, record_phone_answer
from handlers.answers.commands import once_more
from handlers.answers.modals import ACKNOWLEDGED, ASKED, DECIDES, ON_DUTY, ONLY_TOLD
from handlers.involvement.submissions import way_outside_slack
from handlers.slack.payloads import asked, member
from handlers.slack.requests import SubmissionRequest


async def decline(request: SubmissionRequest) -> None:
    fields = request.fields
    ask_id, sequence = asked(request.metadata)
    command = AnswerSummons(
        ask_id,
        Answer.DECLINED,
        fields.choice("reason", DeclineReason),
        fields.option("deputy"),
        _decides(request),
        sequence,
    )
    await request.act_and_close(answer_summons, command)


async def answer(request: SubmissionRequest) -> None:
    """Somebody was told outside Slack, and perhaps has confirmed and answered.

    A reason goes with declining alone. The list that it was opened from comes back, as it is now.
    """
    fields = request.fields
    acknowledged = fields.option(ACKNOWLEDGED) == ACKNOWLEDGED
    said = fields.option("answer") if ACKNOWLEDGED in request.inputs else fields.needed("answer")
    declined = said == Answer.DECLINED
    told, case_id, involvement_id = _of_metadata(request.metadata)
    ask_id, sequence = asked(told)
    command = RecordAnswer(
        ask_id,
        way_outside_slack(request),
        None if said in (None, ONLY_TOLD) else member(Answer, said),
        fields.choice("reason", DeclineReason) if declined else None,
        fields.option("deputy") if declined else None,
        _decides(request),
        sequence,
        fields.moment_or_none("at"),
        acknowledged=acknowledged,
        told=said is not None,
    )
    on_phone = fields.option("on_phone") if "on_phone" in request.inputs else ASKED
    if on_phone in (None, ASKED):
        await request.act(record_answer, command)
    else:
        await request.act(record_phone_answer, _by_another(command, on_phone))
    rest = await once_more(request, case_id, involvement_id) if case_id else None
    if rest is None:
        await request.done()
    else:
        await request.replace(rest)


def _of_metadata(metadata: str) -> tuple[str, str, str]:
    """The question, and the case and the involvement of the list that it was opened from, if from one."""
    ask_id, sequence, case_id, involvement_id = (*metadata.split("|"), "", "", "")[:4]
    return f"{ask_id}|{sequence}", case_id, involvement_id


def _by_another(command: RecordAnswer, on_phone: str) -> RecordPhoneAnswer:
    if on_phone.startswith(ON_DUTY):
        return RecordPhoneAnswer(command, function=member(OnDuty, on_phone.removeprefix(ON_DUTY)))
    return RecordPhoneAnswer(command, on_phone)


def _decides(request: SubmissionRequest) -> bool:
    return DECIDES in request.fields.options(DECIDES)
