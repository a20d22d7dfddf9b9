"""Surveys of Formbricks, as written here: blocks and questions, logic, endings, languages."""

import pytest


def element(ident, kind, headline="How was it?", **more):
    return {"id": ident, "type": kind, "headline": {"default": headline}, "required": True, **more}


def survey(*elements, logic=(), **more):
    """A survey with one block for each element; `logic` is that of the first."""
    blocks = [{"id": f"b{n}", "elements": [one]} for n, one in enumerate(elements)]
    blocks[0]["logic"] = list(logic)
    return {"name": "Stay", "blocks": blocks, "languages": [{"language": {"code": "en"}, "default": True}], **more}


def jump(left, operator, right, target):
    condition = {"leftOperand": {"type": "element", "value": left}, "operator": operator}
    if right is not None:
        condition["rightOperand"] = {"type": "static", "value": right}
    return {
        "conditions": {"connector": "and", "conditions": [condition]},
        "actions": [{"objective": "jumpToBlock", "target": target}],
    }


def branches(question):
    return [(branch.when, branch.to) for branch in question.branches]


def labelled(*labels):
    return [{"id": label.lower(), "label": {"default": label}} for label in labels]


def test_a_plain_survey_is_read_exactly(imported):
    """Nothing is said to have changed where nothing has."""
    made = imported(
        survey(
            element("nps", "nps", "How likely are you to recommend us?"),
            element("why", "openText", "What is the reason?", required=False),
        )
    )

    assert (made.format, made.verdict, made.changes) == ("formbricks", "exact", ())
    assert [(one.key, one.kind, one.optional) for one in made.survey.questions] == [
        ("nps", "nps", False),
        ("why", "text", True),
    ]


@pytest.mark.parametrize(
    ("more", "kind", "scale"),
    [
        ({"scale": "star", "range": 5}, "stars", (1, 5)),
        ({"scale": "number", "range": 7, "lowerLabel": {"default": "bad"}, "upperLabel": {"default": "good"}},
         "csat", (1, 7)),
        ({"scale": "number", "range": 5}, "stars", (1, 5)),
        ({"scale": "smiley", "range": 5, "lowerLabel": {"default": "bad"}}, "csat", (1, 5)),
    ],
)  # fmt: skip
def test_ratings_become_what_fits_their_scale_and_words(imported, more, kind, scale):
    """A scale without words at its ends must not get ours, which speak of satisfaction."""
    question = imported(survey(element("r", "rating", "The room was quiet.", **more))).survey.questions[0]

    assert (question.kind, question.scale.low, question.scale.high) == (kind, *scale)


def test_an_effort_question_is_not_turned_around(imported, changes):
    """Formbricks counts ease upwards, makegood effort: as `ces` the reports would say the opposite."""
    made = imported(survey(element("e", "ces", "How easy was it?", range=7, lowerLabel={"default": "hard"},
                                   upperLabel={"default": "easy"})))  # fmt: skip

    assert made.survey.questions[0].kind == "csat"
    assert "The effort question became a rating that counts upwards." in changes(made)


def test_jumps_become_branches(imported):
    """The first rule that holds decides, in both."""
    made = imported(
        survey(
            element("score", "rating", scale="star", range=5),
            element("bad", "openText", "What went wrong?"),
            element("good", "openText", "What did you like?"),
            logic=[jump("score", "isGreaterThanOrEqual", 4, "b2"), jump("score", "equals", 3, "fin")],
            endings=[{"id": "fin", "type": "endScreen", "headline": {"default": "Thank you!"}}],
        )
    )

    assert branches(made.survey.question("score")) == [("score >= 4", "good"), ("score == 3", "end")]
    assert made.survey.thanks == {"en": "Thank you!"}


def test_a_skipped_question_leads_where_it_should(imported):
    """Ours has no word for *not answered*: those who answered are led first."""
    made = imported(
        survey(
            element("why", "openText", required=False),
            element("more", "openText"),
            logic=[jump("why", "isSkipped", None, "end")],
        )
    )

    assert branches(made.survey.question("why")) == [('why != ""', "more"), ("true", "end")]


def test_several_choices_are_looked_at_one_by_one(imported):
    """`equals` of several choices means these and no others."""
    choices = labelled("Room", "Food", "Staff")
    rule = {
        "leftOperand": {"type": "element", "value": "liked"},
        "rightOperand": {"type": "static", "value": ["room", "food"]},
    }
    logic = [
        {
            "conditions": {"connector": "and", "conditions": [{**rule, "operator": "includesAllOf"}]},
            "actions": [{"objective": "jumpToBlock", "target": "b2"}],
        }
    ]
    made = imported(
        survey(
            element("liked", "multipleChoiceMulti", choices=choices),
            element("x", "openText"),
            element("y", "openText"),
            logic=logic,
        )
    )

    assert branches(made.survey.question("liked")) == [('"room" in liked and "food" in liked', "y")]


def test_other_is_asked_in_words(imported, changes):
    """What was typed in the field beside it would otherwise be a comment."""
    made = imported(survey(element("how", "multipleChoiceSingle", choices=[*labelled("Friend", "Map"),
                                   {"id": "other", "label": {"default": "Other"}}]),
                           element("end_", "openText")))  # fmt: skip

    assert [one.kind for one in made.survey.questions] == ["choice", "text", "text"]
    assert branches(made.survey.question("how"))[-1] == ("true", "end_2")
    assert any("Other" in what for what in changes(made))


