"""What goes wrong, told so that its reader can mend it: RFC 9457 for programs, a kind page for people."""

from collections.abc import Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any, Final

import msgspec
from fastapi.exceptions import RequestValidationError
from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.updates import Unavailable
from bot.web.languages import choose
from bot.web.pages import environment, page


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing wrong with a request: where (`data.customer.reference`), and what is allowed."""

    field: str
    detail: str


class Problem(HTTPException):
    """A refusal with reasons. Raise it in a route; `type` is a stable word of ours that programs may compare."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        type: str = "about:blank",  # noqa: A002 - the name that RFC 9457 gives it
        faults: Sequence[Fault] = (),
        retry_after: int | None = None,
        **more: Any,
    ) -> None:
        headers = None if retry_after is None else {"Retry-After": str(retry_after)}
        super().__init__(status, detail, headers)
        self.type = type
        self.faults = tuple(faults)
        self.more = more


async def answer_http_error(request: Request, error: HTTPException) -> Response:
    """Answer an HTTPException, or a Problem with its reasons."""
    return _answer(request, error)


async def answer_invalid_request(request: Request, error: RequestValidationError) -> Response:
    """Answer a request whose parameters or body did not fit, naming the fields and never repeating the values."""
    faults = [Fault(".".join(str(part) for part in each["loc"]), str(each["msg"])) for each in error.errors()]
    return _answer(request, Problem(422, "The request does not fit.", faults=faults))


async def answer_unavailable(request: Request, error: Unavailable) -> Response:
    """Answer that nothing can be stored now, and when to come again."""
    return _answer(request, Problem(503, "Nothing can be stored just now.", retry_after=error.retry_after))


def answer(request: Request, status: int, detail: str = "") -> Response:
    """Return the answer to an error outside any route."""
    return _answer(request, Problem(status, detail))


def _answer(request: Request, error: HTTPException) -> Response:
    if wants_page(request):
        return kind_page(request, error.status_code, error.headers)
    return problem_response(error)


def problem_response(error: HTTPException) -> Response:
    """Return an error as application/problem+json."""
    phrase = HTTPStatus(error.status_code).phrase
    told: dict[str, Any] = {"type": "about:blank", "title": phrase, "status": error.status_code}
    if error.detail and error.detail != phrase:
        told["detail"] = error.detail
    if isinstance(error, Problem):
        told["type"] = error.type
        told |= {"errors": error.faults} if error.faults else {}
        told |= error.more
    return Response(
        msgspec.json.encode(told),
        status_code=error.status_code,
        media_type="application/problem+json",
        headers={"Cache-Control": "no-store", **(error.headers or {})},
    )


def wants_page(request: Request) -> bool:
    """Return whether a person reads the answer: a browser going somewhere, outside the API."""
    if request.url.path.startswith("/v1/"):
        return False
    return "text/html" in request.headers.get("accept", "") and "json" not in request.headers.get("content-type", "")


def kind_page(request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Return the page that says what happened and what to do, in the reader's language."""
    language = choose(request.query_params.get("lang"), header=request.headers.get("accept-language", ""))
    title, sentence = NOTICES.get(status, NOTICES[500])[language]
    # Another site's link brings no strict cookie along; ours, one press later, does.
    again = AGAIN[language] if status == 401 else ""
    code = BY_CODE[language] if status == 401 else ""
    shown = page(
        _pages(),
        "notice.html",
        status=status,
        language=language,
        title=title,
        sentence=sentence,
        again=again,
        code=code,
    )
    shown.headers.update(headers or {})
    return shown


@cache
def _pages() -> Environment:
    return environment()


BY_CODE: Final = {"en": "Sign in with a code", "zh-Hans": "用验证码登录", "zh-Hant": "用驗證碼登入"}
AGAIN: Final = {"en": "Try again", "zh-Hans": "再试一次", "zh-Hant": "再試一次"}
_BUSY: Final = {
    "en": ("One moment, please", "We cannot take this just now. Please try again in a little while."),
    "zh-Hans": ("请稍候", "我们暂时无法受理，请过一会儿再试。"),
    "zh-Hant": ("請稍候", "我們暫時無法受理，請過一會兒再試。"),
}
NOTICES: Final[Mapping[int, Mapping[str, tuple[str, str]]]] = {
    401: {
        "en": (
            "You are not signed in here",
            (
                "Sign in with a code, or send /console in your own chat and open the link that comes."
                " If you are signed in, try again here."
            ),
        ),
        "zh-Hans": (
            "您还没有在这里登录",
            "请用验证码登录，或者在您自己的聊天里发送/console，然后打开收到的链接。如果您已经登录，请在这里再试一次。",
        ),
        "zh-Hant": (
            "您還沒有在這裡登入",
            "請用驗證碼登入，或者在您自己的聊天裡傳送/console，然後開啟收到的連結。如果您已經登入，請在這裡再試一次。",
        ),
    },
    403: {
        "en": ("That did not come from our page", "Please go back, load the page again, and try once more."),
        "zh-Hans": ("这个请求不是来自我们的页面", "请返回上一页，刷新后再试一次。"),
        "zh-Hant": ("這個請求不是來自我們的頁面", "請返回上一頁，重新整理後再試一次。"),
    },
    404: {
        "en": ("There is nothing here", "If you came for a chat, please open your personal link again."),
        "zh-Hans": ("这里没有内容", "如果您是来聊天的，请重新打开您的专属链接。"),
        "zh-Hant": ("這裡沒有內容", "如果您是來聊天的，請重新開啟您的專屬連結。"),
    },
    413: {
        "en": ("That is too long for us", "Please send it in several shorter messages."),
        "zh-Hans": ("内容太长了", "请分成几条较短的消息发送。"),
        "zh-Hant": ("內容太長了", "請分成幾則較短的訊息傳送。"),
    },
    429: {
        "en": ("That was a lot at once", "Please wait a few seconds and try again."),
        "zh-Hans": ("操作有点频繁", "请等几秒钟再试。"),
        "zh-Hant": ("操作有點頻繁", "請等幾秒鐘再試。"),
    },
    500: {
        "en": ("Something went wrong on our side", "Please try again in a little while. What you sent before is safe."),
        "zh-Hans": ("我们这边出了点问题", "请过一会儿再试。您之前发送的内容不会丢失。"),
        "zh-Hant": ("我們這邊出了點問題", "請過一會兒再試。您之前傳送的內容不會遺失。"),
    },
    503: _BUSY,
}
