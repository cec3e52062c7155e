"""The words of all .po files are complete: in every language, all used, and none that we do not say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from itertools import chain
from pathlib import Path
from string import Formatter

from bot.domain.access import Action
from bot.domain.answers import DutyState
from bot.domain.audit import Event, done
from bot.domain.case.actions import Outcome
from bot.domain.case.dates import Afterwards
from bot.domain.case.entities import (
    Attendance,
    DeclineReason,
    Measure,
    PauseReason,
    Phase,
    QuorumReason,
    Rhythm,
    Via,
)
from bot.domain.case.file import Standing
from bot.domain.convening import NotConvened, Urgency
from bot.domain.directory.entities import AgencyKind, AgendaPoint, Ground, Need, Reason
from bot.domain.guidance import GuidanceOutcome, Theme
from bot.domain.language import Language
from bot.domain.overview.missing import Missing
from bot.texts.words import catalogue_keys
from tests.every import every

ROOT = Path(__file__).parents[2]
FOLDERS = ("bot", "handlers", "storage")
ENUMS: dict[str, Iterable[StrEnum]] = {
    "afterwards": Afterwards,
    "agency-kind": AgencyKind,
    "agenda": AgendaPoint,
    "attendance": Attendance,
    "decline": DeclineReason,
    "duty": DutyState,
    "event": [action for action in map(done, Action) if action not in set(Event)],
    "ground": Ground,
    "language": Language,
    "measure": Measure,
    "missing": Missing,
    "not-convened": NotConvened,
    "need": Need,
    "guidance-outcome": GuidanceOutcome,
    "outcome": Outcome,
    "phase": Phase,
    "quorum-reason": QuorumReason,
    "reason": Reason,
    "standing": Standing,
    "theme": Theme,
    "urgency": Urgency,
    "rhythm": Rhythm,
    "standstill": PauseReason,
    "via": Via,
}
#: Looks like a key: «summons.title», «missing.no_answer».
KEY = re.compile(r"[a-z][a-z-]*(\.[a-z0-9_-]+)+")
#: What we never say, in any form. «Mulig offer» and "possible victim" are the mandate's own terms.
FORBIDDEN = {
    Language.NB: r"(?<!mulig )(?<!mulige )\bofre(?:ne)?\b|(?<!mulig )\boffer(?:et|ets|s)?\b"
    r"|\bklient\w*|\blovpålagt\w*",
    Language.NN: r"(?<!mogleg )(?<!moglege )\boff(?:er|ra|eret|ret)\b"
    r"|\bklient\w*|\blovpålag[dt]\w*",
    Language.EN: r"(?<!possible )\bvictims?\b(?!'s counsel)|\bclients?\b|\bstatutory\b",
}
#: Words that betray the other written standard.
FOREIGN = {
    Language.NB: r"\b(ikkje|eg|frå|nokon|noko|kven|kva|korleis|vere|stadfest\w*|teieplikt\w*"
    r"|frammøte\w*|òg)\b",
    Language.NN: r"\b(ikke|jeg|fra|noen|noe|hvem|hva|hvor|hvordan|være|bekreft\w*|taushet\w*|oppmøte\w*|også"
    r"|innkallingen|saken|møter|gjøre|nå|mer|flere|etater|et|en)\b",
    Language.EN: r"[æøåÆØÅ]",
}
#: Terms that say the same in both standards wherever they stand: another one there would say something else.
TERMS = (
    *[(same, same) for same in ("advokat", "avslutt", "barnevern", "fellesmøte", r"\bfrist", "koordinator")],
    *[(same, same) for same in ("mandat", "meldeplikt", "møteplikt", "plassering", "politi", "saksrom")],
    *[(same, same) for same in ("samtykke", r"\bslett", r"\bvara(?:en)?\b", "vakttelefon")],
    *(("avvergeplikt", "avverjeplikt"), ("hjemmel", "heimel"), ("taushets(?:plikt|belagt)", "teieplikt")),
    *(("refleksjonsperiode", "refleksjonsperiod"), ("tjeneste", "tenest"), ("veiledning", "rettleiing")),
)
NATIVE = frozenset({"language.nb", "language.nn"})


def forms(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@every("language", list(Language))
def test_every_language_has_the_same_keys_placeholders_and_plurals(language: Language) -> None:
    assert set(catalogue_keys(language)) == set(catalogue_keys(Language.NB))
    for key, original in catalogue_keys(Language.NB).items():
        translated = catalogue_keys(language)[key]
        assert len(forms(translated)) == len(forms(original)), key
        wanted = {name for form in forms(original) for name in placeholders(form)}
        for form in forms(translated):
            optional = {"n"} if isinstance(translated, tuple) else set()
            assert placeholders(form) - optional == wanted - optional, key
        assert {name for form in forms(translated) for name in placeholders(form)} == wanted, key


@every("language", list(Language))
def test_texts_are_tidy_and_have_no_words_that_we_do_not_say(language: Language) -> None:
    for key, value in catalogue_keys(language).items():
        for text in forms(value):
            assert text == text.rstrip(), key
            assert "  " not in text.lstrip(), key
            assert re.search(FORBIDDEN[language], text, re.IGNORECASE) is None, key
            # After `/tot` a word of the other standard is understood too; the first is the one that is said.
            ours = text.split()[0] if key.startswith("command.") and key.endswith(".names") else text
            if key not in NATIVE:
                assert re.search(FOREIGN[language], ours, re.IGNORECASE) is None, key


def keys_with(term: str, language: Language) -> set[str]:
    texts = catalogue_keys(language)
    return {key for key in texts if re.search(term, " ".join(forms(texts[key])), re.IGNORECASE)}


@every(("bokmal", "nynorsk"), TERMS)
def test_a_term_stands_in_nynorsk_where_it_stands_in_bokmal(bokmal: str, nynorsk: str) -> None:
    found = keys_with(bokmal, Language.NB)
    assert found
    assert keys_with(nynorsk, Language.NN) == found


def test_the_forbidden_words_are_found() -> None:
    for language, found, passes in (
        (Language.NB, ("et offer", "Klienten", "lovpålagt"), "et mulig offer"),
        (Language.NN, ("eit offer",), "eit mogleg offer"),
        (Language.EN, ("the victim",), "the victim's counsel"),
    ):
        assert all(re.search(FORBIDDEN[language], text, re.IGNORECASE) for text in found)
        assert not re.search(FORBIDDEN[language], passes, re.IGNORECASE)


@cache
def nodes_of(folder: str) -> tuple[ast.AST, ...]:
    """The source of a folder: its texts, f-strings and calls."""
    wanted = (ast.Constant, ast.JoinedStr, ast.Call)
    sources = (path.read_text(encoding="utf-8") for path in sorted((ROOT / folder).rglob("*.py")))
    return tuple(n for source in sources for n in ast.walk(ast.parse(source)) if isinstance(n, wanted))


def nodes(*folders: str) -> Iterator[ast.AST]:
    """The same of these folders, of all of them if none is named."""
    return chain.from_iterable(map(nodes_of, folders or FOLDERS))


@cache
def literals(*folders: str) -> frozenset[str]:
    """Every string of the source that stands alone, and is no piece of an f-string."""
    within = {id(v) for n in nodes(*folders) if isinstance(n, ast.JoinedStr) for v in n.values}
    constants = (n for n in nodes(*folders) if isinstance(n, ast.Constant) and id(n) not in within)
    return frozenset(n.value for n in constants if isinstance(n.value, str))


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """Every f-string that begins as a key does, with anything in its holes."""
    return tuple(p for n in nodes() if isinstance(n, ast.JoinedStr) and (p := pattern(n)) is not None)


def pattern(node: ast.JoinedStr) -> re.Pattern[str] | None:
    first = node.values[0]
    if not (isinstance(first, ast.Constant) and re.match(r"[a-z][a-z-]*\.", str(first.value))):
        return None
    pieces = (re.escape(str(v.value)) if isinstance(v, ast.Constant) else ".*" for v in node.values)
    return re.compile("".join(pieces))


def asked_for() -> Iterator[ast.expr]:
    """The keys asked for in the source: the first argument of `words(…)` and `words.count(…)`."""
    for node in nodes():
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func
        if isinstance(called, ast.Attribute) and called.attr == "count":
            called = called.value
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name in ("words", "_words"):
            yield node.args[0]


def possible(node: ast.expr) -> list[ast.expr]:
    """Each branch of a choice between keys."""
    return [*possible(node.body), *possible(node.orelse)] if isinstance(node, ast.IfExp) else [node]


def test_every_key_asked_for_exists() -> None:
    keys = set(catalogue_keys(Language.NB))
    asked = [each for node in asked_for() for each in possible(node)]
    assert not {n.value for n in asked if isinstance(n, ast.Constant) and isinstance(n.value, str)} - keys
    made = [p for n in asked if isinstance(n, ast.JoinedStr) and (p := pattern(n)) is not None]
    assert not [p.pattern for p in made if not any(map(p.fullmatch, keys))]


def test_every_key_is_used() -> None:
    """By name, by an f-string, as a closer word for an error's code, or in a fixed list, which is whole."""
    keys = [key for key in catalogue_keys(Language.NB) if key.partition(".")[0] not in ENUMS]
    alone = [key for key in keys if not {key, key.rpartition(".")[0]} & literals()]
    assert not [key for key in alone if not any(p.fullmatch(key) for p in patterns())]


def test_what_looks_like_a_key_of_ours_is_one() -> None:
    """Keys that reach `words` by way of a variable: «notice.part-over» must not be misspelt there either."""
    keys = set(catalogue_keys(Language.NB))
    areas = {key.partition(".")[0] for key in keys}
    alike = {text for text in literals("handlers") if KEY.fullmatch(text)}
    assert not {text for text in alike if text.partition(".")[0] in areas} - keys


@every("prefix", ENUMS)
def test_every_value_of_a_list_has_its_words_and_no_other_has(prefix: str) -> None:
    found = {k.partition(".")[2] for k in catalogue_keys(Language.NB) if k.partition(".")[0] == prefix}
    assert found == {value.value for value in ENUMS[prefix]}
