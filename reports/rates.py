"""Rates: of those asked, how many answered; of those who began, how many finished; of wrongs, how many were put right.

Denominators decide what a rate says, so here is who counts where.

    response     complete and partial responses ÷ invitations sent: RR2 of AAPOR's Standard Definitions with no cases
                 of unknown eligibility. Enough to count is one rating. A withheld invitation was never sent; who stops
                 us without a rating refused, and stays below the line; whose chat turned out to be somebody else's
                 (*This isn't me*) was never reached and is not eligible: neither above nor below. A survey that
                 somebody began themselves, such as at a counter, was sent at that moment.
    completion   complete ÷ responses begun, which are complete, partial and break-offs
    recovery     cases with outcome recovered ÷ cases closed with an outcome of the customer's: recovered, not
                 recovered, or unreachable, for a customer whom we could not ask is not known to be won back. Not
                 counted: `joined`, which goes on as another case, and `corrected`, a slip with nothing to put right.
"""

from collections.abc import Mapping
from typing import Final

from reports.scores import FEWEST, Figure, share_of

COUNTED_OUTCOMES: Final = ("recovered", "not_recovered", "unreachable")
"""The outcomes of cases that the recovery rate stands on."""


def response(complete: int, partial: int, invited: int, fewest: int = FEWEST) -> Figure:
    """Return the share of sent invitations that were answered.

    Raises ValueError if more answered than were invited.
    """
    return share_of(complete + partial, invited, fewest)


def completion(complete: int, partial: int, break_off: int, fewest: int = FEWEST) -> Figure:
    """Return the share of responses begun that came to their end."""
    return share_of(complete, complete + partial + break_off, fewest)


def recovery(closed: Mapping[str, int], fewest: int = FEWEST) -> Figure:
    """Return the share of closed cases that were recovered, from the number of cases by outcome."""
    return share_of(closed.get("recovered", 0), sum(closed.get(each, 0) for each in COUNTED_OUTCOMES), fewest)
