"""Connections to a ledger's database: its own schema, its settings, and every mishap with a sentence."""

from typing import Any

import psycopg

from connector.live.addresses import shown
from connector.live.opening import LedgerBroken

SCHEMA = "connector"
"""The schema of the tables, unless the address names another (`?options=-csearch_path%3Dname`)."""
UNSET = '"$user", public'
"""PostgreSQL's search path where nobody has set one."""
CONNECT_S = 10

Link = psycopg.Connection[tuple[Any, ...]]


def linked(address: str) -> Link:
    """A connection that commits by itself outside of transactions. Raises LedgerBroken."""
    link = None
    try:
        link = psycopg.connect(address, autocommit=True, connect_timeout=CONNECT_S, application_name="connector")
        link.execute("SET client_encoding = 'UTF8'; SET jit = off; SET client_min_messages = warning")
        link.execute("SET default_transaction_isolation = 'read committed'; SET synchronous_commit = on")
        row = link.execute("SHOW search_path").fetchone()
        if row and row[0] == UNSET:
            link.execute(f"SET search_path = {SCHEMA}")
    except psycopg.Error as problem:
        if link is not None:
            link.close()
        sentence = f"the ledger {shown(address)} cannot be reached: {said(problem)}"
        raise LedgerBroken(sentence) from problem
    return link


def said(problem: Exception) -> str:
    """A mishap in one line."""
    return " ".join(str(problem).split())
