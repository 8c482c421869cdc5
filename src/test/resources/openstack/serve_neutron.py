"""Serves Neutron as it is installed: serve_neutron.py PORT, with OS_NEUTRON_CONFIG_DIR set.

Its database is made from its models: its migrations are not for SQLite.
"""

import sys
from wsgiref.simple_server import make_server

port = int(sys.argv.pop())  # Neutron reads the arguments too

from neutron import server  # noqa: E402
from neutron.common import config  # noqa: E402

server._init_configuration()

from neutron.db.migration.models import head  # noqa: E402
from neutron_lib.db import api  # noqa: E402

head.get_metadata().create_all(api.get_context_manager().writer.get_engine())
make_server("127.0.0.1", port, config.load_paste_app("neutron")).serve_forever()
