"""What the code says about itself: docstrings where a reader looks for them, and no word that belongs elsewhere."""

import ast
import re

import pytest

from tests.house.source import SHIPPED, Module, modules, text_files

ENDINGS = (".", "!", "?", ":", ".)", ".”", '."')

ELSEWHERE = {
    "a folder of one machine": r"(?<![\w./-])/(?:home|Users|root|work|farm)/\w+",
    "a package registry": r"\b(?:py" + r"pi\.org|files\.python" + r"hosted\.org|registry\.npm" + r"js\.org)",
    "an index address in a requirements file": r"^--(?:extra-)?index-url|^-i ",
}


def _first_paragraph(docstring: str) -> str:
    return docstring.strip().split("\n\n")[0].strip()


def test_every_module_says_in_a_sentence_what_it_is_for():
    silent = [
        module.path
        for module in modules(*SHIPPED, "docs")
        if not _first_paragraph(ast.get_docstring(module.tree) or "").endswith(ENDINGS)
    ]

    assert silent == []


@pytest.mark.parametrize("module", modules(*SHIPPED), ids=lambda module: module.path)
def test_what_a_module_offers_is_documented(module: Module):
    silent = [node.name for node in module.public if not ast.get_docstring(node)]

    assert silent == []


@pytest.mark.parametrize("what", ELSEWHERE)
def test_the_project_speaks_of_itself_alone(what: str):
    pattern = re.compile(ELSEWHERE[what], re.MULTILINE)

    assert [path for path, text in text_files() if pattern.search(text)] == []


def test_no_pin_names_an_address():
    requirements = dict(text_files())["requirements.txt"]

    assert [line for line in requirements.splitlines() if "://" in line or " @ " in line or "--hash" in line] == []
