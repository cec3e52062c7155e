"""A run as one HTML file that opens anywhere: what was done, why, and what each person saw of it.

Its Content-Security-Policy forbids it to load or run anything, so it can be sent to somebody, or kept.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sandbox.activity import Activity, Shown, names, shown_message
from sandbox.block_kit.render import as_read
from sandbox.exercises.runner import Chapter, ExerciseRunner
from sandbox.exercises.ways import Action, said, why
from sandbox.page.markup import face, picture
from sandbox.page.words import Words

_LOOKS = Path(__file__).with_name("run_page.css")
#: Actions that begin a new step. Filling in is not one: the fields are shown in the sent form.
_ACTS = frozenset(
    {"types", "writes", "presses", "chooses", "submits", "closes", "uploads", "opens_home", "answers"}
)
#: Kinds shown open, and kinds that can be unfolded because something only changed.
_NEW = frozenset({"message", "ephemeral", "modal_errors", "mail"})
_FOLDED = frozenset({"updated", "modal", "home"})
_PEOPLE = frozenset({"joined", "left", "removed", "archived"})


@dataclass
class _Step:
    """An action, or time that passed, and what people saw of it."""

    act: Activity | None
    clock: str
    """The time after the clock was moved, or empty."""
    sights: dict[tuple[str, ...], Activity] = field(default_factory=dict)

    def sees(self, entry: Activity) -> None:
        """Add what people saw. Of a message or view that changed several times, only the last is kept."""
        key = (entry.shown.what if entry.shown else entry.text, entry.place, *sorted(entry.seen_by))
        old = self.sights.pop(key, None)
        stays_new = old is not None and old.kind in _NEW and entry.kind == "updated"
        self.sights[key] = replace(entry, kind=old.kind) if old is not None and stays_new else entry

    @property
    def people(self) -> frozenset[str]:
        found = frozenset[str]().union(*(entry.seen_by for entry in self.sights.values()))
        return found | ({self.act.who} if self.act is not None else frozenset())


def as_html(runner: ExerciseRunner, title: str, words: Words) -> str:
    """Return the whole run in the language of these words; the bot's texts are not translated."""
    return _RunPage(runner, title, words).whole()


