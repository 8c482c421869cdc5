package cthelper.lab;

/**
 * How the router of a {@link Lab} gets its firewall: of what is forwarded it lets through
 * connections to the open ports, and packets that are {@code established} or {@code related}; it
 * drops everything else.
 */
@FunctionalInterface
public interface Firewall {

  /** Called whenever the router is made; its namespace has no rules then. */
  void install(LabNamespace router, OpenPorts openPorts);

  /** Through the {@code nft} program, which shares no code with the product. */
  static void withNft(LabNamespace router, OpenPorts openPorts) {
    router.nft(
        """
        table inet lab_firewall {
          chain forward {
            type filter hook forward priority 0; policy drop;
            ct state established,related accept
            %s
          }
        }
        """
            .formatted(openPorts.rules()));
  }
}
