"""Requests of people: a command, a shortcut, a button, or a submitted form.

Each kind knows how to answer where the person is. The order is: read the payload, run the use case and
commit, ack. Opening a form only reads.
"""

from __future__ import annotations

import asyncio
import math
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar

import aiohttp
import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.domain.directory.entities import Person
from bot.domain.errors import Invalid, Refusal, Refused
from bot.texts.words import Words
from bot.usecases.ports import UnitOfWork, Waiting
from handlers.blocks.context import Block
from handlers.blocks.modal import NOTICE, done_notice, modal, notice
from handlers.delivery.calls import RateLimited, SlackRefused
from handlers.slack import error_replies, resume, slow_reply
from handlers.slack.payloads import Fields, View
from handlers.slack.retry import when_open
from handlers.slack.services import Services, Visitor

log = structlog.get_logger("handlers")
T = TypeVar("T")
Said = ParamSpec("Said")
#: Seconds in which a trigger can open a form, less the time that a call takes.
TRIGGER = 2.5
#: Slack's error codes when a modal is opened more than three seconds after the click.
_EXPIRED = frozenset({"expired_trigger_id", "trigger_expired"})
#: Slack's error codes when the same click already opened a modal: the click or the call came twice.
_EXCHANGED = frozenset({"exchanged_trigger_id", "trigger_exchanged"})
#: Slack's error codes when the form to update has been closed or shows something else.
_CLOSED = frozenset({"not_found", "view_not_found", "hash_conflict"})
#: Seconds until another delivery of the same form, once carried out, has been answered. Only the first answer
#: counts for Slack, and Bolt sends it a moment after the handler has given it: nothing tells when.
_OTHER_IS_ANSWERED = 0.5
#: Refusals because no window could be opened.
_NOT_OPENED = frozenset({Refusal.TOO_SLOW, Refusal.SLACK_BUSY})
#: Refusals of a person who has the right. After other refusals the form is neither kept nor offered again.
_KEEPS_FORM = frozenset({Refusal.OVERTAKEN, Refusal.STILL_BUSY, Refusal.UNFORESEEN, *_NOT_OPENED})


