"""The stories, one per file; a story is found by being there."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from scenarios import library
from scenarios.story import Story


@cache
def stories() -> dict[str, Story]:
    """Name → story, in alphabetical order."""
    names = sorted(module.name for module in iter_modules(library.__path__))
    found: list[Story] = [import_module(f"scenarios.library.{name}").STORY for name in names]
    return {story.name: story for story in found}
