"""Updates as Telegram writes them become our values, and none is ever in the way of another."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import parse
from bot.channels.updates import AnyUpdate, Attached, Joined, Left, Moved, Pressed, Unreadable, Written

RECEIVED_AT = 1_700_000_100_000
ANA = {"id": 7_000_000_001, "is_bot": False, "first_name": "Ana", "last_name": "Lima", "language_code": "pt-br"}
PRIVATE = {"id": 7_000_000_001, "type": "private", "first_name": "Ana"}
GROUP = {"id": -100123, "type": "supergroup", "title": "Desk"}


def message(**fields: object) -> dict[str, object]:
    return {"message_id": 42, "date": 1_700_000_000, "chat": PRIVATE, "from": ANA} | fields


def press(**fields: object) -> dict[str, object]:
    return {"id": "990", "from": ANA, "message": message(text="How was it?"), "data": "1:seed.1:5"} | fields


def batch(*updates: object) -> parse.Taken:
    return parse.batch(msgspec.json.encode({"ok": True, "result": updates}), RECEIVED_AT)


def one(update_id: int = 1, /, **kinds: object) -> AnyUpdate | None:
    """What one update becomes, which must be the same from a batch as from a webhook."""
    update = {"update_id": update_id} | kinds
    found = batch(update).updates
    assert found == [single] if (single := parse.single(msgspec.json.encode(update), RECEIVED_AT)) else not found
    return found[0] if found else None


def test_a_text_has_all_that_a_turn_asks_for():
    """Time in ms, the person and the chat as text, the language as Telegram gives it."""
    assert one(message=message(text="four", reply_to_message=message(message_id=41))) == Written(
        channel="telegram",
        ident="m7000000001.42",
        chat="7000000001",
        sent_at=1_700_000_000_000,
        update_id=1,
        user="7000000001",
        name="Ana Lima",
        language="pt-br",
        text="four",
        ref="42",
        reply_to="41",
    )


ROOT = {"message_id": 77, "date": 1, "chat": GROUP, "forum_topic_created": {"name": "17 · Ana", "icon_color": 1}}
IN_TOPIC = {"chat": GROUP, "message_thread_id": 77, "is_topic_message": True}


def test_what_is_written_in_a_topic_answers_nobody():
    """Telegram gives it as an answer to the topic's root; a customer would read what colleagues say to each other."""
    found = one(message=message(text="again", reply_to_message=ROOT, **IN_TOPIC))

    assert isinstance(found, Written)
    assert (found.reply_to, found.thread) == (None, "77")


def test_an_answer_in_a_topic_answers_its_message():
    """Only the root is no message of anybody's."""
    found = one(message=message(text="we come", reply_to_message=message(message_id=80, chat=GROUP), **IN_TOPIC))

    assert isinstance(found, Written)
    assert (found.reply_to, found.thread) == ("80", "77")


def test_a_chain_of_answers_is_no_topic():
    """Outside of forums Telegram numbers threads of answers, too."""
    found = one(message=message(text="yes", chat=GROUP, message_thread_id=41, reply_to_message=message(message_id=41)))

    assert isinstance(found, Written)
    assert (found.reply_to, found.thread) == ("41", "")


def test_a_tap_in_a_topic_says_where_it_was():
    """Whoever taps is answered where they tapped."""
    found = one(callback_query=press(message=message(text="Case 17", **IN_TOPIC)))

    assert isinstance(found, Pressed)
    assert found.thread == "77"


@pytest.mark.parametrize("what", ["created", "closed", "reopened", "edited"])
def test_what_telegram_says_of_topics_is_nobodys_message(what):
    """Service messages are no words for a customer."""
    assert one(message=message(**{f"forum_topic_{what}": {"name": "x"}}, **IN_TOPIC)) is None


def test_a_tap_has_the_time_at_which_it_was_received():
    """Telegram says when the message was sent, not when its button was tapped."""
    found = one(callback_query=press())

    assert isinstance(found, Pressed)
    assert (found.ident, found.press, found.ref, found.query) == ("c990", "1:seed.1:5", "42", "990")
    assert found.sent_at == RECEIVED_AT


def test_a_tap_on_a_message_too_old_to_show_still_counts():
    """After 48 hours Telegram gives only its id, its chat and date 0."""
    found = one(callback_query=press(message={"message_id": 42, "chat": PRIVATE, "date": 0}))

    assert isinstance(found, Pressed)
    assert found.ref == "42"


