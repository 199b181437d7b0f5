"""Counts over whole trace sets, out of the trace index."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from raylens.errors import QueryTooLarge
from raylens.model.outcome import Outcome
from raylens.model.segment import AnnotationValue
from raylens.model.time import NS_PER_S
from raylens.model.trace_sets import (
    Attribute,
    AttributeKind,
    BucketCount,
    CategoricalCounts,
    NumericCounts,
    PathCount,
    TraceSets,
    ValueCount,
)
from raylens.storage.clickhouse.attributes import CATEGORICAL, NUMERIC, AttributeSql, attribute_sql
from raylens.storage.clickhouse.figures import ClickHouseFigures
from raylens.storage.clickhouse.filter_sql import Parameters
from raylens.storage.clickhouse.filters import filter_condition
from raylens.storage.clickhouse.graph import bucket_sql
from raylens.storage.interface import HEAT_ROWS_NS, Grouping, GroupRow, HeatCell, Overview, TraceSet
from raylens.traceindex import cause_from_text
from raylens.traceindex.labels import cause_label

# Rows that are folded in Python: different combinations of root causes, or of call paths.
_MAX_FOLDED = 100_000
# Each is one pass over both sets; combinations beyond the limit mean that one of them has many values after all.
_BUNDLES = (
    (
        AttributeKind.METHOD, AttributeKind.STATUS, AttributeKind.OUTCOME, AttributeKind.ENTRY_POINT,
        AttributeKind.USER_AGENT,
    ),
    (AttributeKind.AVAILABILITY_ZONE, AttributeKind.INSTANCE),
)  # fmt: skip
_MAX_BUNDLED = 20_000


class _Figures(msgspec.Struct):
    """What is added up for one value."""

    traces: int = 0
    outcomes: list[int] = msgspec.field(default_factory=lambda: [0, 0, 0, 0])
    answered: int = 0
    response_ns: int = 0

    def add(self, row: tuple[Any, ...]) -> None:
        self.traces += row[0]
        for outcome in Outcome:
            self.outcomes[outcome] += row[1 + outcome]
        self.answered += row[5]
        self.response_ns += row[6]


_COUNTED = {
    "traces": "count()",
    **{f"outcome_{int(o)}": f"countIf(outcome = {int(o)})" for o in Outcome},
    "answered": "countIf(response_ns >= 0)",
    "answered_ns": "sumIf(response_ns, response_ns >= 0)",
}
_FIGURES = ", ".join(_COUNTED.values())
# written out because roundDown takes constants only
_HEAT_ROWS = f"CAST({list(HEAT_ROWS_NS)} AS Array(Int64))"
_HEAT_ROW_OF = {from_ns: row for row, from_ns in enumerate(HEAT_ROWS_NS)}
_KEYS = "arraySort(arrayDistinct(arrayConcat(text.key, number.key, flag.key)))"


class ClickHouseAnalytics(ClickHouseFigures):
    """`AnalyticsReader` on ClickHouse."""

    def overview(self, of: TraceSet, bucket_s: int) -> Overview:
        source, parameters = self._source(of)
        parameters |= {"bucket_ns": bucket_s * NS_PER_S}
        rows = self._session.query(
            f"SELECT intDiv(start_ns, {{bucket_ns:Int64}}) AS bucket, {_FIGURES} {source} "
            "GROUP BY bucket ORDER BY bucket",
            parameters,
        )
        total = _Figures()
        activity = []
        for bucket, *figures in rows:
            total.add(tuple(figures))
            failed = sum(figures[1 + outcome] for outcome in Outcome if outcome is not Outcome.OK)
            activity.append((bucket * bucket_s * NS_PER_S, figures[0], failed))
        ok, error, throttle, fault = total.outcomes
        return Overview(
            traces=total.traces,
            ok=ok,
            error=error,
            throttle=throttle,
            fault=fault,
            unfinished=total.traces - sum(total.outcomes),
            response_ns=total.response_ns,
            response_times=self._histogram("response_ns", source, parameters),
            durations=self._histogram("duration_ns", source, parameters),
            activity=tuple(activity),
        )

    def heat_map(self, of: TraceSet, bucket_s: int) -> tuple[HeatCell, ...]:
        source, parameters = self._source(of)
        failed = ", ".join(f"countIf(outcome = {int(o)})" for o in (Outcome.ERROR, Outcome.THROTTLE, Outcome.FAULT))
        rows = self._session.query(
            f"SELECT intDiv(start_ns, {{bucket_ns:Int64}}) AS bucket, roundDown(response_ns, {_HEAT_ROWS}) AS from_ns, "
            f"count(), {failed} {source} AND response_ns >= 0 GROUP BY bucket, from_ns ORDER BY bucket, from_ns",
            {**parameters, "bucket_ns": bucket_s * NS_PER_S},
        )
        return tuple(
            HeatCell(bucket * bucket_s * NS_PER_S, _HEAT_ROW_OF[from_ns], *counts) for bucket, from_ns, *counts in rows
        )

    def size(self, of: TraceSet) -> int:
        source, parameters = self._source(of)
        traces: int = self._session.query(f"SELECT count() {source}", parameters)[0][0]
        return traces

    def attributes(self, of: TraceSet) -> tuple[Attribute, ...]:
        source, parameters = self._source(of)
        rows = self._session.query(
            f"SELECT DISTINCT toString(arrayJoin({_KEYS})) AS key {source} ORDER BY key",
            parameters,
        )
        annotations = tuple(Attribute(AttributeKind.ANNOTATION, key) for (key,) in rows)
        return tuple(Attribute(kind) for kind in CATEGORICAL) + annotations

    def group(self, of: TraceSet, by: Attribute, limit: int) -> Grouping:
        source, parameters = self._source(of)
        bound = Parameters("g")
        attribute = attribute_sql(by, bound)
        parameters |= bound.values
        figures: dict[AnnotationValue | None, _Figures] = {}
        counted = ", ".join(f"{sql} AS {name}" for name, sql in _COUNTED.items())
        inner = f"SELECT {attribute.selected}, {counted} {source} GROUP BY {attribute.names}"
        sums = ", ".join(f"sum({name})" for name in _COUNTED)
        if attribute.is_cause:
            for texts, *row in self._folded(f"SELECT {attribute.sql} AS value, {sums} FROM ({inner})", parameters):
                for value in _labels(texts) or (None,):
                    figures.setdefault(value, _Figures()).add(tuple(row))
            distinct = len(figures) - (None in figures)
        else:
            rows = self._session.query(
                f"SELECT {_each_value(attribute)} AS value, {sums}, countIf(value != '') OVER () FROM ({inner}) "
                "GROUP BY value ORDER BY sum(traces) DESC, value LIMIT {limit:UInt32}",
                {**parameters, "limit": limit + 1},
            )
            for text, *row, _ in rows:
                figures.setdefault(_value(by.kind, text), _Figures()).add(tuple(row))
            distinct = rows[0][-1] if rows else 0
        ranked = sorted(figures.items(), key=lambda item: (-item[1].traces, str(item[0])))
        return Grouping(tuple(_group_row(value, own) for value, own in ranked[:limit]), distinct)

    def compare(
        self, a: TraceSet, b: TraceSet, limit: int
    ) -> tuple[TraceSets, tuple[CategoricalCounts | NumericCounts, ...]]:
        source, parameters = self._sources(a, b)
        parameters["limit"] = limit
        sizes = f"SELECT countIf(in_a), countIf(in_b), countIf(in_a AND in_b) {source}"
        sets = TraceSets(*self._session.query(sizes, parameters)[0])
        counts: list[CategoricalCounts | NumericCounts] = []
        bundled = self._compare_bundled(sets, source, parameters)
        for kind in CATEGORICAL:
            attribute = Attribute(kind)
            if kind in bundled:
                counts.append(bundled[kind])
                continue
            how = attribute_sql(attribute, Parameters())
            if how.is_cause:
                counts.append(self._compare_causes(sets, attribute, how, source, parameters))
            else:
                counts.append(self._compare_values(sets, attribute, how, source, parameters))
        counts += self._compare_annotations(sets, source, parameters)
        counts += [self._compare_number(kind, column, source, parameters) for kind, column in NUMERIC.items()]
        return sets, tuple(counts)

    def _compare_bundled(
        self, sets: TraceSets, source: str, parameters: dict[str, Any]
    ) -> dict[AttributeKind, CategoricalCounts]:
        """Attributes of few values, several in one pass; those of a bundle with many combinations are left out."""
        counts: dict[AttributeKind, CategoricalCounts] = {}
        for kinds in _BUNDLES:
            columns: list[str] = []
            values = []
            for kind in kinds:
                how = attribute_sql(Attribute(kind), Parameters())
                sql = _renumbered(how.sql, len(columns))
                values.append(sql if how.is_list else f"[{sql}]")
                columns += how.columns
            bundle = AttributeSql(tuple(columns), f"[{', '.join(values)}]")
            rows = self._session.query(
                f"SELECT {bundle.sql}, a, b FROM ({_by_columns(bundle, source)} LIMIT {_MAX_BUNDLED + 1})", parameters
            )
            if len(rows) <= _MAX_BUNDLED:
                for place, kind in enumerate(kinds):
                    counts[kind] = _folded_values(sets, kind, [(row[0][place], *row[1:]) for row in rows], parameters)
        return counts

    def _compare_values(
        self, sets: TraceSets, attribute: Attribute, how: AttributeSql, source: str, parameters: dict[str, Any]
    ) -> CategoricalCounts:
        rows = self._session.query(
            "SELECT sumIf(a, value = ''), sumIf(b, value = ''), sumIf(a, value != ''), sumIf(b, value != ''), "
            f"countIf(value != ''), groupArraySortedIf({parameters['limit']})"
            "((-toInt64(a + b), value, a, b), value != '') "
            f"FROM (SELECT {_each_value(how)} AS value, sum(a) AS a, sum(b) AS b "
            f"FROM ({_by_columns(how, source)}) GROUP BY value)",
            parameters,
        )
        absent_a, absent_b, all_a, all_b, distinct, top = rows[0]
        values = tuple(ValueCount(_plain_value(attribute.kind, text), a, b) for _, text, a, b in top)
        return _categorical(sets, attribute, values, (absent_a, absent_b), (all_a, all_b), distinct)

    def _compare_causes(
        self, sets: TraceSets, attribute: Attribute, how: AttributeSql, source: str, parameters: dict[str, Any]
    ) -> CategoricalCounts:
        rows = self._folded(f"SELECT {how.sql} AS value, sum(a), sum(b) FROM ({_by_columns(how, source)})", parameters)
        labelled = [(_labels(texts), a, b) for texts, a, b in rows]
        return _folded_values(sets, attribute.kind, labelled, parameters)

    def _compare_annotations(self, sets: TraceSets, source: str, parameters: dict[str, Any]) -> list[CategoricalCounts]:
        present: dict[str, list[int]] = {}
        for names, a, b in self._session.query(
            f"SELECT {_KEYS} AS keys, countIf(in_a) AS a, countIf(in_b) AS b {source} GROUP BY keys", parameters
        ):
            for key in names:
                own = present.setdefault(key, [0, 0])
                own[0] += a
                own[1] += b
        found: dict[str, list[tuple[tuple[int, int], int, list[ValueCount]]]] = {}
        for kind in ("text", "number", "flag"):
            for key, all_a, all_b, distinct, top in self._session.query(
                _annotation_sql(kind, source, parameters["limit"]), parameters
            ):
                values = [ValueCount(value, a, b) for _, value, a, b in top]
                found.setdefault(key, []).append(((all_a, all_b), distinct, values))
        counts = []
        for key, parts in sorted(found.items()):
            values = sorted((value for *_, own in parts for value in own), key=_most_frequent_first)
            everything = (sum(all_[0] for all_, _, _ in parts), sum(all_[1] for all_, _, _ in parts))
            absent = (sets.n_a - present[key][0], sets.n_b - present[key][1])
            distinct = sum(number for _, number, _ in parts)
            kept = tuple(values[: parameters["limit"]])
            attribute = Attribute(AttributeKind.ANNOTATION, key)
            counts.append(_categorical(sets, attribute, kept, absent, everything, distinct))
        return counts

    def _compare_number(
        self, kind: AttributeKind, column: str, source: str, parameters: dict[str, Any]
    ) -> NumericCounts:
        rows = self._session.query(
            f"SELECT if({column} < 0, -1, toInt64({bucket_sql(column)})) AS bucket, countIf(in_a), countIf(in_b) "
            f"{source} GROUP BY bucket ORDER BY bucket",
            parameters,
        )
        absent = next(((a, b) for bucket, a, b in rows if bucket < 0), (0, 0))
        buckets = tuple(BucketCount(bucket, a, b) for bucket, a, b in rows if bucket >= 0)
        return NumericCounts(Attribute(kind), buckets, *absent)

    def compare_paths(self, a: TraceSet, b: TraceSet, limit: int) -> tuple[PathCount, ...]:
        source, parameters = self._sources(a, b)
        rows = self._session.query(
            "SELECT toString(path), sum(a), sum(b), sum(a * countEqual(paths, path)), sum(b * countEqual(paths, path)) "
            f"FROM (SELECT node.path AS paths, countIf(in_a) AS a, countIf(in_b) AS b {source} GROUP BY paths) "
            "ARRAY JOIN arrayDistinct(paths) AS path GROUP BY path ORDER BY sum(a) + sum(b) DESC, path "
            "LIMIT {limit:UInt32}",
            {**parameters, "limit": limit},
        )
        return tuple(PathCount(*row) for row in rows)

    def sample(self, of: TraceSet, limit: int) -> list[bytes]:
        source, parameters = self._source(of)
        sql = f"SELECT trace_id {source} ORDER BY cityHash64(trace_id) LIMIT {{limit:UInt32}}"
        return [row[0] for row in self._session.query(sql, {**parameters, "limit": limit})]

    def _histogram(self, column: str, source: str, parameters: dict[str, Any]) -> tuple[tuple[int, int], ...]:
        rows = self._session.query(
            f"SELECT {bucket_sql(column)} AS bucket, count() {source} AND {column} >= 0 "
            "GROUP BY bucket ORDER BY bucket",
            parameters,
        )
        return tuple((bucket, count) for bucket, count in rows)

    def _folded(self, sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Rows by `value`, which are folded further in Python: so many at most."""
        rows = self._session.query(f"{sql} GROUP BY value LIMIT {_MAX_FOLDED + 1}", parameters)
        if len(rows) > _MAX_FOLDED:
            raise QueryTooLarge(f"more than {_MAX_FOLDED} different combinations of root causes lie in the range")
        return rows

    def _source(self, of: TraceSet) -> tuple[str, dict[str, Any]]:
        """FROM and WHERE of one set."""
        self.refresh_index()
        condition, parameters = self._membership(of, "a")
        return f"FROM traces FINAL WHERE {condition}", parameters

    def _sources(self, a: TraceSet, b: TraceSet) -> tuple[str, dict[str, Any]]:
        """FROM and WHERE of two sets, a trace's membership being `in_a` and `in_b`."""
        self.refresh_index()
        in_a, parameters_a = self._membership(a, "a")
        in_b, parameters_b = self._membership(b, "b")
        return (
            f"FROM (SELECT *, {in_a} AS in_a, {in_b} AS in_b FROM traces FINAL WHERE ({in_a}) OR ({in_b}))",
            {**parameters_a, **parameters_b},
        )

    def _membership(self, of: TraceSet, prefix: str) -> tuple[str, dict[str, Any]]:
        first, last = of.window.minutes
        condition = filter_condition(self._session, of.where, first, last, prefix)
        sql = (
            f"(minute <= {{{prefix}_last:UInt32}} AND last_minute >= {{{prefix}_first:UInt32}} "
            f"AND start_ns >= {{{prefix}_start:Int64}} AND start_ns < {{{prefix}_end:Int64}} AND {condition.sql})"
        )
        own = {
            f"{prefix}_first": first,
            f"{prefix}_last": last,
            f"{prefix}_start": of.window.start_ns,
            f"{prefix}_end": of.window.end_ns,
        }
        return sql, {**own, **condition.parameters}


