"""How `FORMAT()` writes numbers, amounts, dates and times for a user's locale, and with which day its weeks begin."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from mocksf.evidence import Evidence
from mocksf.schema.model import Field
from mocksf.soql.dates import Moment

MONDAY, SUNDAY = 0, 6


BELIEFS: tuple[tuple[str, Evidence], ...] = (
    (
        "FORMAT() writes short dates and times, amounts with the sign of the one currency, percents with a sign",
        Evidence.ASSUMED,
    ),
    ("A locale that is not in the table formats like en_US", Evidence.ASSUMED),
    ("Weeks begin on Sunday in the locales of the Americas and of East Asia, on Monday elsewhere", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""


@dataclass(frozen=True, slots=True)
class Locale:
    """One locale: separators of numbers, patterns of a day, of a time and of an amount, and how weeks begin."""

    group: str
    point: str
    day: str
    clock: str
    between: str = " "
    money: str = "{sign}${amount}"
    first_weekday: int = MONDAY


_CLOCK, _EARLY_CLOCK, _HALVES = "{t.hour:02}:{t.minute:02}", "{t.hour}:{t.minute:02}", "{h12}:{t.minute:02} {half}"
_SLASHES, _DOTS = "{d.day:02}/{d.month:02}/{d.year}", "{d.day:02}.{d.month:02}.{d.year}"
_EURO = "{sign}{amount} €"
_US = Locale(",", ".", "{d.month}/{d.day}/{d.year}", _HALVES, ", ", first_weekday=SUNDAY)
LOCALES: dict[str, Locale] = {
    "en_US": _US,
    "en_CA": Locale(",", ".", "{d.year}-{d.month:02}-{d.day:02}", _HALVES, ", ", first_weekday=SUNDAY),
    "en_GB": Locale(",", ".", _SLASHES, _CLOCK, ", ", "{sign}£{amount}"),
    "en_IE": Locale(",", ".", _SLASHES, _CLOCK, ", ", "{sign}€{amount}"),
    "de_DE": Locale(".", ",", _DOTS, _CLOCK, ", ", _EURO),
    "de_AT": Locale("\N{NO-BREAK SPACE}", ",", _DOTS, _CLOCK, ", ", "{sign}€ {amount}"),
    "fr_FR": Locale("\N{NARROW NO-BREAK SPACE}", ",", _SLASHES, _CLOCK, " ", _EURO),
    "es_ES": Locale(".", ",", "{d.day}/{d.month}/{d.year}", _EARLY_CLOCK, ", ", _EURO),
    "it_IT": Locale(".", ",", _SLASHES, _CLOCK, ", ", _EURO),
    "nl_NL": Locale(".", ",", "{d.day}-{d.month}-{d.year}", _CLOCK, " ", "€ {sign}{amount}"),
    "pt_BR": Locale(".", ",", _SLASHES, _CLOCK, " ", "{sign}R$ {amount}", SUNDAY),
    "ja_JP": Locale(",", ".", "{d.year}/{d.month:02}/{d.day:02}", _EARLY_CLOCK, " ", "{sign}¥{amount}", SUNDAY),
}
"""The locales that are known, by `User.LocaleSidKey`."""


def locale_named(name: str) -> Locale:
    """The locale of a key such as `de_DE`; that of the United States where the table has none."""
    return LOCALES.get(name, _US)


def formatted(field: Field, value: Any, moment: Moment) -> str:
    """A field's JSON value as text, in the asker's locale and zone."""
    locale = locale_named(moment.locale)
    if field.type == "date":
        return locale.day.format(d=date.fromisoformat(value))
    if field.type == "time":
        return _clock(locale, time.fromisoformat(value.rstrip("Z")))
    if field.type == "datetime":
        instant = datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(UTC).astimezone(moment.zone)
        return f"{locale.day.format(d=instant.date())}{locale.between}{_clock(locale, instant.time())}"
    return _number(locale, field, value)


def _clock(locale: Locale, at: time) -> str:
    return locale.clock.format(t=at, h12=at.hour % 12 or 12, half="AM" if at.hour < 12 else "PM")


def _number(locale: Locale, field: Field, value: float) -> str:
    places = 0 if field.type == "int" else field.scale
    amount = f"{abs(value):,.{places}f}".translate({ord(","): locale.group, ord("."): locale.point})
    sign = "-" if value < 0 else ""
    if field.type == "currency":
        return locale.money.format(sign=sign, amount=amount)
    return f"{sign}{amount}%" if field.type == "percent" else f"{sign}{amount}"
