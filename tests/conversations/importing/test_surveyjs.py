"""Surveys of SurveyJS, as written here: kinds, conditions, triggers, tables, languages."""

import pytest


def survey(*elements, **more):
    return {"locale": "en", "pages": [{"elements": list(elements)}], **more}


def ask(kind, name, **more):
    return {"type": kind, "name": name, "title": name.title(), "isRequired": True, **more}


def branches(question):
    return [(branch.when, branch.to) for branch in question.branches]


RATING = {"rateMin": 1, "rateMax": 5, "minRateDescription": "bad", "maxRateDescription": "good"}


@pytest.mark.parametrize(
    ("element", "kind", "more"),
    [
        (ask("text", "a"), "text", {}),
        (ask("comment", "a"), "text", {}),
        (ask("text", "a", inputType="email"), "contact", {"wants": ("email",)}),
        (ask("text", "a", inputType="tel"), "contact", {"wants": ("phone",)}),
        (ask("text", "a", inputType="date"), "date", {}),
        (ask("boolean", "a"), "yes_no", {}),
        (ask("rating", "a", **RATING), "csat", {}),
        (ask("rating", "a", rateType="stars"), "stars", {}),
        (ask("rating", "a", title="Would you recommend us?", rateMin=0, rateMax=10), "nps", {}),
        (ask("radiogroup", "a", choices=["x", "y"]), "choice", {}),
        (ask("dropdown", "a", choices=["x", "y"]), "choice", {}),
        (ask("checkbox", "a", choices=["x", "y"]), "choices", {}),
        (ask("tagbox", "a", choices=[{"value": 1, "text": "One"}, {"value": 2, "text": "Two"}]), "choices", {}),
        (ask("ranking", "a", choices=["x", "y", "z"]), "ranking", {}),
    ],
)
def test_kinds_that_are_ours_too_are_read_exactly(imported, element, kind, more):
    """Nothing is said to have changed where nothing has."""
    made = imported(survey(element))
    [question] = made.survey.questions

    assert (made.verdict, made.changes) == ("exact", ())
    assert question.kind == kind
    assert all(getattr(question, name) == value for name, value in more.items())


def test_a_condition_for_being_shown_leads_past(imported):
    """After each question follows the first that is shown."""
    made = imported(
        survey(
            ask("rating", "score", **RATING),
            ask("comment", "why", visibleIf="{score} <= 2"),
            ask("comment", "praise", visibleIf="{score} > 3"),
            ask("text", "name"),
        )
    )

    assert branches(made.survey.question("score")) == [("score <= 2", "why"), ("score > 3", "praise"), ("true", "name")]
    assert branches(made.survey.question("why")) == [("true", "name")]


@pytest.mark.parametrize(
    ("written", "ours"),
    [
        ("{car} = 'audi'", 'car == "audi"'),
        ("{car} == 'Audi' or {car} = 'vw'", 'car == "audi" or car == "vw"'),
        ("{car} anyof ['audi', 'vw']", 'car == "audi" or car == "vw"'),
        ("not ({car} = 'audi')", 'car != "audi"'),
        ("{car} <> 'audi' and {stars} >= 4", 'car != "audi" and stars >= 4'),
        ("{likes} contains 'quiet'", '"quiet" in likes'),
        ("{likes} notcontains 'quiet'", '"quiet" not in likes'),
        ("4 <= {stars}", "stars >= 4"),
        ("{again} = true", 'again == "yes"'),
    ],
)
def test_expressions_become_conditions(imported, written, ours):
    """In our words, with our keys."""
    made = imported(
        survey(
            ask("dropdown", "car", choices=["audi", "vw", "bmw"]),
            ask("checkbox", "likes", choices=["quiet", "clean"]),
            ask("rating", "stars", rateType="stars"),
            ask("boolean", "again"),
            ask("comment", "more", visibleIf=written),
        )
    )

    assert branches(made.survey.question("again"))[0] == (ours, "more")


@pytest.mark.parametrize(
    "written", ["{score} + 1 > 3", "age({born}) > 18", "{score} >", "{nobody} = 1", "iif({a}, 1, 2)"]
)
def test_what_cannot_be_said_is_asked_of_everybody(imported, changes, written):
    """Better asked and skipped than never asked; the report says why."""
    made = imported(survey(ask("rating", "score", **RATING), ask("comment", "why", visibleIf=written)))

    assert [one.key for one in made.survey.questions] == ["score", "why"]
    assert any(what.startswith("It is asked of everybody") for what in changes(made))


def test_what_is_not_answered_is_not_equal(imported):
    """Theirs know two values, ours three: whoever skipped must be led as there."""
    made = imported(
        survey(
            ask("dropdown", "car", choices=["audi", "vw"], isRequired=False),
            ask("comment", "why", visibleIf="{car} <> 'audi'"),
            ask("comment", "end"),
        )
    )
    ways = branches(made.survey.question("car"))

    assert ways == [('car == "audi"', "end_2"), ("true", "why")] or ways == [('car == "audi"', "end_2")]


