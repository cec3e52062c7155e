"""Which tests notice when the product is wrong in one place.

    python -m tests.mutants list --of bot/domain/polls.py     every change of one operator there
    python -m tests.mutants run --of bot/domain/polls.py --tests "tests/stories -n 2"

Each mutant of these paths, or `--count` of them by a seed, is run with the given arguments of pytest until a
test fails. `sites` defines what is changed, and how it is named. Mutants that no test can notice are in
`equal.txt` in this folder, each with its reason, and are not run. No file is written (`hook`): a module is
changed as it is imported; a `sitecustomize` does so in every process, those that tests start too.

Before deleting a test file: run the mutants of its subject's modules with the tests that stay. To see a
mutant: `MUTANT=NAME PYTHONPATH=tests/mutants/children python -m pytest …`.
"""
