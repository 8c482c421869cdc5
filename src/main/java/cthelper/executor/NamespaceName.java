package cthelper.executor;

import cthelper.model.RouterId;
import java.util.Optional;

/**
 * The name of a router's namespace: {@code qrouter-<uuid>} or {@code snat-<uuid>}, the UUID in
 * lower case. Every other entry of the namespace directory is none of our business.
 *
 * @param adoptable whether it may become a router by its name alone: {@code qrouter-} only
 */
record NamespaceName(String text, RouterId router, boolean adoptable) {

  private static final String ROUTER = "qrouter-";
  private static final String SOURCE_NAT = "snat-";

  /** Never throws, whatever a directory entry is called. */
  static Optional<NamespaceName> parse(String text) {
    if (text.startsWith(ROUTER)) {
      return RouterId.parse(text.substring(ROUTER.length()))
          .map(router -> new NamespaceName(text, router, true));
    }
    if (text.startsWith(SOURCE_NAT)) {
      return RouterId.parse(text.substring(SOURCE_NAT.length()))
          .map(router -> new NamespaceName(text, router, false));
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
