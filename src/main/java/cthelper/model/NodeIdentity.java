package cthelper.model;

import java.util.Map;
import java.util.Set;

/**
 * Who a node's executor is, and what its kernel can do.
 *
 * @param id kept in its data directory
 * @param name the label people know it by, by default the host's name
 * @param kernel the kernel's release, for example {@code 6.18.44}
 * @param helpers the families the kernel has each helper type for, as far as it was asked; types it
 *     lacks have none, or are left out
 */
public record NodeIdentity(
    NodeId id, String name, String kernel, Map<HelperType, Set<AddressFamily>> helpers) {

  public NodeIdentity {
    helpers = Map.copyOf(helpers);
  }
}
