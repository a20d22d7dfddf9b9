"""Bots of Typebot, as written here: groups, blocks, edges, variables."""

import pytest


def said(ident, text):
    return {"id": ident, "type": "text", "content": {"richText": [{"type": "p", "children": [{"text": text}]}]}}


def bot(*groups, variables=(), edges=(), **more):
    """A bot that begins with its first group; every group is a title with its blocks."""
    made = [{"id": title, "title": title, "blocks": blocks} for title, blocks in groups]
    start = {"id": "start", "from": {"eventId": "begin"}, "to": {"groupId": made[0]["id"]}}
    return {
        "version": "6",
        "name": "Bot",
        "events": [{"id": "begin", "type": "start", "outgoingEdgeId": "start"}],
        "groups": made,
        "edges": [start, *edges],
        "variables": [{"id": f"v{name}", "name": name} for name in variables],
        **more,
    }


def edge(ident, to, block=None):
    target = {"groupId": to, **({"blockId": block} if block else {})}
    return {"id": ident, "from": {}, "to": target}


def choice(ident, *labels, variable=None, several=False):
    items = [{"id": f"{ident}{n}", "content": label, "outgoingEdgeId": f"{ident}{n}"} for n, label in enumerate(labels)]
    options = {"isMultipleChoice": several, **({"variableId": f"v{variable}"} if variable else {})}
    return {"id": ident, "type": "choice input", "items": items, "options": options}


def branches(question):
    return [(branch.when, branch.to) for branch in question.branches]


def test_the_bubble_before_an_input_is_its_question(imported):
    """Bubbles before that one are messages of their own."""
    made = imported(bot(("A", [said("a", "Hello!"), said("b", "Your name?"), {"id": "c", "type": "text input",
                                "options": {"variableId": "vName"}}]), variables=["Name"]))  # fmt: skip

    assert (made.format, made.verdict) == ("typebot", "exact")
    assert [(one.key, one.kind, one.text["en"]) for one in made.survey.questions] == [
        ("message", "statement", "Hello!"),
        ("name", "text", "Your name?"),
    ]


def test_each_choice_leads_its_own_way(imported):
    """Groups become the questions behind branches, and join again."""
    made = imported(
        bot(
            ("A", [said("a", "Happy?"), choice("c", "Very", "Not", variable="Mood")]),
            ("B", [said("b", "What went wrong?"), {"id": "why", "type": "text input", "outgoingEdgeId": "join"}]),
            ("C", [said("d", "Thank you.")]),
            edges=[edge("c0", "C"), edge("c1", "B"), edge("join", "C")],
            variables=["Mood"],
        )
    )

    assert branches(made.survey.question("mood")) == [('mood == "very"', "end")]
    assert made.survey.thanks == {"en": "Thank you."}
    assert [one.kind for one in made.survey.questions] == ["choice", "text"]


def test_a_condition_on_an_answer_becomes_a_branch(imported):
    """A condition asks and says nothing: it folds into the question before it."""
    condition = {
        "id": "if",
        "type": "Condition",
        "items": [
            {
                "id": "i",
                "outgoingEdgeId": "low",
                "content": {"comparisons": [{"variableId": "vStars", "comparisonOperator": "Less than", "value": "3"}]},
            }
        ],
    }
    rating = {
        "id": "r",
        "type": "rating input",
        "options": {"length": 5, "buttonType": "Icons", "variableId": "vStars"},
    }
    made = imported(
        bot(
            ("A", [said("a", "How many stars?"), rating, condition, said("ok", "Great.")]),
            ("B", [said("b", "Sorry. Why?"), {"id": "t", "type": "text input"}]),
            edges=[edge("low", "B")],
            variables=["Stars"],
        )
    )

    assert made.survey.questions[0].kind == "stars"
    assert branches(made.survey.question("stars"))[0][0] == "stars < 3"


