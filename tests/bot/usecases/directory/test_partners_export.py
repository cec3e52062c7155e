"""An export of a team can be imported again, and changes nothing."""

from __future__ import annotations

from storage.database import SqlDatabase
from tests.bot.usecases.directory.test_partners_import import EXAMPLE, Office


async def test_what_is_exported_can_be_imported_and_changes_nothing(database: SqlDatabase) -> None:
    office = Office(database)
    statement = '[teams.statement]\nnb = "Taushet «gjelder».\\nAlltid."\nen = "\\"Quoted\\""\n'
    own = EXAMPLE.replace("# themes =", "themes =").replace("guidance_days = 2 ", "guidance_days = 3 ")
    await office.imports(own.replace("# [teams.statement]\n", statement))
    exported = await office.exports()
    assert '"Meldeplikt"' in exported
    assert "guidance_days = 3" in exported
    assert await office.sees(exported) == []
    await office.imports(exported.replace("TOT Bergen", 'TOT \\"B\\" \\\\ #'))
    assert await office.sees(await office.exports()) == []


async def test_the_teams_own_lists_are_exported_too(database: SqlDatabase) -> None:
    office = Office(database)
    law = '# [teams.placement_law]\n# read = 2026-11-01\n# nb = "…"\n'
    assert law in EXAMPLE
    own = law.replace("# ", "").replace("2026-11-01", "2026-12-01")
    needs = 'needs = ["tolk til pårørende"]\n'
    await office.imports(EXAMPLE.replace(law, own).replace("[teams.rules]", f"{needs}[teams.rules]", 1))
    exported = await office.exports()
    assert "read = 2026-12-01" in exported
    assert '"tolk til pårørende"' in exported
    assert await office.sees(exported) == []
