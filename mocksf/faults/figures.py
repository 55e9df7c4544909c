"""The latency model's figures, read from data files: where instances are, what a round trip and an operation take."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def figures(name: str) -> Mapping[str, Any]:
    """A data file of `mocksf/faults/data`; read once, never changed."""
    text = files("mocksf.faults.data").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    content: Mapping[str, Any] = yaml.safe_load(text)
    return content


def region_of(place: str) -> str | None:
    """The cloud region that a name stands for: a region's own, or that of an instance such as NA130 or DEU12S."""
    table = figures("regions")
    if place in table["columns"]:
        return place
    shaped = re.fullmatch(r"([A-Z]{2,3})(\d{1,4})S?", place.upper())
    region: str | None = table["instances"].get(shaped[1]) if shaped else None
    return region


def round_trip_s(here: str, there: str) -> float:
    """The median round trip between two regions, in seconds."""
    table = figures("regions")
    return float(table["rows"][here][table["columns"].index(there)]) / 1000
