"""The Lambda host: functions run under the official runtime client, each sandbox in a process of its own."""

from raylens.lab.functions.host import InvokeResult, LambdaHost
from raylens.lab.functions.settings import HostSettings, LogSink

__all__ = ["HostSettings", "InvokeResult", "LambdaHost", "LogSink"]