@pytest.mark.parametrize("fields", [{"data": None}, {"message": None}])
def test_a_tap_that_is_none_of_ours_is_left_out(fields: dict[str, object]):
    """A game has no callback data, and an inline message no chat: we send neither."""
    query = {name: value for name, value in press(**fields).items() if value is not None}

    assert one(callback_query=query) is None


@pytest.mark.parametrize(
    ("data", "kept"), [("x" * 200, "x" * 64), ("好" * 60, "好" * 21), ("a\0b", "ab"), ("1:s.1:5", "1:s.1:5")]
)
def test_forged_callback_data_is_cut_to_what_a_button_can_hold(data: str, kept: str):
    """Whoever reads it later need not fear its size."""
    found = one(callback_query=press(data=data))

    assert isinstance(found, Pressed)
    assert found.press == kept


def test_the_same_message_has_the_same_ident_under_another_number():
    """Telegram may choose update ids anew; what was said is still the same."""
    first, again = one(5, message=message(text="4")), one(900, message=message(text="4"))

    assert first is not None
    assert again is not None
    assert first.ident == again.ident


def test_an_edit_is_another_update_than_its_message():
    """It replaces an earlier text, and two edits are two."""
    first = one(edited_message=message(text="5", edit_date=1_700_000_050))
    second = one(edited_message=message(text="3", edit_date=1_700_000_060))

    assert isinstance(first, Written)
    assert isinstance(second, Written)
    assert (first.edited, first.ref, first.sent_at) == (True, "42", 1_700_000_050_000)
    assert len({first.ident, second.ident, "m7000000001.42"}) == 3


def test_an_edited_place_is_left_out():
    """A shared live location is edited every few seconds."""
    assert one(edited_message=message(location={"latitude": 1, "longitude": 2}, edit_date=1_700_000_050)) is None


MEDIA: dict[str, dict[str, object]] = {
    "photo": {"photo": [{"file_id": "x"}]},
    "voice": {"voice": {"file_id": "x"}},
    "audio": {"audio": {"file_id": "x"}},
    "video": {"video": {"file_id": "x"}},
    "video_note": {"video_note": {"file_id": "x"}},
    "sticker": {"sticker": {"file_id": "x"}},
    "document": {"document": {"file_id": "x"}},
    "animation": {"animation": {"file_id": "x"}, "document": {"file_id": "x"}},
    "location": {"location": {"latitude": 1, "longitude": 2}},
    "venue": {"venue": {"title": "x"}, "location": {"latitude": 1, "longitude": 2}},
    "contact": {"contact": {"phone_number": "1"}},
    "poll": {"poll": {"id": "1"}},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
    "game": {"game": {"title": "x"}},
    "story": {"story": {"id": 1}},
    "checklist": {"checklist": {"title": "x"}},
    "paid_media": {"paid_media": {"star_count": 1}},
    "unsupported": {},
}


@pytest.mark.parametrize("what", MEDIA)
def test_what_is_no_text_says_what_it_is(what: str):
    """The turn answers "please tap or type", and keeps a caption as a comment."""
    found = one(message=message(caption="look", **MEDIA[what]) if what != "unsupported" else message())

    assert isinstance(found, Attached)
    assert found.what == what
    assert found.caption == ("look" if what != "unsupported" else "")


@pytest.mark.parametrize(
    ("whose", "phone"), [(7000000001, "+442079460958"), (5, "442079460958"), (None, "442079460958")]
)
def test_a_shared_contact_of_ones_own_names_its_country(whose: int | None, phone: str):
    """An account has its number with the country; of another number we do not know whether it has."""
    found = one(message=message(contact={"phone_number": "442079460958", "user_id": whose}))

    assert isinstance(found, Attached)
    assert found.phone == phone


def test_a_photo_is_its_largest_size():
    """Telegram sends three; a number plate is read on one of them."""
    sizes = [{"file_id": f"p{width}", "width": width, "height": 3, "file_size": width} for width in (90, 1280, 320)]
    found = one(message=message(photo=sizes, caption="look", media_group_id="77"))

    assert isinstance(found, Attached)
    assert (found.file, found.size, found.album, found.caption) == ("p1280", 1280, "77", "look")


def test_a_document_comes_with_its_name_and_type():
    """As its sender says; what it really is, is looked at later."""
    file = {"file_id": "d1", "file_name": "bill\0.pdf", "mime_type": "application/pdf", "file_size": 2048}
    found = one(message=message(document=file))

    assert isinstance(found, Attached)
    assert (found.file, found.file_name, found.mime, found.size) == ("d1", "bill.pdf", "application/pdf", 2048)


