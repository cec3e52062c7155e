"""The kill matrix: which tests notice when the product is wrong in one place.

    python -m tests.mutants list                       the chosen mutants: 200 changes of one operator each
    python -m tests.mutants reach --jobs 2             run all tests once, and record which test reaches what
    python -m tests.mutants run stories rules kept old the tests that reach each, until one fails
    python -m tests.mutants table stories rules kept   how many each kills, and what survives

`sites` defines what is changed, and how it is chosen and named; with `--of bot/domain/polls.py bot/usecases`
all mutants in these paths, or `--count` of them. Mutants that no test can notice are listed, each with its
reason, in `equal.txt` in this folder. No file is written (`hook`): a module is changed as it is imported; a
`sitecustomize` does the same in processes that tests start.

Which test reaches what (`plugin`): one run of the tests with a probe before every statement that contains a
site. It is kept in `--data`, in `sites.txt` and `reach.jsonl`; `run` automatically includes test files that
are new or changed. Slow tests are not run. To reuse somebody else's findings, copy these two files.

Running (`runs`): the tests of the groups in the given order, each a layer (`LAYERS`; «old» is the rest) or a
path of tests, until one notices. Results are kept in `results.jsonl`, and not recomputed until the module or
a test file changes (`--again` if a helper changed); a run may be interrupted.

Before deleting a test file: `run stories rules kept FILE`; mutants killed by it are killed by it alone. Check
those beyond the 200 too: `--of` its subject's modules.

To see a mutant: `MUTANT=NAME PYTHONPATH=tests/mutants/children python -m pytest …`.
"""