def _folded_values(
    sets: TraceSets, kind: AttributeKind, rows: list[tuple[Any, ...]], parameters: dict[str, Any]
) -> CategoricalCounts:
    """Counts by value out of counts by list of values, in which an empty text is none."""
    found: dict[str, list[int]] = {}
    absent = [0, 0]
    for texts, a, b in rows:
        for count in [found.setdefault(text, [0, 0]) for text in texts if text] or [absent]:
            count[0] += a
            count[1] += b
    ranked = sorted(found.items(), key=lambda item: (-sum(item[1]), item[0]))
    values = tuple(ValueCount(_plain_value(kind, text), a, b) for text, (a, b) in ranked[: parameters["limit"]])
    everything = (sum(a for a, _ in found.values()), sum(b for _, b in found.values()))
    return _categorical(sets, Attribute(kind), values, (absent[0], absent[1]), everything, len(found))


def _renumbered(sql: str, first: int) -> str:
    """The expression with its columns numbered from `first` on."""

    def later(found: re.Match[str]) -> str:
        return f"c{first + int(found.group(1))}"

    return re.sub(r"\bc(\d)\b", later, sql)


def _each_value(how: AttributeSql) -> str:
    """One row for each value, and one with an empty text where there is none."""
    return f"arrayJoin(if(empty({how.sql}), [''], {how.sql}))" if how.is_list else how.sql


