"""The findings: rounds, mechanisms, and the workbench of one summary."""
