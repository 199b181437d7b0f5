from __future__ import annotations

import pytest

from raylens.errors import InvalidRequest
from raylens.model.tag import Tag, check_tags


@pytest.mark.parametrize(
    "tags",
    [
        (),
        (Tag("k", ""),),
        (Tag("k" * 128, "v" * 256),),
        (Tag("팀 a_.:/=+-@", "값 1"), Tag("aws", "x"), Tag("x-aws:", "x"), Tag("Aws", "x")),
        tuple(Tag(str(number), "v") for number in range(50)),
    ],
    ids=range(5),
)
def test_tags_within_the_rules_are_accepted(tags: tuple[Tag, ...]) -> None:
    check_tags(tags)


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ([Tag("", "v")], "a tag's key has 0 characters, 1 to 128 were expected"),
        ([Tag("k" * 129, "v")], "a tag's key has 129 characters"),
        ([Tag("k", "v" * 257)], "a tag's value has 257 characters, 0 to 256 were expected"),
        ([Tag("aws:x", "v")], "the tag key 'aws:x' begins with aws:, which is reserved"),
        ([Tag("AWS:x", "v")], "reserved"),
        ([Tag("k", "a"), Tag("k", "b")], "the tag key 'k' was sent twice"),
        ([Tag("k\n", "v")], "the tag key 'k\\n' is refused, letters, digits"),
        ([Tag("k", "a*b")], "the tag value 'a*b' is refused"),
        ([Tag(str(number), "v") for number in range(51)], "51 tags were sent, at most 50 are accepted"),
    ],
)
def test_other_tags_are_refused_with_what_was_seen(tags: list[Tag], words: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check_tags(tags)
    assert words in str(refused.value)
