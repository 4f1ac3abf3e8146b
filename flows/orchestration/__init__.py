"""Orchestration with Prefect: the flow, its artifacts, its schedule, its embedded server.

Importing this package sets quiet defaults for Prefect, before Prefect is imported and reads them.
"""

from flows.orchestration.prefect_server import use_quiet_defaults

use_quiet_defaults()
