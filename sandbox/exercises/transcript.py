"""Transcripts: who did what and when, and what each person sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from sandbox.activity import Activity
from sandbox.block_kit.render import as_read
from sandbox.exercises.runner import ZONE, Chapter, ExerciseRunner

#: Actions of a person in words; {text} is what they typed, pressed or filled in.
_ACTIONS = {
    "types": "skriver i {place}: `{text}`",
    "writes": "skriver i {place}: «{text}»",
    "presses": "trykker **{text}**",
    "chooses": "velger {text}",
    "fills": "fyller ut {text}",
    "submits": "trykker **{text}** i skjemaet",
    "closes": "lukker skjemaet",
    "pinned": "fester en melding i {place}",
    "uploads": "laster opp {text} i {place}",
    "opens_home": "åpner Home",
    "failed": "får beskjed av Slack: {text}",
    "joined": "er nå i {place}",
    "left": "har gått ut av {place}",
    "removed": "er tatt ut av {place}",
    "answers": "svarer i kalenderen: **{text}**",
    "writes_back": "svarer på e-posten: «{text}»",
}
_SIGHTS = {
    "message": "ny melding",
    "updated": "meldingen er endret",
    "deleted": "meldingen er borte",
    "ephemeral": "bare synlig for deg",
    "modal": "skjema",
    "modal_errors": "feil i skjemaet",
    "home": "Home",
    "mail": "ny e-post",
}
#: The most characters of a message in one line.
MOST_IN_BRIEF = 140
_PLACES = {"tot-bot": "direktemelding", "modal": "skjema", "home": "Home", "mail": "e-post"}


def lines(entry: Activity) -> Iterator[str]:
    """Yield one entry as lines of Markdown; none for an entry that is of no interest."""
    if entry.kind in _ACTIONS:
        place = _PLACES.get(entry.place, entry.place)
        yield f"- **@{entry.who}** {_ACTIONS[entry.kind].format(text=_inline(entry.text), place=place)}"
    elif entry.kind == "room":
        yield f"- *rommet {entry.text} er opprettet*"
    elif entry.kind == "archived":
        yield f"- *rommet {entry.place} er arkivert*"
    elif entry.kind in _SIGHTS:
        yield from _sight(entry)


def passed(entry: Activity) -> str:
    """Return a line about a move of the clock."""
    at = datetime.fromisoformat(entry.text).astimezone(ZONE)
    return f"\n*… klokka er {at:%d.%m.%Y %H:%M} …*\n"


def _sight(entry: Activity) -> Iterator[str]:
    readers = ", ".join(f"@{who}" for who in sorted(entry.seen_by)) or "ingen"
    place = _PLACES.get(entry.place, entry.place)
    yield f"- {readers} ser ({place}, {_SIGHTS[entry.kind]}):"
    if entry.kind == "deleted":
        return
    for line in entry.text.splitlines():
        yield f"  > {line}"


def brief(entry: Activity) -> str | None:
    """Return one entry as one line for a terminal; None for an entry that is of no interest."""
    if entry.kind in _ACTIONS:
        return as_read(next(lines(entry)).removeprefix("- ").replace("**", ""))
    if entry.kind not in _SIGHTS or entry.kind == "deleted":
        return None
    readers = ", ".join(f"@{who}" for who in sorted(entry.seen_by)) or "ingen"
    first = _inline("\n".join(entry.text.splitlines()[:2]))
    return f"    {readers} ser: {as_read(first)[:MOST_IN_BRIEF]}"


def _inline(text: str) -> str:
    return re.sub(r"\s*\n\s*", " / ", text.strip())


def heading(chapter: Chapter) -> Iterator[str]:
    """Yield a chapter's heading as Markdown."""
    yield f"\n## {chapter.title}\n"
    if chapter.text:
        yield f"{chapter.text}\n"


def markdown(runner: ExerciseRunner, title: str, everybody: list[str]) -> str:
    """Return the whole transcript, and at its end what each of these people sees."""
    written = [f"# {title}"]
    clock: list[str] = []
    for entry in runner.story():
        if isinstance(entry, Chapter):
            written.extend(heading(entry))
        elif entry.kind == "time":
            clock = [passed(entry)]
        elif told := list(lines(entry)):
            written.extend([*clock, *told])
            clock = []
    written.append("\n## Hva hver av dem ser når øvelsen er slutt\n")
    for handle in everybody:
        written.extend(_before_the_eyes(runner, handle))
    return as_read("\n".join(written) + "\n")


def _before_the_eyes(runner: ExerciseRunner, handle: str) -> Iterator[str]:
    person = runner.person(handle)
    places = [place for place in person.channels() if place != "generelt"]
    seen = [(place, message) for place in places for message in person.messages(place)]
    yield f"### @{handle}\n"
    if not seen:
        yield "Ingenting.\n"
        return
    for place, message in seen:
        yield f"- {_PLACES.get(place, place)}, fra @{message.sender}:"
        for line in message.text.splitlines():
            yield f"  > {line}"
    yield ""
