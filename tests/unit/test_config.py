from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from raylens.cli.main import app
from raylens.config import DESCRIPTIONS, Settings, resolve, shown
from raylens.errors import ConfigError

HOME = {"HOME": "/home/me"}


def settings(
    flags: dict[str, Any] | None = None, environ: dict[str, str] | None = None, file: Path | None = None
) -> Settings:
    return resolve(flags or {}, {**HOME, **(environ or {})}, file).settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "raylens.toml"
    path.write_text('port = 3000\nregion = "file"\n')
    return path


def test_a_flag_outranks_the_environment_which_outranks_the_file_which_outranks_the_default(file: Path) -> None:
    environ = {"RAYLENS_PORT": "4000", "RAYLENS_LOG_LEVEL": "debug"}
    resolved = resolve({"port": 5000, "udp_port": None}, {**HOME, **environ}, file)
    seen = resolved.settings
    assert (seen.port, seen.log_level, seen.region, seen.udp_port) == (5000, "debug", "file", 2000)
    assert {name: resolved.sources[name] for name in ("port", "log_level", "region", "udp_port", "data")} == {
        "port": "flag", "log_level": "environment", "region": "file", "udp_port": "default", "data": "default",
    }  # fmt: skip


def test_values_of_the_environment_are_converted_and_other_variables_ignored() -> None:
    seen = settings(
        environ={"RAYLENS_INSECURE": "true", "RAYLENS_QUERY_DEADLINE_S": "2.5", "RAYLENS_UNKNOWN": "x", "PORT": "1"}
    )
    assert (seen.insecure, seen.query_deadline_s, seen.port) == (True, 2.5, 2080)


@pytest.mark.parametrize(
    ("environ", "directory"),
    [
        ({}, "/home/me/.local/share/raylens"),
        ({"XDG_DATA_HOME": "/data"}, "/data/raylens"),
        ({"XDG_DATA_HOME": ""}, "/home/me/.local/share/raylens"),
        ({"RAYLENS_DATA": "/mine"}, "/mine"),
    ],
)
def test_data_lives_where_the_desktop_keeps_it_unless_told(environ: dict[str, str], directory: str) -> None:
    seen = settings(environ=environ)
    assert (seen.data, seen.store_dsn) == (directory, f"chdb://{directory}")


def test_a_dsn_outranks_the_data_directory() -> None:
    assert settings({"dsn": "clickhouse://db:8123"}).store_dsn == "clickhouse://db:8123"


@pytest.mark.parametrize(
    ("flags", "environ", "message"),
    [
        ({"port": "many"}, {}, "port is 'many' (from the flag), a whole number was expected"),
        ({}, {"RAYLENS_PORT": "1.5"}, "port is '1.5' (from the environment), a whole number was expected"),
        ({"port": 65536}, {}, "port is 65536 (from the flag), 0 to 65535 was expected"),
        ({}, {"RAYLENS_BATCH_AGE_MS": "-1"}, "batch_age_ms is -1 (from the environment), 0 to 10000 was expected"),
        (
            {},
            {"RAYLENS_INSECURE": "perhaps"},
            "insecure is 'perhaps' (from the environment), true or false was expected",
        ),
        ({"query_deadline_s": "x"}, {}, "query_deadline_s is 'x' (from the flag), a number was expected"),
        ({"query_deadline_s": float("nan")}, {}, "query_deadline_s is nan (from the flag), 0.1 to 3600 was expected"),
        (
            {"log_level": "loud"},
            {},
            "log_level is 'loud' (from the flag), one of debug, info, warning, error was expected",
        ),
    ],
)
def test_an_error_names_the_setting_its_value_where_it_came_from_and_what_was_expected(
    flags: dict[str, Any], environ: dict[str, str], message: str
) -> None:
    with pytest.raises(ConfigError) as error:
        settings(flags, environ)
    assert str(error.value) == message


def test_a_wrong_value_in_the_file_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "raylens.toml"
    path.write_text('port = "x"')
    with pytest.raises(ConfigError, match=r"port is 'x' \(from the file\), a whole number was expected"):
        settings(file=path)


def test_an_unknown_setting_in_the_file_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    path = tmp_path / "raylens.toml"
    path.write_text("ports = 1")
    with pytest.raises(ConfigError, match=r"raylens.toml sets 'ports', expected one of data, dsn, host"):
        settings(file=path)


@pytest.mark.parametrize("content", [b"port = ", b"\xff"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "raylens.toml"
    path.write_bytes(content)
    for unreadable in (path, tmp_path / "absent.toml"):
        with pytest.raises(ConfigError, match=r"the configuration file .* cannot be read"):
            settings(file=unreadable)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_needs_no_permission(host: str) -> None:
    assert settings({"host": host}).host == host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com", ""])
def test_any_other_address_needs_insecure(host: str) -> None:
    with pytest.raises(ConfigError, match=f"host is {host}: callers are not authenticated.*--insecure"):
        settings({"host": host})
    assert settings({"host": host, "insecure": True}).host == host


def test_every_setting_is_described() -> None:
    assert set(DESCRIPTIONS) == {field.name for field in msgspec.structs.fields(Settings)}


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:2081", "http://localhost:1/", "http://[::1]:2081"])
def test_the_lab_is_on_this_machine_or_nowhere(url: str) -> None:
    assert settings({"lab_url": url}).lab_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1:2081", "https://127.0.0.1:2081", "http://127.0.0.1", "http://127.0.0.1:2081/stacks",
        "http://me@127.0.0.1:2081", "http://127.0.0.1:2081@lab.test:80", "127.0.0.1:2081", "http://127.0.0.1:99999",
        "http://[::1:2081", "http://127.0.0.1.lab.test:2081", "http://127.0.0.1:2081?x",
    ],
)  # fmt: skip
def test_a_lab_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="lab_url is"):
        settings({"lab_url": url})


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9000/hook", "https://example.com/hooks?token=1"])
def test_a_webhook_is_an_address_that_speaks_http_or_none(url: str) -> None:
    assert settings({"webhook_url": url}).webhook_url == url


@pytest.mark.parametrize(
    "url", ["example.com", "ftp://example.com/", "file:///etc/passwd", "https://", "http://[::1", "http://h:0/"]
)
def test_any_other_webhook_is_refused(url: str) -> None:
    with pytest.raises(
        ConfigError, match=r"webhook_url is .* http://HOST/PATH, https://HOST/PATH or nothing was expected"
    ):
        settings({"webhook_url": url})


def test_a_secret_is_shown_as_set_or_unset_and_has_no_flag() -> None:
    secret = settings({}, {"RAYLENS_WEBHOOK_SECRET": "hidden"})
    assert secret.webhook_secret == "hidden"
    assert (shown(secret, "webhook_secret"), shown(settings(), "webhook_secret")) == ("set", "unset")
    assert shown(secret, "port") == "2080"
    result = CliRunner().invoke(app, ["config"], env={"RAYLENS_WEBHOOK_SECRET": "hidden"})
    assert "webhook_secret = set" in result.stdout and "hidden" not in result.stdout
    assert CliRunner().invoke(app, ["serve", "--webhook-secret", "hidden"]).exit_code == 2
