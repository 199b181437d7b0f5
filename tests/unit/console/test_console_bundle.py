"""Which files of the built console are served, and as what."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from raylens.console.bundle import BundledFile, load_bundle


@pytest.mark.parametrize(
    ("name", "media_type", "is_immutable"),
    [
        ("index.html", "text/html; charset=utf-8", False),
        ("favicon.svg", "image/svg+xml", False),
        ("assets/index-BiGkoWyL.js", "text/javascript; charset=utf-8", True),
        ("assets/index-BiGkoWyL.js.map", "application/json", True),
        ("assets/elk-worker.min-D1_x-3aB.js", "text/javascript; charset=utf-8", True),
        ("assets/OpenSans-DHqeiiJs.woff2", "font/woff2", True),
        ("assets/style-DHqeiiJs.css", "text/css; charset=utf-8", True),
        ("assets/worker.js", "text/javascript; charset=utf-8", False),
        ("index-BiGkoWyL.js", "text/javascript; charset=utf-8", False),
        ("assets/unheard-DHqeiiJs.of", "application/octet-stream", True),
    ],
)
def test_media_type_and_lifetime_follow_from_the_name(name: str, media_type: str, is_immutable: bool) -> None:
    file = BundledFile(name, b"content")

    assert (file.media_type, file.is_immutable) == (media_type, is_immutable)


def test_the_tag_changes_with_the_content_only() -> None:
    assert BundledFile("a.js", b"1").etag == BundledFile("b.css", b"1").etag
    assert BundledFile("a.js", b"1").etag != BundledFile("a.js", b"2").etag


@pytest.mark.parametrize(
    ("name", "size", "is_compressible"),
    [("a.js", 1024, True), ("a.js", 1023, False), ("a.woff2", 5000, False), ("a.png", 5000, False)],
)
def test_what_gains_by_it_is_compressed_once(name: str, size: int, is_compressible: bool) -> None:
    file = BundledFile(name, b"a" * size)

    assert file.is_compressible is is_compressible
    assert gzip.decompress(file.compressed) == file.content
    assert file.compressed is file.compressed


def test_a_folder_becomes_a_table_of_its_files_without_hidden_ones(tmp_path: Path) -> None:
    (tmp_path / "assets" / ".cache").mkdir(parents=True)
    for name in ("index.html", "assets/a.js", ".built-from", "assets/.cache/b.js"):
        (tmp_path / name).write_text(name, "utf-8")

    bundle = load_bundle(tmp_path)

    assert bundle is not None
    assert {name: file.content for name, file in bundle.items()} == {
        "assets/a.js": b"assets/a.js",
        "index.html": b"index.html",
    }


def test_a_folder_without_a_page_is_no_console(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("", "utf-8")

    assert load_bundle(tmp_path) is None
    assert load_bundle(tmp_path / "absent") is None
