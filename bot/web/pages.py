"""Our pages as text: one template environment, everything escaped, languages and addresses at hand."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from bot.web.assets import Assets

FOLDER: Final = Path(__file__).parent / "templates"


@cache
def shared_assets() -> Assets:
    """Return the assets of our own pages, read once."""
    return Assets()


def environment(*folders: Path) -> Environment:
    """Return an environment over the given folders and the common one."""
    made = Environment(
        loader=FileSystemLoader([*folders, FOLDER]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = shared_assets().address
    return made


def page(made: Environment, name: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Return a rendered page that nobody keeps: it may be about a person."""
    return HTMLResponse(
        made.get_template(name).render(**context), status_code=status, headers={"Cache-Control": "no-store"}
    )
