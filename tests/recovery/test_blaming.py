"""Claims about words that blame the customer, with the lists that we ship."""

import pytest

from bot.playbooks import playbook_of
from recovery.blaming import Blame


@pytest.fixture(scope="module")
def blame() -> Blame:
    return playbook_of(None).blame


@pytest.mark.parametrize(
    "text",
    [
        "You should have told us before.",
        "As we told you, the shop closes at six.",
        "as I already explained, read the manual",
        "That is not our problem.",
        "Well, it's your own fault",
        "Please calm down.",
        "Nobody else complained.",
        "是您自己没有看清楚说明。",
        "If you had told us before, we could have helped.",
        "就您一个人有意见",
        "这是您的问题，与我们无关",
        "我们早就说过了",
        "属于人为损坏",
        "您應該早點說",
        "這不是我們的責任",
        "別的顧客都沒有意見",
    ],
)
def test_words_that_blame_are_found(blame, text: str):
    """Perhaps it is true; an unhappy customer may not read it unasked."""
    assert blame.in_text(text) != ()


@pytest.mark.parametrize(
    "text",
    [
        "You should have received it by now, and I am sorry that you have not.",
        "It is not your fault at all.",
        "You must have been waiting for hours. I am sorry.",
        "I look into your problem at once.",
        "We will bring a new one at six.",
        "您应该已经收到了，很抱歉让您久等。",
        "不是您的问题，是我们没有做好。",
        "您的问题我们已经在处理。",
        "不用您自己来取，我们送过去。",
        "關於您的問題，我們今天會回覆。",
        "很抱歉給您添麻煩了。",
        "您的问题我已经记录，今天下午给您答复。",
        "请问您自己方便来取吗？",
        "如果您忘了密码，我帮您重置。",
        "只有您满意，我们才放心。",
        "You could have a new one today.",
        "You forgot your umbrella; we keep it for you.",
        "If you had trouble with the lift, I can come down.",
        "",
    ],
)
def test_kind_words_are_left_alone(blame, text: str):
    """Who is asked each time stops reading the question."""
    assert blame.in_text(text) == ()
