"""Puts the verdict's page together: the call, the claims with their evidence and pictures, the laws."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from scenarios.laws import ALWAYS, AT_REST, name_of
from scenarios.library import stories
from scenarios.page.sections import shown
from scenarios.page.thecall import call_pictures
from scenarios.play import play
from scenarios.verify import Verdict, own_version


def render(verdict: Verdict) -> str:
    """The page as HTML: self-contained, and the same bytes for the same verdict."""
    environment = Environment(
        loader=PackageLoader("scenarios", "page"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    claims = [shown(claim) for claim in verdict.claims]
    return environment.get_template("verify.html.j2").render(
        claims=claims,
        held=sum(claim.holds for claim in verdict.claims),
        seed=verdict.seed,
        version=own_version(),
        call=call_pictures(play(stories()["happy-call"], verdict.seed)),
        laws=list(_laws()),
    )


def _laws() -> list[dict[str, Any]]:
    judged = [(law, "always") for law in ALWAYS] + [(law, "at rest") for law in AT_REST]
    return [{"name": name_of(law), "says": (law.__doc__ or "").strip(), "when": when} for law, when in judged]
