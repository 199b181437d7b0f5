"""Every setting once: name, type, unit, default and what it means; and how the sources outrank each other."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from raylens.errors import ConfigError


def default_data_directory(environ: Mapping[str, str]) -> str:
    """`$XDG_DATA_HOME/raylens`, or `~/.local/share/raylens` where that is not set."""
    base = environ.get("XDG_DATA_HOME") or os.path.join(environ.get("HOME") or str(Path.home()), ".local", "share")
    return os.path.join(base, "raylens")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of `raylens serve`; a value of 0 for a port means any free one."""

    data: str
    dsn: str = ""
    host: str = "127.0.0.1"
    port: int = 2080
    udp_port: int = 2000
    tcp_port: int = 2000
    insecure: bool = False
    ready_file: str = ""
    log_level: str = "info"
    region: str = "us-east-1"
    account_id: str = "000000000000"
    retention_days: int = 30
    accept_past_days: float = 30.0
    accept_future_hours: float = 2.0
    write_buffer_mb: int = 128
    batch_mb: int = 16
    batch_age_ms: int = 20
    query_deadline_s: float = 30.0
    query_memory_mb: int = 1024
    query_million_rows: int = 2000
    max_trace_mb: int = 10
    grace_period_s: float = 30.0
    lab_url: str = "http://127.0.0.1:2081"
    webhook_url: str = ""
    webhook_secret: str = ""

    @property
    def store_dsn(self) -> str:
        """The DSN to open: the one given, or chDB in the data directory."""
        return self.dsn or f"chdb://{self.data}"


# One line a setting, shown by --help, `raylens config` and the reference.
DESCRIPTIONS: dict[str, str] = {
    "data": "Data directory of the embedded store; :memory: keeps nothing",
    "dsn": "Store: chdb:///path (embedded) or clickhouse://user:password@host:8123/db?cluster=NAME",
    "host": "Address that all ports listen on",
    "port": "HTTP port of the X-Ray API",
    "udp_port": "UDP port of the X-Ray daemon's protocol",
    "tcp_port": "TCP port on which SDKs ask for sampling rules",
    "insecure": "Allow an address other than loopback although callers are not authenticated",
    "ready_file": "File to write the bound addresses to, as JSON, once all ports are open",
    "log_level": "debug, info, warning or error",
    "region": "AWS region that ARNs name",
    "account_id": "AWS account that ARNs name",
    "retention_days": "Days that traces are kept",
    "accept_past_days": "Refuse documents that started longer ago than this; 0 accepts any",
    "accept_future_hours": "Refuse documents that start further ahead than this; 0 accepts any",
    "write_buffer_mb": "Megabytes of documents held at most until they are stored; beyond it senders are throttled",
    "batch_mb": "Close a batch at this size, in megabytes",
    "batch_age_ms": "Close a batch at this age, in milliseconds",
    "query_deadline_s": "Stop a query after this many seconds",
    "query_memory_mb": "Megabytes that one query may use",
    "query_million_rows": "Millions of rows that one statement of a query may read",
    "max_trace_mb": "Megabytes of one trace's documents that are returned at most",
    "grace_period_s": "Seconds that running requests get when stopping",
    "lab_url": "Control API of the serverless lab that the console shows, on this machine; empty for none",
    "webhook_url": "URL that insights are posted to, of groups that have notifications on; empty for none",
    "webhook_secret": "Key of the signatures of what is posted to the webhook; empty: nothing is signed",
}
# Never printed, and no flag: whoever lists processes would read it.
SECRETS = frozenset({"webhook_secret"})
_RANGES: dict[str, tuple[float, float]] = {
    "port": (0, 65535),
    "udp_port": (0, 65535),
    "tcp_port": (0, 65535),
    "retention_days": (1, 3650),
    "accept_past_days": (0, 36500),
    "accept_future_hours": (0, 876000),
    "write_buffer_mb": (1, 65536),
    "batch_mb": (1, 1024),
    "batch_age_ms": (0, 10_000),
    "query_deadline_s": (0.1, 3600),
    "query_memory_mb": (64, 1 << 20),
    "query_million_rows": (1, 1_000_000),
    "max_trace_mb": (1, 1024),
    "grace_period_s": (0, 3600),
}
LOG_LEVELS = ("debug", "info", "warning", "error")
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class Resolved(msgspec.Struct, frozen=True):
    """Settings, and where each value came from: `flag`, `environment`, `file` or `default`."""

    settings: Settings
    sources: dict[str, str]


