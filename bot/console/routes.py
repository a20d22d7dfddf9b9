"""The console's routes.

GET  /console                        Today: what needs a person now
GET  /console/now                    the part of it that changes
GET  /console/events                 which kinds of things changed, as server-sent events
GET  /console/cases                  the cases, filtered and searched
GET  /console/cases/{number}         a case and its whole story
POST /console/cases/{number}/take    take a case, from Today
POST /console/cases/{number}/act     do what a button below the case does in the chat
POST /console/cases/{number}/say     words and files for the customer, a note, or what was asked
POST /console/cases/{number}/offers/{id}/withdraw
GET  /console/customers              the customers, searched
GET  /console/customers/{id}         a customer's whole history
POST /console/customers/{id}/link    a personal link and its code, shown once
     /console/surveys                the surveys; a new one, blank or as a copy
     /console/surveys/bring-in       one from elsewhere: what was read, then its draft
GET  /console/surveys/{key}          how one stands: its draft, its versions, what differs
POST /console/surveys/{key}/publish|rollback|retire|throw-away|bring-back
GET  /console/surveys/{key}/export   the file of its draft or of a version
     /console/surveys/{key}/settings its settings
     /console/surveys/{key}/variants the ways of asking that an experiment tries
     /console/surveys/{key}/translations  its texts in all languages; languages, a table for a translator
GET  /console/surveys/{key}/edit     the editor
     /console/surveys/{key}/draft    its draft, as the editor's page reads and changes it; undo, redo
GET  /console/surveys/{key}/experiment   what its two ways of asking show; POST …/keep ends it
GET  /console/surveys/{key}/try      the telephone that plays it
POST /console/surveys/{key}/rehearse what is seen there after some steps
GET  /console/surveys/{key}/branches.svg   the ways through it as a picture
GET  /console/team                   who works here, teams, hours
POST /console/team/invite            take somebody on: an invitation, shown once
     /console/team/teams             a new team; /teams/{id} what is said of one, /people, /remove asked once more
     /console/team/calendars         a new working calendar; /calendars/{key} its days, /remove asked once more
     /console/team/import            many at once: what was read, then all their invitations
     /console/team/people/{id}       what is said of somebody, to be changed
POST /console/team/people/{id}/invite  a new invitation
     /console/team/people/{id}/remove  asked once more, then done
POST /console/files                  a file that goes with words
GET  /console/files/{id}             a file of a case
POST /console/act/call|approve|today do what a button of Today does in the chat: a call, a yes, handing on
POST /console/tasks/{id}/done        a task is done
POST /console/served                 somebody was served: a link and its code, once
POST /console/served/{id}/undo       take that back
POST /console/served/{id}/same/{id}  it was a customer served earlier today
GET  /console/me                     one's own page
POST /console/me/language            another language
POST /console/me/theme               light, dark, or as the device says
POST /console/me/sessions/{id}/end   sign out another browser
POST /console/sign-out[-everywhere]  sign out
GET  /console/sign-in                six figures and a QR code, to be confirmed in one's own chat
GET  /console/sign-in/state          how that code stands
POST /console/sign-in/again          a new one
POST /console/sign-in/finish         sign in, once somebody said yes to it
GET  /console/sign-in/{token}        whom the link signs in: looking spends nothing
POST /console/sign-in/{token}        sign in

Each names its act, a page needs a session, and whoever may not is answered as if there were nothing.
"""

from typing import Final

from fastapi import APIRouter, Request