def test_a_score_is_named_and_its_rules_are_left_out(imported, changes):
    """Conditions compare, they do not add up."""
    made = imported(
        bot(
            (
                "A",
                [
                    {
                        "id": "s",
                        "type": "Set variable",
                        "options": {"variableId": "vScore", "expressionToEvaluate": "1"},
                    },
                    said("a", "Ready?"),
                    choice("c", "Yes", "No"),
                    {
                        "id": "if",
                        "type": "Condition",
                        "items": [
                            {
                                "id": "i",
                                "outgoingEdgeId": "won",
                                "content": {
                                    "comparisons": [
                                        {"variableId": "vScore", "comparisonOperator": "Greater than", "value": "3"}
                                    ]
                                },
                            }
                        ],
                    },
                    said("b", "Your score: {{Score}}"),
                ],
            ),
            ("B", [said("w", "You won!")]),
            edges=[edge("won", "B")],
            variables=["Score"],
        )
    )

    told = changes(made)
    assert "Setting a variable is left out: Score." in told
    assert "A rule is left out, and the way goes on as without it: Score Greater than 3." in told
    assert "What was filled in for Score became “…”." in told
    assert told["Left out: no way leads there."]


def test_a_way_back_to_the_menu_ends_the_survey(imported, changes):
    """Every conversation of ours ends."""
    made = imported(
        bot(
            ("Menu", [said("a", "What is it?"), choice("c", "Bug", "Idea")]),
            ("Bug", [said("b", "Which bug?"), {"id": "t", "type": "text input", "outgoingEdgeId": "back"}]),
            ("Idea", [said("i", "Which idea?"), {"id": "u", "type": "text input"}]),
            edges=[edge("c0", "Bug"), edge("c1", "Idea"), edge("back", "Menu")],
        )
    )

    assert "The way back to an earlier question ends the survey instead." in changes(made)


@pytest.mark.parametrize(
    ("block", "what"),
    [
        ({"type": "payment input", "options": {"provider": "Stripe"}}, "The payment is left out (Stripe)."),
        ({"type": "openai"}, "The language model is left out (openai)."),
        ({"type": "webhook", "options": {"webhook": {"url": "https://a.example"}}},
         "The call of a web service is left out (https://a.example)."),
        ({"type": "Google Sheets"}, "The connection to another program is left out (Google Sheets)."),
        ({"type": "Code"}, "Code of its own is left out."),
        ({"type": "Wait"}, "The pause is left out."),
        ({"type": "Redirect"}, "Going on to a web page is left out."),
        ({"type": "image"}, "A picture, film or sound is left out."),
        ({"type": "Typebot link", "options": {"typebotId": "other"}},
         'The flow "other" is not in this file, and left out.'),
        ({"type": "Time machine"}, "Time machine is not known, and left out."),
    ],
)  # fmt: skip
def test_what_is_no_question_is_named(imported, changes, block, what):
    """The way goes on past it."""
    made = imported(bot(("A", [{"id": "x", **block}, said("a", "Why?"), {"id": "t", "type": "text input"}])))

    assert what in changes(made)
    assert made.survey.questions[-1].text == {"en": "Why?"}


def test_a_single_button_is_left_out(imported, changes):
    """*Continue* asks nothing."""
    made = imported(bot(("A", [said("a", "Hi"), choice("c", "Go")]), ("B", [said("b", "Why?"),
                        {"id": "t", "type": "text input"}]), edges=[edge("c0", "B")]))  # fmt: skip

    assert [one.kind for one in made.survey.questions] == ["statement", "text"]
    assert "The single button is left out, and what was said with it remains." in changes(made)


def test_the_versions_before_have_a_start_block(imported):
    """Version 3 has no events; its first group begins."""
    old = bot(("S", [{"id": "s0", "type": "start", "outgoingEdgeId": "go"}]), ("A", [said("a", "Why?"),
              {"id": "t", "type": "text input"}]), edges=[edge("go", "A")])  # fmt: skip
    del old["events"]
    old["version"] = "3"

    assert imported(old).survey.questions[0].text == {"en": "Why?"}


def test_when_nobody_comes_to_a_question_it_begins_where_there_is_one(imported, changes):
    """Templates often begin with a note on how to set them up."""
    made = imported(bot(("Note", [said("n", "Delete this group.")]), ("A", [said("a", "Why?"),
                        {"id": "t", "type": "text input"}])))  # fmt: skip

    assert made.survey.questions[0].text == {"en": "Why?"}
    assert "It begins here: from its start nobody comes to a question." in changes(made)
