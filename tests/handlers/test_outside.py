"""Messages of what lies outside cases: within Slack's limits, without markup."""

from __future__ import annotations

import json

from bot.domain.language import Language
from bot.texts.words import words
from handlers.directory.roster_page import roster_html
from sandbox.block_kit.checks import check_message
from tests.every import every
from tests.handlers.cases import STARTS, base, with_deputy
from tests.handlers.outside import MESSAGES, a_roster
from tests.handlers.test_forms import crowded


@every("language", Language)
@every("name", MESSAGES)
def test_fits_in_slack_and_nothing_becomes_markup(name: str, language: Language) -> None:
    for file in (with_deputy(base()), crowded()):
        message = MESSAGES[name](words(language), file)
        assert message is not None
        assert check_message(message.blocks) == []
        shown = json.dumps(message.blocks, ensure_ascii=False)
        assert "<!channel>" not in shown
        assert "<@U0EVIL>" not in shown
        assert "Krisesenteret" not in shown


@every("language", Language)
def test_the_page_is_whole_html_without_markup_from_data(language: Language) -> None:
    page = roster_html(words(language), [a_roster(crowded())], STARTS.date())
    assert page.startswith("<!DOCTYPE html>")
    assert "<!channel>" not in page
    assert page.count("<tr>") == page.count("</tr>")
    assert "Krisesenteret" not in page