from bot.access.gate import Door, require
from bot.access.policy import Act, Principal
from bot.console.answers import Answers
from bot.console.calendar_page import CalendarPage
from bot.console.cases_page import CasesPage
from bot.console.code_page import CodePage
from bot.console.cookies import session_of
from bot.console.customers_page import CustomersPage
from bot.console.desk import Desk
from bot.console.entrance import Entrance
from bot.console.files_page import FilesPage
from bot.console.live import Hub, LivePage
from bot.console.own_page import OwnPage
from bot.console.served_page import ServedPage
from bot.console.sessions import StaffSessions
from bot.console.survey_branches import SurveyBranches
from bot.console.survey_bring_page import SurveyBringPage
from bot.console.survey_desk import SurveyDesk
from bot.console.survey_editor import SurveyEditor
from bot.console.survey_experiment_page import SurveyExperimentPage
from bot.console.survey_page import SurveyPage
from bot.console.survey_phone import SurveyPhone
from bot.console.survey_settings_page import SurveySettingsPage
from bot.console.survey_translations_page import SurveyTranslationsPage
from bot.console.survey_variants_page import SurveyVariantsPage
from bot.console.surveys_page import SurveysPage
from bot.console.team_page import TeamPage
from bot.console.teams_page import TeamsPage
from bot.console.today_page import TodayPage
from bot.staff_talk import principal_of

ROOT: Final = "/console"
REFRESH: Final = f"{ROOT}/now"
EVENTS: Final = f"{ROOT}/events"
REFRESHES: Final = "x-refresh"
"""The header with which a page's script asks for the page anew: nobody came, nobody pressed anything."""


def console_door(sessions: StaffSessions, https: bool) -> Door:
    """Return the door for the console's own addresses: whose session the browser carries is who asks.

    Nowhere else does that cookie mean anything, so no page can use it against the API.
    """

    async def door(request: Request) -> Principal | None:
        path = request.url.path
        if path != ROOT and not path.startswith(f"{ROOT}/"):
            return None
        token = session_of(request, https)
        # A page asks by itself for what is new: if that counted, nobody would ever be idle.
        by_itself = path in (REFRESH, EVENTS) or REFRESHES in request.headers
        visit = await sessions.visit(token, prolongs=not by_itself) if token is not None else None
        if visit is None:
            return None
        request.state.visit = visit
        return principal_of(visit.member)

    return door


