"""Users and assignment rules of a source."""

from dataclasses import replace

from mocksf.schema.draft import Draft
from mocksf.schema.names import nearest
from mocksf.schema.places import Place
from mocksf.schema.seeds import ADMINISTRATOR, AssignmentRule, RuleEntry, UserSeed

_USER_NAMES = ("username", "firstName", "lastName", "profile", "active", "permissionSets")


def add_users(draft: Draft, place: Place) -> None:
    """Everything under `users`: a list of people with at least a username and a last name."""
    users = (*draft.seeds.users, *(_user(draft, each) for each in place.items()))
    names = [user.username.lower() for user in (ADMINISTRATOR, *users)]
    for name in names:
        if names.count(name) > 1:
            place.refuse(f"two users have the username '{name}'")
    draft.seeds = replace(draft.seeds, users=users)


def _user(draft: Draft, place: Place) -> UserSeed:
    said = place.entries(_USER_NAMES)
    for name in ("username", "lastName"):
        if name not in said:
            place.refuse(f"a user needs a '{name}'")
    if "@" not in said["username"].text():
        said["username"].refuse("a username has the form of an email address")
    sets = [each.name for each in draft.seeds.permission_sets]
    return UserSeed(
        username=said["username"].text(),
        last_name=said["lastName"].text(),
        first_name=said["firstName"].text() if "firstName" in said else None,
        profile=said["profile"].choice(draft.seeds.profile_names) if "profile" in said else "Standard User",
        active=said["active"].flag() if "active" in said else True,
        permission_sets=tuple(each.choice(sets) for each in said["permissionSets"].items())
        if "permissionSets" in said
        else (),
    )


def add_assignment_rules(draft: Draft, place: Place) -> None:
    """Everything under `assignmentRules`: lists of rules by object."""
    rules = list(draft.seeds.assignment_rules)
    for name, each in place.entries().items():
        if name not in {"Lead", "Case"}:
            place.refuse(f"assignment rules belong to Lead or Case, not '{name}'{nearest(name, ('Lead', 'Case'))}")
        rules.extend(_rule(draft, name, rule) for rule in each.items())
    draft.seeds = replace(draft.seeds, assignment_rules=tuple(rules))


def _rule(draft: Draft, sobject: str, place: Place) -> AssignmentRule:
    said = place.entries(("name", "active", "entries"))
    if "entries" not in said:
        place.refuse("an assignment rule needs 'entries'")
    return AssignmentRule(
        sobject=sobject,
        name=said["name"].text() if "name" in said else f"{sobject} assignment",
        entries=tuple(_entry(draft, sobject, each) for each in said["entries"].items()),
        active=said["active"].flag() if "active" in said else True,
    )


def _entry(draft: Draft, sobject: str, place: Place) -> RuleEntry:
    said = place.entries(("when", "owner"))
    if "owner" not in said:
        place.refuse("an entry needs an 'owner', the username of a user")
    owner = said["owner"].text()
    users = [user.username for user in (ADMINISTRATOR, *draft.seeds.users)]
    if owner not in users:
        said["owner"].refuse(f"no such user '{owner}'{nearest(owner, users)}")
    when = said["when"].entries() if "when" in said else {}
    return RuleEntry(owner, {_field_name(draft, sobject, name, place): _wanted(each) for name, each in when.items()})


def _wanted(place: Place) -> str | int | None:
    """What a field must hold: text, a whole number, true or false, or nothing."""
    value: str | int | None = place.value
    if not isinstance(value, str | int | None):
        place.refuse("an entry compares with text, a whole number, true, false or nothing")
    return value


def _field_name(draft: Draft, sobject: str, name: str, place: Place) -> str:
    owner = draft.get(sobject)
    names = [field.name for field in owner.columns] if owner else []
    if name not in names:
        place.refuse(f"no such field '{name}' on {sobject}{nearest(name, names)}")
    return name
