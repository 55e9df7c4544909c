"""A day of a company: many customers, thousands of calls, bad weather, deaths, operators; one clock for all."""

from scenarios.day.company import Company, company
from scenarios.day.lived import DayLived, live

__all__ = ["Company", "DayLived", "company", "live"]
