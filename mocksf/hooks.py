"""Hooks: what an org's own Apex classes and flows would answer, as functions that users register."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

Handler = Callable[..., Any]
"""What answers: see `mocksf.rest.hooked.HookCall` for what it is given."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
TYPES = ("STRING", "NUMBER", "CURRENCY", "BOOLEAN", "DATE", "DATETIME", "REFERENCE", "PICKLIST", "SOBJECT")
"""What an input or an output of an action may be."""
_PATH = re.compile(r"/[^*?#]*\*?")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class ApexError(Exception):
    """Raise it in a hook: the org answers as if Apex had thrown an exception that nobody caught."""


@dataclass(frozen=True)
class Mapped:
    """One Apex REST class: the path of its `urlMapping`, and what answers each verb."""

    path: str
    """Begins with a slash; a star at its end stands for whatever follows."""
    handlers: dict[str, Handler] = field(default_factory=dict)

    def rest_of(self, path: str) -> str | None:
        """What stands in the place of the star, empty where there is none; None for a path of another class."""
        if not self.path.endswith("*"):
            return "" if path == self.path else None
        head = self.path[:-1]
        # A path may end before the slash that the star follows.
        return path[len(head) :] if path.startswith(head) else "" if path + "/" == head else None


@dataclass(frozen=True)
class Action:
    """One invocable action: a flow, or a method of an Apex class."""

    kind: str
    """`flow` or `apex`."""
    name: str
    handler: Handler
    label: str
    inputs: Mapping[str, str]
    """The types of its inputs by name; those whose type ends in `!` are required. Empty takes whatever comes."""
    outputs: Mapping[str, str]


class Hooks:
    """The hooks of one org, registered once and for all: like its schema they are no part of its state."""

    def __init__(self) -> None:
        self._mapped: dict[str, Mapped] = {}
        self._actions: dict[tuple[str, str], Action] = {}

    def apex_rest(self, method: str, path: str, handler: Handler | None = None) -> Handler:
        """Answer `/services/apexrest` + path with a function; without one this is a decorator.

        A star at the end of the path stands for whatever follows. ValueError for a path or a verb that cannot be.
        """
        if handler is None:
            return partial(self.apex_rest, method, path)
        if method.upper() not in METHODS:
            message = f"{method!r} is no verb of Apex REST: take one of {', '.join(METHODS)}"
            raise ValueError(message)
        if not _PATH.fullmatch(path):
            message = f"{path!r} cannot be a path: it begins with a slash and may end with a star, such as '/Cases/*'"
            raise ValueError(message)
        mapped = self._mapped.setdefault(path, Mapped(path))
        if method.upper() in mapped.handlers:
            message = f"{method.upper()} {path} is answered already: one function answers a verb of a path"
            raise ValueError(message)
        mapped.handlers[method.upper()] = handler
        return handler

    def flow(self, name: str, handler: Handler | None = None, **more: Any) -> Handler:
        """Answer `/actions/custom/flow/NAME` with a function; `more` is what `action` takes."""
        return self.action("flow", name, handler, **more)

    def apex_action(self, name: str, handler: Handler | None = None, **more: Any) -> Handler:
        """Answer `/actions/custom/apex/NAME` with a function; `more` is what `action` takes."""
        return self.action("apex", name, handler, **more)

    def action(
        self,
        kind: str,
        name: str,
        handler: Handler | None = None,
        *,
        label: str = "",
        inputs: Mapping[str, str] | None = None,
        outputs: Mapping[str, str] | None = None,
    ) -> Handler:
        """Answer an invocable action with a function, once for each set of inputs; without one this is a decorator.

        `inputs` and `outputs` are types by name, such as `{"phone": "STRING!"}`, the mark for what is required.
        ValueError for a name, a type or a second function of the same name.
        """
        if handler is None:
            return partial(self.action, kind, name, label=label, inputs=inputs, outputs=outputs)
        if not _NAME.fullmatch(name):
            message = f"{name!r} cannot be the name of an action: letters, digits and underscores, a letter first"
            raise ValueError(message)
        for parameter, kind_of in {**(inputs or {}), **(outputs or {})}.items():
            if kind_of.removesuffix("!") not in TYPES:
                message = f"{name}: {parameter} cannot be a {kind_of}; take one of {', '.join(TYPES)}"
                raise ValueError(message)
        if (kind, name.lower()) in self._actions:
            message = f"the {kind} action {name} is answered already: one function answers an action"
            raise ValueError(message)
        self._actions[kind, name.lower()] = Action(kind, name, handler, label or name, inputs or {}, outputs or {})
        return handler

    def mapped(self, path: str) -> tuple[Mapped, str] | None:
        """The class that a path belongs to and what follows it, or None: exact paths go first, then longer ones."""
        for each in sorted(self._mapped.values(), key=lambda each: (each.path.endswith("*"), -len(each.path))):
            rest = each.rest_of(path)
            if rest is not None:
                return each, rest
        return None

    def find(self, kind: str, name: str) -> Action | None:
        """An action by its kind and its name in any case, or None."""
        return self._actions.get((kind, name.lower()))

    def actions(self, kind: str) -> Iterator[Action]:
        """All actions of a kind, in the order in which they were registered."""
        return (each for each in self._actions.values() if each.kind == kind)


class Hookable:
    """Whatever has hooks, and takes them itself: an org."""

    hooks: Hooks

    def apex_rest(self, method: str, path: str, handler: Handler | None = None) -> Handler:
        """Answer `/services/apexrest` + path with a function; see `Hooks.apex_rest`."""
        return self.hooks.apex_rest(method, path, handler)

    def flow(self, name: str, handler: Handler | None = None, **more: Any) -> Handler:
        """Answer a custom flow action with a function; see `Hooks.action`."""
        return self.hooks.flow(name, handler, **more)

    def apex_action(self, name: str, handler: Handler | None = None, **more: Any) -> Handler:
        """Answer a custom Apex action with a function; see `Hooks.action`."""
        return self.hooks.apex_action(name, handler, **more)
