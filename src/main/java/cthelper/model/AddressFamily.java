package cthelper.model;

/** An address family a helper can work in; the numbers are those of {@code address_families(7)}. */
public enum AddressFamily {
  IPV4("IPv4", 2),
  IPV6("IPv6", 10);

  private final String title;
  private final int number;

  AddressFamily(String title, int number) {
    this.title = title;
    this.number = number;
  }

  /** {@code AF_INET} or {@code AF_INET6}, the same as the kernel's NFPROTO numbers. */
  public int number() {
    return number;
  }

  @Override
  public String toString() {
    return title;
  }
}
