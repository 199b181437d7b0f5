"""The keywords of the filter language: one table that feeds the tokenizer, the checks, the docs and completion.

Source, unless a row says otherwise: X-Ray developer guide, use filter expressions.
"""

from __future__ import annotations

from enum import Enum

import msgspec


class Kind(Enum):
    """What a keyword's values are; decides the operators it can be compared with."""

    BOOLEAN = "boolean"
    NUMBER = "number"
    STRING = "string"


class Scope(Enum):
    """Where a keyword stands; the values are the heads of the braces around it."""

    TRACE = ""
    SERVICE = "service"
    EDGE = "edge"
    CAUSE_SERVICE = "rootcause.*.service"
    CAUSE_ENTITY = "rootcause.*.entity"
    CAUSE_EXCEPTION = "rootcause.*.exception"


class Keyword(msgspec.Struct, frozen=True):
    """One keyword. Outside its `scopes` it may be written and has no value: a comparison with it is false there.

    `name` is the canonical spelling, in lower case; any other case is accepted. Numbers of time are seconds.
    """

    name: str
    kind: Kind
    scopes: frozenset[Scope]
    meaning: str
    source: str = "X-Ray developer guide, filter expressions"


class Form(msgspec.Struct, frozen=True):
    """A construct that is more than a keyword and a value: how it is written and what it asks."""

    name: str
    usage: str
    meaning: str
    source: str = "X-Ray developer guide, filter expressions"


_REQUESTS = frozenset({Scope.TRACE, Scope.SERVICE, Scope.EDGE})
_SEGMENTS = frozenset({Scope.TRACE, Scope.SERVICE})
_ELEMENTS = frozenset({Scope.CAUSE_SERVICE, Scope.CAUSE_ENTITY, Scope.CAUSE_EXCEPTION})
_ZERO_BASED = "X-Ray developer guide, filter expressions; that positions begin with 0 is inferred"
_SAW_THROTTLE = "X-Ray developer guide, filter expressions; that throttles are left out was observed"

KEYWORDS: tuple[Keyword, ...] = (
    Keyword("ok", Kind.BOOLEAN, _REQUESTS, "The request succeeded; at trace level, the root's answer."),
    Keyword(
        "error", Kind.BOOLEAN, _REQUESTS, "The request ended in a client error other than a throttle.", _SAW_THROTTLE
    ),
    Keyword("throttle", Kind.BOOLEAN, _REQUESTS, "The request was refused because there were too many."),
    Keyword("fault", Kind.BOOLEAN, _REQUESTS, "The request ended in a server error."),
    Keyword("partial", Kind.BOOLEAN, _REQUESTS, "The record is unfinished; of a trace also when a parent is missing."),
    Keyword(
        "inferred",
        Kind.BOOLEAN,
        _SEGMENTS | {Scope.CAUSE_SERVICE},
        "Made up from a caller's record because the callee sent nothing; at trace level, some segment is.",
    ),
    Keyword("root", Kind.BOOLEAN, frozenset({Scope.SERVICE}), "The request entered the application at this node."),
    Keyword("first", Kind.BOOLEAN, _ELEMENTS, "The element is the first of its list."),
    Keyword("last", Kind.BOOLEAN, _ELEMENTS, "The element is the last of its list."),
    Keyword("remote", Kind.BOOLEAN, frozenset({Scope.CAUSE_ENTITY}), "The entity is a call to another service."),
    Keyword(
        "responsetime", Kind.NUMBER, _REQUESTS, "Seconds until the answer: the root's, the node's or the caller's view."
    ),
    Keyword(
        "duration",
        Kind.NUMBER,
        _REQUESTS,
        "Seconds until all work ended, what goes on after the answer included.",
        "X-Ray developer guide, filter expressions; inside edge the same as responsetime (inferred)",
    ),
    Keyword("http.status", Kind.NUMBER, _REQUESTS, "HTTP status of the answer."),
    Keyword("index", Kind.NUMBER, _ELEMENTS, "Position of the element in its list, the first being 0.", _ZERO_BASED),
    Keyword(
        "coverage",
        Kind.NUMBER,
        frozenset({Scope.CAUSE_ENTITY}),
        "Share of the root's response time that the entity took, 0 to 1; response time causes only.",
    ),
    Keyword("http.url", Kind.STRING, _SEGMENTS, "URL of the request; at trace level, of the root's."),
    Keyword("http.method", Kind.STRING, _SEGMENTS, "HTTP method of the request; at trace level, of the root's."),
    Keyword("http.useragent", Kind.STRING, _SEGMENTS, "User agent of the request; at trace level, of the root's."),
    Keyword("http.clientip", Kind.STRING, _SEGMENTS, "IP address of the requester; at trace level, of the root's."),
    Keyword("user", Kind.STRING, _SEGMENTS, "The user that a segment names; at trace level, that any segment names."),
    Keyword("availabilityzone", Kind.STRING, _SEGMENTS, "Availability zone of the segment; at trace level, of any."),
    Keyword("instance.id", Kind.STRING, _SEGMENTS, "EC2 instance of the segment; at trace level, of any."),
    Keyword("resource.arn", Kind.STRING, _SEGMENTS, "ARN of the segment's resource; at trace level, of any."),
    Keyword(
        "name",
        Kind.STRING,
        _ELEMENTS | {Scope.SERVICE},
        "Name of the node, or of the service, entity or exception of a root cause.",
    ),
    Keyword(
        "type", Kind.STRING, frozenset({Scope.SERVICE, Scope.CAUSE_SERVICE}), "Type of the node, as AWS::EC2::Instance."
    ),
    Keyword("message", Kind.STRING, frozenset({Scope.CAUSE_EXCEPTION}), "Message of the exception."),
)

