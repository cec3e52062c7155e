"""The quorum of a meeting in words."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.directory.entities import AgencyKind, Quorum
from bot.texts.words import Words


def never_enough(words: Words, quorum: Quorum, asked: Iterable[AgencyKind]) -> list[str]:
    """Return a warning if the agencies that are asked cannot make a quorum even if all of them come."""
    if quorum.reached(list(asked)):
        return []
    return [words("warn.below-quorum", least=least(words, quorum))]


def least(words: Words, quorum: Quorum) -> str:
    """Say what a quorum is."""
    groups = [words.either(words(f"agency-kind.{kind}") for kind in group) for group in quorum.any_of]
    if len(groups) == 1:
        return words("quorum.least-of", minimum=quorum.minimum, kinds=groups[0])
    each = (words("quorum.group", kinds=kinds[:1].upper() + kinds[1:]) for kinds in groups)
    return " ".join([words("quorum.least", minimum=quorum.minimum), *each])
