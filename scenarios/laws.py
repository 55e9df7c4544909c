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


def name_of(law: Callable[..., Any]) -> str:
    """A law's name as a sentence: its function's name, spelt out."""
    return law.__name__.replace("_", " ")


def broken_laws(seen: Witness) -> list[tuple[str, str]]:
    """Every breach: (the law, what broke it). Empty where all is well."""
    laws = (*ALWAYS, *AT_REST) if seen.at_rest else ALWAYS
    return [(name_of(law), breach) for law in laws for breach in law(seen)]
