"""POST /v1/notifications/retries: what was given up is sent again, all of one way or one by its number."""

import re
from typing import Any, Final

from fastapi import Request

from bot.audience import MAIL, webhook_way
from bot.rest.cloudevents import Fault
from bot.rest.counter import Counter, body_of, only, stored, unfit
from bot.turn import Turned
from bot.web.problems import Problem
from storage.unit import Unit

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")


async def retry(counter: Counter, request: Request) -> dict[str, Any]:
    """Queue again what was given up; `what` is an endpoint's name, mail, or the number of one. Raises Problem."""
    body = await body_of(request)
    faults, what = only(body, ("what",)), body.get("what")
    if not isinstance(what, str) or not what:
        faults.append(Fault("/what", "is required: the name of a webhook, mail, or the number of a notification"))
    if faults:
        raise unfit(faults)
    brand, name = counter.house.brand, str(what)
    number = int(name) if _NUMBER.fullmatch(name) else None
    way = None if number is not None else MAIL if name == MAIL else webhook_way(name)
    known = (MAIL, *counter.config.endpoints)
    if number is None and name not in known:
        raise Problem(404, f"There is no webhook {name!r}; there are: {', '.join(known)}.")

    def work(unit: Unit) -> int:
        return unit.notifications.again(brand, way=way, notification_id=number)

    count = await stored(counter.database.run(work))
    counter.hand_on(Turned([], [], [], notified=True))
    return {"what": name, "again": count}