def test_a_table_of_ratings_is_a_matrix(imported, changes):
    """With words for its ends; those in between are named."""
    made = imported(survey(ask("matrix", "m", columns=["No", "Partly", "Yes"], rows=["Clean", "Quiet"])))

    assert [(one.kind, one.row.matrix) for one in made.survey.questions] == [("matrix", "m")] * 2
    assert list(changes(made)) == ["The words between the ends of the scale are left out."]


def test_a_table_of_fields_is_asked_cell_by_cell(imported, changes):
    """Rows that are added freely are asked once."""
    made = imported(
        survey(
            ask(
                "matrixdynamic",
                "jobs",
                columns=[{"name": "firm", "cellType": "text"}, {"name": "liked", "cellType": "boolean"}],
            )
        )
    )

    assert [one.kind for one in made.survey.questions] == ["statement", "text", "yes_no"]
    assert "What could be filled in several times is asked once." in changes(made)


def test_triggers_show_end_and_skip(imported):
    """What a trigger decides is decided after the question that it looks at."""
    made = imported(
        survey(
            ask("radiogroup", "use", choices=["Yes", "No"]),
            ask("comment", "hidden", visible=False),
            ask("comment", "rest"),
            triggers=[
                {"type": "visible", "name": "use", "operator": "equal", "value": "Yes", "questions": ["hidden"]},
                {"type": "complete", "name": "use", "operator": "equal", "value": "No"},
            ],
        )
    )

    assert branches(made.survey.question("use")) == [('use == "no"', "end")] or branches(
        made.survey.question("use")
    ) == [('use == "no"', "end"), ('use == "yes"', "hidden"), ("true", "rest")]


def test_numbers_keep_their_bounds(imported):
    """A check of a number is the scale of ours."""
    validators = [{"type": "numeric", "minValue": 1, "maxValue": 20}]
    [question] = imported(survey(ask("text", "n", validators=validators))).survey.questions

    assert (question.kind, question.scale.low, question.scale.high) == ("number", 1, 20)


def test_languages_of_a_text_become_those_of_the_survey(imported):
    """`default` is the language of the survey."""
    made = imported(survey(ask("text", "a", title={"default": "Why?", "zh-cn": "为什么？"})))

    assert made.survey.questions[0].text == {"en": "Why?", "zh-Hans": "为什么？"}


def test_html_becomes_plain_text(imported, changes):
    """A chat shows no tags; a picture is named."""
    html = "<p>Thank you, <b>{name}</b>!</p><img src='a.png'><ul><li>one</li><li>two</li></ul>"
    made = imported(survey(ask("text", "name"), completedHtml=html))

    assert made.survey.thanks == {"en": "Thank you, {{ answers.name }}!\n\n• one\n• two"}
    assert "A picture, film or sound is left out." in changes(made)


def test_braces_of_a_text_stay_what_they_are(imported):
    """Whatever looks like our templates is only shown."""
    made = imported(survey(ask("text", "a", title="Cost in {{ }} and {% if %}?")))

    assert made.survey.questions[0].text["en"].count("{{") == 2


@pytest.mark.parametrize(
    ("setting", "what"),
    [
        ({"calculatedValues": [{"name": "sum", "expression": "1"}]}, "The calculation is left out: sum."),
        ({"maxTimeToFinish": 60}, "The time limit is left out."),
        ({"cookieName": "x"}, 'The setting "cookieName" is left out.'),
        ({"triggers": [{"type": "setvalue", "name": "a", "setToName": "b"}]}, "Setting a variable is left out: b."),
        ({"navigateToUrl": "https://a.example"}, "Going on to a web page is left out."),
    ],
)
def test_settings_are_named(imported, changes, setting, what):
    """Never dropped silently."""
    assert what in changes(imported(survey(ask("text", "a"), **setting)))


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"choicesByUrl": {"url": "https://a.example"}}, "The call of a web service is left out (choicesByUrl)."),
        ({"choices": [f"c{n}" for n in range(30)]},
         "With 30 options it became an open question; the answers are typed."),
        ({"choices": ["x"]}, "A single option became a yes-or-no question."),
        ({"choices": ["x", "y"], "choicesOrder": "random"},
         "The random order is left out; it is asked in the order of the file."),
        ({"choices": ["x" * 70, "y"]}, "Labels are shortened on the buttons and stand in full in the question."),
        ({"choices": ["x", "y"], "correctAnswer": "x"}, "Right answers and points are left out."),
        ({"choices": ["x", "y"], "requiredIf": "{b} = 1"},
         "When it has to be answered depended; now it may be skipped."),
    ],
)  # fmt: skip
def test_options_and_their_settings_are_named(imported, changes, more, what):
    """A choice of ours has 2 to 20 options of 60 characters."""
    assert what in changes(imported(survey(ask("dropdown", "a", **more))))
