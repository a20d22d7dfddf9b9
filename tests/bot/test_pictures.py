"""Pictures of figures: drawn apart, readable in every language on a machine without fonts, given up when they fail."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest
from matplotlib.image import imread
from matplotlib.patches import PathPatch
from matplotlib.transforms import Affine2D

from bot.drawing import Picture, Row, Sheet, drawn, typeface
from bot.pictures import Drawer, NotDrawn

LABELS = {
    "en": "Delivery · Satisfied (CSAT)",
    "zh-Hans": "配送 · 满意（CSAT），愿意推荐，觉得省力：86% −100 至 +100",
    "zh-Hant": "配送 · 滿意（CSAT），願意推薦，覺得省力：86% −100 至 +100",
}


def picture(language: str, *rows: Row) -> str:
    made = Picture(language, LABELS[language], "24 Oct 2026", "Band", rows)
    return msgspec.json.encode(made).decode()


ROW = Row("CSAT", "86%", "80% to 90%", 0.86, 0.80, 0.90, before=0.79)


@pytest.fixture
def drawer():
    drawer = Drawer()
    yield drawer
    drawer.close()


def pixels(png: bytes) -> np.ndarray:
    """The colours of a picture, by line, place and part."""
    return np.round(255 * imread(io.BytesIO(png))[:, :, :3]).astype(int)


def of_colour(line: np.ndarray, *colour: int) -> np.ndarray:
    """The places of a line that have a colour."""
    return np.flatnonzero((line == colour).all(axis=1))


@pytest.mark.parametrize("language", LABELS)
def test_every_character_has_an_outline_of_its_own(language):
    """No empty box: each character is in the font, has ink, and is no other's picture."""
    face = typeface(language, 400)
    outlines = {}
    for character in set(LABELS[language]) - {" "}:
        assert face.knows(character), character
        path, advance = face.outline(character)
        assert path is not None, character
        assert advance > 0
        outlines[character] = path.vertices.tobytes()

    assert len(set(outlines.values())) == len(outlines)


def test_the_two_scripts_are_written_as_their_readers_write_them():
    """A character that both share may look otherwise: 遍 has another radical in Taiwan."""
    simplified, traditional = (typeface(language, 400).outline("遍")[0] for language in ("zh-Hans", "zh-Hant"))

    assert simplified.vertices.tobytes() != traditional.vertices.tobytes()


def test_a_title_is_bolder_than_a_note():
    """The font's default is its thinnest face, which nobody can read on a telephone."""
    thin, normal, bold = (ink_of(typeface("zh-Hans", weight)) for weight in (100, 400, 700))

    assert thin < 0.8 * normal
    assert normal < 0.8 * bold


def ink_of(face) -> float:
    """How much of its square a character fills."""
    sheet = Sheet(200, "en")
    path, _ = face.outline("中")
    moved = Affine2D().scale(150, -150).translate(100, 170).transform_path(path)
    sheet._axes.add_patch(PathPatch(moved, facecolor="black", linewidth=0))
    return float((255 - pixels(sheet.png())).sum())


def test_the_interval_is_seen():
    """A band from its low to its high end, and the value in it, on a light ground."""
    png = drawn(msgspec.json.decode(picture("en", ROW), type=Picture))
    line = pixels(png)[190 + 70 + 13]
    inner = 1080 - 2 * 56
    band, value = of_colour(line, 0x9C, 0xC4, 0xEA), of_colour(line, 0x0B, 0x4F, 0x8A)

    assert abs(band.min() - (56 + 0.80 * inner)) <= 2
    assert abs(band.max() - (56 + 0.90 * inner)) <= 2
    assert abs(value.mean() - (56 + 0.86 * inner)) <= 2
    assert line[0].tolist() == [255, 255, 255]


def test_a_long_name_does_not_run_into_its_value():
    """It is cut, with an ellipsis."""
    row = msgspec.structs.replace(ROW, label="A touchpoint with a very long name, and then some more of it")
    face = typeface("en", 400)

    assert drawn(Picture("en", "T", "S", "F", (row,)))
    assert face.width(face.fitted(row.label, 38, 600), 38) <= 600
    assert face.fitted(row.label, 38, 600).endswith("…")


def test_a_character_that_the_font_lacks_is_left_out():
    """An emoji in a touchpoint's name costs the name its emoji, not the picture its row."""
    assert drawn(Picture("en", "Pizza 🍕", "S", "F", (ROW,)))


def test_a_machine_without_fonts_draws_the_same(tmp_path):
    """No font of the system is looked for: with none at all the picture is the same, byte for byte."""
    of = picture("zh-Hans", ROW)
    script = (
        "import sys, msgspec; from bot.drawing import drawn, Picture; "
        "sys.stdout.buffer.write(drawn(msgspec.json.decode(sys.argv[1], type=Picture)))"
    )
    bare = {"PATH": "", "HOME": str(tmp_path), "MPLCONFIGDIR": str(tmp_path), "FONTCONFIG_FILE": "/nowhere"}
    run = subprocess.run(
        [sys.executable, "-c", script, of], cwd=Path(__file__).parents[2], env=bare, capture_output=True, check=True
    )

    assert run.stdout == drawn(msgspec.json.decode(of, type=Picture))


def test_the_process_stays_for_the_next_picture(drawer):
    """The first costs seconds, of which the libraries take most; one that cannot be drawn costs no process."""
    first = drawer.draw(picture("en", ROW))
    pid = drawer.pid
    with pytest.raises(NotDrawn, match="ValidationError"):
        drawer.draw('{"language": 1}')
    second = drawer.draw(picture("en", ROW))

    assert first == second
    assert first.startswith(b"\x89PNG")
    assert drawer.pid == pid


def test_a_process_that_died_is_replaced(drawer):
    """Whatever ended it, the next picture is drawn."""
    drawer.draw(picture("en", ROW))
    pid = drawer.pid
    os.kill(pid, signal.SIGKILL)

    assert drawer.draw(picture("en", ROW)).startswith(b"\x89PNG")
    assert drawer.pid != pid


def test_a_picture_that_takes_too_long_is_given_up():
    """Its process ends with it, so that nothing is left at work."""
    drawer = Drawer(patience=0.01)
    with pytest.raises(NotDrawn, match="too long"):
        drawer.draw(picture("en", ROW))

    assert drawer.pid is None


def test_the_bot_itself_has_no_matplotlib():
    """Neither its memory nor its seconds: only the drawing process imports it."""
    script = "import sys, bot.app, bot.staff, bot.pictures, bot.enclosing; sys.exit('matplotlib' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=False)

    assert run.returncode == 0
