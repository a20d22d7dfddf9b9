"""Flows of RapidPro and goflow, as written here: nodes and routers, rule sets, sub-flows, expressions."""

import pytest


def send(text, **more):
    return {"uuid": f"a-{text}", "type": "send_msg", "text": text, **more}


def node(ident, *actions, to="", router=None):
    exits = [{"uuid": f"{ident}-x", "destination_uuid": to or None}]
    made = {"uuid": ident, "actions": list(actions), "exits": exits}
    if router:
        made |= router(ident)
    return made


def switch(*cases, default, wait=True, operand="@input.text", result="Answer", hint=None, timeout=None):
    """A router: each case is (test, arguments, category, destination), the default (category, destination)."""

    def made(ident):
        names = list(dict.fromkeys([*((name, to) for _, _, name, to in cases), default]))
        categories = [{"uuid": f"{ident}-{name}", "name": name, "exit_uuid": f"{ident}-{name}-x"} for name, _ in names]
        waiting = {"type": "msg", **({"hint": {"type": hint}} if hint else {})}
        if timeout:
            waiting["timeout"] = {"seconds": 60, "category_uuid": f"{ident}-{timeout}"}
        return {
            "router": {
                "type": "switch",
                "operand": operand,
                "result_name": result,
                "cases": [
                    {
                        "uuid": f"{ident}-{n}",
                        "type": test,
                        "arguments": list(arguments),
                        "category_uuid": f"{ident}-{name}",
                    }
                    for n, (test, arguments, name, _) in enumerate(cases)
                ],
                "categories": categories,
                "default_category_uuid": f"{ident}-{default[0]}",
                **({"wait": waiting} if wait else {}),
            },
            "exits": [{"uuid": f"{ident}-{name}-x", "destination_uuid": to or None} for name, to in names],
        }

    return made


def flow(*nodes, name="Flow", **more):
    return {"uuid": f"f-{name}", "name": name, "language": "eng", "type": "messaging", "nodes": list(nodes), **more}


def export(*flows, **more):
    return {"version": "13", "flows": list(flows), **more}


def branches(question):
    return [(branch.when, branch.to) for branch in question.branches]


ALL = ("All Responses", "")


def test_a_message_and_a_wait_are_an_open_question(imported):
    """In one node, or in two."""
    made = imported(
        export(flow(node("a", send("Your name?"), to="b"), node("b", router=switch(default=ALL, result="Name"))))
    )

    assert (made.format, made.verdict) == ("rapidpro", "exact")
    assert [(one.key, one.kind, one.text) for one in made.survey.questions] == [("name", "text", {"en": "Your name?"})]


def test_tests_for_numbers_make_a_number_with_their_bounds(imported):
    """A way for each range; asking again is what makegood does anyway."""
    made = imported(
        export(
            flow(
                node("a", send("How old are you?"), to="w"),
                node("w", router=switch(("has_number_between", ["0", "17"], "Young", "y"),
                                        ("has_number_between", ["18", "99"], "Grown", "g"),
                                        default=("Other", "again"), result="Age")),
                node("again", send("Sorry?"), to="w"),
                node("y", send("Hello, young one.")),
                node("g", send("Hello.")),
            )
        )
    )  # fmt: skip
    age = made.survey.question("age")

    assert (age.kind, age.scale.low, age.scale.high) == ("number", 0, 99)
    assert branches(age)[0] == ("age >= 0 and age <= 17", "message") or branches(age)[0][0] == "age <= 17"
    assert [change.what.sentence for change in made.changes] == [
        "The message for replies that are not understood is left out."
    ]


def test_a_satisfaction_from_one_to_five_is_a_rating(imported):
    """So that the reports count it."""
    cases = [("has_number_between", ["1", "3"], "Bad", "b"), ("has_number_between", ["4", "5"], "Good", "")]
    made = imported(
        export(
            flow(
                node("a", send("How satisfied are you, 1 to 5?"), to="w"),
                node("w", router=switch(*cases, default=("Other", "w"), result="Score")),
                node("b", send("What went wrong?"), to="why"),
                node("why", router=switch(default=ALL, result="Why")),
            )
        )
    )

    assert made.survey.question("score").kind == "csat"
    assert branches(made.survey.question("score")) == [("score <= 3", "why")] or made.survey.question("score").branches


@pytest.mark.parametrize(
    ("asked", "kind"),
    [("Rate us from 1 to 5", "stars"), ("How satisfied are you?", "csat"), ("Pick a number", "number")],
)
def test_the_words_say_whether_a_number_rates(imported, asked, kind):
    """Only a rating is one in the reports."""
    router = switch(("has_number_between", ["1", "5"], "Fine", ""), default=("Other", "w"), result="Score")
    made = imported(export(flow(node("a", send(asked), to="w"), node("w", router=router))))

    assert made.survey.question("score").kind == kind


