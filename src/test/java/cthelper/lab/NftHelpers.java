package cthelper.lab;

/**
 * Helpers put into a router by hand, in a table of another name than the product's, to test the
 * laboratory itself. Plain nft text has no maps to helpers, hence a chain for each.
 */
final class NftHelpers {

  private NftHelpers() {}

  static void install(LabNamespace router, int ftpPort, int tftpPort) {
    router.nft(
        """
        table inet lab_helpers {
          ct helper ftp-tcp { type "ftp" protocol tcp; }
          ct helper tftp-udp { type "tftp" protocol udp; }
          chain set-ftp-tcp { ct helper set "ftp-tcp"; }
          chain set-tftp-udp { ct helper set "tftp-udp"; }
          chain prerouting {
            type filter hook prerouting priority -150; policy accept;
            ct state new meta l4proto . th dport vmap {
              tcp . %d : goto set-ftp-tcp, udp . %d : goto set-tftp-udp
            }
          }
        }
        """
            .formatted(ftpPort, tftpPort));
  }

  static void remove(LabNamespace router) {
    router.nft("delete table inet lab_helpers");
  }
}
