"""The house as the settings describe it."""

import secrets
from datetime import timedelta

from bot.config import Config
from bot.house import House, Shelf
from bot.means import Means
from bot.notifying.ways import audience_of
from bot.playbooks import Shelved
from bot.settings.sections import Recovery
from conversations.contact import Rules
from recovery.money import read_money
from recovery.offers import Spans
from recovery.timing import Timing


def house_of(config: Config, brand: int = 1) -> House:
    """Return what turns know of this installation."""
    business, contact = config.business, config.contact
    return House(
        brand=brand,
        business={"name": business.name, **business.more} if business.name else dict(business.more),
        language=business.language,
        zone=business.zone,
        rules=Rules(
            cooldown=contact.cooldown,
            quiet_from=contact.quiet_from,
            quiet_until=contact.quiet_until,
            consent_required=contact.consent_required,
            one_proactive_per=contact.one_proactive_per,
        ),
        privacy_url=business.privacy_url,
        start_survey=config.telegram.start_survey or None,
        shelf=Shelf(),
        seed=new_seed,
        done_touchpoint=config.staff.done_touchpoint,
        most_messages=config.staff.most_messages,
        place_again=contact.place_again,
        leaves_unknown_groups=config.telegram.leaves_unknown_groups,
        topics=config.telegram.topics,
        media_lasts=config.media.keep // timedelta(milliseconds=1),
        media_largest=config.media.largest,
        fewest=config.reports.fewest,
        silent_sample=config.recovery.silent_sample,
        public_url=config.public_url.rstrip("/"),
        audience=audience_of(config),
        tells=config.recovery.tells,
        timing=timing_of(config.recovery),
        shelved=Shelved(config.recovery.folder),
        restatement_waits=config.recovery.restatement_waits,
        cause_again=config.recovery.cause_again,
        currency=business.currency,
        means=means_of(config),
    )


def timing_of(recovery: Recovery) -> Timing:
    """Return the times that the business gives itself for a case."""
    return Timing(
        first_contact=recovery.first_contact,
        put_right=recovery.put_right,
        urgent_first_contact=recovery.urgent_first_contact,
        urgent_put_right=recovery.urgent_put_right,
        unanswered=recovery.unanswered_after,
        supervisor=recovery.supervisor_after,
        manager=recovery.manager_after,
        urgent_unanswered=recovery.urgent_unanswered_after,
        urgent_manager=recovery.urgent_manager_after,
        waits=recovery.customer_silent_for,
    )


def means_of(config: Config) -> Means:
    """Return the limits of the whole business, and how long its offers are good."""
    recovery, currency = config.recovery, config.business.currency

    def amount(written: str) -> int | None:
        return read_money(written, currency).amount if written else None

    return Means(
        per_month=amount(recovery.budget_per_month),
        supervisor_up_to=amount(recovery.supervisor_up_to),
        two_above=amount(recovery.two_above),
        per_case=amount(recovery.per_case),
        per_day=amount(recovery.per_day),
        spans=Spans(answer=recovery.approval_waits, valid=recovery.offer_valid, redeemable=recovery.voucher_valid),
    )


def new_seed() -> str:
    """Return 64 random bits for the prompts of one conversation: nobody guesses another chat's buttons."""
    return secrets.token_hex(8)
