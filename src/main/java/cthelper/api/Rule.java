package cthelper.api;

import cthelper.auth.Caller;
import cthelper.auth.Standing;

/**
 * What callers may do: the one place that decides. A rule asks for a standing; whose the router is
 * decides {@link Caller#scope} in the statement that reads or writes it. What a caller may not see
 * is not found, whatever the rule.
 *
 * <p>The names are Neutron's policy names; on the wire: {@code 403 PolicyNotAuthorized}, {@code
 * "rule:create_router is disallowed by policy"}.
 */
enum Rule {
  GET_ROUTER("get_router", Standing.READER),
  CREATE_ROUTER("create_router", Standing.MEMBER),
  UPDATE_ROUTER("update_router", Standing.MEMBER),
  DELETE_ROUTER("delete_router", Standing.MEMBER),
  GET_HELPER("get_router_conntrack_helper", Standing.READER),
  CREATE_HELPER("create_router_conntrack_helper", Standing.MEMBER),
  UPDATE_HELPER("update_router_conntrack_helper", Standing.MEMBER),
  DELETE_HELPER("delete_router_conntrack_helper", Standing.MEMBER),
  GET_HELPER_TYPE("get_conntrack_helper_type", Standing.READER),
  GET_PORT("get_port", Standing.READER),
  GET_PLACEMENT("get_router_placement", Standing.ADMIN),
  GET_AGENT("get_agent", Standing.ADMIN),
  DELETE_AGENT("delete_agent", Standing.ADMIN);

  private final String policyName;
  private final Standing needed;

  Rule(String policyName, Standing needed) {
    this.policyName = policyName;
    this.needed = needed;
  }

  boolean allows(Caller caller) {
    return caller.isAtLeast(needed);
  }

  /**
   * @throws NeutronFault 403 when the caller may not
   */
  void check(Caller caller) {
    if (!allows(caller)) {
      throw refused();
    }
  }

  NeutronFault refused() {
    return new NeutronFault(
        403, "PolicyNotAuthorized", "rule:" + policyName + " is disallowed by policy");
  }
}