def test_a_shared_contact_is_its_number():
    """A tap gives it, where typing could go wrong."""
    found = one(message=message(contact={"phone_number": "+15550100", "first_name": "Ana"}))

    assert isinstance(found, Attached)
    assert (found.what, found.phone) == ("contact", "+15550100")


def test_a_forwarded_photo_is_a_photo():
    """Whoever forwards a picture shows it; only words are somebody else's."""
    found = one(message=message(photo=[{"file_id": "x"}], forward_origin={"type": "user"}))

    assert isinstance(found, Attached)
    assert (found.what, found.file) == ("photo", "x")


@pytest.mark.parametrize(
    "broken",
    [
        {"photo": "x"},
        {"photo": [{"file_id": 5}]},
        {"voice": {}},
        {"document": {"file_id": "d", "file_size": "big"}},
        {"contact": {"phone_number": 5}},
    ],
)
def test_a_file_that_is_not_as_expected_is_kept_and_in_nobodys_way(broken: dict[str, object]):
    """The next update is taken all the same."""
    taken = batch(
        {"update_id": 5, "message": message(**broken)}, {"update_id": 6, "message": message(text="4", message_id=43)}
    )

    assert [type(update) for update in taken.updates] == [Unreadable, Written]


@pytest.mark.parametrize("how", [{"forward_origin": {"type": "user"}}, {"forward_date": 1_600_000_000}])
def test_a_forwarded_text_is_not_the_persons_own_word(how: dict[str, object]):
    """A forwarded "5" is no rating (reliability.md E6)."""
    found = one(message=message(text="5", **how))

    assert isinstance(found, Attached)
    assert (found.what, found.caption) == ("forward", "5")


@pytest.mark.parametrize(
    "service",
    [
        {"new_chat_members": [ANA]},
        {"left_chat_member": ANA},
        {"pinned_message": message(text="x")},
        {"new_chat_title": "x"},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 1}},
    ],
)
def test_telegrams_own_notices_are_counted_and_left_out(service: dict[str, object]):
    """They are not a person's word, in a private chat neither."""
    taken = batch({"update_id": 5, "message": message(**service)})

    assert (taken.updates, taken.ignored, taken.offset) == ([], 1, 6)


@pytest.mark.parametrize("kind", ["channel_post", "poll_answer", "message_reaction", "something_new"])
def test_kinds_that_we_did_not_ask_for_are_left_out(kind: str):
    """A webhook set by hand may deliver them."""
    assert one(**{kind: {"chat": GROUP}}) is None


@pytest.mark.parametrize(
    ("was", "becomes", "kind"),
    [
        ({"status": "kicked"}, {"status": "member"}, Joined),
        ({"status": "left"}, {"status": "administrator"}, Joined),
        ({"status": "left"}, {"status": "restricted", "is_member": True}, Joined),
        ({"status": "member"}, {"status": "kicked"}, Left),
        ({"status": "administrator"}, {"status": "left"}, Left),
        ({"status": "member"}, {"status": "restricted", "is_member": False}, Left),
        ({"status": "member"}, {"status": "administrator"}, type(None)),
    ],
)
@pytest.mark.parametrize("chat", [PRIVATE, GROUP])
def test_a_change_of_membership_says_whether_we_can_write(
    was: object, becomes: object, kind: type, chat: dict[str, object]
):
    """Blocked and unblocked, added and removed; a promotion changes nothing for us."""
    change = {"chat": chat, "from": ANA, "date": 1_700_000_000, "old_chat_member": was, "new_chat_member": becomes}
    found = one(my_chat_member=change)

    assert isinstance(found, kind)
    assert found is None or found.group == (chat is GROUP)


def test_both_notices_of_a_migration_are_one_update():
    """The old chat and the new one each tell it, in either order (reliability.md B8)."""
    leaving = one(message=message(chat={"id": -55, "type": "group"}, migrate_to_chat_id=-100123))
    arriving = one(message=message(chat=GROUP, migrate_from_chat_id=-55))

    assert isinstance(leaving, Moved)
    assert isinstance(arriving, Moved)
    assert (leaving.chat, leaving.to) == (arriving.chat, arriving.to) == ("-55", "-100123")
    assert leaving.ident == arriving.ident


