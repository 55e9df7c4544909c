"""What can go wrong with a formula: when it is read, and when it is worked out."""

from typing import NoReturn


class FormulaError(ValueError):
    """A formula that cannot be used; the message names the formula, the character and the cure."""

    def __init__(self, name: str, at: int, reason: str) -> None:
        super().__init__(f"{name}, character {at + 1}: {reason}")
        self.name = name
        self.at = at
        """Where in the text it goes wrong, counted from zero."""
        self.reason = reason


class Trouble(Exception):
    """A formula that has no value for this record: a division by zero, a text that is no number (`#Error!`)."""


def trouble(reason: str) -> NoReturn:
    """Raise Trouble."""
    raise Trouble(reason)
