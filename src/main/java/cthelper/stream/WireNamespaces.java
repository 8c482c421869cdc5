package cthelper.stream;

import cthelper.model.RouterId;
import cthelper.node.NodeNamespace;
import cthelper.stream.wire.Inventory;
import cthelper.stream.wire.Namespace;
import java.util.List;

/** The namespaces of a node, to and from the wire. Pure. */
final class WireNamespaces {

  private WireNamespaces() {}

  static Inventory inventory(List<NodeNamespace> namespaces) {
    return Inventory.newBuilder()
        .addAllNamespaces(namespaces.stream().map(WireNamespaces::namespace).toList())
        .build();
  }

  static List<NodeNamespace> namespaces(Inventory inventory) {
    return inventory.getNamespacesList().stream().map(WireNamespaces::namespace).toList();
  }

  static Namespace namespace(NodeNamespace namespace) {
    return Namespace.newBuilder()
        .setName(namespace.name())
        .setRouterId(WireValues.id(namespace.router().value()))
        .setAdoptable(namespace.adoptable())
        .setCookie(namespace.cookie())
        .build();
  }

  static NodeNamespace namespace(Namespace namespace) {
    if (namespace.getName().isEmpty()) {
      throw new MalformedMessage("a namespace without name");
    }
    return new NodeNamespace(
        namespace.getName(),
        new RouterId(WireValues.id(namespace.getRouterId())),
        namespace.getAdoptable(),
        namespace.getCookie());
  }
}
