"""Serves Keystone as it is installed: serve_keystone.py DATABASE PORT.

DATABASE is the SQLite file that OS_KEYSTONE_CONFIG_FILES names.
"""

import sqlite3
import sys
from wsgiref.simple_server import make_server

port = int(sys.argv.pop())  # Keystone reads the arguments too
database = sys.argv.pop()

from keystone.server.wsgi import initialize_public_application  # noqa: E402

# It keeps connections that read open while another one writes.
sqlite3.connect(database).execute("PRAGMA journal_mode=WAL")
make_server("127.0.0.1", port, initialize_public_application()).serve_forever()
