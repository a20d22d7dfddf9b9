"""What the settings leave open, and what is wrong with the surveys."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.checks.findings import Finding, fault, note, ok
from bot.config import CANCELLED, Config
from bot.playbooks import own as of_business
from bot.playbooks import shipped
from bot.publishing import library, own
from conversations.checking import check
from conversations.phrases import phrase
from conversations.problems import Problem, SurveyInvalid
from recovery.playbooks import PlaybookInvalid, read


def of_settings(config: Config) -> Iterator[Finding]:
    """Yield what the settings leave open."""
    yield ok("settings", phrase("The settings are read and allowed."))
    if not config.business.name:
        yield note("business.name", phrase("Customers are not told who asks."), phrase("Set business.name."))
    if not config.business.privacy_url:
        yield note(
            "business.privacy_url",
            phrase("The first question links to no privacy notice."),
            phrase("Set business.privacy_url."),
        )
    if config.business.zone == "UTC":
        yield note(
            "business.zone",
            phrase("Day and night are those of UTC."),
            phrase(
                "If your business is elsewhere, set business.zone; {command} helps to find it.", command="makegood init"
            ),
        )
    yield from _of_address(config)
    if not config.api.keys and not config.api.signing_secrets:
        yield note(
            "api.keys",
            phrase("No key is set: no other system can send service events."),
            phrase("The first run makes a key in secrets.toml; or set api.keys."),
        )


def _of_address(config: Config) -> Iterator[Finding]:
    address = config.web.public_url
    parts = urlsplit(address)
    if not address:
        yield note(
            "web.public_url",
            phrase("Links of the web chat begin with {address}: they open only here.", address=config.public_url),
            phrase("Set web.public_url to where customers reach it."),
        )
    elif parts.path or parts.query:
        yield fault(
            "web.public_url",
            phrase("web.public_url is {address}, and links cannot begin with a path.", address=address),
            phrase("Give makegood a host name of its own, such as https://ask.example.com."),
        )
    elif _only_here(parts.hostname or ""):
        yield note(
            "web.public_url",
            phrase("web.public_url is {address}, which only this machine or this network reaches.", address=address),
            phrase("Set it to where customers reach it."),
        )
    elif parts.scheme != "https":
        yield note(
            "web.public_url",
            phrase("web.public_url is not https: what customers write can be read on the way."),
            phrase("Put a proxy with TLS before it; {page} has one in five lines.", page="docs/operate.md"),
        )
    if parts.scheme == "https" and not config.web.trusted_proxies:
        yield note(
            "web.trusted_proxies",
            phrase("Customers come through a proxy, and what it says of where they come from is not believed."),
            phrase('If the proxy runs on this machine, set web.trusted_proxies to ["127.0.0.1"].'),
        )


def _only_here(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or "." not in host


def of_surveys(config: Config) -> Iterator[Finding]:
    """Yield what is wrong with the surveys, and touchpoints that nobody would be asked about."""
    try:
        ours = own(config.surveys.folder)
    except SurveyInvalid as error:
        for problem in error.problems:
            yield _of_problem(problem)
        return
    wrong = [problem for file in ours for problem in check(file.source, file.name)]
    for problem in wrong:
        yield _of_problem(problem)
    surveys = [*(library() if config.surveys.library else []), *ours]
    keys = [each.survey.key for each in surveys]
    if not wrong:
        yield ok("surveys", phrase("{count} surveys can be used: {keys}.", count=len(keys), keys=", ".join(keys)))
    asked = {each.survey.touchpoint for each in surveys}
    for touchpoint in sorted({*config.touchpoints.values()} - {CANCELLED} - asked):
        yield note(
            "touchpoints",
            phrase(
                'No survey asks about the touchpoint "{touchpoint}"; its events are refused.', touchpoint=touchpoint
            ),
            phrase("Write one, or change the table {table}.", table="[touchpoints]"),
        )
    start = config.telegram.start_survey
    if start and start not in keys:
        yield fault(
            "telegram.start_survey",
            phrase('telegram.start_survey is "{key}", and there is no such survey.', key=start),
            phrase("See: {command}", command="makegood survey list"),
        )


def of_playbook(config: Config) -> Iterator[Finding]:
    """Yield what is wrong with the business's own words, plans and causes of recovery; nothing where it has none."""
    folder = config.recovery.folder
    if folder is None:
        return
    try:
        book = read([*shipped(), *of_business(folder)])
    except PlaybookInvalid as error:
        for problem in error.problems:
            yield _of_problem(problem, "recovery.folder")
        return
    plans = [plan for plan in book.plans.all if plan.touchpoints]
    moments = ", ".join(sorted(touchpoint for plan in plans for touchpoint in plan.touchpoints))
    yield ok(
        "recovery.folder",
        phrase(
            "Words, causes and plans can be used. Touchpoints with a plan of their own: {moments}.",
            moments=moments or "–",
        ),
    )
    known = set(config.touchpoints.values()) - {CANCELLED}
    for plan in plans:
        for touchpoint in sorted(set(plan.touchpoints) - known):
            yield note(
                "recovery.folder",
                phrase(
                    'The plan "{plan}" is for the touchpoint "{touchpoint}", which no service event has.',
                    plan=plan.key,
                    touchpoint=touchpoint,
                ),
                phrase("Correct it, or add it to the table {table}.", table="[touchpoints]"),
            )


def _of_problem(problem: Problem, where: str = "surveys") -> Finding:
    state = fault if problem.severity == "error" else note
    said = phrase("{place}: {what}", place=f"{problem.name}:{problem.line}", what=problem.said)
    return state(where, said, problem.to_mend)
