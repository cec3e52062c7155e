"""The operator's `tot`, shared with the command-line tests."""

from tests.bot.cli.conftest import no_settings, tot

__all__ = ["no_settings", "tot"]
