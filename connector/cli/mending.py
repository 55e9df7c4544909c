"""Mending a configuration file: the fixes applied, comments and order kept, what changed shown as a diff."""

import difflib
import io
import json
from pathlib import Path

from ruamel.yaml import YAML

from connector.config import ConfigError, Problem, parse_config
from connector.config.reading import load_text, parse_text
from connector.validate.fixes import Fix


def mended(file: Path, fixes: tuple[Fix, ...]) -> tuple[str, int]:
    """The text of the file with the fixes in it, and how many could be applied. Raises ConfigError."""
    text = load_text(file)
    as_json = text.lstrip().startswith("{") and file.suffix not in (".yaml", ".yml")
    yaml = YAML(typ="rt")
    yaml.preserve_quotes, yaml.width = True, 4096
    data = parse_text(text, str(file)) if as_json else yaml.load(text)
    applied = sum(fix.apply(data) for fix in fixes)
    if as_json:
        new = json.dumps(data, indent=_indent(text), ensure_ascii=False) + "\n"
    else:
        out = io.StringIO()
        yaml.dump(data, out)
        new = out.getvalue()
    parse_config(parse_text(new, str(file)), str(file))  # never put down a file that could not be read again
    return new, applied


def write(file: Path, text: str) -> None:
    """Put the text down. Raises ConfigError."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise ConfigError(str(file), (Problem("$", f"cannot be written: {problem.strerror}"),)) from problem


def diff(file: Path, new: str) -> str:
    """What changes, as a unified diff."""
    old = load_text(file).splitlines(keepends=True)
    return "".join(difflib.unified_diff(old, new.splitlines(keepends=True), str(file), f"{file} (mended)"))


def _indent(text: str) -> int:
    """The indentation of the first line that has one."""
    inner = (line for line in text.splitlines()[1:] if line.strip())
    return max((len(line) - len(line.lstrip()) for line in list(inner)[:1]), default=2) or 2