def test_a_language_that_is_missing_falls_back_and_is_named(imported, changes):
    """Every text is there in every language; which are not translated has to be known."""
    made = imported(survey({**element("a", "openText"), "headline": {"default": "Why?", "de": "Warum?"}},
                           element("b", "openText", "Where?")))  # fmt: skip

    assert made.survey.languages == ("en", "de")
    assert made.survey.question("b").text == {"en": "Where?", "de": "Where?"}
    assert changes(made)["Not translated into de; the text of the first language stands there."] == ("Where?",)


def test_answers_and_facts_are_filled_in(imported):
    """Recalled answers, hidden fields and the name of the workspace."""
    made = imported(
        survey(
            element("who", "openText", "Your name?"),
            element("next", "openText",
                    "Thanks, #recall:who/fallback:you#! How is $[workspaceName] on #recall:plan/fallback:x#?"),
            hiddenFields={"enabled": True, "fieldIds": ["plan"]},
        )
    )  # fmt: skip

    assert made.survey.question("next").text["en"] == (
        "Thanks, {{ answers.who }}! How is {{ business.name }} on {{ service.plan }}?"
    )


def test_a_chosen_option_is_shown_by_its_label(imported):
    """Keys are not for customers."""
    made = imported(
        survey(
            element("plan", "multipleChoiceSingle", choices=labelled("Gold", "Iron")),
            element("why", "openText", "Why #recall:plan/fallback:it#?"),
        )
    )

    assert made.survey.question("why").text["en"] == (
        'Why {{ "Gold" if answers.plan == "gold" else "Iron" if answers.plan == "iron" }}?'
    )


def test_what_a_survey_cannot_do_is_named_with_its_place(imported, changes):
    """Never dropped silently: media, scheduling, limits, calculation, redirects."""
    made = imported(
        survey(
            element("f", "fileUpload", "A photo?", maxSizeInMB=5, imageUrl="https://example.org/a.png"),
            element("c", "cal", "A call?"),
            endings=[{"id": "e", "type": "redirectToUrl", "url": "https://example.org"}],
            variables=[{"name": "points", "type": "number", "value": 0}],
            autoClose=10,
        )
    )

    assert {
        "The upload became an open question, which a photo or a document answers.",
        "The limits of type and size for files are left out.",
        "A picture, film or sound is left out.",
        "The connection to another program is left out (cal.com).",
        "Going on to a web page is left out.",
        "Setting a variable is left out: points.",
        'The setting "autoClose" is left out.',
    } <= changes(made).keys()


def test_a_matrix_stays_one(imported):
    """Its columns are a scale when they are as many as one has."""
    made = imported(
        survey(
            element("m", "matrix", "How far do you agree?", rows=labelled("Clean", "Quiet"),
                    columns=labelled("No", "Partly", "Yes"))
        )
    )  # fmt: skip

    assert [(one.key, one.kind) for one in made.survey.questions] == [("m_clean", "matrix"), ("m_quiet", "matrix")]
    assert made.survey.questions[0].high_end == {"en": "Yes"}


def test_the_older_form_with_questions_is_read(imported):
    """Before blocks there were questions, each with its own logic and conditions of one word."""
    made = imported(
        {
            "name": "Old",
            "questions": [
                {"id": "q", "type": "rating", "scale": "star", "range": 5, "headline": "How was it?", "required": True,
                 "logic": [{"condition": "lessEqual", "value": 3, "destination": "why"},
                           {"condition": "submitted", "destination": "end"}]},
                {"id": "why", "type": "openText", "headline": "Why?", "required": True},
            ],
            "thankYouCard": {"enabled": True, "headline": "Thanks!"},
        }
    )  # fmt: skip

    assert branches(made.survey.questions[0]) == [
        (f"{made.survey.questions[0].key} <= 3", "why"),
        ("true", "end"),
    ]
    assert made.survey.thanks == {"en": "Thanks!"}


def test_contact_fields_are_asked_one_by_one(imported):
    """Only those that the source shows."""
    made = imported(
        survey(
            element(
                "c",
                "contactInfo",
                "Who are you?",
                firstName={"show": True, "required": True, "placeholder": {"default": "First name"}},
                email={"show": True, "required": False},
                phone={"show": False},
            )
        )
    )

    assert [(one.kind, one.wants, one.optional) for one in made.survey.questions] == [
        ("text", (), False),
        ("contact", ("email",), True),
    ]


def test_several_endings_are_said(imported, changes):
    """Only one text can be the thanks; what another ending says is not lost."""
    endings = [
        {"id": "good", "type": "endScreen", "headline": {"default": "Great!"}},
        {"id": "bad", "type": "endScreen", "headline": {"default": "We will call you."}},
    ]
    made = imported(
        survey(
            element("s", "rating", scale="star", range=5),
            logic=[jump("s", "isLessThan", 3, "bad")],
            endings=endings,
        )
    )

    assert [one.text["en"] for one in made.survey.questions] == ["How was it?", "We will call you."]
    assert made.survey.thanks == {"en": "Great!"}
    assert "Another ending is said as a message before the thanks." in changes(made)
