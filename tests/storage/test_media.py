"""Files that people sent, on both databases: wanted, claimed, kept, refused, erased, and what they belong to."""

from typing import Any

import pytest

from storage.media import MediaFile

NOON = 1_772_452_800_000
HOUR = 3_600_000


def want(unit, count: int = 1, at: int = NOON, **more: Any) -> list[int]:
    return [unit.media.want(1, "telegram", "7", "photo", f"p{number}", at, **more) for number in range(count)]


def row(unit, media_id: int) -> MediaFile:
    found: MediaFile | None = unit.media.get(media_id)
    assert found is not None
    return found


def test_files_are_claimed_oldest_first_and_no_further_than_there_are_paths(unit):
    """Each gets a path of its own, and is nobody else's until its lease ends."""
    want(unit, 3)
    first = unit.media.claim(NOON, NOON + HOUR, ["aa/1", "bb/2"])
    second = unit.media.claim(NOON, NOON + HOUR, ["cc/3", "dd/4"])

    assert [(file.id, file.path, file.attempts) for file in (*first, *second)] == [
        (first[0].id, "aa/1", 1),
        (first[0].id + 1, "bb/2", 1),
        (first[0].id + 2, "cc/3", 1),
    ]
    assert unit.media.next_wanted_at() == NOON + HOUR


def test_a_file_claimed_again_keeps_its_path(unit):
    """What a life before us had begun is written over, not beside."""
    [file] = want(unit)
    unit.media.claim(NOON, NOON + HOUR, ["aa/1"])
    unit.media.release()
    [again] = unit.media.claim(NOON, NOON + HOUR, ["bb/2"])

    assert (again.id, again.path, again.attempts) == (file, "aa/1", 2)


def test_only_a_wanted_file_is_kept_or_refused(unit):
    """Erased meanwhile, it must not come back: whoever fetched it is told, and takes it away again."""
    kept, refused, erased = want(unit, 3)
    unit.media.claim(NOON, NOON + HOUR, ["aa/1", "bb/2", "cc/3"])
    unit.media.answers([erased], 5, None)
    unit.media.erase("asked", 9, conversation_id=5)

    assert unit.media.kept(kept, "image/jpeg", 9, "d")
    assert unit.media.refuse(refused, "type")
    assert not unit.media.kept(erased, "image/jpeg", 9, "d")
    assert not unit.media.refuse(kept, "type")
    assert [(row(unit, each).state, row(unit, each).path) for each in (kept, refused, erased)] == [
        ("kept", "aa/1"),
        ("refused", None),
        ("erased", "cc/3"),
    ]


def test_what_is_erased_leaves_the_folder_before_its_path_is_forgotten(unit):
    """A death between the two costs nothing: it is still in the list."""
    [file, other] = want(unit, 2, erase_at=NOON + HOUR)
    unit.media.claim(NOON, NOON + HOUR, ["aa/1"])
    unit.media.kept(file, "image/jpeg", 9, "d")
    assert unit.media.erase("retention", 9, ended_by=NOON + HOUR) == 2

    assert unit.media.leaving(9) == [(file, "aa/1")]
    unit.media.gone(file)
    assert unit.media.leaving(9) == []
    assert row(unit, other).state == "erased"


@pytest.mark.parametrize("whose", ["customer_id", "conversation_id"])
def test_erasing_takes_one_persons_or_one_talks_files_chunk_by_chunk(unit, whose):
    """Fewer than asked for means that none is left."""
    ana = unit.customers.ensure(1, "ana", NOON).id
    files = want(unit, 3, customer_id=ana)
    want(unit, 1)
    unit.media.answers(files, 5, None)
    key = {"customer_id": ana, "conversation_id": 5}[whose]

    assert [unit.media.erase("asked", 2, **{whose: key}) for _ in range(3)] == [2, 1, 0]
    assert unit.one("SELECT COUNT(*) FROM media WHERE state = 'wanted'") == (1,)


def test_an_album_waits_until_it_is_taken(unit):
    """By its chat too: another chat may use the same number."""
    files = want(unit, 2, album="a", waiting="{}")
    unit.media.want(1, "telegram", "8", "photo", "x", NOON, album="a", waiting="{}")

    assert [file.id for file in unit.media.album_waits("telegram", "7", "a")] == files
    unit.media.album_taken(files[:1])
    assert [file.id for file in unit.media.album_waits("telegram", "7", "a")] == files[1:]


def test_a_file_belongs_to_the_answer_that_came_with_it(unit):
    """A later answer to the same question has not shown it; one that came before has not either."""
    customer = unit.customers.ensure(1, "ana", NOON)
    address = unit.addresses.add(1, "telegram", "7", "customer", NOON, customer_id=customer.id)
    talk = unit.conversations.open(1, address.id, customer.id, "survey", "seed", "{}", NOON)
    chain = ""
    for hour in range(3):
        chain = unit.answers.add(talk.id, "reason", "answer", "text", None, "x", "x", NOON + hour * HOUR, chain)
    answers = [line.id for line in unit.answers.page(0, 9)]
    [file] = want(unit, at=NOON + HOUR - 1)
    unit.media.answers([file], talk.id, "reason")
    unit.media.claim(NOON + HOUR, NOON + 2 * HOUR, ["aa/1"])
    unit.media.kept(file, "image/jpeg", 9, "d")

    assert unit.media.of_answers([talk.id]) == {answers[1]: ["aa/1"]}
    assert unit.media.of_answers([]) == {}
    assert [file.path for file in unit.media.of_conversation(talk.id)] == ["aa/1"]