@pytest.mark.parametrize(
    "speaker",
    [
        {"sender_chat": GROUP, "from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}},
        {"sender_chat": {"id": -9, "type": "channel"}, "from": {"id": 136817688, "is_bot": True, "first_name": "C"}},
        {"from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}},
    ],
)
def test_who_speaks_as_a_group_or_a_channel_is_anonymous(speaker: dict[str, object]):
    """Nobody can be held to what nobody said (reliability.md E10)."""
    found = one(message=message(chat=GROUP, text="/take", **speaker))

    assert found is not None
    assert found.anonymous
    assert found.group


def test_nul_never_reaches_the_database():
    """PostgreSQL refuses it, and SQLite cuts the text there."""
    found = one(message=message(text="a\0b", **{"from": ANA | {"first_name": "A\0na"}}))

    assert isinstance(found, Written)
    assert (found.text, found.name) == ("ab", "Ana Lima")


@pytest.mark.parametrize("kind", ["message", "callback_query"])
def test_a_lone_surrogate_costs_only_itself(kind: str):
    """No database takes one, and msgspec refuses the whole batch for it; the others and the rest must get through."""
    good = msgspec.json.encode({"update_id": 1, "message": message(text="good")})
    bad = msgspec.json.encode({"update_id": 2, "message": message(message_id=43, text="a-SURROGATE-b")})
    body = b'{"ok":true,"result":[%b,%b]}' % (good, bad.replace(b"-SURROGATE-", b"\\ud83d"))

    taken = parse.batch(body, RECEIVED_AT)

    assert [getattr(update, "text", "") for update in taken.updates] == ["good", "ab"]
    assert taken.offset == 3


BAD_UPDATES = [
    {"update_id": 2},
    {"update_id": 2, "message": "nonsense"},
    {"update_id": 2, "message": message(text=5)},
    {"update_id": 2, "message": {"text": "no chat"}},
    {"update_id": 2, "callback_query": {"id": 5}},
    {"update_id": "2", "message": message(text="x")},
    {"update_id": True},
    {"no": "id"},
    "a string",
    None,
    17,
    [],
]


@pytest.mark.parametrize("bad", BAD_UPDATES, ids=repr)
def test_a_bad_update_never_costs_the_others(bad: object):
    """It is kept or counted, and the batch goes on."""
    first, last = {"update_id": 1, "message": message(text="a")}, {"update_id": 3, "callback_query": press()}
    taken = batch(first, bad, last)

    assert isinstance(taken.updates[0], Written)
    assert isinstance(taken.updates[-1], Pressed)
    assert len(taken.updates) + taken.ignored == taken.size == 3
    assert taken.offset == 4


def test_what_cannot_be_read_is_kept_for_a_person_to_look_at():
    """With its number and its text, so that it can be understood later."""
    found = one(77, message=message(text=5))

    assert isinstance(found, Unreadable)
    assert found.update_id == 77
    assert found.ident.startswith("u77.")
    assert '"text":5' in found.raw


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"null", b"[]", b'{"ok":false}', b'{"ok":true}', b'{"ok":true,"result":{}}', b"[" * 99_999]
)
def test_what_is_no_batch_confirms_nothing(body: bytes):
    """The same question is asked again."""
    with pytest.raises(parse.Garbled):
        parse.batch(body, RECEIVED_AT)


def test_the_last_number_is_confirmed_even_when_numbers_fall():
    """After an idle week they begin anew anywhere (reliability.md A10); a maximum would hide what follows."""
    taken = batch({"update_id": 9_000_000, "message": message(text="a")}, {"update_id": 1000, "message": message()})

    assert taken.offset == 1001


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["message_id", "chat", "from", "text", "data", "id", "date", "type", "photo", "migrate_to_chat_id"]
)
ANYTHING = st.dictionaries(FIELDS, JSON | st.just(PRIVATE) | st.just(ANA), max_size=6)
UPDATES = st.fixed_dictionaries(
    {"update_id": st.integers(min_value=0, max_value=2**40)},
    optional={
        "message": ANYTHING | JSON,
        "callback_query": ANYTHING,
        "my_chat_member": ANYTHING,
        "edited_message": ANYTHING | st.just(message(text="x")),
    },
)


@given(st.lists(UPDATES, max_size=4))
def test_no_update_is_lost_or_raises(updates: list[dict[str, object]]):
    """Every one of a batch is received or counted, whatever it holds, and the batch can be confirmed."""
    taken = batch(*updates)

    assert taken.size == len(updates) == len(taken.updates) + taken.ignored
    assert taken.offset == (int(str(updates[-1]["update_id"])) + 1 if updates else None)


@given(st.binary(max_size=200))
def test_a_webhooks_body_never_raises(body: bytes):
    """A poison update would otherwise block its chat for a day."""
    parse.single(body, RECEIVED_AT)
