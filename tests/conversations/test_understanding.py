"""Claims about what replies mean: yes and no, numbers, and what was chosen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.understanding import (
    Scale,
    choice,
    choices,
    consent,
    is_thanks,
    is_urgent,
    number,
    put_right,
    ranking,
    rating,
    wants_person,
    wants_stop,
    yes_no,
)

NPS = Scale(0, 10, words=False)


@pytest.mark.parametrize("text", ["1 " * 22_500, "⭐" * 45_000, "谢" * 45_000, "a\u0301\u0316" * 15_000, " " * 45_000])
def test_a_huge_reply_is_no_rating_nor_anything_short(text):
    """Lengths are looked at first; that this returns at all is the claim."""
    assert rating(text, NPS) is None
    assert number(text, None, None) is None
    assert yes_no(text) is None
    assert is_thanks(text) is False
    assert wants_stop(text) is False
    assert (wants_person(text), is_urgent(text)) == (False, False)
    assert choices(text, ROOMS) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("12", 12),
        ("１２", 12),
        ("十二", 12),
        ("一百零五", 105),
        ("两百", 200),
        ("3个", 3),
        ("兩個", 2),
        ("007", 7),
        ("٤٢", 42),
    ],
)
def test_a_whole_number_is_understood_in_any_digits(text, meant):
    """One number, many keyboards."""
    assert number(text, 0, 9999) == meant


@pytest.mark.parametrize(
    "text",
    [
        "-1",
        "+1",
        "1.0",
        "1,000",
        "1e3",
        "1_0",
        "三四",
        "一百二",
        "百",
        "3天",
        "3 weeks",
        "二〇二五",
        "1 2",
        "",
        "many",
        "9" * 16,
        "十十",
    ],
)
def test_what_is_not_plainly_one_whole_number_is_none(text):
    """三四 is three or four, and three weeks are not three days."""
    assert number(text, None, None) is None


def test_a_number_outside_the_bounds_is_none_and_the_bounds_themselves_are_in():
    """Never clamped."""
    assert [number(text, 1, 3) for text in ("0", "1", "3", "4")] == [None, 1, 3, None]


@pytest.mark.parametrize(
    "text", ["yes", "Yes!", "YEP", "sure", "ok", "是", "是的", "對", "好的。", "没错", "沒錯", "嗯", "👍", "👍🏽", "✅"]
)
def test_a_yes_is_a_yes(text):
    """In every language we speak, and in none."""
    assert yes_no(text) is True


@pytest.mark.parametrize(
    "text", ["no", "No.", "nope", "no, thanks", "不", "不是", "沒有", "没有。", "还没有", "不用了", "👎", "not yet"]
)
def test_a_no_is_a_no(text):
    """不是 ends in 是 and is none."""
    assert yes_no(text) is False


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *(("Fixed!", True), ("all good, thanks", True), ("it works again", True), ("yes", True)),
        *(("修好了。", True), ("解决了，谢谢！", True), ("補上了", True)),
        *(("Still broken", False), ("nobody came", False), ("not fixed", False), ("no", False)),
        *(("還沒修好", False), ("還是壞的", False), ("没人联系我", False)),
        *(("yes but it is cold", None), ("maybe", None), ("修好了但是又坏了", None)),
    ],
)
def test_what_is_said_of_a_recovery_is_understood(text, said):
    """Asked whether it was put right, people say that it is fixed; only a whole reply that says just that counts."""
    assert put_right(text) is said


@pytest.mark.parametrize("text", ["fixed", "still broken", "修好了", "没收到"])
def test_to_another_question_it_may_mean_the_opposite(text):
    """*Was anything wrong?* Fixed. So to any other question it is asked again."""
    assert yes_no(text) is None


@pytest.mark.parametrize(
    "text", ["maybe", "是不是", "yes and no", "yes but slowly", "有没有", "", "5", "不知道", "是吧？"]
)
def test_a_half_yes_is_asked_again(text):
    """The caller asks; it does not guess."""
    assert yes_no(text) is None


@pytest.mark.parametrize(
    ("text", "agreed"),
    [
        ("I agree", True),
        ("同意", True),
        ("我同意。", True),
        ("yes", True),
        ("不同意", False),
        ("I do not agree", False),
        ("拒绝", False),
        ("no", False),
        ("why?", None),
        ("I agree if you delete it", None),
        ("有", None),
        ("嗯", None),
    ],
)
def test_consent_is_a_clear_word_or_nothing(text, agreed):
    """What is not clear is not consent."""
    assert consent(text) is agreed


ROOMS = (
    ("room", ("Room", "房间", "房間")),
    ("food", ("Food & drink", "餐饮", "餐飲")),
    ("staff", ("Staff", "员工服务", "員工服務")),
    ("price", ("Price and value", "价格和价值", "價格")),
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Room", "room"),
        (" ROOM ", "room"),
        ("ｒｏｏｍ", "room"),
        ("food&drink", "food"),
        ("房 间", "room"),
        ("房間。", "room"),
        ("2", "food"),
        ("②", "food"),
        ("2.", "food"),
        ("第三个", "staff"),
        ("选4", "price"),
        ("option 1", "room"),
        ("四", "price"),
    ],
)
def test_an_option_is_chosen_by_its_label_or_its_number(text, key):
    """Case, width and spaces are the keyboard's."""
    assert choice(text, ROOMS) == key


