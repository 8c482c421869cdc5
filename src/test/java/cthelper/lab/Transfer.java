package cthelper.lab;

import cthelper.testing.AtOnce;
import java.net.StandardProtocolFamily;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What needs a helper on the way from the server of a {@link Lab} to its client. */
public enum Transfer {
  FTP_PASSIVE,
  FTP_ACTIVE,
  TFTP;

  /** Done now, with servers at the usual ports 21 and 69. */
  public TransferResult over(Lab lab, StandardProtocolFamily family) {
    return switch (this) {
      case FTP_PASSIVE -> FtpTransfer.passive(lab.client(), lab.target(family, 21));
      case FTP_ACTIVE -> FtpTransfer.active(lab.client(), lab.target(family, 21));
      case TFTP -> TftpTransfer.receive(lab.client(), lab.target(family, 69));
    };
  }

  /** The result of each, done at the same time: one that is dropped takes most of a second. */
  public static Map<Transfer, TransferResult> all(Lab lab, StandardProtocolFamily family)
      throws Exception {
    List<Transfer> transfers = List.of(values());
    List<TransferResult> results =
        AtOnce.run(transfers.size(), number -> transfers.get(number).over(lab, family));
    Map<Transfer, TransferResult> named = new EnumMap<>(Transfer.class);
    for (int i = 0; i < results.size(); i++) {
      named.put(transfers.get(i), results.get(i));
    }
    return named;
  }
}
