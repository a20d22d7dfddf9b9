"""A small survey to change."""

SURVEY = """format = 1
key = "visit"
touchpoint = "service"
languages = ["en"]
title.en = "Visit"

[[question]]
key = "first"
kind = "csat"
text.en = "First?"

[[question.branch]]
when = "first >= 4"
to = "end"

[[question]]
key = "second"
kind = "choice"
text.en = "Second?"
options = [
    { key = "late", label.en = "Late" },
    { key = "dear", label.en = "Dear" },
]

[[question]]
key = "third"
kind = "text"
text.en = "Third?"
"""
