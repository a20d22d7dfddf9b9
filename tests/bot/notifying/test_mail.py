"""Claims about e-mails, given to a real mail server."""

from email.message import EmailMessage
from typing import Any

import pytest

from bot.clock import Clock
from bot.notifying.emails import NoMailbox, composed, mailbox_of
from bot.notifying.letters import Letter, kept
from bot.notifying.mail import MailWay
from bot.notifying.retrying import Failed, Refused, Taken, Verdict
from storage.notifications import Notification
from tests.bot.notifying.posting import CERTIFICATE, PASSWORD, USER, PostOffice, post_office

ANA = "ana@example.com"
LINK = "https://ask.shop.example/c/AbCdEfGhIjKlMnOpQrStUv"


def words(mail: EmailMessage, kind: str = "plain") -> str:
    """Return what a mail says, as plain text or as a page."""
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def row(target: str = ANA, **more: Any) -> Notification:
    letter = Letter(**{"language": "en", "business": "Corner Shop", "name": "Ana", "link": LINK, **more})
    return Notification(
        7, 1, "mail", "message.waiting", "msg_7", target, kept(letter), "k", "sending", 1, 0, None, 0, None
    )


async def sent(office: PostOffice, notification: Notification, **settings: object) -> Verdict:
    way = MailWay(office.settings(**settings), "https://ask.shop.example", Clock())
    return await way.send(notification)


async def test_the_customer_gets_the_link_and_nothing_of_what_was_said():
    """A mailbox may be read by others; the chat page is the customer's."""
    async with post_office() as office:
        assert await sent(office, row(), reply_to="help@shop.example") == Taken()
    [mail] = office.mails

    assert LINK in words(mail)
    assert LINK in words(mail, "html")
    assert words(mail).startswith("Hello Ana,")
    assert mail["From"] == "Corner Shop <hello@shop.example>"
    assert (mail["To"], mail["Reply-To"]) == (ANA, "help@shop.example")
    assert mail["Subject"] == "Corner Shop has a message for you"
    assert office.envelopes == [("hello@shop.example", [ANA])]
    assert office.names == ["ask.shop.example"]


async def test_nobody_answers_it_automatically_and_everybody_can_end_it():
    """Two robots that thank each other for their mails never stop; and a mail without a way out is spam."""
    async with post_office() as office:
        await sent(office, row())
    [mail] = office.mails

    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<mailto:hello@shop.example?subject=unsubscribe>"
    assert mail["Message-ID"] == "<msg_7@shop.example>"
    assert "/stop" in words(mail)


@pytest.mark.parametrize(
    ("language", "subject", "greeting"),
    [("zh-Hans", "街角小店给您留了消息", "Ana，您好："), ("zh-Hant", "街角小店給您留了訊息", "Ana，您好：")],
)
async def test_it_speaks_the_customers_language(language, subject, greeting):
    """As the chat does to which it leads."""
    async with post_office() as office:
        await sent(office, row(language=language, business="街角小店"))
    [mail] = office.mails

    assert mail["Subject"] == subject
    assert words(mail).startswith(greeting)
    assert f'<html lang="{language}">' in words(mail, "html")


@pytest.mark.parametrize(
    "name",
    [
        "Ana\r\nBcc: all@example.com",
        "Ana\nSubject: You won",
        "Ana\r\n\r\nVisit https://evil.example",
        "Ana\x00\x1b[31m",
        '"><script>alert(1)</script>',
        "Ana\u2028Bcc: all@example.com",
        "A" * 5000,
    ],
)
async def test_a_name_is_a_name_and_no_header(name):
    """Names come from the business's systems, from Telegram, from anybody."""
    async with post_office() as office:
        assert await sent(office, row(name=name, business=name)) == Taken()
    [mail] = office.mails

    assert mail["Bcc"] is None
    assert mail.keys().count("Subject") == 1
    assert office.envelopes[0][1] == [ANA]
    assert "<script>" not in words(mail, "html")
    assert max(map(len, words(mail).splitlines())) < 300


