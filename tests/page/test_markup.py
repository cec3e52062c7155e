"""mrkdwn as HTML, and nothing else gets through; the page draws all that the workspace accepts."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sandbox.block_kit.checks import BLOCKS
from sandbox.block_kit.elements import ELEMENTS, TEXT_INPUTS
from sandbox.block_kit.render import EMOJI, Names
from sandbox.page import fields, markup
from sandbox.page.blocks import STATIC
from sandbox.page.words import LANGUAGES, Words, catalogue, language_of
from tests.every import every

NAMES = Names(user=lambda user_id: f"navn-{user_id}", channel=lambda channel_id: f"rom-{channel_id}")
_TAG = re.compile(r"<(/?)(\w+)([^<>]*)>")
BESIDE = 'target="_blank" rel="noreferrer noopener"'
_ALLOWED = {"strong", "em", "s", "code", "pre", "br", "blockquote", "ul", "li", "a", "span"}


@every(
    ("written", "shown"),
    [
        ("*fet* og _skrå_ og ~strøket~", "<strong>fet</strong> og <em>skrå</em> og <s>strøket</s>"),
        ("2*3*4 og snake_case_navn", "2*3*4 og snake_case_navn"),
        ("kl. 10:05–11:05", 'kl. <span class="from-to">10:05–11:05</span>'),
        ("`*kode*`", "<code>*kode*</code>"),
        ("```\nto\nlinjer\n```", "<pre>to\nlinjer</pre>"),
        ("en\nto", "en<br>to"),
        ("før\n• en\n• to\netter", "før<ul><li>en</li><li>to</li></ul>etter"),
        ("> sitat\n&gt; mer", "<blockquote>sitat<br>mer</blockquote>"),
        ("<@U1>", '<span class="mention">@navn-U1</span>'),
        (
            "*<#C1>*",
            '<strong><span class="mention" role="link" tabindex="0" data-channel="C1">#rom-C1</span>'
            "</strong>",
        ),
        ("<!here>", '<span class="mention">@here</span>'),
        ("a &lt;b&gt; &amp; c", "a &lt;b&gt; &amp; c"),
        ("<javascript:alert(1)|trykk>", "trykk"),
        (":bell: :ukjent:", "🔔 :ukjent:"),
        (
            "<https://meet.example.no/x?a=1&amp;b=2|møte>",
            f'<a href="https://meet.example.no/x?a=1&amp;b=2" {BESIDE}>møte</a>',
        ),
    ],
)
def test_mrkdwn(written: str, shown: str) -> None:
    assert markup.mrkdwn(written, NAMES) == shown


@given(st.text(alphabet="<>&\"'*_~`|@#!:\x00\n /abhtps01", max_size=60))
def test_nothing_that_is_written_becomes_a_tag_of_its_own(written: str) -> None:
    for text in (markup.mrkdwn(written, NAMES), markup.plain(written)):
        for _, tag, attributes in _TAG.findall(text):
            assert tag in _ALLOWED
            assert re.fullmatch(
                r'| class="mention"( role="link" tabindex="0" data-channel="[^"<>]*")?'
                rf'| href="(https?://|mailto:|tel:)[^"]*" {BESIDE}',
                attributes,
            )


def test_every_word_is_there_in_every_language_and_slacks_own_are_said_in_it() -> None:
    assert Words("nb").slack("Please complete this required field.") == "Dette feltet må fylles ut."
    assert Words("nb").slack("Noe annet") == "Noe annet"
    assert (language_of("nn"), language_of("xx")) == ("nn", "nb")
    assert set(catalogue()) == set(LANGUAGES)
    for key in set().union(*catalogue().values()):
        texts = [catalogue()[language][key] for language in LANGUAGES]
        assert all(texts), key
        assert len({tuple(sorted(re.findall(r"\{(\w+)\}", text))) for text in texts}) == 1, key


ROOT = Path(__file__).parents[2]


def test_the_page_draws_all_that_the_workspace_accepts() -> None:
    assert fields.DRAWN.keys() | TEXT_INPUTS | {"button", "overflow"} == ELEMENTS.keys()
    assert BLOCKS.keys() == STATIC - {"rich_text"} | {"actions", "input"}  # people alone write rich text


def test_every_emoji_of_the_bots_texts_is_shown() -> None:
    texts = "".join(file.read_text("utf-8") for file in (ROOT / "bot" / "texts").rglob("*.po"))
    named = set(re.findall(r":([a-z_]{3,}):", texts))
    assert named
    assert named <= EMOJI.keys()


def test_playing_as_text_needs_no_nicegui() -> None:
    told = "import sys, bot.cli.demo; sys.exit('nicegui' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
