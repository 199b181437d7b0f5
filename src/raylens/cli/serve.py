"""`raylens serve` and `raylens config`."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from raylens.config import DESCRIPTIONS, Resolved, Settings, resolve, shown
from raylens.errors import RaylensError


def register(app: typer.Typer) -> None:
    """Add `serve` and `config` to `app`."""
    app.command("serve", help="Run raylens: the X-Ray API, the daemon's ports and the store.")(_serve)
    app.command("config", help="Print the settings in force and where each comes from.")(_config)


def _option(name: str, flag: str | None = None) -> Any:
    return typer.Option(flag or "--" + name.replace("_", "-"), help=DESCRIPTIONS[name], show_default=False)


_Data = Annotated[str | None, _option("data")]
_Dsn = Annotated[str | None, _option("dsn")]
_Host = Annotated[str | None, _option("host")]
_Port = Annotated[int | None, _option("port")]
_UdpPort = Annotated[int | None, _option("udp_port")]
_TcpPort = Annotated[int | None, _option("tcp_port")]
_Insecure = Annotated[bool | None, _option("insecure", "--insecure")]
_ReadyFile = Annotated[str | None, _option("ready_file")]
_LogLevel = Annotated[str | None, _option("log_level")]
_Region = Annotated[str | None, _option("region")]
_AccountId = Annotated[str | None, _option("account_id")]
_RetentionDays = Annotated[int | None, _option("retention_days")]
_AcceptPast = Annotated[float | None, _option("accept_past_days")]
_AcceptFuture = Annotated[float | None, _option("accept_future_hours")]
_WriteBuffer = Annotated[int | None, _option("write_buffer_mb")]
_BatchSize = Annotated[int | None, _option("batch_mb")]
_BatchAge = Annotated[int | None, _option("batch_age_ms")]
_Deadline = Annotated[float | None, _option("query_deadline_s")]
_QueryMemory = Annotated[int | None, _option("query_memory_mb")]
_MaxTrace = Annotated[int | None, _option("max_trace_mb")]
_Grace = Annotated[float | None, _option("grace_period_s")]
_LabUrl = Annotated[str | None, _option("lab_url")]
_WebhookUrl = Annotated[str | None, _option("webhook_url")]
_File = Annotated[Path | None, typer.Option("--config", help="TOML file with settings")]


def _serve(
    data: _Data = None,
    dsn: _Dsn = None,
    host: _Host = None,
    port: _Port = None,
    udp_port: _UdpPort = None,
    tcp_port: _TcpPort = None,
    insecure: _Insecure = None,
    ready_file: _ReadyFile = None,
    log_level: _LogLevel = None,
    region: _Region = None,
    account_id: _AccountId = None,
    retention_days: _RetentionDays = None,
    accept_past_days: _AcceptPast = None,
    accept_future_hours: _AcceptFuture = None,
    write_buffer_mb: _WriteBuffer = None,
    batch_mb: _BatchSize = None,
    batch_age_ms: _BatchAge = None,
    query_deadline_s: _Deadline = None,
    query_memory_mb: _QueryMemory = None,
    max_trace_mb: _MaxTrace = None,
    grace_period_s: _Grace = None,
    lab_url: _LabUrl = None,
    webhook_url: _WebhookUrl = None,
    config: _File = None,
) -> None:
    flags = {name: value for name, value in locals().items() if name != "config"}
    settings = _resolve_or_exit(flags, config).settings
    logging.basicConfig(
        level=settings.log_level.upper(), stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    # imported here: reading traces must not wait for a server and a column store to load
    import uvloop

    from raylens.app import serve

    try:
        uvloop.run(serve(settings))
    except RaylensError as error:
        _fail(error)


def _config(config: _File = None) -> None:
    resolved = _resolve_or_exit({}, config)
    for name in Settings.__struct_fields__:
        typer.echo(f"{name} = {shown(resolved.settings, name)}  # {resolved.sources[name]}: {DESCRIPTIONS[name]}")


def _resolve_or_exit(flags: dict[str, Any], file: Path | None) -> Resolved:
    try:
        return resolve(flags, os.environ, file)
    except RaylensError as error:
        _fail(error)
        raise AssertionError from error


def _fail(error: RaylensError) -> None:
    typer.echo(f"raylens: {error}", err=True)
    raise typer.Exit(1)
