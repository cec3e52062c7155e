"""The campaign: real bots, killed, frozen and failed at random for minutes, and what must hold all the same.

`python -m tests.campaign --minutes 40 --seed 1 --db both`; see docs/reliability.md.
"""
