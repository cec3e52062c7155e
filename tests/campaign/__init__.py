"""The campaign: real bots, killed, frozen and failed at random for minutes, and what must still hold.

`python -m tests.campaign --minutes 40 --seed 1 --db sqlite`; docs/reliability.md has one run's findings.

The bots are those of `tot run`, each in a separate process, in rounds of three minutes: killed, frozen or
ended by SIGTERM, two lives in three within seconds, the third within half a minute. Slack answers with 429,
5xx, silence and broken connections, before or after acting; the socket stalls, the disk is full, the clock
jumps. In every fourth round Slack is away for minutes, and then the database fails too. People continue
meanwhile, and resend what failed.

After each round nothing goes wrong any more, and everything due must come within 300 seconds. Then the
witness compares what was done with what Slack shows, by person and by the words that they read:

    lost       somebody lacks a message that they should have
    doubled    a message came more than once for its meeting or case
    early      a message came before the clock had ever shown its time
    late       more than 180 s after it, less the time in which nothing could be delivered
    waiting    somebody was told that it takes a little, and nothing more
    unheeded   a press that changed nothing
    in vain    people tried it ten times or more and seldom succeeded, though the bot could hear

A start counts as late. A message with an uncertain answer waits twenty seconds before it is read back, and so
do messages to the same person. The output says what was done and how late things came; the exit code is 1 if
anything was violated, with each violation, the seed and the folder of the logs.
"""
