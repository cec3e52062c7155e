"""Card, Home, «Ring disse», the chain and the register as a coordinator reads them, beside what was recorded.

What they ought to say is told from the rows of the database alone, by none of the functions that they ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.domain.answers import listed_at
from bot.domain.case.entities import (
    Answer,
    Approval,
    Ask,
    Attendance,
    Duty,
    Involvement,
    Meeting,
    SeatRole,
    Via,
)
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import SHELTERING
from bot.domain.escalation.chain import heads
from bot.domain.language import Language
from bot.domain.notification_params import At
from bot.domain.notifications import Kind, Notification
from bot.texts.words import Words, words
from handlers.answers.calls import MOST_ROWS, call_list
from handlers.attendance.modals import attendance_form
from handlers.blocks.context import Block, RenderContext
from handlers.overview.card import card
from handlers.overview.home import home_view
from handlers.overview.home_calls import MOST_CALLS
from handlers.overview.home_model import home_model
from tests.handlers.reading import texts_of

_ROW = re.compile(r"^\*(?P<agency>[^*:\n]+):\* (?P<said>.*)$", re.MULTILINE)
_LACK = re.compile(r"^• (?P<agencies>[^:\n]+): (?P<said>.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Facts:
    """The rows about one agency and the next meeting: its part, its duty, and the questions that stand."""

    file: CaseFile
    part: Involvement
    duty: Duty | None
    asks: tuple[Ask, ...]

    @property
    def own(self) -> list[Ask]:
        return [a for a in self.asks if a.deputy_for is None]

    @property
    def deputies(self) -> list[Ask]:
        return [a for a in self.asks if a.deputy_for is not None]

    @property
    def coming(self) -> list[Ask]:
        return [a for a in self.asks if a.answer is Answer.CONFIRMED]

    @property
    def is_there(self) -> bool:
        """Somebody of it has said at the roll call that they are there."""
        return self.duty is not None and any(a.duty_id == self.duty.id for a in self.file.arrivals)

    @property
    def waiting(self) -> list[Ask]:
        """The questions that nobody has answered, of people who have been asked."""
        return [a for a in self.asks if a.answer is None and a.approval is not Approval.WAITS]

    @property
    def declined(self) -> bool:
        return any(a.answer is Answer.DECLINED for a in self.own)

    def has_confirmed(self, person_id: str | None = None) -> bool:
        """Taushetsplikt is confirmed by this person for the agency, or by anybody who sits in it."""
        return any(
            s.involvement_id == self.part.id
            and s.ended_at is None
            and s.acknowledged_at is not None
            and (s.role is SeatRole.AGENCY if person_id is None else s.person_id == person_id)
            for s in self.file.seats
        )

    @property
    def lacks(self) -> bool:
        """Somebody has not answered, or not confirmed, or nobody comes: a coordinator has to know of it."""
        if self.part.not_ours is not None:
            return True
        if self.duty is None:
            return self.part.asked_at is not None and not self.has_confirmed() and not self.cannot
        return not self.is_there and not any(self.has_confirmed(a.person_id) for a in self.coming)

    @property
    def nobody_to_ask(self) -> bool:
        if self.part.not_ours is not None or self.is_there:
            return False
        seated = any(s.involvement_id == self.part.id and s.ended_at is None for s in self.file.seats)
        if self.duty is None:
            return self.part.asked_at is not None and not seated
        return all(a.deputy_for is not None and a.answer is Answer.DECLINED for a in self.asks)

    @property
    def has_to_be_rung(self) -> bool:
        """Nobody of the agency will come, or none can be written to who was asked."""
        if self.duty is None or self.coming or self.is_there:
            return False
        if not self.asks or (self.declined and not self.deputies):
            return True
        return bool(self.waiting) and all(self._is_out_of_reach(a) for a in self.waiting)

    def _is_out_of_reach(self, ask: Ask) -> bool:
        person = self.file.persons[ask.person_id]
        sheltered = self.file.agencies[self.part.agency_id].kind in SHELTERING
        return ask.told_via is not Via.MAIL and (person.slack_id is None or person.deactivated or sheltered)

    @property
    def cannot(self) -> bool:
        """Return whether nobody has confirmed, and all who are asked to a meeting have declined."""
        ours = {d.id for d in self.file.duties if d.involvement_id == self.part.id}
        answers = {
            a.answer
            for a in self.file.asks
            if a.duty_id in ours and a.withdrawn_at is None and self.file.meeting(a.meeting_id).live
        }
        asked = self.part.asked_at is not None and not self.has_confirmed()
        return asked and answers == {Answer.DECLINED}

    def rows(self, said: Words) -> set[str]:
        """The states of which the card may say one."""
        if self.duty is None:
            if self.part.not_ours is not None:
                return {said("card.not-ours")}
            if self.cannot:
                return {said("card.cannot")}
            stands = (
                "expected" if self.part.asked_at is None else "active" if self.has_confirmed() else "asked"
            )
            return {said(f"standing.{stands}")}
        if self.is_there:
            return {said("duty.present")}
        deputies = self.deputies
        if self.coming:
            states = {"confirmed" if set(self.coming) & set(self.own) else "deputy_confirmed"}
        elif any(d.answer is None and d.approval is not Approval.WAITS for d in deputies):
            states = {"deputy_asked", "must_be_called"}
        elif any(d.approval is Approval.WAITS for d in deputies):
            states = {"deputy_awaits_approval"}
        elif not self.own:
            states = {"nobody_asked"}
        elif self.declined:
            states = {"declined"}
        else:
            states = {"must_be_called", "awaits_confidentiality", "awaits_answer"}
        return {said(f"duty.{state}") for state in states}

    @property
    def registered(self) -> set[Attendance | None]:
        """The entries of which the register may propose one, where nobody has said «jeg er her».

        One that is filled in already proposes what it says.
        """
        if self.duty is not None and self.duty.attendance is not None:
            unheard = self.duty.attendance is Attendance.NOT_REACHED
            return {self.duty.attendance, None} if unheard else {self.duty.attendance}
        if self.coming:
            return {None}
        if self.declined and not any(d.answer is None for d in self.deputies):
            return {Attendance.ABSENT_WITH_NOTICE}
        return {None, Attendance.NOT_REACHED}


def contradictions(file: CaseFile, now: datetime) -> list[str]:
    """All that one place says of an agency, at `now`, and another does not, or the rows do not."""
    said = words(Language.NB).read_at(now)
    reader = next((p for p in file.confirmed_coordinators() if file.on_slack(p)), None)
    on_card = texts_of(card(_ctx(file, said, Kind.ROOM, None)).blocks)
    at_home = _home(file, said, reader) if reader is not None else None
    if not file.open:
        return [*_of_a_closed_case(file, said, on_card, reader)]
    meeting = _next_meeting(file, now)
    found = [_facts(file, part, meeting) for part in file.involvements if part.ended_at is None]
    return [
        *_on_the_card(said, on_card, found, meeting),
        *(_at_home(said, at_home, found) if at_home is not None else ()),
        *(_to_ring(said, meeting, at_home, reader, found) if meeting and at_home and reader else ()),
        *(_in_the_register(said, meeting, found) if meeting is not None else ()),
        *(_by_the_chain(meeting, found) if meeting is not None else ()),
    ]


def _next_meeting(file: CaseFile, now: datetime) -> Meeting | None:
    held = [
        m for m in file.meetings if m.registered_at is None and m.cancelled_at is None and m.ends_at > now
    ]
    return min(held, key=lambda m: m.starts_at, default=None)


def _facts(file: CaseFile, part: Involvement, meeting: Meeting | None) -> Facts:
    duties = (
        d
        for d in file.duties
        if meeting is not None
        and (d.meeting_id, d.involvement_id, d.withdrawn_at) == (meeting.id, part.id, None)
    )
    duty = next(duties, None)
    asks = (a for a in file.asks if duty is not None and (a.duty_id, a.withdrawn_at) == (duty.id, None))
    return Facts(file, part, duty, tuple(asks))


def _ctx(
    file: CaseFile, said: Words, kind: Kind, reader: str | None, subject: str = "", params: At | None = None
) -> RenderContext:
    notification = Notification(kind, subject or file.case.id, file.case.id, reader, params=params)
    assert said.now is not None
    return RenderContext(file, notification, file.persons[reader] if reader else None, said, said.now)


def _home(file: CaseFile, said: Words, reader: str) -> list[Block]:
    assert said.now is not None
    model = home_model(
        file.persons[reader], [file], [file.team], words=said, now=said.now, zone=file.team.time_zone
    )
    blocks: list[Block] = home_view(model)["blocks"]
    return blocks


def _name(facts: Facts) -> str:
    return facts.file.agencies[facts.part.agency_id].shown_name


def _line(facts: Facts) -> str | None:
    return facts.file.agencies[facts.part.agency_id].duty_line


def _on_the_card(said: Words, texts: list[str], found: list[Facts], meeting: Meeting | None) -> Iterator[str]:
    rows = {m["agency"]: m["said"] for text in texts for m in _ROW.finditer(text)}
    lacking = _lacking(texts)
    for facts in found:
        name, may_say = _name(facts), facts.rows(said)
        stands = rows.get(name, "").split(" · ")[0]
        if stands not in may_say:
            yield f"{name}: the card says «{stands}», by the rows it is one of {sorted(may_say)}"
        if facts.nobody_to_ask is not (name in lacking):
            yield f"{name}: «Mangler» on the card {'has' if name in lacking else 'lacks'} it, «{stands}»"
        whole, line, why = "\n".join(texts), _line(facts), facts.part.not_ours
        if line is not None and line in whole:
            yield f"{name}: its number stands on the card"
        if why is not None and said(f"not-ours.{why}") in whole:
            yield f"{name}: the card says why the case is not theirs"
    if meeting is not None:
        turnout = _turnout(said, texts)
        counts = [int(n) for n in re.findall(r"(?:^|· )\*?(\d+) ", turnout)]
        coming = sum(f.is_there or bool(f.coming) for f in found)
        counted = sum(f.duty is not None or f.part.not_ours is not None for f in found)
        if counts[:1] != [coming] or sum(counts) != counted:
            yield f"the card counts {counts}, by the rows {coming} of {counted} come"
        waited = {said(f"duty.{s}") for s in ("awaits_answer", "awaits_confidentiality", "deputy_asked")}
        silent = sum(f.duty is not None and rows.get(_name(f), "").split(" · ")[0] in waited for f in found)
        if silent != sum(map(int, re.findall(r"(\d+) har ikke svart", turnout))):
            yield f"of {silent} agencies the card says that they are silent, and counts «{turnout}»"


def _turnout(said: Words, texts: list[str]) -> str:
    coming = re.compile(re.escape(said("card.coming", n="N")).replace("N", r"\d+"))
    return next((line for text in texts for line in text.split("\n") if coming.match(line)), "")


def _lacking(texts: list[str]) -> dict[str, list[str]]:
    """Sentences of a list of what is missing, by agency."""
    found: dict[str, list[str]] = {}
    for text in texts:
        for line in _LACK.finditer(text):
            for agency in re.split(r", | og ", line["agencies"]):
                found.setdefault(agency, []).append(line["said"])
    return found


def _at_home(said: Words, home: list[Block], found: list[Facts]) -> Iterator[str]:
    (code,) = {f.file.case.code for f in found} or {""}
    beginning = said("home.case", code=code, phase="").removesuffix(" · ")
    own = [text for text in texts_of(home) if text.startswith(beginning)]
    lacking = _lacking(own)
    whole, is_cut = "\n".join(texts_of(home)), sum(_row(b) is not None for b in home) > MOST_CALLS - 2
    for facts in found:
        name, line = _name(facts), _line(facts)
        if facts.lacks is not (name in lacking):
            yield f"{name}: Home says {lacking.get(name)} of what is missing"
        if line is not None and facts.duty is not None and line not in whole and not is_cut:
            yield f"{name}: it is to come, and Home lacks its number for the day on which Slack is down"


def _to_ring(
    said: Words, meeting: Meeting, home: list[Block], reader: str, found: list[Facts]
) -> Iterator[str]:
    file = found[0].file if found else None
    if file is None:
        return
    listed = listed_at(file, meeting, ())
    message = call_list(_ctx(file, said, Kind.CALL_LIST, reader, meeting.id, At(listed))) if listed else None
    rows = [r for b in message.blocks if (r := _row(b))] if message is not None else []
    rung = [r for b in home if (r := _row(b))]
    for facts in found:
        name = _name(facts)
        if facts.has_to_be_rung and name not in rung and len(rung) < MOST_CALLS - 1:
            yield f"{name}: nobody of it comes or can be written to, and Home has it not among whom to ring"
        if name in rung and facts.coming:
            yield f"{name}: it comes, and Home has it among whom to ring"
        if name in rung and not facts.lacks:
            yield f"{name}: it has to be rung, and nothing is missing of it"
        if name in rung and name not in rows and len(rows) < MOST_ROWS:
            yield f"{name}: Home has it among whom to ring, and «Ring disse» has not"
        if name in rows and name not in rung and not any(a.told_via for a in facts.asks):
            yield f"{name}: «Ring disse» has it, Home has not, and nobody has rung it"


def _row(block: Block) -> str | None:
    """The agency of a row of those to be rung: its name in bold, and below it the number."""
    text = str(block["text"]["text"]) if block["type"] == "section" else ""
    match = _ROW.match(text)
    return match["agency"] if match is not None and "\n" in text else None


def _in_the_register(said: Words, meeting: Meeting, found: list[Facts]) -> Iterator[str]:
    file = found[0].file if found else None
    if file is None or any(a.meeting_id == meeting.id for a in file.arrivals):
        return
    assert said.now is not None
    fields = {b.get("block_id"): b for b in attendance_form(said, file, meeting, said.now)["blocks"]}
    for facts in found:
        if facts.duty is None:
            continue
        option = fields[facts.duty.id]["element"].get("initial_option")
        proposed = Attendance(option["value"]) if option is not None else None
        if proposed not in facts.registered:
            yield f"{_name(facts)}: the register proposes {proposed}, by the rows one of {facts.registered}"


def _by_the_chain(meeting: Meeting, found: list[Facts]) -> Iterator[str]:
    file = found[0].file if found else None
    hangs_on = list(heads(file, meeting)) if file is not None else []
    for facts in found:
        of_agency = [h for h in hangs_on if facts.duty is not None and h.duty_id == facts.duty.id]
        if of_agency and (facts.coming or not set(of_agency) <= set(facts.waiting)):
            yield f"{_name(facts)}: a chain goes on, and nobody is waited for"
        silent = facts.duty is not None and facts.own and not any(a.answer for a in facts.asks)
        if silent and not facts.deputies and len(of_agency) != 1:
            yield f"{_name(facts)}: it is silent, and has {len(of_agency)} chains"


def _of_a_closed_case(file: CaseFile, said: Words, on_card: list[str], reader: str | None) -> Iterator[str]:
    if _lacking(on_card):
        yield "the case is closed, and its card says what is missing"
    for meeting in file.meetings:
        if list(heads(file, meeting)):
            yield "the case is closed, and a chain goes on"
        if reader is None:
            continue
        listed = _ctx(file, said, Kind.CALL_LIST, reader, meeting.id, At(meeting.called_at))
        if call_list(listed) is not None:
            yield "the case is closed, and there is somebody to ring"
