package cthelper.config;

/**
 * A privilege of the kernel that this service knows by name. Source: {@code capabilities(7)},
 * {@code linux/capability.h}.
 */
public enum Capability {
  /** Reads files and passes directories whatever their mode says. */
  CAP_DAC_READ_SEARCH(2),
  /** Takes capabilities away for good, from those that come after too. */
  CAP_SETPCAP(8),
  /** Opens a socket that hears the events of all network namespaces. */
  CAP_NET_BROADCAST(11),
  /** Changes the rules of network namespaces. */
  CAP_NET_ADMIN(12),
  /** Enters network namespaces. */
  CAP_SYS_ADMIN(21);

  private final int number;

  Capability(int number) {
    this.number = number;
  }

  /** Its bit in a set as the kernel writes it. */
  public long bit() {
    return 1L << number;
  }
}
