"""The parts of dehusk with input and output: inputs, planning, execution, reports, command line and Prefect flow.

The pure core is in `cleaners`. Public are the command `dehusk` (`flows.cli.main`), the Prefect flow `flows.clean.clean`,
`flows.export.read_records` and `flows.export.arrow_schema`; everything else is private to this project.
"""