@dataclass
class Request(ABC):
    """The base of all requests: the person, their words, and calls of use cases."""

    services: Services
    visitor: Visitor
    receipt: Sequence[str]
    ack: AsyncAck
    #: The form that the person is in, or the window in which they were told to wait or have been answered.
    window: str | None = field(default=None, kw_only=True)
    came: float = field(default_factory=time.monotonic, kw_only=True)
    #: The note that the person waits, from when they are told to wait until they are told the outcome.
    noted: Waiting | None = field(default=None, kw_only=True)
    #: Whether the person was told to wait, and nothing since.
    waits: bool = field(default=False, kw_only=True)
    #: Whether this delivery of the request has carried out its use case.
    carried_out: bool = field(default=False, kw_only=True)
    #: The keys of the refusal's texts, for a message if the answer cannot be shown here.
    why: Sequence[str] = field(default=(), kw_only=True)
    #: Whether the acute form is wanted: such a message then has its button.
    acute: bool = field(default=False, kw_only=True)

    @property
    def words(self) -> Words:
        return self.visitor.words

    @property
    def now(self) -> datetime:
        """The time now, aware UTC."""
        return self.services.clock.now()

    async def look(
        self,
        query: Callable[Concatenate[UnitOfWork, Person, Said], T],
        *about: Said.args,
        **said: Said.kwargs,
    ) -> T:
        """Run a query as this person, in a read-only transaction."""
        return await self.services.database.read(
            lambda uow: query(uow, self.visitor.actor(uow), *about, **said)
        )

    async def act(
        self,
        use_case: Callable[Concatenate[UnitOfWork, Person, Said], T],
        *about: Said.args,
        **said: Said.kwargs,
    ) -> T:
        """Carry out a use case as this person, once even if Slack delivers the request again."""
        done = await self._or_to_wait(
            self.services.database.once(
                self.receipt, lambda uow: use_case(uow, self.visitor.actor(uow), *about, **said)
            )
        )
        self.carried_out = True
        return done

    async def slowly(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do work that may take long; each person can have only one in progress, however often they ask."""
        waiting = self.services.slow_answers
        if self.visitor.slack_id in waiting:
            raise Refused(Refusal.STILL_BUSY)
        waiting.add(self.visitor.slack_id)
        try:
            return await self._or_to_wait(work())
        finally:
            waiting.discard(self.visitor.slack_id)

    async def write(self, work: Callable[[UnitOfWork, Person], T]) -> T:
        """Write something that is safe to write twice, such as a draft."""
        return await self._or_to_wait(
            self.services.database.write(lambda uow: work(uow, self.visitor.actor(uow)))
        )

    async def _or_to_wait(self, work: Awaitable[T]) -> T:
        """Return the result of `work`; if Slack is about to stop waiting for it, tell the person to wait.

        The work is never cancelled: it is a transaction, and its outcome is awaited.
        """
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=self.services.slack_waits * 2 / 3)
        if not done:
            try:
                await self._to_wait()
            except Exception as error:
                # The outcome is told even though this was not.
                log.warning("waiting.unsaid", error=type(error).__name__)
        return await task

    async def _to_wait(self) -> None:
        """Tell the person to wait; once that is noted, they learn the outcome even if this process dies."""
        if self.noted is None:
            self.noted = await slow_reply.note(self.services.notes, self._waiting())
        said = "modal.still-working" if self.noted is not None else "modal.still-working-unsure"
        await self.answer(self.words(said))
        self.waits = True

    def _waiting(self) -> Waiting:
        return Waiting(tuple(self.receipt), self.visitor.slack_id, self.window, self.now)

    @abstractmethod
    async def answer(self, text: str) -> None:
        """Say something to this person only, where they are."""

    @abstractmethod
    async def say_done(self) -> None:
        """Tell a person who was told to wait, and nothing since, that it is done."""

    async def is_repeated(self) -> bool:
        """Return whether another delivery of the same request has been carried out."""
        return not self.carried_out and await self.services.database.is_handled(self.receipt)

    async def repeated(self) -> None:
        """Answer a request whose other delivery has already been carried out."""
        await self.ack()

    @abstractmethod
    async def refuse(self, error: error_replies.Explainable) -> None:
        """Say why it is refused."""

    async def finished(self) -> None:
        """Say that it is done, if nothing has said or shown so."""
        if self.ack.response is None:
            await self.ack()

    async def answered(self) -> None:
        """End the wait: a person who was told to wait, and nothing since, is told that it is done."""
        if self.waits:
            await self.say_done()
        if self.noted is not None:
            self.services.notes.settle(self.noted)
            self.noted = None

    async def unanswered(self) -> None:
        """Have the outcome told by a message, since it cannot be shown here."""
        noted = self.noted
        self.waits, self.noted = False, None
        if noted is None:
            await slow_reply.tell(self.services, self._waiting(), self.why, self.acute)
        else:
            await slow_reply.end(self.services, noted, self.why, self.acute)

    async def show_in_window(self, view: dict[str, Any]) -> None:
        """Show a view in the window; if that has been closed, a person who waits gets a message."""
        waited, self.waits = self.waits, False
        try:
            await when_open(lambda: self.services.client.views_update(view_id=self.window, view=view))
        except SlackRefused as refused:
            if refused.code not in _CLOSED:
                raise
            if waited:
                await self.unanswered()


@dataclass
class CommandRequest(Request):
    """A request that can open a window, by its trigger: a command, or a button (`ActionRequest`).

    `rest` is the text after the command's word; `channel` is where the command acts. Without `respond` it is
    answered in a window. A trigger opens only one, and later views replace it.
    """

    acks_with_text: ClassVar[bool] = True
    trigger_id: str
    respond: AsyncRespond | None
    channel: str = field(default="", kw_only=True)
    rest: str = field(default="", kw_only=True)
    #: Whether the person has been shown a new view or text.
    shown: bool = field(default=False, kw_only=True)

    async def answer(self, text: str, blocks: list[Block] | None = None) -> None:
        """Say something to this person only: where they typed, next to the message, or in a window."""
        if self.respond is None:
            await self.open(notice(self.words, text) if blocks is None else modal(self.words, NOTICE, blocks))
            return
        self.shown = True
        if self.ack.response is None:
            if self.acks_with_text:
                await self.ack(text=text, blocks=blocks, response_type="ephemeral")
                return
            await self.ack()
        waited, self.waits = self.waits, False
        said = await self.respond(text=text, blocks=blocks, response_type="ephemeral", replace_original=False)
        if said.status_code != 200 and waited:
            await self.unanswered()

    async def open(self, view: dict[str, Any]) -> None:
        """Show a view, in place of the form that the button is in."""
        await self.ack()
        self.shown = True
        if self.window is not None:
            await self.show_in_window(view)
        else:
            await self._open_window(view)
        self.waits = False

    async def _open_window(self, view: dict[str, Any]) -> None:
        """Open a window as soon as Slack accepts it, unless the same click already opened it."""
        client, trigger_id = self.services.client, self.trigger_id
        left = self.came + TRIGGER - time.monotonic()
        try:
            opened = await when_open(lambda: client.views_open(trigger_id=trigger_id, view=view), left)
        except RateLimited as limited:
            seconds = max(2, math.ceil(limited.after.total_seconds()))  # said as a plural
            raise Refused(Refusal.SLACK_BUSY, seconds=seconds) from None
        except SlackRefused as refused:
            if refused.code in _EXPIRED:
                raise Refused(Refusal.TOO_SLOW) from None
            if refused.code not in _EXCHANGED:
                raise
            log.warning("views.opened_already")
        else:
            self.window = str(opened["view"]["id"])

    async def refuse(self, error: error_replies.Explainable) -> None:
        if self.respond is None and isinstance(error, Refused) and error.why in _NOT_OPENED:
            # A message says that no window opened, since there is no other place to say it.
            await self.ack()
            self.why = error_replies.names_of(Refused(Refusal.TOO_SLOW))
            await self.unanswered()
            return
        self.why = error_replies.names_of(error) or self.why
        text = await error_replies.explain(self.services, self.words, error)
        await self.answer(text, error_replies.with_way_out(self.words, error, text))

    async def say_done(self) -> None:
        if self.respond is None:
            await self.open(done_notice(self.words))
        else:
            await self.answer(self.words("modal.done"))


@dataclass
class ActionRequest(CommandRequest):
    """A button, a select, a menu, or a global shortcut. Some buttons choose a command.

    `value` is an internal id; a shortcut's is its callback_id. `view` is the form or Home that the button is
    in, with the values filled in so far.
    """

    acks_with_text = False
    value: str
    view: View | None = None
    #: Channel and `ts` of the message that the button is in; None in a form or Home.
    message: tuple[str, str] | None = None

    async def finished(self) -> None:
        """Say in a form that it is done. A message is updated instead; if Slack prevents that, say it too."""
        await super().finished()
        if self.shown:
            return
        if self.window is not None:
            await self.say_done()
        elif self.message is not None and self.respond is not None:
            await self.services.gate.tell_if_unseen(*self.message, self._unseen)

    async def _unseen(self) -> None:
        try:
            await self.answer(self.words("modal.done-unseen"))
        except (aiohttp.ClientError, TimeoutError) as error:
            log.info("acting.untold", error=type(error).__name__)


@dataclass
class SubmissionRequest(Request):
    """A submitted form. `metadata` is an internal id and is checked again."""

    metadata: str
    fields: Fields
    inputs: list[str]
    #: The form as Slack sent it, with the values filled in.
    form: Mapping[str, Any] = field(default_factory=dict)

    @property
    def late(self) -> bool:
        return self.ack.response is not None

    async def replace(self, view: dict[str, Any]) -> None:
        """Show another view in place of the form."""
        if self.late:
            await self.show_in_window(view)
        else:
            await self.ack(response_action="update", view=view)

    async def answer(self, text: str) -> None:
        await self.replace(notice(self.words, text))

    async def push(self, view: dict[str, Any]) -> None:
        """Show a view on top of the form; the person can go back to the form."""
        if self.late:
            await self.replace(view)
        else:
            await self.ack(response_action="push", view=view)

    async def done(self, text: str | None = None) -> None:
        """Close the form and the forms below it; with a text, say it first."""
        if text is not None or self.late:
            await self.replace(done_notice(self.words, text or "", clears=True))
        else:
            await self.ack(response_action="clear")

    async def repeated(self) -> None:
        """Close the form, later than the other delivery is answered: that may replace it."""
        await asyncio.sleep(_OTHER_IS_ANSWERED)
        await self.done()

    async def refuse(self, error: error_replies.Explainable) -> None:
        """Show field errors at their fields, and any other refusal in place of the form."""
        self.why = error_replies.names_of(error) or self.why
        if isinstance(error, Invalid) and self.inputs and not self.late:
            errors = error_replies.field_errors(self.words, error, self.inputs)
            await self.ack(response_action="errors", errors=errors)
            return
        view = notice(self.words, await error_replies.explain(self.services, self.words, error))
        if isinstance(error, Invalid) or (isinstance(error, Refused) and error.why in _KEEPS_FORM):
            kept = await resume.keep(self.services, self.visitor, self.form)
            view["blocks"] += resume.offer(self.words, kept) if kept is not None else []
        await self.replace(view)

    async def finished(self) -> None:
        """Delete the draft, if this form was opened again from one."""
        await resume.forget(self.services, self.visitor, self.form.get("blocks") or ())

    async def say_done(self) -> None:
        await self.done()
