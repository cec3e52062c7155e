"""The words of all .po files are complete: in every language, all used, none forbidden."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from itertools import chain
from pathlib import Path
from string import Formatter

from bot.domain.access import Action
from bot.domain.answers import DutyState
from bot.domain.audit import Event, done
from bot.domain.case import entities
from bot.domain.case.actions import Outcome
from bot.domain.convening import NotConvened, Urgency
from bot.domain.directory.entities import AgencyKind, AgendaPoint, Ground, Need, Reason
from bot.domain.guidance import GuidanceOutcome, Theme
from bot.domain.language import Language
from bot.domain.overview.missing import Missing
from bot.domain.report.figures import ATTENDANCE
from bot.texts.words import words
from bot.usecases.report import ReportFor
from tests.every import every

ROOT = Path(__file__).parents[2]
FOLDERS = ("bot", "handlers", "storage")
ENUMS: dict[str, Iterable[StrEnum]] = {
    "agency-kind": AgencyKind,
    "agenda": AgendaPoint,
    "attendance": entities.Attendance,
    "decline": entities.DeclineReason,
    "duty": DutyState,
    "event": [action for action in map(done, Action) if action not in set(Event)],
    "ground": Ground,
    "language": Language,
    "measure": [each for each in entities.Measure if each not in ATTENDANCE],
    "missing": Missing,
    "not-convened": NotConvened,
    "need": Need,
    "guidance-outcome": GuidanceOutcome,
    "outcome": Outcome,
    "phase": entities.Phase,
    "quorum-reason": entities.QuorumReason,
    "reason": Reason,
    "report-for": ReportFor,
    "theme": Theme,
    "urgency": Urgency,
    "rhythm": entities.Rhythm,
    "standstill": entities.PauseReason,
    "via": entities.Via,
}
#: Matches a key, such as «summons.title», «missing.no_answer».
KEY = re.compile(r"[a-z][a-z-]*(\.[a-z0-9_-]+)+")
#: What we never say, in any form. «Mulig offer» and "possible victim" are the mandate's own terms.
FORBIDDEN = {
    Language.NB: r"(?<!mulig )(?<!mulige )\bofre(?:ne)?\b|(?<!mulig )\boffer(?:et|ets|s)?\b"
    r"|\bklient\w*|\blovpålagt\w*",
    Language.NN: r"(?<!mogleg )(?<!moglege )\boff(?:er|ra|eret|ret)\b"
    r"|\bklient\w*|\blovpålag[dt]\w*",
    Language.EN: r"(?<!possible )\bvictims?\b(?!'s counsel)|\bclients?\b|\bstatutory\b",
}
#: Words of the other written standard.
FOREIGN = {
    Language.NB: r"\b(ikkje|eg|frå|nokon|noko|kven|kva|korleis|vere|stadfest\w*|teieplikt\w*"
    r"|frammøte\w*|òg)\b",
    Language.NN: r"\b(ikke|jeg|fra|noen|noe|hvem|hva|hvor|hvordan|være|bekreft\w*|taushet\w*|oppmøte\w*|også"
    r"|innkallingen|saken|møter|gjøre|nå|mer|flere|etater|et|en)\b",
    Language.EN: r"[æøåÆØÅ]",
}
#: Terms that both standards share in every text: another word would mean something else.
TERMS = (
    *[(same, same) for same in ("advokat", "avslutt", "barnevern", "fellesmøte", r"\bfrist", "koordinator")],
    *[(same, same) for same in ("mandat", "meldeplikt", "møteplikt", "plassering", "politi", "saksrom")],
    *[(same, same) for same in ("samtykke", r"\bslett", r"\bvara(?:en)?\b", "vakttelefon")],
    *(("avvergeplikt", "avverjeplikt"), ("hjemmel", "heimel"), ("taushets(?:plikt|belagt)", "teieplikt")),
    *(("refleksjonsperiode", "refleksjonsperiod"), ("tjeneste", "tenest"), ("veiledning", "rettleiing")),
    *((r"\baldri\b", r"\baldri\b"), (r"\bnei\b", r"\bnei\b")),
    *((r"\bikke\b", r"\bikkje\b"), (r"\buten\b", r"\butan\b"), (r"\bbare\b", r"\bberre\b")),
)


def forms(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@every("language", list(Language))
def test_every_language_has_the_same_keys_placeholders_and_plurals(language: Language) -> None:
    assert set(words(language).catalogue) == set(words(Language.NB).catalogue)
    for key, original in words(Language.NB).catalogue.items():
        translated = words(language).catalogue[key]
        assert len(forms(translated)) == len(forms(original)), key
        wanted = {name for form in forms(original) for name in placeholders(form)}
        for form in forms(translated):
            optional = {"n"} if isinstance(translated, tuple) else set()
            assert placeholders(form) - optional == wanted - optional, key
        assert {name for form in forms(translated) for name in placeholders(form)} == wanted, key


@every("language", list(Language))
def test_texts_are_tidy_and_have_no_words_that_we_do_not_say(language: Language) -> None:
    for key, value in words(language).catalogue.items():
        for text in forms(value):
            assert text == text.rstrip(), key
            assert "  " not in text.lstrip(), key
            assert re.search(FORBIDDEN[language], text, re.IGNORECASE) is None, key
            # After `/tot` a word of the other standard is understood too; the first is the one shown.
            ours = text.split()[0] if key.startswith("command.") and key.endswith(".names") else text
            if key not in ("language.nb", "language.nn"):
                assert re.search(FOREIGN[language], ours, re.IGNORECASE) is None, key


def keys_with(term: str, language: Language) -> set[str]:
    texts = words(language).catalogue
    return {key for key in texts if re.search(term, " ".join(forms(texts[key])), re.IGNORECASE)}


@every(("bokmal", "nynorsk"), TERMS)
def test_a_term_stands_in_nynorsk_where_it_stands_in_bokmal(bokmal: str, nynorsk: str) -> None:
    found = keys_with(bokmal, Language.NB)
    assert found
    assert keys_with(nynorsk, Language.NN) == found


def test_what_is_never_done_is_never_done_in_english_either() -> None:
    assert keys_with(r"\bnever\b", Language.EN) == keys_with(r"\baldri\b", Language.NB)


def test_the_forbidden_words_are_found() -> None:
    for language, found, passes in (
        (Language.NB, ("et offer", "Klienten", "lovpålagt"), "et mulig offer"),
        (Language.NN, ("eit offer",), "eit mogleg offer"),
        (Language.EN, ("the victim",), "the victim's counsel"),
    ):
        assert all(re.search(FORBIDDEN[language], text, re.IGNORECASE) for text in found)
        assert not re.search(FORBIDDEN[language], passes, re.IGNORECASE)


@cache
def source(*folders: str) -> str:
    """Return the source of these folders, or of all folders."""
    files = chain.from_iterable(sorted((ROOT / folder).rglob("*.py")) for folder in folders or FOLDERS)
    return "\n".join(
        path.read_text("utf-8").replace("from __future__ import annotations", "") for path in files
    )


@cache
def strings(*folders: str) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Return every literal string there, and a pattern for every f-string that begins like a key."""
    nodes = list(ast.walk(ast.parse(source(*folders))))
    made = [node for node in nodes if isinstance(node, ast.JoinedStr)]
    within = {id(value) for node in made for value in node.values}
    alone = (n.value for n in nodes if isinstance(n, ast.Constant) and id(n) not in within)
    patterns = (re.compile("".join(map(_piece, node.values))) for node in made)
    begins = re.compile(r"[a-z][a-z-]*\\\.")
    return frozenset(v for v in alone if isinstance(v, str)), tuple(
        p for p in patterns if begins.match(p.pattern)
    )


