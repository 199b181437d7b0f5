"""The console's room: the files of the web console, as the build left them, and the routes that serve them.

It knows nothing of traces: the console asks the API like any client.
"""

from raylens.console.bundle import Bundle, load_bundle
from raylens.console.routes import HOME, console_routes

__all__ = ["HOME", "Bundle", "console_routes", "load_bundle"]
