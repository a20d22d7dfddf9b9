"""The page of an experiment: what its sides show, and its end.

GET  /console/surveys/{key}/experiment        both sides of each measure, with a verdict
POST /console/surveys/{key}/experiment/keep   a draft in which one side is the survey
"""

from fastapi import Request
from starlette.responses import Response

from bot.console.desk import nothing_here, visit_of
from bot.console.forms import posted
from bot.console.survey_desk import SurveyDesk
from bot.console.survey_experiment import view_of
from bot.editing.drafts import Behind, NothingPublished, Saved
from bot.editing.experiments import NoSuchSide, kept
from bot.experiment_words import name
from storage.unit import Unit


class SurveyExperimentPage:
    """The routes of an experiment."""

    def __init__(self, desk: SurveyDesk) -> None:
        self._desk = desk

    async def show(self, key: str, request: Request) -> Response:
        """Show how it stands, running or over."""
        visit = visit_of(request)
        view = await self._desk.read(view_of(self._desk.house, key, visit.member.language))
        if view is None:
            nothing_here()
        return self._desk.shown(request, visit, "survey_experiment.html", view=view, key=key)

    async def keep(self, key: str, request: Request) -> Response:
        """Write the draft that ends it; a draft that is being written stays."""
        visit = visit_of(request)
        side, brand = (await posted(request, visit.token)).get("side", ""), self._desk.house.brand

        def work(unit: Unit, actor: str, now: int) -> Saved | Behind | None:
            self._desk.known(unit, key)
            try:
                return kept(unit, brand, key, side, actor, now)
            except (NothingPublished, NoSuchSide):
                return None

        done = await self._desk.write(visit, work)
        if isinstance(done, Saved):
            self._desk.say(visit, "told_kept_side", side=name(side))
            return self._desk.back(key)
        self._desk.say(visit, "told_draft_there" if done else "told_side_gone", warning=True)
        return self._desk.back(key, "experiment")
