"""`makegood link`: for one customer, or for a place, with a code to show or to print."""

import re

import pytest
import segno

from bot.cli import codes

ADDRESS = re.compile(r"Web chat  (\S+)")


def modules(drawing: str) -> list[list[bool]]:
    """The modules of a drawing, without its border: two of them in each character."""
    rows: list[list[bool]] = []
    for line in drawing.splitlines():
        plain = line.replace(codes.BLACK_ON_WHITE, "").replace(codes.PLAIN, "")
        rows.append([character in "▀█" for character in plain])
        rows.append([character in "▄█" for character in plain])
    inner = [row[codes.BORDER : len(row) - codes.BORDER] for row in rows[codes.BORDER :]]
    return inner[: len(inner[0])]


def test_the_code_in_the_terminal_is_the_code_of_the_link():
    """A camera reads it as drawn: two modules in a character, four of white around it, in any colours."""
    address = "https://ask.example.com/c/aaaaaaaaaaaaaaaaaaaaaa"
    drawing = codes.drawn(address)
    expected = segno.make(address, error="m", micro=False)

    assert modules(drawing) == [[bool(module) for module in row] for row in expected.matrix]
    assert all(line.startswith(codes.BLACK_ON_WHITE) and line.endswith(codes.PLAIN) for line in drawing.splitlines())


def test_a_place_has_one_address_to_print(makegood, place):
    """Asked for again it is the same, since it hangs there."""
    first = makegood("link", "--place", "till", "--name", "At the till", "--svg", "till.svg", "--png", "till.png")
    again = makegood("link", "--place", "till", "--qr")
    address = ADDRESS.findall(first.out)

    assert (first.code, again.code) == (0, 0), first.err + again.err
    assert ADDRESS.findall(again.out) == address
    assert "/c/p_" in address[0]
    assert "At the till (new place, touchpoint service)" in first.err
    assert modules(again.out.partition("\n")[2].rstrip("\n"))[0][:7] == [True] * 7
    assert b"<svg" in (place / "till.svg").read_bytes()
    assert (place / "till.png").read_bytes().startswith(b"\x89PNG")


def test_a_place_is_retired(makegood):
    """Its code may hang there for years; nothing is asked any more."""
    makegood("link", "--place", "till")

    assert "till is retired" in makegood("link", "--place", "till", "--retire").out


def test_a_customers_code_is_shown_with_the_link(makegood):
    """At the counter a code is quicker than an address."""
    told = makegood("link", "c-1", "--qr")

    assert told.code == 0, told.err
    assert "█" in told.out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("link",), "name a customer, or a place"),
        (("link", "c-1", "--place", "till"), "not both"),
        (("link", "c-1", "--retire"), "are for a place"),
        (("link", "c-1", "--touchpoint", "repair"), "are for a place"),
        (("link", "--place", "till", "--language", "en"), "for a customer"),
        (("link", "--place", "The Till"), "key is required"),
        (("link", "--place", "till", "--touchpoint", "haircut"), "has no published survey"),
        (("link", "--place", "till", "--qr", "--channel", "telegram"), "known after the first makegood run"),
    ],
)
def test_what_cannot_be_meant_is_told(makegood, line, said):
    """Before anything is made."""
    told = makegood(*line)

    assert (told.code, said in told.err) == (2, True), told.err
