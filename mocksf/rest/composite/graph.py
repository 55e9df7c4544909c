"""Composite graphs: many composites of rows in one call, each all or nothing, whatever becomes of the others."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from mocksf import dialects
from mocksf.errors import Refusal, Refuse
from mocksf.evidence import Evidence
from mocksf.messages import Json, Response
from mocksf.parked import Part
from mocksf.rest import bodies
from mocksf.rest import sobjects as rows
from mocksf.rest.composite.composite import SHOWN_HEADERS
from mocksf.rest.composite.manifest import Subrequest, subrequest
from mocksf.rest.composite.references import References, resolve
from mocksf.rest.mixing import Unmixed
from mocksf.rest.routing import Route
from mocksf.rest.session import Call, Session

GRAPHS_MAX = 75
NODES_MAX = 500
"""How many nodes a request may hold, in all graphs together."""
DEPTH_MAX = 15
KINDS_MAX = 15
"""How many different nodes there may be: an object, a version and a method make a kind."""
FAILURES_MAX = 14
"""When so many graphs have failed, the rest is not processed."""
GRAPH_ID_CHARS = 40
HALTS_SINCE = 51.0
"""From this version on the nodes beside the culprit say PROCESSING_HALTED; in v50.0 they repeat its error."""
_BASIC = ("GET", "/sobjects/{sobject}")
_GRAPH_ID = re.compile(r"[A-Za-z0-9][^.]*")
_ROW = re.compile(r"/+services/+data/+v(\d{1,3}\.\d)/+sobjects/+([^/?]+)([/?].*|)", re.IGNORECASE | re.DOTALL)
_ROWS = frozenset((each.method, each.path) for each in rows.ROUTES if (each.method, each.path) != _BASIC)
"""The routes that a node may take."""
_REFERENCE = re.compile(r"@\{([A-Za-z0-9_]+)")
_STRICT, _OLDEST = True, 50.0

BELIEFS: tuple[tuple[str, Evidence], ...] = (
    ("Each graph is rolled back alone, and isSuccessful says so", Evidence.DOCUMENTED),
    ("In a failed graph of v50.0 all nodes repeat the error of the one that failed", Evidence.RECORDED),
    ("From v51.0 on they say PROCESSING_HALTED, as in a composite", Evidence.ASSUMED),
    ("A graph of too many nodes answers with one result without a referenceId", Evidence.RECORDED),
    ("So does one that is too deep, of too many kinds of nodes, or beyond the nodes of the request", Evidence.ASSUMED),
    ("More graphs than 75, or a graphId of a wrong form, refuse the whole request", Evidence.ASSUMED),
    ("Nodes are processed in the order in which they stand", Evidence.ASSUMED),
)  # fmt: skip
"""What this room believes, for the fidelity ledger."""


@dataclass(frozen=True, slots=True)
class _Graph:
    """One graph that may run, or why it may not."""

    name: str
    nodes: tuple[Subrequest, ...]
    limit: Refusal | None = None


def graphs(session: Session, call: Call) -> Response:
    """Do all graphs in order, each of them all or nothing."""
    answers: list[dict[str, Any]] = []
    failed = 0
    for graph in _read(call):
        if failed >= FAILURES_MAX:
            halted = dialects.rest(Refuse.GRAPHS_HALTED(maximum=FAILURES_MAX))
            answers.append(_written(graph.name, [(node.reference_id, halted) for node in graph.nodes], success=False))
            continue
        answers.append(_answered(session, call, graph))
        failed += not answers[-1]["isSuccessful"]
    return Response(200, {"graphs": answers})


def _answered(session: Session, call: Call, graph: _Graph) -> dict[str, Any]:
    if graph.limit is not None:
        return _written(graph.name, [(None, dialects.rest(graph.limit))], success=False)
    seen = len(session.seen)
    with session.org.store.atomic() as undo:
        answered = _each(session, call, graph)
        success = all(response.ok for _, response in answered)
        if not success:
            undo()
            del session.seen[seen:]
            answered = _rolled_back(call, graph, *answered[-1])
    return _written(graph.name, answered, success)


def _each(session: Session, call: Call, graph: _Graph) -> list[tuple[str, Response]]:
    """The answers of the nodes up to the first that fails."""
    known, unmixed = References(keeps_null=True), Unmixed()
    answered: list[tuple[str, Response]] = []
    for node in graph.nodes:
        try:
            unmixed.admit_row(session.org.schema, node.method, node.url)
            response = _node(session, call, node, known, graph.name)
        except Refusal as refusal:
            response = dialects.rest(refusal)
        answered.append((node.reference_id, response))
        known.learn(node, response)
        if not response.ok:
            break
    return answered


def _node(session: Session, call: Call, node: Subrequest, known: References, graph: str) -> Response:
    text = b"" if node.body is bodies.UNREAD else call.content
    inner = Call(node.method, node.url, node.headers, text, node.body)
    row = _ROW.fullmatch(node.url)
    if row is None or float(row[1]) < _OLDEST:
        raise Refuse.NOT_IN_GRAPH(path=inner.path)
    resolve(inner, node, known)
    route, _ = session.routes.find(inner)
    if (route.method, route.path) not in _ROWS:
        raise Refuse.NOT_IN_GRAPH(path=inner.path)
    part = Part(node.method, inner.path, row[2], f"{graph}/{node.reference_id}")
    return session.routes(session, inner, part, sheltered=True)


def _rolled_back(call: Call, graph: _Graph, culprit: str, error: Response) -> list[tuple[str, Response]]:
    others = dialects.rest(Refuse.ROLLED_BACK()) if float(call.version) >= HALTS_SINCE else error
    return [(each.reference_id, error if each.reference_id == culprit else others) for each in graph.nodes]


def _written(name: str, answered: Sequence[tuple[str | None, Response]], success: bool) -> dict[str, Any]:
    parts = [
        {
            "body": response.body,
            "httpHeaders": {each: response.headers[each] for each in SHOWN_HEADERS if each in response.headers},
            "httpStatusCode": response.status,
            "referenceId": reference,
        }
        for reference, response in answered
    ]
    return {"graphId": name, "graphResponse": {"compositeResponse": parts}, "isSuccessful": success}


# -- reading -----------------------------------------------------------------------------------------------------------


def _read(call: Call) -> list[_Graph]:
    """All graphs, before any of them runs. Raises what refuses the request as a whole."""
    wanted = call.json_object().get("graphs")
    if not isinstance(wanted, list):
        raise bodies.wrong_shape(wanted, "array")
    if len(wanted) > GRAPHS_MAX:
        raise Refuse.GRAPH_LIMIT(maximum=GRAPHS_MAX, what="Graphs in the request")
    read: list[_Graph] = []
    nodes = 0
    for each in wanted:
        graph = _graph(call, each)
        nodes += len(graph.nodes)
        read.append(_within(graph, nodes))
    twice = [name for name, count in Counter(graph.name for graph in read).items() if count > 1]
    if twice:
        raise Refuse.BAD_GRAPH(reason=f"the graphId {twice[0]} comes more than once")
    return read


def _graph(call: Call, wanted: Json) -> _Graph:
    if not isinstance(wanted, dict):
        raise bodies.wrong_shape(wanted)
    name, parts = wanted.get("graphId"), wanted.get("compositeRequest")
    if not isinstance(name, str) or not _GRAPH_ID.fullmatch(name) or len(name) >= GRAPH_ID_CHARS:
        raise Refuse.BAD_GRAPH(
            reason=f"each graph needs a graphId that begins with a letter or a number, "
            f"has fewer than {GRAPH_ID_CHARS} characters and no period"
        )
    if not isinstance(parts, list):
        raise bodies.wrong_shape(parts, "array")
    nodes = tuple(subrequest(call, each, number, _STRICT) for number, each in enumerate(parts, 1))
    twice = [ref for ref, count in Counter(node.reference_id for node in nodes).items() if count > 1]
    if twice:
        raise Refuse.SAME_REFERENCE_ID(ref=twice[0])
    return _Graph(name, nodes)


def _within(graph: _Graph, nodes: int) -> _Graph:
    """The graph, or why it has to fail as a whole: `nodes` are those of the request up to its end."""
    kinds = {(row[1], row[2].lower(), node.method) for node in graph.nodes if (row := _ROW.fullmatch(node.url))}
    if nodes > NODES_MAX:
        limit = Refuse.GRAPH_LIMIT(maximum=NODES_MAX, what="Nodes in the Graph")
    elif len(kinds) > KINDS_MAX:
        limit = Refuse.GRAPH_LIMIT(maximum=KINDS_MAX, what="different Nodes in the Graph")
    elif _depth(graph.nodes) > DEPTH_MAX:
        limit = Refuse.GRAPH_LIMIT(maximum=DEPTH_MAX, what="levels of the Graph")
    else:
        return graph
    return _Graph(graph.name, graph.nodes, limit)


def _depth(nodes: Sequence[Subrequest]) -> int:
    """How deep nodes lie below each other: one that refers to none is at depth 1."""
    depths: dict[str, int] = {}
    for node in nodes:
        body = "" if node.body is bodies.UNREAD else orjson.dumps(node.body).decode()
        above = [depths.get(each, 0) for each in _REFERENCE.findall(node.url + body)]
        depths[node.reference_id] = 1 + max(above, default=0)
    return max(depths.values(), default=0)


ROUTES = (Route("POST", "/composite/graph", graphs, since=50),)
