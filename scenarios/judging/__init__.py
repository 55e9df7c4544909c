"""Judge any connector, in any language: play weather around it, then ask the org and the journal what came of it.

Nothing need be known of the connector. What it writes in fair weather is the measure: in any weather that heals, it
has to end at the same records, no fewer and no more; in one that does not heal, it has to say so.
"""

from scenarios.judging.bench import HttpBench, LocalBench
from scenarios.judging.judge import Judgement, Verdict, judge
from scenarios.judging.laws import LAWS
from scenarios.judging.trials import TRIALS, Trial

__all__ = ["LAWS", "TRIALS", "HttpBench", "Judgement", "LocalBench", "Trial", "Verdict", "judge"]