def console_router(desk: Desk, hub: Hub) -> APIRouter:
    """Return the routes. `hub` knows the pages that are open."""
    live = LivePage(hub, desk.sessions, desk.counter.clock)
    answers = Answers()
    code, cases, files = CodePage(desk), CasesPage(desk, answers), FilesPage(desk)
    customers, team = CustomersPage(desk), TeamPage(desk)
    teams, hours = TeamsPage(desk), CalendarPage(desk)
    entrance, today, own, served = Entrance(desk), TodayPage(desk, answers), OwnPage(desk), ServedPage(desk)
    about = SurveyDesk(desk)
    surveys, bring, survey = SurveysPage(about), SurveyBringPage(about), SurveyPage(about)
    settings, texts = SurveySettingsPage(about), SurveyTranslationsPage(about)
    phone, branches = SurveyPhone(desk), SurveyBranches(desk)
    editor = SurveyEditor(desk)
    experiment, variants = SurveyExperimentPage(about), SurveyVariantsPage(about)
    router = APIRouter()
    for method, path, route, act in (
        ("GET", "", today.show, Act.USE_CONSOLE),
        ("GET", "/now", today.now, Act.USE_CONSOLE),
        ("GET", "/events", live.events, Act.USE_CONSOLE),
        ("GET", "/cases", cases.listing, Act.SEE_CASE),
        ("GET", "/cases/{number}", cases.show, Act.SEE_CASE),
        ("POST", "/cases/{number}/take", today.take, Act.TAKE_CASE),
        ("POST", "/cases/{number}/act", cases.act, Act.SEE_CASE),
        ("POST", "/cases/{number}/say", cases.say, Act.WRITE_TO_CUSTOMER),
        ("POST", "/cases/{number}/offers/{offer_id}/withdraw", cases.withdraw, Act.MAKE_OFFERS),
        ("GET", "/customers", customers.listing, Act.SEE_CUSTOMER),
        ("GET", "/customers/{customer_id}", customers.show, Act.SEE_CUSTOMER),
        ("POST", "/customers/{customer_id}/link", customers.link, Act.SEE_CUSTOMER),
        ("GET", "/surveys", surveys.listing, Act.EDIT_SURVEYS),
        ("POST", "/surveys", surveys.begin, Act.EDIT_SURVEYS),
        ("GET", "/surveys/bring-in", bring.show, Act.EDIT_SURVEYS),
        ("POST", "/surveys/bring-in", bring.read, Act.EDIT_SURVEYS),
        ("POST", "/surveys/bring-in/begin", bring.begin, Act.EDIT_SURVEYS),
        ("GET", "/surveys/{key}", survey.show, Act.EDIT_SURVEYS),
        ("POST", "/surveys/{key}/publish", survey.publish, Act.PUBLISH_SURVEYS),
        ("POST", "/surveys/{key}/rollback", survey.roll_back, Act.PUBLISH_SURVEYS),
        ("POST", "/surveys/{key}/retire", survey.retire, Act.PUBLISH_SURVEYS),
        ("POST", "/surveys/{key}/throw-away", survey.throw_away, Act.EDIT_SURVEYS),
        ("POST", "/surveys/{key}/bring-back", survey.bring_back, Act.EDIT_SURVEYS),
        ("GET", "/surveys/{key}/export", survey.export, Act.EDIT_SURVEYS),
        ("GET", "/surveys/{key}/settings", settings.show, Act.EDIT_SURVEYS),
        ("POST", "/surveys/{key}/settings", settings.save, Act.EDIT_SURVEYS),
        ("GET", "/surveys/{key}/variants", variants.show, Act.EDIT_SURVEYS),
        ("POST", "/surveys/{key}/variants", variants.save, Act.EDIT_SURVEYS),
        ("POST", "/surveys/{key}/variants/name", variants.name, Act.EDIT_SURVEYS),
        ("POST", "/surveys/{key}/variants/add", variants.add, Act.EDIT_SURVEYS),
        ("POST", "/surveys/{key}/variants/remove", variants.remove, Act.EDIT_SURVEYS),
        ("GET", "/surveys/{key}/translations", texts.show, Act.EDIT_SURVEYS),
        ("POST", "/surveys/{key}/translations", texts.save, Act.EDIT_SURVEYS),
        ("POST", "/surveys/{key}/translations/languages", texts.languages, Act.EDIT_SURVEYS),
        ("GET", "/surveys/{key}/translations/export", texts.export, Act.EDIT_SURVEYS),
        ("POST", "/surveys/{key}/translations/import", texts.read, Act.EDIT_SURVEYS),
        ("POST", "/surveys/{key}/translations/keep", texts.keep, Act.EDIT_SURVEYS),
        ("GET", "/surveys/{key}/edit", editor.show, Act.EDIT_SURVEYS),
        ("GET", "/surveys/{key}/draft", editor.draft, Act.EDIT_SURVEYS),
        ("POST", "/surveys/{key}/draft", editor.save, Act.EDIT_SURVEYS),
        ("POST", "/surveys/{key}/draft/undo", editor.undo, Act.EDIT_SURVEYS),
        ("POST", "/surveys/{key}/draft/redo", editor.redo, Act.EDIT_SURVEYS),
        ("GET", "/surveys/{key}/experiment", experiment.show, Act.EDIT_SURVEYS),
        ("POST", "/surveys/{key}/experiment/keep", experiment.keep, Act.EDIT_SURVEYS),
        ("GET", "/surveys/{key}/try", phone.show, Act.EDIT_SURVEYS),
        ("POST", "/surveys/{key}/rehearse", phone.rehearse, Act.EDIT_SURVEYS),
        ("GET", "/surveys/{key}/branches.svg", branches.show, Act.EDIT_SURVEYS),
        ("GET", "/team", team.show, Act.SEE_TEAM),
        ("POST", "/team/invite", team.invite, Act.INVITE_STAFF),
        ("GET", "/team/teams", teams.new, Act.KEEP_TEAMS),
        ("POST", "/team/teams", teams.make, Act.KEEP_TEAMS),
        ("GET", "/team/teams/{team_id}", teams.show, Act.KEEP_TEAMS),
        ("POST", "/team/teams/{team_id}", teams.change, Act.KEEP_TEAMS),
        ("POST", "/team/teams/{team_id}/people", teams.people, Act.KEEP_TEAMS),
        ("GET", "/team/teams/{team_id}/remove", teams.ask_remove, Act.KEEP_TEAMS),
        ("POST", "/team/teams/{team_id}/remove", teams.remove, Act.KEEP_TEAMS),
        ("GET", "/team/calendars", hours.new, Act.KEEP_TEAMS),
        ("POST", "/team/calendars", hours.make, Act.KEEP_TEAMS),
        ("GET", "/team/calendars/{key}", hours.show, Act.SEE_TEAM),
        ("POST", "/team/calendars/{key}", hours.keep, Act.KEEP_TEAMS),
        ("GET", "/team/calendars/{key}/remove", hours.ask_remove, Act.KEEP_TEAMS),
        ("POST", "/team/calendars/{key}/remove", hours.remove, Act.KEEP_TEAMS),
        ("GET", "/team/import", team.table, Act.INVITE_STAFF),
        ("POST", "/team/import", team.try_table, Act.INVITE_STAFF),
        ("GET", "/team/people/{member_id}", team.person, Act.KEEP_TEAMS),
        ("POST", "/team/people/{member_id}", team.change, Act.KEEP_TEAMS),
        ("POST", "/team/people/{member_id}/invite", team.invite_again, Act.INVITE_STAFF),
        ("GET", "/team/people/{member_id}/remove", team.ask_remove, Act.INVITE_STAFF),
        ("POST", "/team/people/{member_id}/remove", team.remove, Act.INVITE_STAFF),
        ("POST", "/files", files.take, Act.WRITE_TO_CUSTOMER),
        ("GET", "/files/{media_id}", files.show, Act.SEE_CASE),
        ("POST", "/act/call", today.call, Act.FINISH_TASK),
        ("POST", "/act/approve", today.decide, Act.DECIDE_OFFERS),
        ("POST", "/act/today", today.hand_on, Act.SEE_TEAM_DAY),
        ("POST", "/tasks/{task_id}/done", today.finish, Act.FINISH_TASK),
        ("POST", "/served", served.record, Act.RECORD_SERVICE),
        ("POST", "/served/{event_id}/undo", served.undo, Act.RECORD_SERVICE),
        ("POST", "/served/{event_id}/same/{earlier_id}", served.same, Act.RECORD_SERVICE),
        ("GET", "/me", own.show, Act.USE_CONSOLE),
        ("POST", "/me/language", own.choose_language, Act.USE_CONSOLE),
        ("POST", "/me/theme", own.choose_theme, Act.USE_CONSOLE),
        ("POST", "/me/sessions/{session_id}/end", entrance.end, Act.USE_CONSOLE),
        ("POST", "/sign-out", entrance.sign_out, Act.USE_CONSOLE),
        ("POST", "/sign-out-everywhere", entrance.sign_out_everywhere, Act.USE_CONSOLE),
        ("GET", "/sign-in", code.show, Act.OPEN_LINK),
        ("GET", "/sign-in/state", code.state, Act.OPEN_LINK),
        ("POST", "/sign-in/again", code.again, Act.OPEN_LINK),
        ("POST", "/sign-in/finish", code.finish, Act.OPEN_LINK),
        ("GET", "/sign-in/{token}", entrance.look, Act.OPEN_LINK),
        ("POST", "/sign-in/{token}", entrance.sign_in, Act.OPEN_LINK),
    ):
        router.add_api_route(ROOT + path, route, methods=[method], dependencies=[require(act)])
    return router
