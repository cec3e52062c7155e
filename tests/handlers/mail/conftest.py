"""The operator's `tot`, as the tests of the command line have it."""

from tests.bot.cli.conftest import no_settings, tot

__all__ = ["no_settings", "tot"]