def _piece(value: ast.expr) -> str:
    return re.escape(str(value.value)).replace(r"\-", "-") if isinstance(value, ast.Constant) else ".*"


def test_every_key_asked_for_exists() -> None:
    """A key passed to `words`, or on to it, such as «notice.part-over», is spelt right.

    A misspelt key that no longer looks like a key leaves the right one unused.
    """
    keys = set(words(Language.NB).catalogue)
    areas = {key.partition(".")[0] for key in keys}
    asked = re.findall(r"\b_?words(?:\.count)?\(([^()]*)", source())
    named = {text for span in asked for text in re.findall(r'"([^"]+)"', span) if KEY.fullmatch(text)}
    alike = {text for text in strings("handlers")[0] if KEY.fullmatch(text)}
    assert not (named | {text for text in alike if text.partition(".")[0] in areas}) - keys
    ours = [p for p in strings()[1] if p.pattern.partition("\\")[0] in areas]
    assert not [p.pattern for p in ours if not any(map(p.fullmatch, keys))]


def test_every_key_is_used() -> None:
    """By name, by an f-string, as a more exact text for an error's code, or in a complete fixed list."""
    alone, patterns = strings()
    keys = [key for key in words(Language.NB).catalogue if key.partition(".")[0] not in ENUMS]
    unnamed = [key for key in keys if not {key, key.rpartition(".")[0]} & alone]
    assert not [key for key in unnamed if not any(p.fullmatch(key) for p in patterns)]


@every("prefix", ENUMS)
def test_every_value_of_a_list_has_its_words_and_no_other_has(prefix: str) -> None:
    found = {k.partition(".")[2] for k in words(Language.NB).catalogue if k.partition(".")[0] == prefix}
    assert found == {value.value for value in ENUMS[prefix]}