def test_tests_for_words_make_buttons(imported, changes):
    """Customers see what can be answered; any other reply that leads somewhere is an option too."""
    cases = [("has_any_word", ["red"], "Red", "r"), ("has_any_word", ["blue"], "Blue", "")]
    made = imported(
        export(
            flow(
                node("a", send("Which colour?"), to="w"),
                node("w", router=switch(*cases, default=("Other", "o"), result="Colour")),
                node("r", send("Red it is.")),
                node("o", send("No such colour.")),
            )
        )
    )

    assert [option.key for option in made.survey.question("colour").options] == ["red", "blue", "other"]
    assert "Replies that were found by their words became buttons." in changes(made)
    assert 'Any other reply is the option "Other".' in changes(made)


def test_yes_and_no_are_yes_and_no(imported):
    """The kind that we have for it."""
    cases = [("has_any_word", ["yes y"], "Yes", ""), ("has_any_word", ["no n"], "No", "n")]
    made = imported(
        export(
            flow(
                node("a", send("Will you come?"), to="w"),
                node("w", router=switch(*cases, default=("Other", "w"), result="Coming")),
                node("n", send("A pity. Why?"), to="why"),
                node("why", router=switch(default=ALL, result="Why")),
            )
        )
    )

    assert made.survey.question("coming").kind == "yes_no"
    assert made.survey.question("why").text == {"en": "A pity. Why?"}


def test_quick_replies_are_the_options(imported):
    """Also when the wait is in the next node, as the editor writes it."""
    made = imported(
        export(
            flow(
                node("a", send("Which?", quick_replies=["Tea", "Coffee"]), to="w"),
                node("w", router=switch(default=ALL, result="Drink")),
            )
        )
    )

    assert [option.label["en"] for option in made.survey.question("drink").options] == ["Tea", "Coffee"]


@pytest.mark.parametrize(
    ("test", "kind"),
    [
        ("has_date", "date"),
        ("has_email", "contact"),
        ("has_phone", "contact"),
        ("has_number", "number"),
        ("has_text", "text"),
    ],
)
def test_a_test_says_the_kind(imported, test, kind):
    """What is looked for is what is asked."""
    router = switch((test, [], "Valid", ""), default=("Other", "w"), result="It")
    made = imported(export(flow(node("a", send("Well?"), to="w"), node("w", router=router))))

    assert made.survey.question("it").kind == kind


def test_a_later_router_asks_about_the_answer(imported):
    """Without a wait it only parts the way, by a category or a number."""
    made = imported(
        export(
            flow(
                node("a", send("How old?"), to="w"),
                node("w", router=switch(("has_number", [], "Number", "p"), default=("Other", "w"), result="Age")),
                node("p", router=switch(("has_number_lt", ["18"], "Young", "y"), default=("Other", ""), wait=False,
                                        operand="@results.age")),
                node("y", send("With your parents?"), to="z"),
                node("z", router=switch(default=ALL, result="Parents")),
            )
        )
    )  # fmt: skip

    assert branches(made.survey.question("age"))[0] == ("age < 18", "parents") or branches(
        made.survey.question("age")
    ) == [("not (age < 18)", "end")]


def test_a_flow_that_is_entered_stands_in_its_place(imported):
    """It is in the same file; its end leads back."""
    child = flow(
        node("c", send("Your name?"), to="d"), node("d", router=switch(default=ALL, result="Name")), name="Child"
    )
    enter = {"type": "enter_flow", "flow": {"uuid": "f-Child", "name": "Child"}}
    done = switch(("has_only_text", ["completed"], "Completed", "n"), default=("Expired", ""), wait=False,
                  operand="@child.status")  # fmt: skip
    made = imported(
        export(
            flow(node("a", send("Hi"), enter, router=done), node("n", send("Bye @child.results.name")), name="Parent"),
            child,
        )
    )

    assert [one.text["en"] for one in made.survey.questions] == ["Hi", "Your name?"]
    assert made.survey.thanks == {"en": "Bye {{ answers.name }}"}
    assert made.parts == ("Parent", "Child")


def test_a_part_can_be_chosen(imported, changes):
    """One import makes one survey; the others are named."""
    one = flow(node("a", send("One?"), to="w"), node("w", router=switch(default=ALL)), name="One")
    two = flow(node("b", send("Two?"), to="v"), node("v", router=switch(default=ALL)), name="Two")
    made = imported(export(one, two), part="Two")

    assert made.survey.questions[0].text == {"en": "Two?"}
    assert changes(made)["Another definition in this file is not imported; --part chooses it."] == ("One",)