FORMS: tuple[Form, ...] = (
    Form("annotation", 'annotation[key] = "value"', "Some segment or subsegment carries this annotation."),
    Form(
        "source.annotation",
        'source.annotation[key] = "value"',
        "Inside edge: the calling node carries this annotation.",
        "Grafana's X-Ray data source; the developer guide does not mention it",
    ),
    Form(
        "destination.annotation",
        'destination.annotation[key] = "value"',
        "Inside edge: the called node carries this annotation.",
        "Grafana's X-Ray data source; the developer guide does not mention it",
    ),
    Form("service", 'service("name") { condition }', "Some request at such a node satisfies the condition."),
    Form("edge", 'edge("caller", "called") { condition }', "Some call from the first node to the second satisfies it."),
    Form("id", 'id(name: "n", type: "t", account.id: "a")', "A node by any of its parts, in place of a name."),
    Form("group.name", 'group.name = "name"', "The trace satisfies the expression of this group."),
    Form("group.arn", 'group.arn = "arn"', "The trace satisfies the expression of the group with this ARN."),
    Form("rootcause.json", "rootcause.json = #[{...}]", "Some root cause has this shape; what is left out may be any."),
    Form("rootcause.fault.service", "rootcause.fault.service { condition }", "Some service of a fault cause."),
    Form("rootcause.fault.entity", "rootcause.fault.entity { condition }", "Some step of a fault cause."),
    Form("rootcause.fault.exception", "rootcause.fault.exception { condition }", "Some exception of a fault cause."),
    Form(
        "rootcause.error.service",
        "rootcause.error.service { condition }",
        "Some service of an error cause.",
        "inferred from rootcause.fault and the API's ErrorRootCauses",
    ),
    Form(
        "rootcause.error.entity",
        "rootcause.error.entity { condition }",
        "Some step of an error cause.",
        "inferred from rootcause.fault and the API's ErrorRootCauses",
    ),
    Form(
        "rootcause.error.exception",
        "rootcause.error.exception { condition }",
        "Some exception of an error cause.",
        "inferred from rootcause.fault and the API's ErrorRootCauses",
    ),
    Form(
        "rootcause.responsetime.service",
        "rootcause.responsetime.service { condition }",
        "Some service that takes the time.",
    ),
    Form(
        "rootcause.responsetime.entity", "rootcause.responsetime.entity { condition }", "Some step that takes the time."
    ),
)
