"""`makegood key` and `makegood feedback`: what a person at the terminal sees, and what a script reads."""


def test_a_key_alone_goes_to_standard_output(makegood):
    """`KEY=$(makegood key create shop)` must hold the key and nothing else."""
    made = makegood("key", "create", "shop", "--expires", "90d")

    assert made.code == 0
    assert made.out.startswith("mg_")
    assert len(made.out.split()) == 1
    assert "shown this once" in made.err


def test_the_list_tells_keys_apart_without_showing_them(makegood):
    """By name, state and last four characters."""
    key = makegood("key", "create", "shop").out.strip()
    new = makegood("key", "rotate", "shop", "--grace", "1h").out.strip()
    listed = makegood("key", "list").out

    assert [line.split()[:3] for line in listed.splitlines()] == [
        ["shop", "good", f"…{new[-4:]}"],
        ["shop", "good", f"…{key[-4:]}"],
    ]
    assert key not in listed
    makegood("key", "revoke", "shop")
    assert [line.split()[1] for line in makegood("key", "list").out.splitlines()] == ["revoked", "revoked"]


def test_an_empty_list_says_what_to_do(makegood):
    """A first look at a fresh folder."""
    listed = makegood("key", "list")

    assert (listed.code, listed.out) == (0, "")
    assert "makegood key create" in listed.err


def test_a_mistake_is_told_in_one_sentence(makegood):
    """Exit code 2: the person can mend it."""
    assert makegood("key", "revoke", "nothing") == (2, "", "makegood: There is no good key of the name 'nothing'.\n")
    assert makegood("key", "create", "a b").code == 2
    assert makegood("key", "create", "shop", "--expires", "soon").err == (
        "makegood: expires must be a span such as 24h or 90d, at most 3650d\n"
    )


def test_a_note_of_staff_is_kept(makegood):
    """Something said at the counter, by whoever heard it; each note is one of its own."""
    first = makegood("feedback", "add", "Ana loves the lamp", "--customer", "c-9", "--author", "Ben")
    again = makegood("feedback", "add", "Ana loves the lamp", "--customer", "c-9", "--author", "Ben")

    assert (first, again) == ((0, "Kept.\n", ""), (0, "Kept.\n", ""))


def test_a_note_that_asks_for_a_case_says_what_came_of_it(makegood):
    """Nobody may think that somebody looks after it when nobody can."""
    kept = makegood("feedback", "add", "The lamp broke", "--customer", "c-9", "--open-case")

    assert kept.out == "Kept; the customer has no chat, so there is a task to telephone.\n"
    assert makegood("feedback", "add", "The lamp broke", "--open-case").code == 2
