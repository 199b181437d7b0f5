from __future__ import annotations

import pytest

from raylens.errors import FilterSyntaxError
from raylens.filterexpr import parse_filter
from tests.filter_tables import MALFORMED


@pytest.mark.parametrize(("text", "column", "tail"), [row[1:] for row in MALFORMED], ids=[row[0] for row in MALFORMED])
def test_malformed_expression_is_told_where_and_why(text: str, column: int, tail: str) -> None:
    with pytest.raises(FilterSyntaxError) as caught:
        parse_filter(text)
    assert (caught.value.line, caught.value.column, caught.value.tail) == (1, column, tail)
    assert str(caught.value) == f"Error Location: line 1, position {column} : {tail}"
