package cthelper.netfilter;

import cthelper.netfilter.AlteredSystemCalls.Alteration;

/** With CAP_NET_BROADCAST: one socket for all. */
class AllNamespacesKernelTest extends RulesetEventsContract {

  @Override
  Alteration privileges() {
    return (function, arguments) -> {};
  }
}
