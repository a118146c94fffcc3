"""Gunicorn's settings: one process of eight threads on SQLite, more processes on PostgreSQL.

SQLite has one writer at a time; a second process would only wait for the first. The engine is
created after the fork, because neither database's connections survive one.
"""

import os

worker_class = "gthread"
threads = int(os.environ.get("RAPPORTEUR_THREADS", "8"))
workers = int(os.environ.get("RAPPORTEUR_WORKERS", "1"))
preload_app = False
graceful_timeout = 20
timeout = 60
keepalive = 5
limit_request_line = 4094
accesslog = None
errorlog = "-"
loglevel = os.environ.get("RAPPORTEUR_LOG", "warning")
control_socket_disable = True
