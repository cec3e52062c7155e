"""The campaign: real bots, killed, frozen and failed at random for minutes, and what must hold all the same.

`python -m tests.campaign --minutes 40 --seed 1 --db both`; what one found stands in docs/reliability.md.

Bots as `tot run` makes them, each a process of its own, in rounds of three minutes: killed, frozen or ended
by SIGTERM, two lives in three within seconds, the third within half a minute. Slack answers with 429, 5xx,
silence and broken connections, before or after it has done it; the socket stalls, the disk is full, the clock
jumps. In every fourth round Slack is away for minutes, whereupon the database fails too. People go on
meanwhile, and send again what failed. With `--no-kills` bots are told to stop at most, and the database fails
three times as often.

After each round nothing goes wrong any more, and all that is due has to come within 300 seconds. Then the
witness compares what was done with what Slack shows, by person and by the words that they read:

    lost       what somebody should have and has not
    doubled    what came more than once for its meeting or case
    early      what came before the clock had ever shown its time
    late       more than 180 s after it, less the time in which nothing could be delivered
    waiting    who was told that it takes a little, and no more
    unheeded   a press that changed nothing
    in vain    what people tried ten times or more and seldom achieved, though the bot could hear

A start counts as late. What met an uncertain answer waits twenty seconds before it is read back, and so does
what is for the same person. What was done and how late things came is printed; the exit code is 1 where
anything was violated, with each violation, the seed and the folder of the logs.
"""
