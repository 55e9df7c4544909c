"""What people do in the org while calls go on: one function per kind of deed, carried out at once and for good."""

from collections.abc import Callable, Mapping
from typing import Any

from mocksf.actor import Actor
from mocksf.conversion import Wish
from mocksf.schema import changed_schema
from scenarios.story import Adds, Changes, Converts, Deletes, Deploys, Merges, Refreshes
from scenarios.trace import Deployed
from scenarios.world import API, World


def _adds(world: World, what: Adds) -> None:
    world.add(what.sobject, **what.fields)


def _changes(world: World, what: Changes) -> None:
    for sobject, record_id in _found(world, what.records):
        name = record_id[:15] if what.short_ids else record_id
        world.ask("PATCH", f"{API}/sobjects/{sobject}/{name}", dict(what.fields))


def _deletes(world: World, what: Deletes) -> None:
    for sobject, record_id in _found(world, what.records):
        world.ask("DELETE", f"{API}/sobjects/{sobject}/{record_id}")


def _merges(world: World, what: Merges) -> None:
    org, kind = world.org, world.org.schema[what.sobject]
    loser, master = (_found(world, query)[0][1] for query in (what.loser, what.master))
    with org.store.turn(), org.store.atomic():
        org.records.merge(_admin(world), kind, (master, {}), (loser,))


def _converts(world: World, what: Converts) -> None:
    org = world.org
    (_, lead), *_ = _found(world, what.lead)
    with org.store.turn(), org.store.atomic():
        made = org.records.convert(_admin(world), Wish(lead, "Closed - Converted"))
    world.there_before += [each for each in (made.account_id, made.contact_id, made.opportunity_id) if each]


def _refreshes(world: World, _: Refreshes) -> None:
    """Production's people are copied under ids that begin after those given out so far."""
    accounts = world.soql("SELECT Id, Name, BillingCountry FROM Account ORDER BY Id")
    people = world.soql("SELECT FirstName, LastName, Email, Phone, AccountId FROM Contact ORDER BY Id")
    for query in ("SELECT Id FROM Opportunity", "SELECT Id FROM Contact", "SELECT Id FROM Account"):
        _deletes(world, Deletes(0, query))
    anew = {each.pop("Id"): world.add("Account", **each) for each in accounts}
    for each in people:
        world.add("Contact", **{**each, "AccountId": anew[each["AccountId"]]})
    world.end_sessions()


def _deploys(world: World, what: Deploys) -> None:
    before = world.org.schema
    world.org.change_schema(changed_schema(before, what.change, "the deploy"))
    names = frozenset(each.name for each in world.org.schema if before.get(each.name) is not each)
    world.trace.deploys.append(Deployed(world.clock.now(), names))


def _found(world: World, query: str) -> list[tuple[str, str]]:
    """The object of a query, and the ids of what it finds."""
    sobject = query.partition(" FROM ")[2].split()[0]
    return [(sobject, row["Id"]) for row in world.soql(query)]


def _admin(world: World) -> Actor:
    return Actor(world.org.admin_id, world.clock.now())


BY_HAND: Mapping[type, Callable[[World, Any], None]] = {
    Adds: _adds,
    Changes: _changes,
    Deletes: _deletes,
    Merges: _merges,
    Converts: _converts,
    Refreshes: _refreshes,
    Deploys: _deploys,
}
"""Deed → how it is done."""
