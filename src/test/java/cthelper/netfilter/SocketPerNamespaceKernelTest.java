package cthelper.netfilter;

import cthelper.netfilter.AlteredSystemCalls.Alteration;

/** Without CAP_NET_BROADCAST: one socket for each. */
class SocketPerNamespaceKernelTest extends RulesetEventsContract {

  @Override
  Alteration privileges() {
    return AlteredSystemCalls.withoutBroadcast();
  }
}
