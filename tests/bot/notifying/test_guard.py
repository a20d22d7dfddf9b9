"""Claims about where a webhook may go. What OWASP's advice on request forgery lists stands here as a table."""

import pytest

from bot.notifying.guard import NotAllowed, checked_addresses, forbidden, resolve_by_system, unfit_url

PUBLIC = (
    "93.184.215.14",
    "1.1.1.1",
    "8.8.8.8",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.255.255",
    "100.128.0.0",
    "11.0.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "64:ff9b::808:808",
    "::ffff:8.8.8.8",
)

OURS = (
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "198.18.0.1",
    "::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "::ffff:127.0.0.1",
    "::ffff:10.1.2.3",
    "::ffff:7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
)

NEVER = (
    "0.0.0.0",
    "0.1.2.3",
    "169.254.169.254",
    "169.254.170.2",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.2.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "fd00:ec2::254",
    "ff02::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "::7f00:1",
    "100::1",
    "4000::1",
    "64:ff9b:1::7f00:1",
    "::ffff:169.254.169.254",
    "::ffff:0.0.0.0",
    "64:ff9b::a9fe:a9fe",
    "fe80::1%eth0",
    "not an address",
    "",
)


@pytest.mark.parametrize("number", PUBLIC)
def test_the_internet_is_open(number):
    """A receiver somewhere else is what webhooks are for; the neighbours of closed networks are not closed."""
    assert forbidden(number) is None


@pytest.mark.parametrize("number", OURS)
def test_our_own_networks_are_open_on_request_only(number):
    """In whatever notation: an IPv4 address inside an IPv6 one counts as itself."""
    assert forbidden(number) is not None
    assert forbidden(number, allow_private=True) is None


@pytest.mark.parametrize("number", NEVER)
def test_what_is_nobodys_receiver_is_never_open(number):
    """A cloud's metadata hands out its keys to whoever asks; no setting makes that a receiver."""
    assert forbidden(number) is not None
    assert forbidden(number, allow_private=True) is not None


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example.com/hook",
        "ftp://crm.example.com/",
        "file:///etc/passwd",
        "https:///hook",
        "https://user:password@crm.example.com/",
        "https://user@crm.example.com/",
        "https://crm.example.com:0/",
        "https://crm.example.com:99999/",
        "https://crm.example.com/a b",
        "https://crm.example.com/\r\nHost: other",
        "https://crm.example.com\\@10.0.0.1/",
        "https://crm.example.com/#part",
        "https://crm.exämple.com/",
        "crm.example.com",
        "",
    ],
)
def test_an_odd_url_is_none(url):
    """What one library reads otherwise than the next is where guards are walked around."""
    assert unfit_url(url, allow_private=False) is not None


def test_plain_http_is_for_ones_own_network():
    """Between two machines of one's own there may be no certificate."""
    assert unfit_url("http://crm.internal:8080/hook?a=b", allow_private=True) is None
    assert unfit_url("https://crm.example.com:8443/hook?a=b", allow_private=False) is None


async def test_one_forbidden_address_forbids_the_name():
    """A name that leads to the internet and to us is a mistake at best."""

    async def resolve(_host: str, _port: int) -> list[str]:
        return ["93.184.215.14", "10.0.0.5"]

    with pytest.raises(NotAllowed) as refused:
        await checked_addresses("crm.example.com", 443, resolve, allow_private=False)

    assert "10.0.0.5" not in str(refused.value)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost"])
async def test_every_spelling_of_this_machine_is_this_machine(host):
    """The system reads them all, so what counts is what it makes of them."""
    with pytest.raises((NotAllowed, OSError)):
        await checked_addresses(host, 443, resolve_by_system, allow_private=False)
