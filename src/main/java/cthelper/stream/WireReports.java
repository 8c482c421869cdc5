package cthelper.stream;

import cthelper.model.NodeId;
import cthelper.model.Placement;
import cthelper.node.NodeExecutor;
import cthelper.node.NodeReports;
import cthelper.stream.wire.FromNode;
import cthelper.stream.wire.Observed;

/** The reports of a node as they come over the wire. Stateless. */
final class WireReports {

  private WireReports() {}

  /**
   * Tells what the message tells; of a kind that only a newer version knows, nothing.
   *
   * @param node whose message it is
   * @throws MalformedMessage when no version can have meant it
   * @throws IllegalArgumentException when it is no report
   */
  static void tell(NodeReports reports, NodeExecutor node, FromNode message) {
    NodeId id = node.identity().id();
    switch (message.getMessageCase()) {
      case INVENTORY -> reports.connected(node, WireNamespaces.namespaces(message.getInventory()));
      case APPEARED -> reports.appeared(id, WireNamespaces.namespace(message.getAppeared()));
      case VANISHED -> reports.vanished(id, WireNamespaces.namespace(message.getVanished()));
      case OBSERVED -> observed(reports, id, message.getObserved());
      case DRIFTED ->
          reports.drifted(
              WireValues.placement(id, message.getDrifted().getPlace()),
              WireDrift.drift(message.getDrifted()));
      case UNCLAIMED ->
          reports.unclaimed(WireValues.placement(id, message.getUnclaimed().getPlace()));
      case HELLO, PULSE, MESSAGE_NOT_SET ->
          throw new IllegalArgumentException("no report: " + message.getMessageCase());
    }
  }

  private static void observed(NodeReports reports, NodeId node, Observed message) {
    Placement placement = WireValues.placement(node, message.getPlace());
    WireObserved.state(message).ifPresent(state -> reports.observed(placement, state));
  }
}
