"""Checks of the configuration as a whole: names, lanes, parts, scopes, region and budget."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from connector import regions, scopes
from connector.composite import PARTS_MAX
from connector.config.records import CARRIERS, CHATTER, STANDARD_OBJECTS
from connector.names import nearest
from connector.validate.finding import Code, Finding
from connector.validate.view import View

POSTED_ON = ("Opportunity", "Contact", "Lead", "Account")
"""What a Chatter post of a call may be posted on (a looked-up caller's records, or those that the call wrote)."""
LOCK_PATIENCE_S = 10.0
"""How long an org waits for a held row before it refuses (facts, users §3.1)."""
COMFORTABLE = 0.5
"""Below this predicted share of turns inside the budget, the budget is called tight."""


def names_exist(view: View) -> Iterator[Finding]:
    """Objects and fields that the org does not have."""
    for mapping in view.mappings:
        path, sobject = view.config.path_of(mapping.intent), view.org.get(mapping.sobject)
        if sobject is not None:
            if sobject.get(mapping.field) is None:
                names = [each.name for each in sobject.fields]
                sentence = f"{sobject.name} has no field {mapping.field}"
                yield Code.FIELD_UNKNOWN.at(path, sentence, nearest(mapping.field, names))
        elif mapping.sobject in CHATTER:
            yield Code.CHATTER_OFF.at(path, f"the org has no {mapping.sobject}: Chatter is off, or not for this user")
        else:
            sentence = f"the org has no object {mapping.sobject}, or it is hidden from this user"
            yield Code.OBJECT_UNKNOWN.at(path, sentence, nearest(mapping.sobject, view.org.names()))


def carriers_exist(view: View) -> Iterator[Finding]:
    """Objects that every call writes and that no intent names."""
    named = {mapping.sobject for mapping in view.mappings}
    for sobject in view.written:
        if sobject not in named and view.org.get(sobject) is None:
            sentence = f"every call writes {sobject}, and the org has none, or it is hidden from this user"
            yield Code.OBJECT_UNKNOWN.at(f"$.records.{sobject}", sentence)


def records_used(view: View) -> Iterator[Finding]:
    """Settings for an object that no call writes."""
    for name in view.config.records:
        if view.spelling(name) not in view.written:
            sentence = f"no call writes {name}, so this section has no effect"
            yield Code.RECORD_UNUSED.at(f"$.records.{name}", sentence, nearest(name, view.written))


def directions_are_used(view: View) -> Iterator[Finding]:
    """A direction that promises more than the lookup gives: who the caller is, and no mapped fields."""
    for mapping in view.mappings:
        if mapping.direction != "to_salesforce":
            effect = "written as if it said to_salesforce" if mapping.writes else "refused when an agent tells it"
            sentence = f"the lookup tells who the caller is and reads no mapped field; the intent is {effect}"
            yield Code.DIRECTION_UNREAD.at(view.config.path_of(mapping.intent, "direction"), sentence, "to_salesforce")


def targets_differ(view: View) -> Iterator[Finding]:
    """Two intents that write one field: the later one wins, without a word."""
    writers: dict[str, list[str]] = defaultdict(list)
    for mapping in view.mappings:
        if mapping.writes and mapping.sobject not in CHATTER:
            writers[mapping.target.casefold()].append(mapping.intent)
    for intents in writers.values():
        for intent in intents[1:]:
            sentence = f"{intents[0]} writes the same field; where both are heard in one turn, the later one wins"
            yield Code.TARGET_SHARED.at(view.config.path_of(intent), sentence)


def chatter_posts(view: View) -> Iterator[Finding]:
    """A Chatter intent is a post: its text goes to Body, and it never rides in a composite (design §8.5)."""
    for mapping in view.mappings:
        if mapping.sobject not in CHATTER:
            continue
        if mapping.field.casefold() != "body":
            sentence = f"a Chatter post takes its text in FeedItem.Body, not in {mapping.field}"
            yield Code.CHATTER_FIELD.at(view.config.path_of(mapping.intent), sentence, "FeedItem.Body")
        if not set(view.written) & set(POSTED_ON):
            sentence = f"a post goes to a record of the call, and this map writes none of {', '.join(POSTED_ON)}"
            yield Code.CHATTER_NOWHERE.at(view.config.path_of(mapping.intent), sentence)
        if mapping.lane == "critical":
            sentence = "a Chatter post cannot be part of the call's composite; leave `lane` out or say async"
            yield Code.CHATTER_WAITS.at(view.config.path_of(mapping.intent, "lane"), sentence, "async")


def tasks_do_not_wait(view: View) -> Iterator[Finding]:
    """The activity is logged when the call has ended; nobody waits for it."""
    for mapping in view.mappings:
        if mapping.sobject == "Task" and mapping.lane == "critical":
            sentence = "the Task is written when the call ends, on the async lane; critical has no effect here"
            yield Code.TASK_WAITS.at(view.config.path_of(mapping.intent, "lane"), sentence, "async")


def parts_fit(view: View) -> Iterator[Finding]:
    """A turn whose intents would need more than 25 subrequests."""
    parts = _parts(view)
    if parts > PARTS_MAX:
        sentence = f"a turn may need {parts} parts, and a composite takes {PARTS_MAX}; map fewer objects"
        yield Code.TOO_MANY_PARTS.at("$.fields", sentence)


def scopes_suffice(view: View) -> Iterator[Finding]:
    """A scope profile that is too narrow for what is mapped, or wider than that."""
    asked, needed = view.config.org.scope_profile, scopes.narrowest(view.config)
    if asked is None or asked == needed:
        return
    if scopes.breadth(asked) > scopes.breadth(needed):
        extra = [scope for scope in scopes.PROFILES[asked] if scope not in scopes.PROFILES[needed]]
        sentence = f"{needed} suffices for this map; {asked} asks for {', '.join(extra)} as well"
        yield Code.SCOPE_TOO_WIDE.at("$.org.scope_profile", sentence, needed)
        return
    for need in scopes.NEEDS:
        users = ", ".join(need.intents(view.config))
        if users and need.scope not in scopes.PROFILES[asked]:
            sentence = f"{users} {need.why}, which needs the scope {need.scope}; {asked} does not ask for it"
            yield Code.SCOPE_TOO_NARROW.at("$.org.scope_profile", sentence, needed)


def region_pinned(view: View) -> Iterator[Finding]:
    """Agents and instance that are not pinned to each other, or lie in different regions."""
    pair = regions.pairing(view.config.org.region)
    if pair.agents is None or pair.instance is None:
        lacking = "agents" if pair.agents is None else "instance"
        pins = (
            f"name {regions.pin_of(pair.agents)}" if pair.agents else "agents in the EU go to EU2, in the US to NA130"
        )
        sentence = f"the region is not pinned ({lacking} is not named), so no round trip can be promised; {pins}"
        yield Code.REGION_UNPINNED.at(f"$.org.region.{lacking}", sentence)
    elif pair.rtt_ms is None:
        sentence = f"{pair.instance} is not an instance name that tells a region"
        guess = nearest(pair.instance, ("NA130", "EU2"))
        yield Code.REGION_UNKNOWN.at("$.org.region.instance", sentence, guess or regions.pin_of(pair.agents))
    elif pair.crosses:
        pin = regions.pin_of(pair.agents)
        home = regions.rtt_ms(regions.home_of(pair.agents), regions.region_of(pin) or "")
        sentence = (
            f"agents in {pair.agents} write to {pair.instance} across regions: some {pair.rtt_ms:.0f} ms per round trip"
            f" instead of {home:.0f} ms to {pin}"
        )
        yield Code.REGION_CROSSED.at("$.org.region.instance", sentence, pin)


def budget_holds(view: View) -> Iterator[Finding]:
    """How often a turn is predicted to be committed within the budget; the rest goes on in the background."""
    pair, budget = regions.pairing(view.config.org.region), view.config.delivery.budget_ms
    parts = _usual_parts(view)
    if not parts or pair.rtt_ms is None:
        return
    share = regions.share_within(budget, parts, pair.rtt_ms)
    code = Code.BUDGET_TIGHT if share < COMFORTABLE else Code.BUDGET_OUTLOOK
    sentence = (
        f"a composite of {parts} parts is predicted at {regions.composite_ms(parts, pair.rtt_ms):.0f} ms in the median"
        f" (service times assumed): {share:.0%} of turns are committed within {budget} ms, the others in the background"
    )
    yield code.at("$.delivery.budget_ms", sentence)


def patience_outlasts_locks(view: View) -> Iterator[Finding]:
    """An attempt that gives up while the org still waits for a lock cannot know what became of it."""
    timeout = view.config.delivery.attempt_timeout_s
    if timeout <= LOCK_PATIENCE_S:
        sentence = f"an attempt gives up after {timeout:g} s while the org waits {LOCK_PATIENCE_S:g} s for a locked row"
        yield Code.PATIENCE_SHORT.at("$.delivery.attempt_timeout_s", sentence, "15")


def _parts(view: View) -> int:
    """The most subrequests that one turn may need: one per keyed object that is not logged afterwards."""
    return sum(1 for name in view.written if name not in (*CHATTER, "Task"))


def _usual_parts(view: View) -> int:
    """The subrequests of a usual turn: the carriers or the lead, and one custom object where any is mapped."""
    carriers = sum(1 for name in view.written if name in CARRIERS)
    customs = any(name not in STANDARD_OBJECTS for name in view.written)
    return carriers + int(customs) if carriers else int("Lead" in view.written)


WHOLE_CHECKS: tuple[Callable[[View], Iterator[Finding]], ...] = (
    names_exist,
    carriers_exist,
    records_used,
    directions_are_used,
    targets_differ,
    chatter_posts,
    tasks_do_not_wait,
    parts_fit,
    scopes_suffice,
    region_pinned,
    budget_holds,
    patience_outlasts_locks,
)
