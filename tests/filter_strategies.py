"""Hypothesis strategies for the filter language: expressions, and traces that say enough for them to hit."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from raylens.filterexpr.ast import (
    And,
    AnnotationTest,
    CauseKind,
    CauseLevel,
    CauseTemplateTest,
    CauseTest,
    EdgeTest,
    Expression,
    Literal,
    NodeSelector,
    Not,
    Operator,
    Or,
    ServiceTest,
    Side,
    Test,
)
from raylens.filterexpr.keywords import KEYWORDS, Kind, Scope
from tests.strategies import Document, traces

# Besides the server's own account: what some documents name.
OTHER_ACCOUNT = "999988887777"
_TYPES = ("", "AWS::EC2::Instance", "AWS::Lambda", "AWS::Lambda::Function")
_WORDS = ("", "gold", "3", "a", "true")
_STATUSES = (200, 201, 302, 404, 429, 500, 503)

# What the values of each keyword are in these traces; keywords of other kinds are numbers or Booleans.
_TEXTS: dict[str, tuple[str, ...]] = {
    "http.url": ("http://shop.test/v1/cart", "http://shop.test/v2/pay", "http://api.test/", "/v2/", "http://"),
    "http.method": ("GET", "POST"),
    "http.useragent": ("probe/1", "강남 브라우저", "probe"),
    "http.clientip": ("192.0.2.7", "192.0.2.9", "192.0.2."),
    "user": ("alice", "bob", 'o\'neil \\ "x"'),
    "availabilityzone": ("us-west-2a", "us-west-2b", "us-west-"),
    "instance.id": ("i-0abc", "i-0def"),
    "resource.arn": ("arn:aws:lambda:us-west-2:111122223333:function:fn", ":function:fn"),
    "name": ("shop", "DynamoDB", "api.test", "S3", "pay", "carts", "b", "PayDown", "ProbeError"),
    "type": (*_TYPES[1:], "AWS::DynamoDB::Table", "AWS::S3::Bucket", "Database::SQL", "remote", "client"),
    "message": ("backend down", "names exploded", "down"),
}
_NUMBERS: dict[str, tuple[float, ...]] = {
    "responsetime": (0.0, 0.2, 0.5, 1.0, 1.5),
    "duration": (0.2, 0.5, 1.0, 2.0, 3.0),
    "http.status": (200.0, 404.0, 429.0, 499.5, 500.0),
    "index": (0.0, 1.0, 2.0),
    "coverage": (0.5, 0.75, 1.0),
}
_EQUALITY = (Operator.EQUAL, Operator.NOT_EQUAL)
_ORDER = (*_EQUALITY, Operator.LESS, Operator.LESS_EQUAL, Operator.GREATER, Operator.GREATER_EQUAL)
_TEXT_OPERATORS = (*_EQUALITY, Operator.CONTAINS, Operator.BEGINS_WITH, Operator.ENDS_WITH)

# Now and then a literal of another type, which never matches
_odd: st.SearchStrategy[Literal] = st.sampled_from([True, False, 0.0, 200.0, "", "3", "true"])


def _mostly(usual: st.SearchStrategy[Any], odd: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 9).flatmap(lambda dice: odd if dice == 0 else usual)


@st.composite
def _keyword_tests(draw: st.DrawFn, scope: Scope) -> Expression:
    """A test of a keyword that has a value in the scope; seldom of one that has none."""
    known = [keyword for keyword in KEYWORDS if scope in keyword.scopes]
    keyword = draw(_mostly(st.sampled_from(known), st.sampled_from(KEYWORDS)))
    if draw(st.integers(0, 3)) == 0:
        return Test(keyword.name)
    if keyword.kind is Kind.BOOLEAN:
        return Test(keyword.name, draw(st.sampled_from(_EQUALITY)), draw(st.booleans()))
    if keyword.kind is Kind.NUMBER:
        number = draw(_mostly(st.sampled_from(_NUMBERS[keyword.name]), _odd))
        return Test(keyword.name, draw(st.sampled_from(_ORDER)), number)
    text = draw(_mostly(st.sampled_from(_TEXTS[keyword.name]), _odd))
    return Test(keyword.name, draw(st.sampled_from(_TEXT_OPERATORS)), text)


@st.composite
def _annotation_tests(draw: st.DrawFn, scope: Scope) -> Expression:
    sides = tuple(Side) if scope is Scope.EDGE else (Side.OWN,)
    side = draw(_mostly(st.sampled_from(sides), st.sampled_from(Side)))
    key = draw(st.sampled_from(["a", "b", "c", "d.e", "d_e"]))
    if draw(st.booleans()):
        return AnnotationTest(key, side)
    value = draw(st.booleans() | st.integers(-5, 5).map(float) | st.sampled_from(_WORDS))
    if isinstance(value, bool):
        usual: tuple[Operator, ...] = _EQUALITY
    else:
        usual = _TEXT_OPERATORS if isinstance(value, str) else _ORDER
    return AnnotationTest(key, side, draw(_mostly(st.sampled_from(usual), st.sampled_from(Operator))), value)


def _joined(terms: list[Expression], kind: type[And] | type[Or]) -> Expression:
    """The terms as one expression of canonical shape."""
    flat: list[Expression] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, kind) else (term,))
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def _combined(leaves: st.SearchStrategy[Expression], max_leaves: int) -> st.SearchStrategy[Expression]:
    return st.recursive(
        leaves,
        lambda inner: (
            inner.map(Not)
            | st.lists(inner, min_size=2, max_size=3).map(lambda terms: _joined(terms, And))
            | st.lists(inner, min_size=2, max_size=3).map(lambda terms: _joined(terms, Or))
        ),
        max_leaves=max_leaves,
    )


def conditions(scope: Scope) -> st.SearchStrategy[Expression]:
    """What braces of this scope hold."""
    leaves = _keyword_tests(scope)
    if scope in (Scope.SERVICE, Scope.EDGE):
        leaves = leaves | _annotation_tests(scope)
    return _combined(leaves, 3)


_accounts = st.sampled_from(["111122223333", OTHER_ACCOUNT])
_nodes: st.SearchStrategy[NodeSelector] = (
    st.just(NodeSelector())
    | st.sampled_from(_TEXTS["name"][:7]).map(lambda name: NodeSelector(name=name))
    | st.sampled_from(["", *_TEXTS["type"]]).map(lambda type_: NodeSelector(type=type_))
    | st.sampled_from(["shop", "DynamoDB", "pay"]).map(lambda name: NodeSelector(name=name, type="client"))
    | st.builds(
        NodeSelector,
        name=st.none() | st.sampled_from(_TEXTS["name"][:7]),
        type=st.none() | st.sampled_from(_TEXTS["type"]),
        account_id=st.none() | _accounts,
    )
)
_service_tests = st.builds(ServiceTest, _nodes, st.none() | conditions(Scope.SERVICE))
# two ends and a condition seldom agree with a trace by chance
_ends = st.just(NodeSelector()) | _nodes
_edge_tests = st.builds(EdgeTest, _ends, _ends, st.none() | conditions(Scope.EDGE))
_levels = [
    (kind, level)
    for kind in CauseKind
    for level in CauseLevel
    if (kind, level) != (CauseKind.RESPONSE_TIME, CauseLevel.EXCEPTION)
]


@st.composite
def _cause_tests(draw: st.DrawFn) -> Expression:
    kind, level = draw(st.sampled_from(_levels))
    return CauseTest(kind, level, draw(conditions(Scope(f"rootcause.*.{level.value}"))))


def _members(**strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=strategies)


_entities = _members(
    Name=st.sampled_from(_TEXTS["name"][:5]),
    Remote=st.booleans(),
    Coverage=st.sampled_from([1, 1.0, 0.75]),
    Exceptions=st.just([]) | st.just([{}]) | st.just([{"Name": "PayDown", "Message": "backend down"}]),
)
_services = _members(
    Name=st.sampled_from(_TEXTS["name"][:7]),
    Type=st.none() | st.sampled_from(["", *_TEXTS["type"]]),
    AccountId=st.none(),
    Inferred=st.booleans(),
    EntityPath=st.lists(_entities, min_size=1, max_size=2),
)
_templates = _members(ClientImpacting=st.booleans(), Services=st.lists(_services, min_size=1, max_size=2))
_template_tests = st.builds(CauseTemplateTest, st.lists(_templates, max_size=2), st.booleans())


def expressions() -> st.SearchStrategy[Expression]:
    """Whole expressions without groups, of canonical shape; all of them can be printed."""
    leaves: st.SearchStrategy[Expression] = (
        _keyword_tests(Scope.TRACE)
        | _annotation_tests(Scope.TRACE)
        | _service_tests
        | _edge_tests
        | _cause_tests()
        | _template_tests
    )
    return _combined(leaves, 6)


def _texts_of(keyword: str) -> st.SearchStrategy[str]:
    return st.sampled_from(_TEXTS[keyword][:3])


_http = st.fixed_dictionaries(
    {
        "request": _members(
            url=_texts_of("http.url"),
            method=_texts_of("http.method"),
            user_agent=_texts_of("http.useragent"),
            client_ip=_texts_of("http.clientip"),
        )
    },
    optional={"response": st.sampled_from(_STATUSES).map(lambda status: {"status": status})},
)
_exceptions = st.lists(
    st.sampled_from(
        [
            {"id": "a" * 16, "type": "PayDown", "message": "backend down"},
            {"id": "b" * 16, "type": "ProbeError", "message": "names exploded"},
            {"id": "c" * 16, "type": "", "message": ""},
        ]
    ),
    min_size=1,
    max_size=2,
)
_aws = _members(
    account_id=_accounts,
    ec2=_members(instance_id=_texts_of("instance.id"), availability_zone=_texts_of("availabilityzone")),
)
_annotations = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d.e", "d_e"]), st.booleans() | st.integers(-5, 5) | st.sampled_from(_WORDS)
)
_cause = _exceptions.map(lambda exceptions: {"exceptions": exceptions})
_segment_members = _members(
    origin=st.sampled_from(_TYPES),
    user=_texts_of("user"),
    resource_arn=st.sampled_from(_TEXTS["resource.arn"]),
    http=_http,
    aws=_aws,
    cause=_cause,
    annotations=_annotations,
)
_subsegment_members = _members(cause=_cause, annotations=_annotations)


@st.composite
def told_traces(draw: st.DrawFn) -> list[Document]:
    """The documents of one trace as `traces` makes it, whose segments say who, where and what the answer was.

    Some are still in progress.
    """
    documents = draw(traces())
    for document in documents:
        is_segment = document.get("type") != "subsegment"
        # what the strategy below drew first stays: its calls need their own http and aws
        document |= {**draw(_segment_members if is_segment else _subsegment_members), **document}
        for subsegment in document.get("subsegments", ()):
            subsegment |= {**draw(_subsegment_members), **subsegment}
        if draw(st.integers(0, 9)) == 0:
            document["in_progress"] = True
            del document["end_time"]
    return documents
