"""Orchestration with Prefect: the flow, its artifacts, its schedule, its embedded server.

Importing this package sets quiet defaults for Prefect, which reads them when it is imported itself.
"""

from flows.orchestration.prefect_server import use_quiet_defaults

use_quiet_defaults()
