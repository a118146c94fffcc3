"""Questionnaires as frozen values: reading, routing, checking and saying answers.

Pure: knows no database and no web.
"""
