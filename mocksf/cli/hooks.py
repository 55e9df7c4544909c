"""`--hooks`: the functions that a user's own module registers."""

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from mocksf.cli.saying import stop
from mocksf.hooks import Hooks

USUAL_NAME = "register"
"""What is called where no name stands behind the module."""


def read_hooks(places: list[str]) -> Hooks:
    """What all places register; ends with a sentence where one of them cannot be had."""
    hooks = Hooks()
    for place in places:
        where, _, name = place.rpartition(":") if ":" in place else (place, "", USUAL_NAME)
        register = _found(place, _module(place, where), name)
        try:
            register(hooks)
        except Exception as error:  # a user's own code may raise anything
            stop(f"--hooks {place}: {name} raised {type(error).__name__}: {error}")
    return hooks


def _found(place: str, module: ModuleType, name: str) -> Any:
    register = getattr(module, name, None)
    if not callable(register):
        wish = f"there is no function {name!r} in it; it takes the hooks: def {name}(org): org.apex_rest(…)"
        stop(f"--hooks {place}: {wish}")
    return register


def _module(place: str, where: str) -> ModuleType:
    """The module that a file or a dotted name leads to."""
    try:
        return _of_file(Path(where)) if where.endswith(".py") else _of_name(where)
    except ModuleNotFoundError as error:
        stop(f"--hooks {place}: {error}; name a file such as hooks.py, or a module that Python finds from here")
    except OSError as error:
        stop(f"--hooks {place}: {error.strerror}")
    except Exception as error:  # a user's own code may raise anything
        stop(f"--hooks {place}: its import raised {type(error).__name__}: {error}")


def _of_file(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None, "a file that ends in .py is a module"
    assert spec.loader is not None, "a file that ends in .py is a module"
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _of_name(name: str) -> ModuleType:
    if "" not in sys.path:
        sys.path.insert(0, "")  # a command has its own folder first, not the one that it was called in
    return importlib.import_module(name)