def _by_columns(how: AttributeSql, source: str) -> str:
    """How many traces of each set have each combination of the stored columns of an attribute."""
    return f"SELECT {how.selected}, countIf(in_a) AS a, countIf(in_b) AS b {source} GROUP BY {how.names}"


def _annotation_sql(kind: str, source: str, limit: int) -> str:
    """Values of every key of one type, and how many traces of each set have them."""
    return (
        "SELECT toString(key), sum(a), sum(b), count(), "
        f"groupArraySorted({limit})((-toInt64(a + b), value, a, b)) "
        "FROM (SELECT pair.1 AS key, pair.2 AS value, countIf(in_a) AS a, countIf(in_b) AS b FROM "
        f"(SELECT in_a, in_b, arrayJoin(arrayDistinct(arrayZip({kind}.key, {kind}.value))) AS pair {source}) "
        "GROUP BY key, value) GROUP BY key"
    )


def _labels(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cause_label(cause_from_text(text)) for text in texts))


def _categorical(
    sets: TraceSets,
    attribute: Attribute,
    values: tuple[ValueCount, ...],
    absent: tuple[int, int],
    everything: tuple[int, int],
    distinct: int,
) -> CategoricalCounts:
    """`everything` are the counts of all values together, whether listed or not."""
    # of an attribute with several values a trace may be counted here more than once, but it cannot be more than all
    present_a, present_b = sets.n_a - absent[0], sets.n_b - absent[1]
    other_a = min(everything[0] - sum(value.count_a for value in values), present_a)
    other_b = min(everything[1] - sum(value.count_b for value in values), present_b)
    left_out = distinct > len(values)
    return CategoricalCounts(attribute, values, *absent, other_a, other_b, distinct if left_out else None)


def _most_frequent_first(value: ValueCount) -> tuple[int, str]:
    return -(value.count_a + value.count_b), str(value.value)


def _group_row(value: AnnotationValue | None, own: _Figures) -> GroupRow:
    ok, error, throttle, fault = own.outcomes
    return GroupRow(value, own.traces, ok, error, throttle, fault, own.answered, own.response_ns)


def _value(kind: AttributeKind, text: str) -> AnnotationValue | None:
    if text == "":
        return None
    if kind is AttributeKind.ANNOTATION:
        decoded: AnnotationValue = msgspec.json.decode(text)
        return float(decoded) if isinstance(decoded, int) and not isinstance(decoded, bool) else decoded
    return _plain_value(kind, text)


def _plain_value(kind: AttributeKind, text: str) -> AnnotationValue:
    return float(text) if kind is AttributeKind.STATUS else text
