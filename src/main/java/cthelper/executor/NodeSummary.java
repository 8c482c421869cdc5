package cthelper.executor;

import cthelper.model.AddressFamily;
import cthelper.model.HelperType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a person wants to know of this node at the start.
 *
 * @param kernel its release, for example {@code 6.18.44}
 * @param helpers the families this kernel has each helper type for
 * @param ownsTables whether new tables get the owner and persist flags
 */
public record NodeSummary(
    String name,
    String kernel,
    Path directory,
    List<String> namespaces,
    Map<HelperType, Set<AddressFamily>> helpers,
    boolean ownsTables) {

  public NodeSummary {
    namespaces = List.copyOf(namespaces);
    helpers = Map.copyOf(helpers);
  }
}
