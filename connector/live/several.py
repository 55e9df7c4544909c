"""Several customers' orgs in one process: each from a file of its own, with a name, a ledger and secrets of its own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from connector.live.start import CannotStart, Setting
from connector.live.written import written_in

ENDINGS = (".yaml", ".yml", ".json")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
"""What an org may be called where its name stands in addresses and file names."""
ALONE = "org"
"""What one org is called that has no such name."""
TOKEN_VARIABLE = "CONNECTOR_TOKEN"


def files_in(given: Sequence[Path]) -> list[Path]:
    """The files that are meant: a folder stands for the configurations in it. Raises CannotStart."""
    files: list[Path] = []
    for path in given:
        found = sorted(each for each in path.iterdir() if each.suffix in ENDINGS) if path.is_dir() else [path]
        if not found:
            sentence = f"{path} holds no configuration; put one file per org there, ending in {', '.join(ENDINGS)}"
            raise CannotStart(sentence)
        files += found
    return files


def settings_of(files: Sequence[Path], common: Setting) -> dict[str, Setting]:
    """Name → setting of every org. Raises CannotStart or ConfigError.

    With several, `ledger` is a folder of ledgers (or a database, which keeps a chain per org).
    """
    if len(files) == 1:
        name = written_in(files[0]).config().org.name or ""
        return {name if NAME.fullmatch(name) else ALONE: replace(common, config=files[0])}
    if common.org is not None:
        sentence = "--org names one address, and there are several orgs: each configuration says its own"
        raise CannotStart(sentence)
    settings: dict[str, Setting] = {}
    for file in files:
        name = _name_in(file)
        if name.casefold() in {each.casefold() for each in settings}:
            sentence = f"{file} calls its org {name}, and so does another file; every org needs a name of its own"
            raise CannotStart(sentence)
        settings[name] = replace(common, config=file, ledger=_ledger(common.ledger, name), anchor=_anchor(common, name))
    return settings


def environ_of(environ: Mapping[str, str], orgs: int) -> Mapping[str, str]:
    """What secrets are read from: a token for one org is shown to that one alone."""
    return environ if orgs == 1 else {name: value for name, value in environ.items() if name != TOKEN_VARIABLE}


def _name_in(file: Path) -> str:
    config = written_in(file).config()
    name = config.org.name or ""
    if not NAME.fullmatch(name):
        sentence = (
            f"{file}: $.org.name: where several orgs are served each needs a name for its paths, of letters, digits,"
            " dots, hyphens and underscores"
        )
        raise CannotStart(sentence)
    if config.org.login is None:
        sentence = f"{file}: $.org.login: is missing; where several orgs are served, {TOKEN_VARIABLE} is shown to none"
        raise CannotStart(sentence)
    return name


def _ledger(common: Path | str, name: str) -> Path | str:
    if isinstance(common, str):
        return common
    try:
        common.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        sentence = f"--ledger {common}: with several orgs it is a folder of ledgers, and cannot be: {problem.strerror}"
        raise CannotStart(sentence) from problem
    return common / f"{name}.sqlite"


def _anchor(common: Setting, name: str) -> Path | None:
    anchor = common.anchor
    return None if anchor is None else anchor.with_name(f"{anchor.name}.{name}")