@pytest.mark.parametrize(
    "mailbox",
    ["ana@example.com, all@example.com", "Ana <ana@example.com>", "ana", "@example.com", "ana@", "", "a b@example.com",
     "ana@example.com\r\nBcc: x@example.com", "ana@example.com\nRCPT TO:<x@example.com>", "group: a@b.c;"],
)  # fmt: skip
async def test_what_is_no_single_mailbox_is_refused_at_once(mailbox):
    """No try could ever succeed, and one that goes to two people tells one of them of the other."""
    async with post_office() as office:
        assert await sent(office, row(mailbox)) == Refused("that is no mailbox")

    assert office.mails == []


async def test_a_mailbox_that_is_not_there_ends_it():
    """The server says so for good: a person must see to it, and not in three days."""
    async with post_office() as office:
        office.recipients = [f"550 5.1.1 <{ANA}>: no such user here"]
        verdict = await sent(office, row())

    assert verdict == Refused("550 5.1.1 <…>: no such user here")


async def test_greylisting_is_no_refusal():
    """Many servers take a mail only at its second try."""
    async with post_office() as office:
        office.recipients = ["451 4.7.1 Greylisted, please come back", "250 OK"]

        assert await sent(office, row()) == Failed("451 4.7.1 Greylisted, please come back")
        assert await sent(office, row()) == Taken()


async def test_a_refused_message_ends_it_and_a_full_disk_does_not():
    """5xx after the message is about it; 4xx is about the moment."""
    async with post_office() as office:
        office.data = ["554 5.7.1 Spam", "452 4.3.1 Disk full"]

        assert await sent(office, row()) == Refused("554 5.7.1 Spam")
        assert await sent(office, row()) == Failed("452 4.3.1 Disk full")


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_it_goes_encrypted_and_signed_in(security):
    """With the certificate of a company's own authority, when the setting names it."""
    async with post_office(tls=security, auth=security == "starttls") as office:
        asked: dict[str, object] = {"security": security, "ca_file": CERTIFICATE}
        if security == "starttls":
            asked |= {"username": USER, "password": PASSWORD}
        assert await sent(office, row(), **asked) == Taken()

    assert office.encrypted == [True]


async def test_a_certificate_that_nobody_vouches_for_is_refused():
    """Otherwise whoever stands between reads the link, and the password before it."""
    async with post_office(tls="starttls", auth=True) as office:
        verdict = await sent(office, row(), security="starttls", username=USER, password=PASSWORD)

    assert isinstance(verdict, Failed)
    assert office.mails == []


async def test_a_server_that_offers_no_encryption_gets_nothing():
    """A setting that asks for TLS is not softened by who cuts the offer out of the greeting."""
    async with post_office() as office:
        verdict = await sent(office, row(), security="starttls")

    assert isinstance(verdict, Failed)
    assert office.mails == []


async def test_a_wrong_password_is_about_us_and_tried_again():
    """No customer's mailbox is at fault; once the setting is mended, everything goes."""
    async with post_office(tls="starttls", auth=True) as office:
        asked = {"security": "starttls", "ca_file": CERTIFICATE, "username": USER, "password": "wrong-password"}
        verdict = await sent(office, row(), **asked)

    assert isinstance(verdict, Failed)
    assert verdict.why.startswith("535")


async def test_a_server_that_is_away_is_tried_again():
    """Mail servers are restarted, too."""
    async with post_office() as office:
        settings = office.settings()
    verdict = await MailWay(settings, "", Clock()).send(row())

    assert verdict == Failed("not reached: SMTPConnectError")


def test_a_sender_is_written_as_people_write_it():
    """With a name or without."""
    assert str(mailbox_of("Corner Shop <hello@shop.example>")) == "Corner Shop <hello@shop.example>"
    assert str(mailbox_of("hello@shop.example")) == "hello@shop.example"
    assert str(mailbox_of("街角小店 <hello@shop.example>")).endswith("<hello@shop.example>")
    with pytest.raises(NoMailbox):
        mailbox_of("hello")


def test_a_letter_without_names_is_still_kind():
    """A customer known by a number, a business that has not set its name."""
    message = composed(Letter("en", "", "", LINK), ANA, "msg_1", 0, sender="hello@shop.example")

    assert message["Subject"] == "A message is waiting for you"
    assert words(message).startswith("Hello,")


async def test_a_sender_that_is_none_is_our_own_fault():
    """No customer is rung up because a setting is mistyped."""
    async with post_office() as office:
        assert await sent(office, row(), sender="a..b@shop.example") == Failed("mail.sender is no address")
