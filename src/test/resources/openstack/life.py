"""The life of routers and conntrack helpers through openstacksdk. Ends with 1 where anything differs."""
import sys

import openstack
from openstack import exceptions

network = openstack.connect(auth_type="none", endpoint=sys.argv[1], network_endpoint_override=sys.argv[1] + "/v2.0").network

router = network.create_router(name="sdk", description="made by the SDK")
assert router.status == "ACTIVE" and router.revision_number == 1, router
assert network.find_router("sdk").id == router.id
assert network.find_router(router.id).name == "sdk"
assert network.find_router("no-such-router") is None

ftp = network.create_conntrack_helper(router, protocol="tcp", port=21, helper="ftp")
sip = network.create_conntrack_helper(router, protocol="udp", port=5060, helper="sip")
assert (ftp.protocol, ftp.port, ftp.helper) == ("tcp", 21, "ftp"), ftp
assert {h.id for h in network.conntrack_helpers(router)} == {ftp.id, sip.id}
assert network.get_conntrack_helper(ftp, router).port == 21

# Page by page, along the links.
assert [h.id for h in network.conntrack_helpers(router, limit=1)] == sorted([ftp.id, sip.id])

changed = network.update_conntrack_helper(ftp, router, port=2121)
assert changed.port == 2121 and changed.helper == "ftp", changed

try:
    network.create_conntrack_helper(router, protocol="tcp", port=2121, helper="ftp")
except exceptions.BadRequestException as refusal:
    assert "duplicate" in str(refusal), refusal
else:
    sys.exit("a duplicate was taken")

network.delete_conntrack_helper(ftp, router, ignore_missing=False)
try:
    network.delete_conntrack_helper(ftp, router, ignore_missing=False)
except exceptions.ResourceNotFound:
    pass
else:
    sys.exit("deleted twice")

assert network.update_router(router, name="renamed").name == "renamed"
(agent,) = network.agents()
assert agent.is_alive and agent.agent_type == "Conntrack helper agent", agent
assert network.find_extension("l3-conntrack-helper") is not None
assert "sorting" in {extension.alias for extension in network.extensions()}
assert list(network.ports(device_id=router.id)) == []

network.delete_router(router, ignore_missing=False)
assert list(network.conntrack_helpers(router)) == []
print("all as expected")
