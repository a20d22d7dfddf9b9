"""What a business gives at most, and how long what it offers is good: the limits that hold where a team or a staff
member has none of their own.
"""

import msgspec

from recovery.offers import SPANS, Spans


class Means(msgspec.Struct, frozen=True):
    """Limits in minor units of the business's currency; None is no limit, and for authority none at all.

    `per_month` is the budget of all who spend from no team's own; `per_case` and `per_day` are what every staff member
    may give without asking who was given no authority of their own.
    """

    per_month: int | None = None
    supervisor_up_to: int | None = None
    two_above: int | None = None
    per_case: int | None = None
    per_day: int | None = None
    spans: Spans = SPANS
