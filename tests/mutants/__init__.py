"""The kill matrix: which tests notice when the product is wrong in one place.

    python -m tests.mutants list                       what is picked: 200 changes of one operator each
    python -m tests.mutants reach --jobs 2             run all tests once, and write down who reaches what
    python -m tests.mutants run stories rules kept old the tests that reach each, until one fails
    python -m tests.mutants table stories rules kept   who kills how many, file by file, and what survives
    python -m tests.mutants alone tests/e2e/test_deputies.py --against stories rules kept

**What is changed** (`sites`): a comparison, `and` and `or`, a `not`, a condition that is a name or a call,
`+` and `-`, a number by one, True and False; or a `return`, `continue`, `break`, `raise` at the end of an
`if`, or a call whose value nobody takes, is left out. Not in types, log lines, defaults, `__repr__`. A
mutant's name is its path, function, kind, and the how manieth of the kind in the function, so that it
outlives moves within the file. 80 are picked of the rules, 60 of the use cases and their kin, 40 of delivery
and storage, 20 of mail, by `--seed`; with `--of bot/domain/polls.py bot/usecases/polls` all that lie there,
or `--count` of them. Those of which no test can know are named, each with its reason, in `equal.txt` beside
this.

**How** (`hook`): nothing is written: a module is changed as it is imported, or a function of it where it
stands. PYTHONPATH holds a folder with a `sitecustomize`, so that this holds too for processes that tests
start.

**Who reaches it** (`plugin`): one run of the tests with a probe before every statement that holds a site (not
only those that are picked), also in processes that tests start. What a fixture of more than one test has
reached counts for all who use it; a constant of a module is reached by whoever comes into a module that names
it. Kept in `--data`, in `sites.txt` and `reach.jsonl`; `run` looks itself at test files that are new or
changed. Slow tests are not run. To begin with what somebody else has found, copy these two files.

**Running** (`runs`): the groups in the order in which they are named, each a layer (`LAYERS`; «old» is what
is in none) or a path of tests; only survivors meet the next. One process collects the tests, and makes one
for each mutant, in which those that reach it run, the cheapest first, up to the first that fails or takes
three times as long as it should, and half a minute more. If that one takes more than half a second, it is run
again without the mutant: if it fails there too, it is a bad witness, and the mutant is tried without it.
`--minutes` ends the run, `--most` bounds the seconds of tests that a mutant meets in a group. What is known
is kept in `results.jsonl`, and is not asked again until the module or a test file of the group changes
(`--again` if it is a helper that did).

**Before a file goes**: `alone` says which mutants it kills that none of the groups it is held against does.
If there are none, all that it kills is killed elsewhere. Look too at those beyond the 200: `--of` its
subject's modules.

To see a mutant: `MUTANT=NAME PYTHONPATH=tests/mutants/children python -m pytest …`.
"""
