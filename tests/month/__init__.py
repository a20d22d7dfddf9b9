"""A simulated month: the real bot on virtual time, with customers and staff who behave like people.

    parent ──> a life ──> killed ──> the next life ──> … ──> the month is over ──> the verdict

Each life is a process of its own with the real database, turns, due rows and delivery. What stands outside of it are
people: a channel that remembers what reached whom, in a file that outlives every process, as telephones do. The seed
decides everything: who is served when, who answers what, who is ill, when the process is killed.
"""