@pytest.mark.parametrize(
    ("written", "ours"),
    [
        ("Hi @contact.name!", "Hi {{ customer.name }}!"),
        ("@fields.city", "{{ customer.city }}"),
        ("@contact.fields.city", "{{ customer.city }}"),
        ("@globals.shop", "{{ business.shop }}"),
        ("me@example.org", "me@example.org"),
        ("@@home", "@home"),
        ("@results.name.value", "{{ answers.name }}"),
        ("@(upper(results.name))", "{{ answers.name }}"),
        ("@(1 + 2)", "…"),
        ("@webhook.json", "…"),
    ],
)
def test_expressions_become_templates(imported, written, ours):
    """Known names are filled in, all else is named and shows that something is missing."""
    made = imported(
        export(
            flow(
                node("a", send("Name?"), to="w"),
                node("w", router=switch(default=ALL_TO_END, result="Name")),
                node("z", send(written), to="v"),
                node("v", router=switch(default=ALL, result="Last")),
            )
        )
    )

    assert made.survey.question("last").text == {"en": ours}


ALL_TO_END = ("All Responses", "z")


@pytest.mark.parametrize(
    ("action", "what"),
    [
        ({"type": "call_webhook"}, "The call of a web service is left out (call_webhook)."),
        ({"type": "call_llm"}, "The language model is left out (call_llm)."),
        ({"type": "transfer_airtime"}, "The payment is left out (transfer_airtime)."),
        ({"type": "add_contact_groups"}, "The change of the customer's record is left out (add_contact_groups)."),
        ({"type": "send_email"}, "The message to others is left out (send_email)."),
        ({"type": "set_run_result", "name": "X"}, "Setting a variable is left out: X."),
        ({"type": "play_audio"}, "What belongs to a telephone call is left out (play_audio)."),
        ({"type": "enter_flow", "flow": {"name": "Else"}}, 'The flow "Else" is not in this file, and left out.'),
        ({"type": "fly"}, "fly is not known, and left out."),
    ],
)
def test_what_a_survey_cannot_do_is_named(imported, changes, action, what):
    """The way goes on past it."""
    made = imported(export(flow(node("a", action, send("Why?"), to="w"), node("w", router=switch(default=ALL)))))

    assert what in changes(made)
    assert made.survey.questions[0].text == {"en": "Why?"}


def test_a_flow_that_says_nothing_is_no_survey(imported):
    """It pays, and that is all: named, not made up."""
    made = imported(export(flow(node("a", {"type": "transfer_airtime"}))))

    assert (made.survey, made.verdict, made.said) == (None, "cannot", 0)


def test_translations_are_kept(imported):
    """They stand apart from the flow, by the id of what they translate."""
    localization = {"fra": {"a-Name?": {"text": ["Votre nom ?"]}}}
    made = imported(
        export(
            flow(
                node("a", send("Name?"), to="w"),
                node("w", router=switch(default=ALL, result="Name")),
                localization=localization,
            )
        )
    )

    assert made.survey.question("name").text == {"en": "Name?", "fr": "Votre nom ?"}


def reply(text):
    return [{"type": "reply", "msg": {"eng": text}}]


def test_flows_before_version_13_are_read(imported):
    """Action sets say, rule sets wait and decide."""
    between = {"type": "between", "min": "1", "max": "10"}
    rules = [
        {"uuid": "1", "category": {"eng": "1 - 10"}, "destination": "t", "test": between},
        {"uuid": "2", "category": {"eng": "Other"}, "destination": "r", "test": {"type": "true"}},
    ]
    old = {
        "base_language": "eng",
        "entry": "a",
        "metadata": {"name": "Old"},
        "action_sets": [
            {"uuid": "a", "y": 0, "destination": "r", "actions": reply("1 to 10?")},
            {"uuid": "t", "y": 9, "destination": None, "actions": reply("Thanks, @flow.n")},
        ],
        "rule_sets": [
            {
                "uuid": "r",
                "y": 5,
                "label": "N",
                "ruleset_type": "wait_message",
                "operand": "@step.value",
                "rules": rules,
            }
        ],
    }
    made = imported({"version": 11, "flows": [old]})

    assert made.verdict == "exact"
    assert (made.survey.questions[0].kind, made.survey.questions[0].scale.high) == ("number", 10)
    assert made.survey.thanks == {"en": "Thanks, {{ answers.n }}"}
