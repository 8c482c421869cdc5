"""Serves Keystone as it is installed: serve_keystone.py PORT, with OS_KEYSTONE_CONFIG_FILES set."""

import sqlite3
import sys
from wsgiref.simple_server import make_server

port = int(sys.argv.pop())  # Keystone reads the arguments too

from keystone.server.wsgi import initialize_public_application  # noqa: E402
from oslo_config import cfg  # noqa: E402

application = initialize_public_application()
# It keeps connections that read open while another one writes.
database = cfg.CONF.database.connection.replace("sqlite:///", "", 1)
sqlite3.connect(database).execute("PRAGMA journal_mode=WAL")
make_server("127.0.0.1", port, application).serve_forever()
