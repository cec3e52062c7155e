"""Forms that decline a summons, or record an answer given by telephone."""

from __future__ import annotations

from bot.domain.case.entities import Answer, DeclineReason
from bot.usecases.answers import AnswerSummons, RecordAnswer, answer_summons, record_answer
from handlers.answers.modals import ACKNOWLEDGED, DECIDES, ONLY_TOLD
from handlers.involvement.submissions import way_outside_slack
from handlers.slack.payloads import NO_TIME, asked, member
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
        NO_TIME if sequence is None else sequence,
    )
    await request.act_and_close(answer_summons, command)


async def answer(request: SubmissionRequest) -> None:
    """Somebody was told outside Slack, and perhaps has confirmed and answered.

    A reason goes with declining alone.
    """
    fields = request.fields
    acknowledged = ACKNOWLEDGED in fields.options(ACKNOWLEDGED)
    said = fields.option("answer") if ACKNOWLEDGED in request.inputs else fields.needed("answer")
    declined = said == Answer.DECLINED
    ask_id, sequence = asked(request.metadata)
    command = RecordAnswer(
        ask_id,
        way_outside_slack(request),
        None if said in (None, ONLY_TOLD) else member(Answer, said),
        fields.choice("reason", DeclineReason) if declined else None,
        fields.option("deputy") if declined else None,
        _decides(request),
        NO_TIME if sequence is None else sequence,
        fields.moment_or_none("at"),
        acknowledged=acknowledged,
        told=said is not None,
    )
    await request.act_and_close(record_answer, command)


def _decides(request: SubmissionRequest) -> bool:
    return DECIDES in request.fields.options(DECIDES)
