"""The confidentiality guard: finds, by form, what a free text may not contain.

Source: docs/domain.md, «What may never be in the bot, Slack, a calendar or a mail». Names have no form, so
the guard does not look for them. It prefers one refusal too many: the writer sees which kind was found and
rewrites the text.

A text is first normalised to plain characters, so that forms are found however they are written.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from urllib.parse import unquote_plus

from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2

from bot.domain.calendar_words import MONTHS, one_of


class ForbiddenKind(StrEnum):
    """The kinds of what is found, most revealing first: what lies within a more revealing one is not told."""

    BIRTH_NUMBER = "birth_number"
    D_NUMBER = "d_number"
    DUF_NUMBER = "duf_number"
    EMAIL = "email"
    PHONE = "phone"
    OLD_DATE = "old_date"
    NUMBER_PLATE = "number_plate"
    AGE = "age"


#: Start, end and kind of a match in a text in plain characters.
Found = tuple[int, int, ForbiddenKind]
#: A long text is searched in portions of this many characters, so that a room's messages never block the bot
#: for long. A match across an edge is found in the overlapping portion that contains it whole.
_PORTION, _OVERLAP, _EDGE = 2000, 500, 8


def find_forbidden(text: str, *, today: date) -> list[ForbiddenKind]:
    """Return the kinds in `text` that may not leave the writer's own system, most revealing first.

    `today` is the local date: a date more than a year before it counts as a date of birth. Dates without a
    year, years alone, times, amounts of money, and short numbers (112, 116117, 02800) pass.
    """
    found = set(chain.from_iterable(in_portions(text, today=today)))
    return [kind for kind in ForbiddenKind if kind in found]


def in_portions(text: str, *, today: date) -> Iterator[set[ForbiddenKind]]:
    """Like `find_forbidden`, one portion of the text at a time."""
    plain = in_plain_characters(text)
    for start in range(0, max(1, len(plain) - _OVERLAP), _PORTION - _OVERLAP):
        portion = plain[start : start + _PORTION]
        first = _EDGE if start else 0
        last = len(portion) - (_EDGE if start + _PORTION < len(plain) else 0)
        found = {
            *_numbers(portion, today),
            *_matches(ForbiddenKind.EMAIL, _EMAIL, portion),
            *_number_plates(portion),
            *_matches(ForbiddenKind.AGE, _AGE, portion),
        }
        # Of the same length, so that places stay the same.
        read_as_digits = _MIXED.sub(lambda match: _as_digits(match[0]), portion)
        if read_as_digits != portion:
            found.update(_numbers(read_as_digits, today))
        yield {kind for begins, ends, kind in _outermost(found) if first <= begins and ends <= last}


def _outermost(found: Iterable[Found]) -> list[Found]:
    """Leave out what lies within a match that is equally or more revealing."""
    order = {kind: number for number, kind in enumerate(ForbiddenKind)}
    kept: list[Found] = []
    for each in sorted(found, key=lambda f: (order[f[2]], f[0], -f[1])):
        if not any(begins <= each[0] and each[1] <= ends for begins, ends, _ in kept):
            kept.append(each)
    return kept


def _numbers(plain: str, today: date) -> Iterator[Found]:
    yield from _identity_numbers(plain)
    yield from _duf_numbers(plain, today)
    yield from _phones(plain)
    yield from _old_dates(plain, today)


def names_somebody(url: str) -> bool:
    """Return whether a link's path or query has an identity number or a mail address, also in %-escapes.

    Nothing else is searched for, since meeting ids are long numbers. For the same reason an identity number
    must not touch other digits, and must contain a date.
    """
    resolved = url
    while (again := unquote_plus(resolved)) != resolved:
        resolved = again
    plain = in_plain_characters(_TEAMS_THREAD.sub(" ", resolved))
    return _EMAIL.search(plain) is not None or any(
        _identity_kind(match[1] + match[2]) and int(match[1][:2]) < 80 for match in _ALONE.finditer(plain)
    )


#: The name Teams gives to a meeting's conversation: «19:meeting_…@thread.tacv2».
_TEAMS_THREAD = re.compile(r"@thread\.(?:v2|tacv2|skype)", re.IGNORECASE)
_ALONE = re.compile(r"(?<![0-9])([0-9]{6})[ .\-]?([0-9]{5})(?![0-9])")


def _matches(kind: ForbiddenKind, pattern: re.Pattern[str], plain: str) -> Iterator[Found]:
    return ((match.start(), match.end(), kind) for match in pattern.finditer(plain))


# --- identity numbers ---

_DIGITS_WITH_SEPARATORS = re.compile(r"[0-9](?:[ .\-/:,*_~`()]{0,3}[0-9])+")
_DATE_WITH_FULL_YEAR = re.compile(
    r"(?<![0-9])(?:[0-9]{1,2}[./\- ]{1,2}[0-9]{1,2}[./\- ]{1,2}(?:19|20)[0-9]{2}"
    r"|(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2})(?![0-9])"
)
#: Eleven digits that may begin with a date, as in `_identity_kind`: checksums are computed only for these.
_WITH_A_DATE = re.compile(
    r"(?=((?:(?:[04][1-9]|[1256][0-9]|[37][01])(?:[048][1-9]|[159][0-2]|6[6-9]|7[0-7])|[89][0-9]{3})[0-9]{7}))"
)
# Offsets added to the month in synthetic numbers (NAV, Skatteetaten), and in H-numbers (40).
_MONTH_OFFSETS = (0, 40, 65, 80)


def _identity_numbers(plain: str) -> Iterator[Found]:
    """Find fødselsnummer and D-nummer: anywhere in unbroken digits, or as whole groups of separated digits.

    Dates with a full year are masked first: «01.10.2026 10.00» would sometimes be a valid number.
    """
    masked = _DATE_WITH_FULL_YEAR.sub(lambda match: "x" * len(match[0]), plain)
    for run in _DIGITS_WITH_SEPARATORS.finditer(masked):
        at = [index for index in range(run.start(), run.end()) if masked[index].isdigit()]
        digits = "".join(masked[index] for index in at)
        for candidate in _WITH_A_DATE.finditer(digits):
            first, last = candidate.start(), candidate.start() + 10
            unbroken = at[last] - at[first] == 10
            starts_group = first == 0 or at[first] - at[first - 1] > 1
            ends_group = last == len(at) - 1 or at[last + 1] - at[last] > 1
            if unbroken or (starts_group and ends_group):
                kind = _identity_kind(candidate[1])
                if kind:
                    yield at[first], at[last] + 1, kind
        # Eleven digits alone are also tried in reverse.
        backwards = _identity_kind(digits[::-1]) if len(digits) == 11 else None
        if backwards and not _identity_kind(digits):
            yield at[0], at[-1] + 1, backwards


def _identity_kind(digits: str) -> ForbiddenKind | None:
    """Return the kind of an eleven-digit number by its checksums and date part, or None.

    stdnum's own `validate` reads the clock and refuses some synthetic numbers: only its checksums are used.
    """
    if digits[9] != calc_check_digit1(digits) or digits[10] != calc_check_digit2(digits):
        return None
    day, month = int(digits[:2]), int(digits[2:4])
    if day >= 80:  # felles hjelpenummer: no date in it
        return ForbiddenKind.BIRTH_NUMBER
    kind = ForbiddenKind.D_NUMBER if day > 40 else ForbiddenKind.BIRTH_NUMBER
    in_month = any(_a_date(2000, month - offset, day % 40) for offset in _MONTH_OFFSETS)
    return kind if in_month else None


_DUF = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})"
    r"(?:[ .\-/]{0,3}[0-9]{8}|[ .\-/]{0,3}[0-9]{6}[ .\-/]{1,3}[0-9]{2}|[0-9]{2}[ .\-/][0-9]{6}"
    r"|(?: [0-9]{4}){2})(?![0-9])"
)


def _duf_numbers(plain: str, today: date) -> Iterator[Found]:
    """Find DUF numbers: the year of registration, six serial digits and two check digits."""
    for match in _DUF.finditer(plain):
        if int(match[1]) <= today.year:
            yield match.start(), match.end(), ForbiddenKind.DUF_NUMBER


# --- e-mail, telephone, vehicle ---

# The local part is matched only once, from its beginning: matching from each letter takes 64 times as long.
_EMAIL = re.compile(
    r"mailto:[^\s|>]{1,254}"
    r"|(?<![\w.+%'\-])[\w.+%'\-]++(?:"
    r" ?(?:@|[(\[{] ?(?:at|krøllalfa|alfakrøll) ?[)\]}]) ?"
    r"[\w\-]{1,63}(?:(?:\.|[(\[{] ?(?:dot|punktum) ?[)\]}])[\w\-]{1,63}){0,6}"
    r"(?:\.|[(\[{] ?(?:dot|punktum) ?[)\]}])[^\W\d_]{2,63}"
    # Written in words. «At» is a common word, so the dots have to be words too.
    r"| [(\[{]?(?:at|krøllalfa|alfakrøll)[)\]}]? [\w\-]{1,63}"
    r"(?: [(\[{]?(?:dot|punktum)[)\]}]? [\w\-]{1,63}){0,6} [(\[{]?(?:dot|punktum)[)\]}]? [^\W\d_]{2,63}"
    r"| (?:krøllalfa|alfakrøll) [\w\-]{1,63}(?:\.[\w\-]{1,63}){0,6}\.[^\W\d_]{2,63}"
    r")",
    re.IGNORECASE,
)

_PHONE = re.compile(
    r"(?:(?<![0-9+])\+|(?<![\w+.:,\-])00)[ (]{0,2}[1-9](?:[ .\-/()]{0,3}[0-9]){6,14}(?![0-9])"
    # Two times in the evening («20.00-21.30») or a date with an hour («30.04.29 23») are not four pairs.
    r"|(?<![0-9])(?!2[0-3]\.[0-5][0-9][ \-]+[0-2][0-9]\.[0-5][0-9])"
    r"(?![0-3][0-9]\.[01][0-9]\.[0-9]{2} [0-2][0-9])(?:"
    r"[2-9][0-9]{7}"
    r"|[2-9][0-9]\)?(?:[ .\-/]{1,2}[0-9]{2}){3}"
    r"|[2-9][0-9](?: ?(?P<mark>[,:;|_*\-]) ?[0-9]{2})(?: ?(?P=mark) ?[0-9]{2}){2}"
    r"|[2-9][0-9]{2}\)?[ .\-/]{1,2}[0-9]{2}[ .\-/]{1,2}[0-9]{3}"
    r"|[2-9][0-9]{2}[ .\-/][0-9]{3}[ .\-/][0-9]{2}"
    r"|[2-9][0-9]{2}[ .\-/][0-9]{5}"
    r"|[2-9][0-9][ .\-/][0-9]{6}"
    # Amounts are grouped in threes too, and dates end in a year.
    r"|(?<!(?i:kr|ok) )(?<!(?i:kr)\. )[2-9][0-9][ .\-/](?![0-9]{3}.000)[0-9]{3}[ .\-/][0-9]{3}"
    r"(?! ?(?i:kr|nok|,-|,[0-9]))"
    r"|[2-9][0-9][ .\-/]{1,2}[0-9]{2}[ .\-/]{1,2}(?!19|20)[0-9]{4}"
    r"|(?!20)[2-9][0-9]{3}[ .\-/][0-9]{4}"
    r"|(?!20)[2-9][0-9]{3}[ .\-/][0-9]{2}[ .\-/][0-9]{2}"
    r"|[2-9](?:[ .\-][0-9]){7}"
    r")(?![0-9])"
)


def _phones(plain: str) -> Iterator[Found]:
    """Find numbers with a country code, and Norwegian ones of eight digits as people group them.

    «20261201» is left to the dates: no Norwegian number begins with 20 (Nkom's plan). «48, 49, 50, 51» is a
    list.
    """
    for match in _PHONE.finditer(plain):
        compact = match[0]
        is_date = compact.isdigit() and compact.startswith("20") and _compact_date(compact, 2000)
        if not is_date and not _counts_up(compact):
            yield match.start(), match.end(), ForbiddenKind.PHONE


def _counts_up(found: str) -> bool:
    """Return whether a match is a list of days or weeks: «48, 49, 50, 51»."""
    numbers = [int(n) for n in found.split(",")] if "," in found else []
    return len(numbers) > 1 and numbers == sorted(set(numbers))


_PLATE = re.compile(
    r"(?<![^\W_])([A-Za-z]{2}|[A-Z][ .][A-Z](?=.{0,2}[0-9]{5}))([ .\-]{0,2})([0-9]{5}|[0-9]{4})(?![^\W_])"
)
_WORDS_BEFORE_NUMBERS = re.compile(
    "kr|nr|no|og|av|om|et|en|ei|at|er|ca|id|in|of|to|by|is|or|so|vi|du|de|me|pr|on|as|if|eu|fn", re.IGNORECASE
)


def _number_plates(plain: str) -> Iterator[Found]:
    """Find number plates: two letters and five digits (four on trailers and motorcycles).

    «kr 15000» and «EU 2026» are no plates. With four digits the letters must be capitals, and a separate year
    counts as a year. Letters that stand apart must be capitals before five digits.
    """
    for match in _PLATE.finditer(plain):
        letters, separator, digits = match.groups()
        is_word = bool(separator) and _WORDS_BEFORE_NUMBERS.fullmatch(letters) is not None
        is_year = bool(separator) and len(digits) == 4 and digits[:2] in {"19", "20"}
        is_weak = len(digits) == 4 and not letters.isupper()
        if not (is_word or is_year or is_weak):
            yield match.start(), match.end(), ForbiddenKind.NUMBER_PLATE


# --- ages ---

_CHILD = r"(?:jent|gutt|girl|boy)"
_SOMEBODY = rf"(?:{_CHILD}|kvinn|mann|datt|sønn|søst|bror|woman|daughter|brother)"
#: Capitalised words that are no names: «Etter 12 år», «Over 18 år», «Oppfølging 6 år».
_NO_NAME = (
    "anslagsvis|avtale|bare|berre|ca|cirka|de|dei|den|denne|det|dette|dom|eldre|etter|for|fra|frå|fylt|første|"
    "fyrste|gjelder|gjeld|gjennom|hver|hvert|kvar|kvart|i|innen|innan|inntil|kun|maks|med|minst|mot|myndig|neste|"
    "nesten|nå|no|næringsliv|om|omtrent|opptil|over|plan|på|rundt|samtykke|siden|sidan|siste|strafferamme|straff|"
    "tidligst|tidlegast|til|under|ved|yngre|about|after|almost|at|below|every|for|from|in|last|least|next|only|"
    "over|since|the|under|until|within"
)
_NAME = (
    rf"(?<![^\W\d_])(?!(?:{_NO_NAME})(?![^\W\d_]))(?-i:[A-ZÆØÅ][a-zæøå]{{1,20}})"
    r"(?<!ing)(?<!het)(?<!heit)(?<!tid)(?<!sjon)(?<!else)(?<!grense)(?<!grensen)(?<!grensa)"
)
_OF_A_SPAN = r"(?! (?:siden|sidan|etter|før|ago)(?![^\W\d_]))"
#: Somebody's age, not «om 15 år» or «etter 2 års arbeid»: next to a person, or in a word that means an age.
_AGE = re.compile(
    r"(?<![0-9])[0-9]{1,2}[ \-]?(?:åring|årig|år(?:s)? (?:gamm?el|gamm?le|gamm?al)|years?[ \-]olds?)"
    r"|(?:tolv|tretten|fjorten|femten|seksten|sytten|atten|nitten)[ \-]?åri(?:ng|g)"
    r"|(?<![^\W\d_])(?:født|fødd|born)(?: i| in)? (?:19|20)[0-9]{2}(?![0-9])"
    rf"|(?<![^\W\d_]){_SOMEBODY}\w{{0,5}}[ ,(]{{1,3}}(?:på |i alderen |aged? )?1?[0-9](?: år(?!s)|(?=\)))"
    # With a name in between: «Ung kvinne, Maria 17 år».
    rf"|(?<![^\W\d_]){_SOMEBODY}\w{{0,5}}[ ,(]{{1,3}}(?-i:[A-ZÆØÅ])\w{{1,20}}[ ,(]{{1,3}}[0-9]{{1,2}} år(?!s)"
    # After a name only; no multiple of ten, since spans of years often are.
    rf"|{_NAME}[ ,(]{{1,3}}(?:[5-9]|[1-9][1-9]) (?:år|years?)(?![^\W\d_]){_OF_A_SPAN}"
    rf"|{_NAME}(?<!en)(?<!et) (?:er|is) 1[1-9] (?:år|years?)(?![^\W\d_]){_OF_A_SPAN}"
    rf"|(?<![^\W\d_]){_SOMEBODY}\w{{0,5}}(?:,? på| aged?) [0-9]{{1,2}}(?![0-9:.])"
    rf"|(?<![^\W\d_]){_CHILD}\w{{0,3}},? (?:er |is )?1[0-9](?![0-9:.])",
    re.IGNORECASE,
)

# --- dates ---

_MONTH = rf"(?<![^\W\d_])(?P<month>{one_of(MONTHS)})(?![^\W\d_])"
_GAP = r"(?:[./\-] ?| )"
_FULL_YEAR = r"(?P<year>(?:18|19|20)[0-9]{2})(?![0-9])"
# After a written month, two digits are a year only when they cannot be an hour or a small number of people.
_YEAR = r"(?P<year>(?:18|19|20)[0-9]{2}(?![0-9])|['’][0-9]{2}(?![0-9])|[4-9][0-9](?![0-9:.]))"
_DAY = r"(?<![0-9])(?P<day>[0-9]{1,2})"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_DAY}{_GAP}(?P<month>[0-9]{{1,2}}){_GAP}{_FULL_YEAR}",
        rf"(?<![0-9])(?<![0-9][./\-]){_FULL_YEAR}(?P<gap>{_GAP})(?P<month>[0-9]{{1,2}})(?P=gap)"
        r"(?P<day>[0-9]{1,2})(?![0-9])",
        rf"{_DAY}(?P<gap>[./\-]) ?(?P<month>[0-9]{{1,2}})(?P=gap) ?(?P<year>[0-9]{{2}})(?![0-9]|[.:][0-9])",
        rf"{_DAY}/(?P<month>[0-9]{{1,2}})-(?P<year>[0-9]{{2}})(?![0-9]|[.:][0-9])",
        rf"{_DAY}(?:\.|st|nd|rd|th)?[ \-]{{0,2}}(?:of )?{_MONTH}[ .,\-]{{0,3}}{_YEAR}",
        rf"{_MONTH}\.? (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}",
        rf"(?<![0-9]){_FULL_YEAR}[ ,\-]{{1,2}}{_MONTH}\.?[ \-](?P<day>[0-9]{{1,2}})(?![0-9])",
        rf"{_MONTH}[ .,\-]{{0,3}}(?:i |of )?{_FULL_YEAR}",
    )
)
_COMPACT_DATE = re.compile(
    r"(?<![0-9])(?:[0-9]{8}|(?<!kr )(?<!kr\. )(?<!nok )[0-9]{6}(?! ?(?:kr|nok|,-)))(?![0-9])", re.IGNORECASE
)


def _old_dates(plain: str, today: date) -> Iterator[Found]:
    """Find dates, and months of a year, that ended more than a year before `today`."""
    limit = _a_date(today.year - 1, today.month, today.day) or date(today.year - 1, 2, 28)
    for pattern in _DATES:
        for match in pattern.finditer(plain):
            found = _written_date(match.groupdict(), today)
            if found and found < limit:
                yield match.start(), match.end(), ForbiddenKind.OLD_DATE
    for match in _COMPACT_DATE.finditer(plain):
        found = _compact_date(match[0], today.year)
        if found and found < limit:
            yield match.start(), match.end(), ForbiddenKind.OLD_DATE


def _written_date(parts: dict[str, str | None], today: date) -> date | None:
    """Return the date of a match: day first as in Norway, otherwise month first. Without a day, the 28th."""
    year = _full_year(str(parts["year"]).strip("'’"), today.year)
    word = str(parts["month"]).lower()
    month = MONTHS[word] if word in MONTHS else int(word)
    day = int(parts.get("day") or 28)
    return _a_date(year, month, day) or _a_date(year, day, month)


def _compact_date(digits: str, this_year: int) -> date | None:
    if len(digits) == 8:
        year_first = _a_date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        day_first = _a_date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
        return next((found for found in (year_first, day_first) if found and 1850 < found.year < 2100), None)
    first, middle, last = digits[:2], int(digits[2:4]), digits[4:]
    day_first = _a_date(_full_year(last, this_year), middle, int(first))
    return day_first or _a_date(_full_year(first, this_year), middle, int(last))


def _full_year(digits: str, this_year: int) -> int:
    """Expand two digits to a year of this century up to ten years ahead, otherwise of the last century."""
    if len(digits) == 4:
        return int(digits)
    return 2000 + int(digits) if 2000 + int(digits) <= this_year + 10 else 1900 + int(digits)


def _a_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# --- normalising a text ---

_INVISIBLE = {"\u115f", "\u1160"}  # Hangul fillers: letters by category, but invisible
_DOTS = {"·", "•", "∙", "‧"}
_BLANK = {"\u2800"}
_ASCII_SPACE = re.compile(r"[\t-\r\x1c-\x1f]")


def in_plain_characters(text: str) -> str:
    """Return the text in plain characters.

    Compatibility forms (full-width digits, NBSP) become ordinary ones, digits of every script become 0-9, and
    invisible characters (zero-width and other format characters, combining marks) are removed.
    """
    return _ASCII_SPACE.sub(" ", text) if text.isascii() else "".join(map(_seen, text))


@lru_cache(1024)
def _seen(original: str) -> str:
    """Return a character as plain ones. A character for a whole word or phrase («ﷺ») becomes a blank."""
    characters = unicodedata.normalize("NFKC", original)
    return "".join(map(_plain_char, characters)) if len(characters) <= 4 else " "


def _plain_char(char: str) -> str:
    if char.isascii() and not char.isspace():
        return char
    category = unicodedata.category(char)
    if category in {"Cf", "Mn", "Me"} or char in _INVISIBLE:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if char.isspace() or char in _BLANK:
        return " "
    if category == "Pd" or char == "\u2212":
        return "-"
    return "." if char in _DOTS else char


#: Letters that are read as digits («I5IO86»), and where: in groups with at least as many digits as letters,
#: next to another such group, or as a single O between two.
_LOOKALIKES = str.maketrans("OoIl", "0011")
_MIXED = re.compile(r"(?<![^\W_])[0-9OoIl]{2,}(?![^\W_])|(?<=[0-9OoIl] )O(?= [0-9OoIl])")


def _as_digits(group: str) -> str:
    letters = sum(char.isalpha() for char in group)
    # «OO» and «O» are read as zeros, such as the last pair of a number; «Il» alone is no number.
    return group.translate(_LOOKALIKES) if 2 * letters <= len(group) or set(group) == {"O"} else group
