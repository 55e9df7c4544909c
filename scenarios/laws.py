"""What must hold in every world, written once: each law reads raw evidence and yields a sentence per breach."""

from collections.abc import Callable, Iterator
from typing import Any

from scenarios import laws_of_audit, laws_of_order, laws_of_org, laws_of_record, laws_of_time
from scenarios.witness import Witness

Law = Callable[[Witness], Iterator[str]]

ALWAYS: tuple[Law, ...] = (
    laws_of_record.nothing_accepted_vanishes,
    laws_of_record.nothing_is_written_twice,
    laws_of_record.nobody_becomes_two,
    laws_of_record.no_composite_is_half_there,
    laws_of_order.no_attempt_comes_early_or_late,
    laws_of_order.nothing_is_tried_more_than_six_times,
    laws_of_order.a_rejection_is_not_retried,
    laws_of_order.a_bad_session_earns_one_login,
    laws_of_audit.each_life_is_told_once,
    laws_of_audit.a_replay_is_signed_and_counts_once,
    laws_of_audit.nobody_is_named,
    laws_of_org.a_part_stands_or_falls_alone,
    laws_of_org.a_valid_map_meets_no_schema_error,
    laws_of_time.every_turn_is_answered_in_time,
    laws_of_time.nothing_is_in_the_dark_at_hang_up,
    laws_of_time.every_call_is_counted,
    laws_of_record.the_chain_holds,
    laws_of_record.every_step_has_its_entry,
    laws_of_record.no_secret_is_written_down,
)
"""What must hold at every instant."""

AT_REST: tuple[Law, ...] = (
    laws_of_record.what_is_committed_is_there,
    laws_of_order.the_last_word_stands,
    laws_of_time.nothing_is_left_undone,
    laws_of_time.every_dead_letter_is_told,
)
"""What must hold as well once all faults are over and all waiting is done."""


NUMBERED: dict[str, tuple[str, ...]] = {
    "I1": ("nothing_accepted_vanishes", "what_is_committed_is_there"),
    "I2": ("nothing_is_written_twice", "nobody_becomes_two"),
    "I3": ("no_composite_is_half_there",),
    "I4": ("a_part_stands_or_falls_alone",),
    "I5": ("every_turn_is_answered_in_time",),
    "I6": ("no_attempt_comes_early_or_late", "nothing_is_tried_more_than_six_times"),
    "I7": ("a_rejection_is_not_retried", "a_bad_session_earns_one_login"),
    "I8": ("each_life_is_told_once", "every_step_has_its_entry", "the_chain_holds", "every_dead_letter_is_told"),
    "I9": ("the_last_word_stands",),
    "I10": ("a_replay_is_signed_and_counts_once",),
    "I11": ("a_seed_is_a_world",),
    "I12": ("a_rule_that_sleeps_changes_nothing",),
    "I13": ("no_secret_is_written_down", "nobody_is_named"),
    "I14": ("nothing_is_left_undone",),
    "I15": ("every_call_is_counted",),
    "I16": ("nothing_accepted_vanishes", "nothing_is_written_twice", "no_composite_is_half_there", "the_chain_holds"),
    "I17": ("what_is_restored_goes_on_the_same", "orgs_keep_to_themselves"),
    "I18": ("a_valid_map_meets_no_schema_error",),
    "I19": ("nothing_is_in_the_dark_at_hang_up",),
}
"""Number in the list of laws → the laws that it is kept by. I16 is I1 to I3 and I8 in worlds whose process dies."""


def name_of(law: Callable[..., Any]) -> str:
    """A law's name as a sentence: its function's name, spelt out."""
    return law.__name__.replace("_", " ")


def broken_laws(seen: Witness) -> list[tuple[str, str]]:
    """Every breach: (the law, what broke it). Empty where all is well."""
    laws = (*ALWAYS, *AT_REST) if seen.at_rest else ALWAYS
    return [(name_of(law), breach) for law in laws for breach in law(seen)]
