"""The environment of a function's process."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from raylens.lab.functions.settings import HostSettings
from raylens.lab.spec import FunctionSpec

_PURE_CLIENT_DIR = Path(__file__).parent / "pure_client"


def sandbox_environment(
    settings: HostSettings, spec: FunctionSpec, *, runtime_api: str, log_stream: str, temporary_dir: Path
) -> dict[str, str]:
    """Every variable of one sandbox; nothing of the host's own environment but PATH is passed on.

    A function's variables override the settings' and the defaults, but none that Lambda reserves. The host's AWS
    profile is hidden and the credentials are dummies, so that a mistake in function code cannot reach a real account.
    AWS_LAMBDA_MAX_CONCURRENCY stays unset: set, it selects another mode of the runtime client. _X_AMZN_TRACE_ID is
    the runtime client's to set, for each invocation.
    """
    dynamodb_url = settings.dynamodb_url() if callable(settings.dynamodb_url) else settings.dynamodb_url
    defaults = {
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "LANG": "en_US.UTF-8",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUTF8": "1",
        # The code folder belongs to the user and reads as /var/task does: nothing is written beside the sources.
        "PYTHONDONTWRITEBYTECODE": "1",
        # Each malloc arena reserves 64 MiB of address space, which the memory ceiling would count.
        "MALLOC_ARENA_MAX": "1",
        "TZ": ":UTC",
        "TMPDIR": str(temporary_dir),
        "HOME": str(temporary_dir),
    }
    if dynamodb_url is not None:
        defaults["AWS_ENDPOINT_URL_DYNAMODB"] = dynamodb_url
    reserved = {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": _python_path(settings, spec),
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "_HANDLER": spec.handler,
        "LAMBDA_TASK_ROOT": str(spec.code_dir),
        "AWS_XRAY_DAEMON_ADDRESS": settings.daemon_address,
        "AWS_LAMBDA_FUNCTION_NAME": spec.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(spec.memory_mb),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{spec.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{spec.runtime}",
        "AWS_REGION": settings.region,
        "AWS_DEFAULT_REGION": settings.region,
        "AWS_ACCESS_KEY_ID": "RAYLENSLABACCESSKEY",
        "AWS_SECRET_ACCESS_KEY": "raylenslabsecretkey",
        "AWS_SESSION_TOKEN": "raylenslabsessiontoken",
    }
    environment = {**defaults, **settings.environment, **spec.environment, **reserved}
    for name in ("AWS_LAMBDA_MAX_CONCURRENCY", "_X_AMZN_TRACE_ID"):
        environment.pop(name, None)
    return environment


def _python_path(settings: HostSettings, spec: FunctionSpec) -> str:
    # The runtime client, boto3 and the X-Ray SDK come from the host's interpreter, behind the function's own code,
    # so that a function may bring its own versions.
    parts = [str(spec.code_dir)]
    if settings.pure_client or (settings.pure_client is None and not _has_compiled_client()):
        parts.append(str(_PURE_CLIENT_DIR))
    own = spec.environment.get("PYTHONPATH")
    return os.pathsep.join([*parts, *([own] if own else [])])


def _has_compiled_client() -> bool:
    return importlib.util.find_spec("runtime_client") is not None
