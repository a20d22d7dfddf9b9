"""Claims about what a reply wants, whatever was asked: thanks, a person, help at once, an end."""

import pytest

from conversations.understanding import asks_how_it_stands, is_thanks, is_urgent, wants_person, wants_stop


@pytest.mark.parametrize(
    "text",
    [
        "thanks!",
        "thx",
        "Thank you so much!!",
        "ok thanks",
        "Thanks again 😊",
        "谢谢",
        "謝謝您！",
        "多謝",
        "好的，谢谢",
        "非常感谢",
        "太感谢了",
        "👍",
        "🙏🙏",
        "👍🏻",
        "❤️",
        "谢谢谢谢",
        "thank you 谢谢",
        "辛苦了",
        "TY",
        "Great, thank you :)",
        "感谢您的帮助",
        "唔該",
    ],
)
def test_a_thank_you_is_recognised(text):
    """It must never become a complaint."""
    assert is_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "thanks for nothing",
        "no thanks",
        "不用谢",
        "谢谢，但是房间很脏",
        "thank you but no",
        "ok",
        "😊",
        "",
        "👎",
        "tyre",
        "thanks 5",
        "thanks?",
    ],
)
def test_more_than_a_thank_you_is_read_by_somebody(text):
    """What follows "but" is the message."""
    assert not is_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "talk to a human",
        "I want to speak to someone",
        "Can I talk to a real person?",
        "人工",
        "轉人工",
        "找真人",
        "客服",
        "客服？",
        "转接人工客服",
        "human please",
        "Let me speak with your manager now",
        "please call me",
        "叫你们经理来",
        "我要跟真人说话",
        "請聯絡我",
        "能找个人来处理吗",
        "5, but please have someone call me",
        "不要机器人我要人工",
        "I don't like bots, get me a human",
        "can somebody please help me",
    ],
)
def test_the_wish_for_a_person_is_heard(text):
    """Also beside a good rating."""
    assert wants_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "客服很好",
        "the staff were lovely",
        "no need to talk to anyone",
        "I don't want to speak to anyone",
        "不用转人工",
        "不需要找客服",
        "老板和工作人员都很好",
        "a very human touch",
        "personal service",
        "5",
        "",
        "I spoke to nobody",
        "人很多",
    ],
)
def test_talk_about_people_is_no_wish_for_one(text):
    """Praise for the staff must not open a case."""
    assert not wants_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "There is a FIRE",
        "no fire",
        "my son is allergic!",
        "I will call my lawyer",
        "smell of  gas",
        "房间漏水了",
        "有人受傷",
        "我要報警",
        "投訴到消協",
        "插座漏電",
        "媒体曝光",
        "打12315投诉",
        "he was inju\u200bred",
        "ＰＯＬＩＣＥ",
        "5 but I was hurt",
        "起 火 了",
        "food\npoisoning",
        "瓦斯外洩",
    ],
)
def test_what_cannot_wait_is_urgent(text):
    """A false alarm costs a glance, a missed one may cost a hand."""
    assert is_urgent(text)


@pytest.mark.parametrize(
    "text",
    ["they fired the cook", "Sue was lovely", "order 1231599", "policewoman's", "smoked salmon", "", "很好", "5"],
)
def test_a_part_of_a_word_is_not_urgent(text):
    """Whole words in English."""
    assert not is_urgent(text)


def test_the_urgent_list_can_be_ones_own():
    """A pool has other dangers than a restaurant; its words may be in either script."""
    assert is_urgent("das Kind ist ERTRUNKEN!", ["ertrunken", "溺水"])
    assert is_urgent("有人溺水", ["溺水"])
    assert is_urgent("電梯壞了", ["電梯"])
    assert not is_urgent("fire", ["ertrunken", " "])


@pytest.mark.parametrize(
    "text", ["stop", "STOP.", "Unsubscribe", "opt-out", "退订", "退訂", "取消訂閱", "別再發了", "请不要再发了！", "TD"]
)
def test_stop_alone_stops(text):
    """Never again, at the first word."""
    assert wants_stop(text)


@pytest.mark.parametrize("text", ["stop the noise at night", "the bus stop", "don't stop", "不停", "停止漏水", ""])
def test_stop_in_a_sentence_does_not(text):
    """It is about something else."""
    assert not wants_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        "any news?",
        "Any update",
        "any updates please",
        "WHAT IS HAPPENING???",
        "what's going on",
        "status?",
        "Status update please",
        "how is my case",
        "how's it going?",
        "how is it going with my complaint",
        "any progress?",
        "when will I hear from you?",
        "when will it be fixed",
        "when do I get my refund",
        "how long will it take?",
        "how much longer",
        "where are we with this",
        "has anything been done?",
        "did anyone read this",
        "have you forgotten me?",
        "still waiting",
        "who is working on it",
        "what happens next",
        "so what happens now",
        "人呢？",
        "结果呢",
        "is there any news",
        "is anybody there?",
        "Have you got any news for me",
        "进展如何",
        "进展如何？",
        "有消息吗",
        "有没有消息",
        "处理得怎么样了？",
        "处理的怎么样",
        "现在怎么样了",
        "怎么样了",
        "什么时候能修好",
        "什么时候处理",
        "到哪一步了",
        "有结果了吗",
        "修好了吗",
        "解决了没有",
        "有人处理吗",
        "怎么还没消息",
        "为什么没人理",
        "忘了我了吗",
        "下一步呢？",
        "進展如何",
        "有消息嗎",
        "處理得怎麼樣了",
        "還要多久",
        "什麼時候能修好",
        "有人處理嗎",
        "怎麼還沒消息",
        "後來怎樣了",
        "投诉处理得如何",
    ],
)
def test_who_asks_for_news_is_understood(text):
    """Whoever waits asks in many ways, and each deserves an honest answer."""
    assert asks_how_it_stands(text)


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "thank you",
        "The bread was wet",
        "when do you open",
        "when will you be open on Sunday?",
        "how long is the warranty?",
        "please call me",
        "yes",
        "no",
        "it is not fixed",
        "I was waiting for an hour and nobody came",
        "what is your address",
        "how is the weather",
        "how are you",
        "my status is gold",
        "你好",
        "谢谢",
        "几点关门",
        "什么时候开门",
        "东西坏了",
        "没人来",
        "我要退款",
        "能便宜点吗",
        "我的人呢就是这样直",
        "怎么走",
        "没问题",
        "还没好",
        "你们有什么",
        "為什麼這麼貴",
        "地址是什么",
        "什么时候营业",
        "how do I get there",
        "the state of the room was bad",
        "anything else?",
        "what is the price",
        "any news? " * 40,
    ],
)
def test_what_is_for_a_person_is_left_to_the_person(text):
    """Opening hours, a new complaint, a whole story: no state of a case answers that."""
    assert not asks_how_it_stands(text)