class _RunPage:
    def __init__(self, runner: ExerciseRunner, title: str, words: Words) -> None:
        self._runner = runner
        self._ws = runner.sandbox.workspace
        self._names = names(self._ws)
        self._reasons: set[str] = set()
        self._words = words
        self._title = said(title, words.language) or words("run.title")
        self._users = {u.handle: u.display_name for u in self._ws.users.values() if not u.is_bot}
        readers = (handle for entry in runner.sandbox.activity for handle in sorted(entry.seen_by))
        #: Everybody who can have seen something → a CSS class. Some have only a mail address.
        self._people = {handle: f"p{n}" for n, handle in enumerate(dict.fromkeys((*self._users, *readers)))}

    def whole(self) -> str:
        words = self._words
        body = "".join(self._chapters())
        ends = "".join(self._before_the_eyes(handle) for handle in self._people if handle in self._users)
        looks = _LOOKS.read_text("utf-8") + self._filters()
        return (
            f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
            "style-src 'unsafe-inline'\">"
            f"<title>{html.escape(self._title)}</title><style>{looks}</style></head><body>"
            f"<header><h1>{html.escape(self._title)}</h1><p>{html.escape(words('run.told'))}</p></header>"
            f"{self._chooser()}<main>{body}<section class=chapter><h2>{html.escape(words('run.end'))}</h2>"
            f"<p>{html.escape(words('run.end.told'))}</p>{ends}</section></main></body></html>"
        )

    # Choosing a person

    def _chooser(self) -> str:
        every = html.escape(self._words("run.everybody"))
        choices = [f'<label><input type="radio" name="who" id="w-all" checked> {every}</label>']
        for handle, key in self._people.items():
            name = html.escape(self._name(handle))
            choices.append(f'<label><input type="radio" name="who" id="w-{key}"> {name}</label>')
        legend = html.escape(self._words("run.whose"))
        return f'<fieldset class="whose"><legend>{legend}</legend>{"".join(choices)}</fieldset>'

    def _filters(self) -> str:
        """Return one CSS rule for each person, instead of a script."""
        return "".join(
            f"body:has(#w-{key}:checked) .of:not(.{key}){{display:none}}" for key in self._people.values()
        )

    # What happened

    def _chapters(self) -> Iterator[str]:
        part: list[_Step] = []
        clock = ""
        for entry in self._runner.story():
            if isinstance(entry, Chapter):
                yield from map(self._step, part)
                part = []
                yield self._heading(entry)
                continue
            if entry.kind == "time":
                clock = self._words.moment(datetime.fromisoformat(entry.text))
                continue
            acts = entry.kind in _ACTS
            if not acts and entry.kind not in _NEW | _FOLDED | _PEOPLE:
                continue
            if acts or clock or not part:
                part.append(_Step(entry if acts else None, clock))
                clock = ""
            if not acts:
                part[-1].sees(entry)
        yield from map(self._step, part)

    def _heading(self, chapter: Chapter) -> str:
        self._reasons.clear()
        title, text = (said(each, self._words.language) for each in (chapter.title, chapter.text))
        return f"<h2>{html.escape(title)}</h2><p class=lead>{html.escape(text)}</p>"

    def _step(self, step: _Step) -> str:
        clock = f'<p class="clock">{html.escape(step.clock)}</p>' if step.clock else ""
        act = self._act(step.act) if step.act is not None else ""
        sights = "".join(map(self._sight, step.sights.values()))
        return f'{clock}<section class="step of {self._classes(step.people)}">{act}{sights}</section>'

    def _act(self, entry: Activity) -> str:
        words = self._words
        user = next((u for u in self._ws.users.values() if u.handle == entry.who), None)
        key = "run.submits" if entry.kind == "submits" else f"action.{entry.kind}"
        told = words(key, who=self._name(entry.who), text=as_read(entry.text))
        title = entry.shown.title if entry.shown is not None else ""
        reason = why(Action(entry.who, entry.kind, entry.place, title or entry.text), words.language)
        reason = "" if reason in self._reasons else reason  # once in each chapter
        self._reasons.add(reason)
        because = f'<span class="why">{html.escape(reason)}</span>' if reason else ""
        form = self._paper(entry.shown) if entry.shown is not None else ""
        line = f"{face(user, small=True)} <b>{html.escape(told)}</b> {because}"
        return f'<div class="act of {self._classes([entry.who])}"><p>{line}</p>{form}</div>'

    def _sight(self, entry: Activity) -> str:
        words = self._words
        readers = words.listed([self._name(handle) for handle in sorted(entry.seen_by)])
        place = self._place(entry.place)
        if entry.kind in _PEOPLE:
            who = self._name(entry.who)
            told = words(f"run.{entry.kind}", who=who, place=entry.place)
            return f'<p class="people of {self._classes(entry.seen_by)}">{html.escape(told)}</p>'
        told = words(f"run.{entry.kind}", place=place)
        head = f"<b>{html.escape(words('came.seen-by', who=readers))}</b> · {html.escape(told)}"
        if entry.shown is None:
            shown = f'<div class="paper"><pre>{html.escape(as_read(entry.text))}</pre></div>'
        else:
            shown = self._paper(entry.shown)
        classes = f"sight of {self._classes(entry.seen_by)}"
        if entry.kind in _FOLDED:
            return f'<details class="{classes}"><summary>{head}</summary>{shown}</details>'
        return f'<figure class="{classes}"><figcaption>{head}</figcaption>{shown}</figure>'

    def _paper(self, shown: Shown) -> str:
        title = html.escape(shown.title)
        heading = f'<div class="b-header">{title}</div>' if title else ""
        return f'<div class="paper">{heading}{picture(shown, self._names, self._words)}</div>'

    def _classes(self, people: Iterable[str]) -> str:
        return " ".join(self._people[handle] for handle in sorted(people) if handle in self._people)

    def _name(self, handle: str) -> str:
        return self._users.get(handle, handle)

    def _place(self, place: str) -> str:
        known = {"tot-bot": "place.direct", "home": "place.home", "modal": "place.form", "mail": "place.mail"}
        return self._words(known[place]) if place in known else f"#{place}"

    # What each person sees at the end

    def _before_the_eyes(self, handle: str) -> str:
        person = self._runner.person(handle)
        papers = [
            f'<figure class="sight"><figcaption>{html.escape(self._place(place))}</figcaption>'
            f"{self._paper(shown_message(self._ws, seen.source))}</figure>"
            for place in person.channels()
            for seen in person.messages(place)
        ]
        name, key = html.escape(self._name(handle)), self._people[handle]
        if not papers:
            told = html.escape(self._words("run.nothing"))
            return f'<p class="of {key}"><b>{name}</b>: {told}</p>'
        count = html.escape(self._words("run.messages", count=len(papers)))
        summary = f"<summary><b>{name}</b>: {count}</summary>"
        return f'<details class="of {key}">{summary}{"".join(papers)}</details>'
