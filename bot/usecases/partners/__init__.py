"""The partners file: teams, coordinators, agencies and contacts, in and out.

`read_partners` checks a text, `plan_import` says what it would do, `import_partners` does it,
`export_partners` writes the file anew.
"""

from bot.usecases.partners.entries import PartnersFile
from bot.usecases.partners.export_partners import export_partners
from bot.usecases.partners.faults import Fault, WrongFile
from bot.usecases.partners.import_partners import ChangedMeanwhile, import_partners, plan_import
from bot.usecases.partners.partners_file import read_partners
from bot.usecases.partners.plan import Difference, Plan, Verb

__all__ = [
    "ChangedMeanwhile",
    "Difference",
    "Fault",
    "PartnersFile",
    "Plan",
    "Verb",
    "WrongFile",
    "export_partners",
    "import_partners",
    "plan_import",
    "read_partners",
]