def resolve(flags: Mapping[str, Any], environ: Mapping[str, str], file: Path | None) -> Resolved:
    """The settings in force: flag before environment before file before default. Flags that are None were not given.

    Raises: ConfigError that names the setting, the value seen, where it came from and what was expected.
    """
    values: dict[str, Any] = {"data": default_data_directory(environ)}
    sources = dict.fromkeys(Settings.__struct_fields__, "default")
    for source, given in (
        ("file", _from_file(file)),
        ("environment", _from_environment(environ)),
        ("flag", {name: value for name, value in flags.items() if value is not None}),
    ):
        for name, value in given.items():
            values[name] = _checked(name, value, source)
            sources[name] = source
    settings = Settings(**values)
    if settings.host not in LOOPBACK_HOSTS and not settings.insecure:
        raise ConfigError(
            f"host is {settings.host}: callers are not authenticated, so raylens listens on loopback only; "
            "--insecure says that whoever reaches this address may read and write traces"
        )
    return Resolved(settings, sources)


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    prefix = "RAYLENS_"
    known = {prefix + name.upper(): name for name in Settings.__struct_fields__}
    return {known[variable]: value for variable, value in environ.items() if variable in known}


def _from_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"the configuration file {file} cannot be read: {error}") from error
    for name in content:
        if name not in Settings.__struct_fields__:
            raise ConfigError(f"{file} sets '{name}', expected one of {', '.join(Settings.__struct_fields__)}")
    return content


def _checked(name: str, value: Any, source: str) -> Any:
    expected = {f.name: f.type for f in msgspec.structs.fields(Settings)}[name]
    try:
        converted = msgspec.convert(value, expected, strict=False)
    except msgspec.ValidationError:
        kind = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}[expected]
        raise ConfigError(f"{name} is {value!r} (from the {source}), {kind} was expected") from None
    if name in _RANGES:
        low, high = _RANGES[name]
        if not low <= converted <= high:
            raise ConfigError(f"{name} is {converted:g} (from the {source}), {low:g} to {high:g} was expected")
    if name == "log_level" and converted not in LOG_LEVELS:
        raise ConfigError(
            f"log_level is '{converted}' (from the {source}), one of {', '.join(LOG_LEVELS)} was expected"
        )
    if name == "lab_url" and not _is_loopback_url(converted):
        raise ConfigError(
            f"lab_url is '{converted}' (from the {source}), http://127.0.0.1:PORT or nothing was expected: whoever "
            "reaches the server could otherwise have it talk to other machines"
        )
    if name == "webhook_url" and not _is_web_url(converted):
        raise ConfigError(
            f"webhook_url is '{converted}' (from the {source}), http://HOST/PATH, https://HOST/PATH or nothing was "
            "expected"
        )
    return converted


def shown(settings: Settings, name: str) -> str:
    """A setting's value as people may see it: of a secret, whether there is one."""
    value = getattr(settings, name)
    return ("set" if value else "unset") if name in SECRETS else repr(value)


def _is_web_url(text: str) -> bool:
    """Whether `text` is empty or the URL of something that speaks HTTP."""
    if not text:
        return True
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _is_loopback_url(text: str) -> bool:
    """Whether `text` is empty or names a port of this machine, and nothing besides."""
    if not text:
        return True
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    shown = f"[{host}]" if host is not None and ":" in host else host
    return host in LOOPBACK_HOSTS and bool(port) and text.lower().removesuffix("/") == f"http://{shown}:{port}"
