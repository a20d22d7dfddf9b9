"""Surveys from a telephone: the whole life of one, in a staff member's own chat.

    /surveys ─> list ─> a survey as a tree ─> a question ─> its texts, answers, branches
                 │            ├─> settings, languages, what is missing
                 │            ├─> really being asked, by a rehearsal that stores nothing
                 │            └─> what changes ─> publish; versions ─> roll back; retire; export
                 └─> begin: blank, a copy of ours, a file

Each screen is a function of a `Room`: the talk, where they are, and the survey as it stands. What was tapped or
asked for is an *act*: a few letters with what they are about, `w.3.text.en`; `bot.surveying.acts` lists them all.
"""
