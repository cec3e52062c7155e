"""Each one's mailbox and calendar: what the bot has mailed, and invitations that are answered there."""

from __future__ import annotations

import email
import email.policy
import html
from datetime import datetime

from nicegui import ui

from sandbox.cast import WORK_MAILS
from sandbox.page.show import Show
from sandbox.page.words import ZONE, Words
from sandbox.post.calendar import Entry, PartStat, scheduling_part
from sandbox.post.clients import Client
from sandbox.post.office import PostOffice, Sent

_CLIENTS: dict[Client, str] = {"outlook": "Outlook", "google": "Google", "apple": "Apple"}
_ANSWERS: tuple[PartStat, ...] = ("ACCEPTED", "TENTATIVE", "DECLINED")
_MOST_MAILS = 30


class PostTab:
    """One person's post at a time; whose, and in which mail program they answer, is chosen on top."""

    def __init__(self, show: Show, words: Words) -> None:
        self._show = show
        self._words = words
        self._look: tuple[object, ...] = ()
        self._whose = next(iter(WORK_MAILS))
        self._client: Client = "outlook"
        with ui.element("div").classes("p-body") as self.element:
            if show.stage.post is None:
                ui.label(words("post.none"))
                self._rows = ui.element("div")
                return
            whose = ui.select({h: h for h in WORK_MAILS}, value=self._whose, label=words("post.whose"))
            whose.on_value_change(lambda e: self._choose(e.value))
            client = ui.select(_CLIENTS, value=self._client, label=words("post.client"))
            client.on_value_change(lambda e: self._answer_with(e.value))
            for choice in (whose, client):
                choice.props("outlined dense options-dense popup-content-class=choices").classes(
                    "post-choice"
                )
            self._rows = ui.element("div").classes("post-rows")

    def refresh(self) -> None:
        """Draws it again if anything in it has changed."""
        post = self._show.stage.post
        if post is None:
            return
        address = WORK_MAILS[self._whose]
        entries = sorted(post.calendar(address).entries.values(), key=lambda e: e.starts_at)
        mails = [sent for sent in post.sent if sent.recipient == address]
        look = (self._whose, len(mails), *((e.uid, e.sequence, e.partstat, e.cancelled) for e in entries))
        if look == self._look:
            return
        self._look = look
        self._rows.clear()
        with self._rows:
            self._heading("post.calendar")
            if not entries:
                ui.label(self._words("post.calendar-empty"))
            for entry in entries:
                self._entry(post, entry)
            self._heading("post.mailbox")
            if not mails:
                ui.label(self._words("post.mailbox-empty"))
            for sent in reversed(mails[-_MOST_MAILS:]):
                ui.html(self._mail(sent), sanitize=False)

    def _choose(self, handle: str) -> None:
        self._whose = handle
        self.refresh()

    def _answer_with(self, client: Client) -> None:
        self._client = client

    def _heading(self, key: str) -> None:
        ui.label(self._words(key)).classes("group").props("role=heading aria-level=3")

    def _entry(self, post: PostOffice, entry: Entry) -> None:
        words = self._words
        standing = "cancelled" if entry.cancelled else entry.partstat.lower()
        with ui.element("div").classes("card entry") as card:
            card.props["data-standing"] = standing
            when = f"{words.moment(entry.starts_at)}–{entry.ends_at.astimezone(ZONE):%H:%M}"
            ui.label(when).classes("entry-when")
            ui.label(" · ".join(part for part in (entry.summary, entry.location) if part))
            ui.label(words(f"post.{standing}")).classes("told")
            if entry.cancelled:
                return
            with ui.element("div").classes("row"):
                for answer in _ANSWERS:
                    button = ui.element("button").classes("slack-button").props("type=button")
                    button.props["aria-pressed"] = "true" if entry.partstat == answer else "false"
                    with button:
                        ui.label(words(f"post.press-{answer.lower()}"))
                    button.on("click", lambda answer=answer: self._answers(post, entry, answer))

    def _answers(self, post: PostOffice, entry: Entry, answer: PartStat) -> None:
        self._show.stage.answers(self._whose, answer, self._client, uid=entry.uid)
        self.refresh()

    def _mail(self, sent: Sent) -> str:
        mail = email.message_from_bytes(sent.raw, policy=email.policy.default)
        body = mail.get_body(("plain",))
        text = body.get_content().strip() if body is not None else ""
        found = scheduling_part(sent.raw)
        kind = self._words(f"post.method-{found[0].lower()}") if found is not None else ""
        told = " · ".join(part for part in (self._at(sent.at), str(mail["From"]), kind) if part)
        return (
            f'<details class="mail"><summary><b>{html.escape(str(mail["Subject"]))}</b>'
            f'<span class="came-when">{html.escape(told)}</span></summary>'
            f"<pre>{html.escape(text)}</pre></details>"
        )

    def _at(self, at: datetime) -> str:
        return self._words.moment(at)
