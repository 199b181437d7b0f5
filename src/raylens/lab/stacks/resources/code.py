"""A function's code, from wherever the template points to, as a folder of the lab's own."""

from __future__ import annotations

import shutil
import stat
import zipfile
from pathlib import Path

from raylens.lab.stacks.errors import ResourceFailed
from raylens.lab.template import Value

# Lambda's own limit for code and layers, unzipped.
MAX_CODE_BYTES = 250 * 1024 * 1024
_NOT_COPIED = ("__pycache__", "*.pyc", ".git", ".venv", "node_modules")


def unpack_code(code: Value, base_dir: Path | None, target: Path) -> None:
    """Fill the new folder `target` with what `Code` names. Raises ResourceFailed, leaving nothing behind.

    A string is a folder, a .zip or a single file, relative to the template; `{ZipFile: ...}` is the text of index.py.
    """
    try:
        if isinstance(code, str):
            _from_path(_local_path(code, base_dir), target)
        elif isinstance(code, dict) and isinstance(code.get("ZipFile"), str):
            target.mkdir(parents=True)
            (target / "index.py").write_text(str(code["ZipFile"]), encoding="utf-8")
        elif isinstance(code, dict) and ("S3Bucket" in code or "ImageUri" in code):
            raise ResourceFailed(
                f"Code is {code!r}: the lab has no S3 and no container images; expected a local path, as in "
                "`Code: ./functions` (what `aws cloudformation package` starts from), or ZipFile with the source"
            )
        else:
            raise ResourceFailed(f"Code is {code!r}; expected a local folder or .zip, or ZipFile with the source")
    except (OSError, shutil.Error, zipfile.BadZipFile) as error:
        shutil.rmtree(target, ignore_errors=True)
        raise ResourceFailed(f"Code: {error}") from error
    except ResourceFailed:
        shutil.rmtree(target, ignore_errors=True)
        raise


def _local_path(code: str, base_dir: Path | None) -> Path:
    path = Path(code).expanduser()
    if not path.is_absolute():
        if base_dir is None:
            raise ResourceFailed(f"Code is {code}: a template sent as text has no folder that it could be relative to")
        path = base_dir / path
    if not path.exists():
        raise ResourceFailed(f"Code is {code}: {path} does not exist")
    return path


def _from_path(path: Path, target: Path) -> None:
    if path.is_dir():
        size_bytes = sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
        _check_size(path, size_bytes)
        shutil.copytree(path, target, ignore=shutil.ignore_patterns(*_NOT_COPIED))
    elif path.suffix == ".zip":
        _unzip(path, target)
    else:
        target.mkdir(parents=True)
        shutil.copy2(path, target)


def _unzip(path: Path, target: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        _check_size(path, sum(entry.file_size for entry in archive.infolist()))
        for entry in archive.infolist():
            parts = Path(entry.filename).parts
            if entry.filename.startswith("/") or ".." in parts or stat.S_ISLNK(entry.external_attr >> 16):
                raise ResourceFailed(f"Code: {path} holds {entry.filename}, which would leave the function's folder")
        target.mkdir(parents=True)
        archive.extractall(target)


def _check_size(path: Path, size_bytes: int) -> None:
    if size_bytes > MAX_CODE_BYTES:
        raise ResourceFailed(f"Code: {path} is {size_bytes} bytes unzipped; expected at most {MAX_CODE_BYTES}")