@pytest.mark.parametrize("text", ["0", "5", "-1", "1.5", "a", "roomy", "1 or 2", "", "not 1", "1\x00"])
def test_what_names_no_option_is_none(text):
    """No letter, no near miss."""
    assert choice(text, ROOMS) is None


def test_a_number_that_stands_in_another_label_is_no_plain_choice():
    """To 1–2, 3–5 and 6 or more, the reply 3 is most likely no third option."""
    visits = (("few", ("1–2",)), ("some", ("3–5",)), ("many", ("6 or more",)))

    assert choice("3", visits) is None
    assert choice("3–5", visits) == "some"


def test_a_label_of_two_options_chooses_neither():
    """A survey's slip must not become a customer's answer."""
    assert choice("Other", (("a", ("Other",)), ("b", ("other",)))) is None


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("1, 3", ("room", "staff")),
        ("1 和 3", ("room", "staff")),
        ("1、3", ("room", "staff")),
        ("1 3", ("room", "staff")),
        ("Staff and room", ("staff", "room")),
        ("餐饮，房间", ("food", "room")),
        ("餐飲跟房間", ("food", "room")),
        ("Price and value", ("price",)),
        ("Price and value, Room", ("price", "room")),
        ("价格和价值和房间", ("price", "room")),
        ("room, staff, and food & drink", ("room", "staff", "food")),
        ("1\n2\n", ("room", "food")),
        ("①②", ("room", "food")),
        ("2", ("food",)),
        ("1,1,1", ("room",)),
        ("1, 2.", ("room", "food")),
    ],
)
def test_several_options_are_chosen_in_one_reply(text, keys):
    """A label that holds an "and" is still one label."""
    assert choices(text, ROOMS) == keys


@pytest.mark.parametrize("text", ["1, 9", "room and something else", "", ",", "12", "all", "1, not 2", "and"])
def test_several_options_are_all_understood_or_none(text):
    """Half an answer understood is an answer misunderstood."""
    assert choices(text, ROOMS) is None


@given(
    st.lists(st.sampled_from([key for key, _ in ROOMS]), min_size=1, unique=True),
    st.sampled_from([", ", "、", "和", "\n"]),
)
def test_the_labels_of_any_options_joined_choose_those(keys, separator):
    """In any order and with any separator."""
    labels = dict(ROOMS)

    assert choices(separator.join(labels[key][-1] for key in keys), ROOMS) == tuple(keys)


MATTERS = [("price", ("Price", "价格")), ("staff", ("Staff", "服务")), ("room", ("Bed and room", "房间"))]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("2 1 3", ("staff", "price", "room")),
        ("２，１，３", ("staff", "price", "room")),
        ("213", ("staff", "price", "room")),
        ("②①③", ("staff", "price", "room")),
        ("2>1>3", ("staff", "price", "room")),
        ("staff -> price -> room", None),
        ("staff -> price -> bed and room", ("staff", "price", "room")),
        ("Staff, then price, then bed and room.", ("staff", "price", "room")),
        ("房间、价格、服务", ("room", "price", "staff")),
        ("服务 > 房间 > 价格", ("staff", "room", "price")),
        ("第二，第一，第三", ("staff", "price", "room")),
    ],
)
def test_an_order_is_typed_in_figures_or_labels(text, keys):
    """Whichever sign stands between them."""
    assert ranking(text, MATTERS, 3) == keys


@pytest.mark.parametrize(
    "text", ["2 1", "2 1 1", "1 2 3 1", "4 1 2", "223", "21", "price", "", "price > price > staff", "0 1 2"]
)
def test_an_order_has_each_place_once_or_is_none(text):
    """What is left out is nobody's to fill in."""
    assert ranking(text, MATTERS, 3) is None


def test_only_as_many_places_as_are_asked_for_are_an_order():
    """Of the first two, two are wanted: not one, not three."""
    assert ranking("3 1", MATTERS, 2) == ("room", "price")
    assert ranking("31", MATTERS, 2) == ("room", "price")
    assert ranking("3 1 2", MATTERS, 2) is None
    assert ranking("staff", MATTERS, 1) == ("staff",)
    assert ranking("31", MATTERS, 1) is None


@given(st.permutations(MATTERS), st.sampled_from([" > ", "、", "\n", ", then ", "然后"]))
def test_any_order_of_the_labels_is_that_order(options, separator):
    """As somebody writes a list."""
    typed = separator.join(said[-1] for _, said in options)

    assert ranking(typed, MATTERS, 3) == tuple(key for key, _ in options)


@given(st.text(st.characters(exclude_categories=[])))
def test_no_reply_is_an_error(text):
    """What a customer types is an answer or a question asked again."""
    readers = (yes_no, consent, is_thanks, wants_person, is_urgent, wants_stop)

    assert all(read(text) in (True, False, None) for read in readers)
    assert choice(text, ROOMS) in (None, "room", "food", "staff", "price")
    assert choices(text, ROOMS) is None or choices(text, ROOMS)
    assert ranking(text, MATTERS, 2) is None or ranking(text, MATTERS, 2)
    assert (number(text, 0, None) or 0) >= 0
