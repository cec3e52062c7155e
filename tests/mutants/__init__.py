"""The kill matrix: which tests notice when the product is wrong in one place.

    python -m tests.mutants list                       what is picked: 200 changes of one operator each
    python -m tests.mutants reach --jobs 2             run all tests once, and write down who reaches what
    python -m tests.mutants run stories rules kept old the tests that reach each, until one fails
    python -m tests.mutants table stories rules kept   who kills how many, and what survives

What is changed, and how it is picked and named: `sites`; with `--of bot/domain/polls.py bot/usecases` all
that lie there, or `--count` of them. Those of which no test can know are named, each with its reason, in
`equal.txt` beside this. Nothing is written (`hook`): a module is changed as it is imported, or a function of
it where it stands; a `sitecustomize` does the same in processes that tests start.

Who reaches what (`plugin`): one run of the tests with a probe before every statement that holds a site. It
is kept in `--data`, in `sites.txt` and `reach.jsonl`; `run` looks itself at test files that are new or
changed. Slow tests are not run. To begin with what somebody else has found, copy these two files.

Running (`runs`): the groups in the order in which they are named, each a layer (`LAYERS`; «old» is what is
in none) or a path of tests; only survivors meet the next. What is known is kept in `results.jsonl`, and not
asked again until the module or a test file of the group changes (`--again` if it is a helper that did); a
run may be broken off.

Before a file goes: `run stories rules kept FILE`; what is killed by it, it alone kills. Look too at those
beyond the 200: `--of` its subject's modules.

To see a mutant: `MUTANT=NAME PYTHONPATH=tests/mutants/children python -m pytest …`.
"""
