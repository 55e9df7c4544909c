"""Formulas: tokens → parser → nodes → binder → run. Pure; used by formula fields, validation rules and defaults.

Grammar and semantics follow the documentation and the platform's published formula engine (evidence: documented);
what is believed beyond stands in `ASSUMPTIONS`.
"""

from mocksf.evidence import Evidence
from mocksf.formula.binder import FUNCTIONS, OUTSIDE, Findings, Use
from mocksf.formula.compiler import Compiler, Formula
from mocksf.formula.forms import FORMS, WRITTEN
from mocksf.formula.frames import Frame, Row, World
from mocksf.formula.kinds import Kind, kind_of, reader, writer
from mocksf.formula.problems import FormulaError, Trouble

__all__ = [
    "ASSUMPTIONS",
    "FORMS",
    "FUNCTIONS",
    "OUTSIDE",
    "WRITTEN",
    "Compiler",
    "Findings",
    "Formula",
    "FormulaError",
    "Frame",
    "Kind",
    "Row",
    "Trouble",
    "Use",
    "World",
    "kind_of",
    "reader",
    "writer",
]

ASSUMPTIONS: tuple[tuple[str, Evidence], ...] = (
    ("A formula outside the subset (docs/formulas.md) reads as null; a rule with one never fires", Evidence.ASSUMED),
    ("In a formula ^ binds looser than * and /, and takes whole exponents only", Evidence.DOCUMENTED),
    (
        "Blank numbers and dates make a comparison blank, which is not true; blank texts equal each other",
        Evidence.DOCUMENTED,
    ),
    ("A formula without a value (division by zero, text that is no number) reads as null", Evidence.DOCUMENTED),
    ("TODAY() is the day in the time zone of the user", Evidence.DOCUMENTED),
    ("DATEVALUE and TIMEVALUE of an instant are those of UTC", Evidence.ASSUMED),
    ("A formula that refers to another takes its value before rounding", Evidence.ASSUMED),
    ("A formula's number beyond the digits of its field reads as null", Evidence.ASSUMED),
    ("Blank counts as zero everywhere but in ISBLANK, ISNULL, BLANKVALUE and NULLVALUE", Evidence.ASSUMED),
    ("$Permission variables are false: nobody was given a custom permission", Evidence.ASSUMED),
    ("A text formula longer than its field is cut", Evidence.ASSUMED),
)
"""What this room believes, for the fidelity ledger."""
