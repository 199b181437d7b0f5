"""The built console as a table of files, read once: nothing outside the table can be asked for."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath

# Not the machine's table of media types: it differs from machine to machine, and browsers refuse scripts by it.
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_COMPRESSIBLE = frozenset({".css", ".html", ".ico", ".js", ".json", ".map", ".mjs", ".svg", ".txt", ".wasm"})
# Below this an answer fits into one packet either way.
_WORTH_COMPRESSING = 1024
# The bundler puts a hash of the content into the names below assets/: what is under such a name never changes.
_HASHED = re.compile(r"assets/.*-[\w-]{8,}\.\w+(\.map)?")

INDEX = "index.html"


class BundledFile:
    """One file of the console, ready to be sent."""

    def __init__(self, name: str, content: bytes) -> None:
        suffix = PurePosixPath(name).suffix
        self.content = content
        self.media_type = _MEDIA_TYPES.get(suffix, "application/octet-stream")
        self.is_immutable = _HASHED.fullmatch(name) is not None
        self.is_compressible = suffix in _COMPRESSIBLE and len(content) >= _WORTH_COMPRESSING
        # weak: one tag for the content, however it is encoded on the way
        self.etag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'

    @cached_property
    def compressed(self) -> bytes:
        """The content in gzip's form, made when it is first asked for and kept."""
        return gzip.compress(self.content, 9, mtime=0)


Bundle = Mapping[str, BundledFile]
"""Every file of the console by its path below the bundle, with `/` between folders."""


def load_bundle(folder: Path | None = None) -> Bundle | None:
    """The files of the built console, by default the one in this package; None when it was never built.

    Hidden files stay out, among them the stamp of the build.
    """
    folder = folder or Path(__file__).with_name("bundle")
    if not (folder / INDEX).is_file():
        return None
    names = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {
        name: BundledFile(name, path.read_bytes())
        for name, path in sorted(names.items())
        if not any(part.startswith(".") for part in name.split("/"))
    }
