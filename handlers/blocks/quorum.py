"""The quorum of a meeting in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.attendance import QuorumLack, lack_of
from bot.domain.directory.entities import Agency, AgencyKind, Quorum
from bot.texts.words import Words
from handlers.blocks.context import escape


def who_is_lacking(words: Words, lack: QuorumLack, absent: Sequence[Agency]) -> str:
    """Say what is lacking, with the names of the absent agencies, for readers who may know them."""
    names = words.several(escape(agency.shown_name) for agency in absent)
    if _all_of_them(lack, absent):
        return words("quorum.named", agencies=names)
    not_here = words("quorum.not-here", agencies=names) if absent else ""
    return f"{what_is_lacking(words, lack)} {not_here}".rstrip()


def _all_of_them(lack: QuorumLack, absent: Sequence[Agency]) -> bool:
    """Return whether the quorum is reached once all absent agencies come, and not before."""
    of_each_kind = all(any(agency.kind in group for agency in absent) for group in lack.groups)
    return bool(absent) and len(absent) == lack.agencies and of_each_kind


def never_enough(words: Words, quorum: Quorum, asked: Iterable[AgencyKind]) -> list[str]:
    """Return a warning if the agencies that are asked cannot make a quorum even if all of them come."""
    if lack_of(quorum, list(asked)) is None:
        return []
    return [words("warn.below-quorum", least=least(words, quorum))]


def least(words: Words, quorum: Quorum) -> str:
    if len(quorum.any_of) == 1:
        return words("quorum.least-of", minimum=quorum.minimum, kinds=_either(words, quorum.any_of[0]))
    groups = (_must_be(words, group) for group in quorum.any_of)
    return " ".join([words("quorum.least", minimum=quorum.minimum), *groups])


def what_is_lacking(words: Words, lack: QuorumLack) -> str:
    if lack.agencies and len(lack.groups) == 1:
        return words.count("quorum.agencies-of", lack.agencies, kinds=_either(words, lack.groups[0]))
    few = [words.count("quorum.agencies", lack.agencies)] if lack.agencies else []
    return " ".join([*few, *(_must_be(words, group) for group in lack.groups)])


def _must_be(words: Words, group: tuple[AgencyKind, ...]) -> str:
    kinds = _either(words, group)
    return words("quorum.group", kinds=kinds[:1].upper() + kinds[1:])


def _either(words: Words, group: tuple[AgencyKind, ...]) -> str:
    return words.either(words(f"agency-kind.{kind}") for kind in group)
