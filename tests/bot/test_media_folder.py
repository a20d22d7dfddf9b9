"""The folder of people's files, and what an attacker could try with names, paths and sizes."""

import os
from pathlib import Path

import pytest

from bot.filetypes import EXTENSIONS, HEAD, name_for, type_of
from bot.media_folder import MediaFolder, TooLarge, new_path


@pytest.fixture
def folder(tmp_path: Path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


def put(folder: MediaFolder, content: bytes, path: str | None = None) -> str:
    path = path or new_path()
    with folder.begin(path, 1_000) as draft:
        draft.write(content)
        draft.finish()
    return path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../../etc/passwd",
        "ab/../../x",
        "ab/" + "0" * 31,
        "ab/" + "0" * 33,
        "AB/" + "0" * 32,
        "ab/" + "0" * 32 + "\n",
        "ab/" + "0" * 32 + "/x",
        "ab\\" + "0" * 32,
        "ab/" + "g" * 32,
        "ab/" + "٠" * 32,
    ],
)
def test_no_path_but_ours_is_opened(folder: MediaFolder, path: str):
    """Whatever stands in a row."""
    for act in (lambda: folder.read(path, 9), lambda: folder.erase(path), lambda: folder.begin(path, 9)):
        with pytest.raises(ValueError, match="no path"):
            act()


def test_a_link_in_a_files_place_is_not_followed(folder: MediaFolder, tmp_path: Path):
    """Somebody with a foot in the folder could else read what we can."""
    secret, path = tmp_path / "secret", new_path()
    secret.write_text("x")
    folder.place(path).parent.mkdir(parents=True)
    folder.place(path).symlink_to(secret)
    (part := folder.place(path).with_suffix(".part")).symlink_to(secret)

    with pytest.raises(OSError, match="symbolic"):
        folder.read(path, 9)
    put(folder, b"ours", path)
    assert (secret.read_text(), folder.read(path, 9), part.exists()) == ("x", b"ours", False)


def test_nothing_is_there_until_it_is_whole(folder: MediaFolder):
    """A reader sees all of it or none."""
    with folder.begin(new_path(), 1_000) as draft:
        draft.write(b"half")

    assert not any(each.is_file() for each in folder.root.rglob("*"))


def test_more_than_was_allowed_is_cut_off_at_once(folder: MediaFolder):
    """However long somebody goes on sending."""
    with folder.begin(new_path(), 10) as draft:
        draft.write(b"x" * 10)
        with pytest.raises(TooLarge):
            draft.write(b"x")
        assert draft.size == 11


def test_a_file_that_grew_behind_our_back_is_not_read(folder: MediaFolder):
    """Its size in the row is what we are ready for."""
    path = put(folder, b"x" * 20)
    with pytest.raises(TooLarge):
        folder.read(path, 19)


def test_a_file_begun_by_a_life_before_us_is_written_over(folder: MediaFolder):
    """Neither in the way nor left over."""
    path = put(folder, b"first")
    folder.place(path).with_suffix(".part").write_bytes(b"half")
    put(folder, b"second", path)

    assert folder.read(path, 99) == b"second"
    assert [each.name for each in folder.root.rglob("*") if each.is_file()] == [path[3:]]


def test_erasing_what_is_not_there_is_success(folder: MediaFolder):
    """It may have been done before a death."""
    path = put(folder, b"x")
    folder.erase(path)
    folder.erase(path)

    assert not folder.place(path).exists()


def test_paths_cannot_be_guessed():
    """128 random bits each."""
    assert len({new_path() for _ in range(1000)}) == 1000


# Names.


@pytest.mark.parametrize(
    ("name", "mime", "expected"),
    [
        ("bill.pdf", "application/pdf", "bill.pdf"),
        ("BILL.PDF", "application/pdf", "BILL.PDF"),
        ("bill.pdf.exe", "application/pdf", "bill.pdf.exe.pdf"),
        ("page.html", "text/plain", "page.html.txt"),
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("C:\\Users\\ana\\cat.jpg", "image/jpeg", "cat.jpg"),
        ("cat\u202egpj.exe", "image/jpeg", "cat gpj.exe.jpg"),
        ('a"b\r\nc.png', "image/png", "a b  c.png"),
        ("", "image/png", "photo.png"),
        (None, "audio/ogg", "photo.ogg"),
        ("...", "image/png", "photo.png"),
        ("发票 2026.pdf", "application/pdf", "发票 2026.pdf"),
        ("x" * 300, "application/pdf", "x" * 80 + ".pdf"),
        (None, None, "photo"),
    ],
)
def test_a_file_is_passed_on_under_a_name_that_says_what_it_is(name: str | None, mime: str | None, expected: str):
    """No folder, no mark that turns the reading round, no second extension that hides the first."""
    assert name_for(name, mime, "photo") == expected


# Types.


@pytest.mark.parametrize(
    ("head", "mime"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "image/png"),
        (b"GIF89a" + bytes(20), "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"OggS\x00\x02" + bytes(20) + b"OpusHead", "audio/ogg"),
        (b"ID3\x04\x00", "audio/mpeg"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41", "video/mp4"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"{\\rtf1\\ansi", "application/rtf"),
        ("Bestellung Nr. 5, 您好\r\n\t2 < 3".encode(), "text/plain"),
        (("好" * HEAD).encode()[:HEAD], "text/plain"),
        (b"", None),
        (b"\x00\x01\x02", None),
        (b"\xff\xfe<\x00h\x00t\x00m\x00l\x00", None),
        (b"caf\xe9", None),
        (b"<html>", None),
        (b"\xef\xbb\xbf <!DOCTYPE html>", None),
        (b"x\n<SvG onload=alert(1)>", None),
        (b"#!/usr/bin/env python", None),
        (b"\x1b[2Jhello", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head: bytes, mime: str | None):
    """Whatever its name and its sender say."""
    assert type_of(head) == mime


def test_nothing_that_could_be_run_is_in_the_list():
    """A browser shows what is kept, and no computer starts it."""
    forbidden = ("html", "svg", "javascript", "xml", "zip", "executable", "msdownload", "octet-stream", "x-sh")

    assert not [mime for mime in EXTENSIONS if any(mime.endswith(each) for each in forbidden)]
    assert not os.path.isabs(new_path())
