"""Forms with a file, read by hand: every byte of it, and nothing that no page of ours sends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.form_files import _parts
from bot.web.problems import Problem

EDGE = b"----edge"


def body(*parts: tuple[str, bytes]) -> bytes:
    """A form as a browser sends it."""
    made = b""
    for disposition, content in parts:
        head = f"Content-Disposition: form-data; {disposition}\r\nContent-Type: text/plain"
        made += b"--" + EDGE + b"\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n"
    return made + b"--" + EDGE + b"--\r\n"


@given(st.binary(max_size=2000).filter(lambda content: b"\r\n--" + EDGE not in b"\r\n" + content))
def test_every_byte_of_a_file_comes_through(content):
    """Line ends, zeros and half an edge among them."""
    fields, file = _parts(body(('name="csrf"', b"token"), ('name="file"; filename="a.xlsx"', content)), EDGE)

    assert fields == {"csrf": "token"}
    assert file is not None
    assert (file.name, file.content) == ("a.xlsx", content)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("C:\\Users\\Mei\\visit.toml", "visit.toml"),
        ("../../etc/passwd", "passwd"),
        ("a%22b.toml", 'a"b.toml'),
        ("%0D%0Ax", "x"),
        ("", "survey"),
        ("问卷.toml", "问卷.toml"),
    ],
)
def test_a_file_is_called_by_its_name_alone(name, kept):
    """No folder of anybody's device, nothing that could end a line."""
    _, file = _parts(body((f'name="file"; filename="{name}"', b"x")), EDGE)

    assert file is not None
    assert file.name == kept


def test_no_file_chosen_is_none():
    """A browser sends an empty name and nothing."""
    assert _parts(body(('name="file"; filename=""', b"")), EDGE)[1] is None


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"--" + EDGE,
        b"--" + EDGE + b"\r\nno head" + b"\r\n--" + EDGE + b"--",
        body(('name="a"', b"1"))[:-6],
        body(*[('name="a"', b"1")] * 40),
    ],
)
def test_what_is_no_form_is_refused(sent):
    """Cut off, without a name, or far more than a page has."""
    with pytest.raises(Problem):
        _parts(sent, EDGE)
