package cthelper.model;

import java.util.EnumSet;
import java.util.Set;

/**
 * An entry of the {@link HelperCatalog}: a helper of one protocol, and what the kernel calls it.
 *
 * <p>Example: {@code h323} over {@code tcp} is {@code Q.931} in the kernel, works in both families,
 * default port 1720. Immutable; made only by the catalogue.
 *
 * @param name the API name, for example {@code ftp}
 * @param protocol tcp or udp
 * @param kernelName the name the kernel module registers (at most 15 characters)
 * @param families where the mainline kernel has it; what this node's kernel has is probed
 * @param defaultPort the port the protocol is usually found at
 */
public record HelperType(
    String name,
    Protocol protocol,
    String kernelName,
    Set<AddressFamily> families,
    int defaultPort) {

  public HelperType {
    if (protocol != Protocol.TCP && protocol != Protocol.UDP) {
      throw new IllegalArgumentException("no kernel has conntrack helpers for " + protocol);
    }
    if (kernelName.isEmpty() || kernelName.length() > 15) {
      throw new IllegalArgumentException("not a kernel helper name: " + kernelName);
    }
    families = Set.copyOf(EnumSet.copyOf(families));
  }

  /**
   * The name of the kernel object, for example {@code ftp-tcp}: it determines the type, because the
   * kernel answers "ok" and changes nothing when an existing name is added with another type.
   */
  public String objectName() {
    return name + "-" + protocol;
  }

  /** {@code ftp:tcp}, the form of {@code cthelper.allowed-helpers}. */
  @Override
  public String toString() {
    return name + ":" + protocol;
  }
}
