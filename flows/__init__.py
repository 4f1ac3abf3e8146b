"""The parts of dehusk with input and output: inputs, planning, execution, reports, command line and Prefect flow.

The pure core is in `cleaners`.
"""
