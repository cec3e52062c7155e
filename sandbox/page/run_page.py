"""A run as one HTML file that opens anywhere: what was done, why, and what each person read of it, as text.

Its Content-Security-Policy forbids it to load or run anything, so it can be sent to somebody, or kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from sandbox.activity import Activity
from sandbox.block_kit.render import as_read
from sandbox.exercises.runner import Chapter, ExerciseRunner
from sandbox.exercises.ways import Action, said, why
from sandbox.page.session import DEEDS
from sandbox.page.words import Words

_LOOKS = Path(__file__).with_name("run_page.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
#: What people see → its words, and whether its text is shown unfolded because it is new.
_SEEN = {
    "message": ("came.message", True),
    "ephemeral": ("only-you", True),
    "mail": ("panel.mail", True),
    "updated": ("came.updated", False),
    "home": ("came.home", False),
    "joined": ("came.joined", False),
    "removed": ("came.removed", False),
    "left": ("line.left", False),
    "archived": ("came.archived", False),
}
_PLACES = {"tot-bot": "place.direct", "home": "place.home", "mail": "panel.mail"}


def as_html(runner: ExerciseRunner, title: str, words: Words) -> str:
    """Return the whole run in the language of these words; the bot's texts are not translated."""
    return _RunPage(runner, words).whole(escape(said(title, words.language) or words("run.title")))


class _RunPage:
    def __init__(self, runner: ExerciseRunner, words: Words) -> None:
        self._runner = runner
        self._words = words
        users = runner.sandbox.workspace.users.values()
        self._names = {user.handle: user.display_name for user in users}
        readers = (handle for entry in runner.sandbox.activity for handle in sorted(entry.seen_by))
        cast = (user.handle for user in users if not user.is_bot)
        #: Everybody who can have seen something → a CSS class. Some have only a mail address.
        self._people = {handle: f"p{n}" for n, handle in enumerate(dict.fromkeys([*cast, *readers]))}

    def whole(self, title: str) -> str:
        """Return the page with this title, which is HTML."""
        words = self._words
        # One CSS rule for each person, instead of a script.
        chosen = "".join(
            f"body:has(#w-{key}:checked) .of:not(.{key}){{display:none}}" for key in self._people.values()
        )
        people = {"all": words("run.everybody")} | {k: self._name(h) for h, k in self._people.items()}
        choices = "".join(
            f'<label><input type="radio" name="who" id="w-{key}"{" checked" if key == "all" else ""}>'
            f" {escape(name)}</label>"
            for key, name in people.items()
        )
        return (
            f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
            f"<title>{title}</title><style>{_LOOKS.read_text('utf-8')}{chosen}</style></head><body>"
            f"<header><h1>{title}</h1><p>{escape(words('run.told'))}</p></header>"
            f"<fieldset><legend>{escape(words('run.whose'))}</legend>{choices}</fieldset>"
            f"<main>{''.join(self._story())}</main></body></html>"
        )

    def _story(self) -> Iterator[str]:
        for entry in self._runner.story():
            if isinstance(entry, Chapter):
                title, text = (escape(said(each, self._words.language)) for each in (entry.title, entry.text))
                yield f"<h2>{title}</h2><p>{text}</p>"
            elif entry.kind in DEEDS:
                yield self._deed(entry)
            elif entry.kind in _SEEN and entry.seen_by:
                yield self._sight(entry)

    def _deed(self, entry: Activity) -> str:
        kind = "presses" if entry.kind == "submits" else entry.kind
        told = self._words(f"action.{kind}", who=self._name(entry.who), text=as_read(entry.text))
        reason = why(Action(entry.who, entry.kind, entry.place, entry.text), self._words.language)
        return f'<p class="of {self._classes([entry.who])}"><b>{escape(told)}</b> {escape(reason)}</p>'

    def _sight(self, entry: Activity) -> str:
        words = self._words
        key, is_new = _SEEN[entry.kind]
        place = words(_PLACES[entry.place]) if entry.place in _PLACES else f"#{entry.place}"
        readers = words.listed([self._name(handle) for handle in sorted(entry.seen_by)])
        what = words(key, who=self._name(entry.who)).rstrip(":.")
        head = " · ".join([words.moment(entry.time), place, what, words("came.seen-by", who=readers)])
        text = as_read(entry.text).replace("*", "")
        return (
            f'<details{" open" if is_new else ""} class="of {self._classes(entry.seen_by)}">'
            f"<summary>{escape(head)}</summary><pre>{escape(text)}</pre></details>"
        )

    def _classes(self, people: Iterable[str]) -> str:
        return " ".join(self._people[handle] for handle in sorted(people) if handle in self._people)

    def _name(self, handle: str) -> str:
        return self._names.get(handle, handle)
