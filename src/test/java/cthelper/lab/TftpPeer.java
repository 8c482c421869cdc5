package cthelper.lab;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;

/**
 * A small TFTP server (RFC 1350) in a namespace: one payload under any file name. It answers each
 * request from a new port, as real ones do; that is why a firewall needs a helper for it.
 */
public final class TftpPeer implements Peer {

  private static final Duration ACKNOWLEDGE_LIMIT = Duration.ofMillis(500);
  private static final int SENDINGS = 2;

  private final LabNamespace namespace;
  private final Payload payload;
  private final DatagramSocket listener;
  private final PeerThreads threads = new PeerThreads();

  private TftpPeer(LabNamespace namespace, Payload payload, DatagramSocket listener) {
    this.namespace = namespace;
    this.payload = payload;
    this.listener = listener;
  }

  /** Listens on this port of every address of the namespace. */
  public static TftpPeer start(LabNamespace namespace, int port, Payload payload) {
    TftpPeer peer =
        new TftpPeer(namespace, payload, namespace.call(() -> new DatagramSocket(port)));
    peer.threads.start("tftp peer in " + namespace.name(), peer.listener, peer::acceptRequests);
    return peer;
  }

  private void acceptRequests() throws IOException {
    DatagramPacket packet = emptyPacket();
    while (true) {
      listener.receive(packet);
      if (TftpPacket.decode(packet.getData(), packet.getLength())
          instanceof TftpPacket.ReadRequest) {
        SocketAddress client = packet.getSocketAddress();
        DatagramSocket answers = namespace.call(() -> new DatagramSocket(0));
        threads.start(
            "tftp answers in " + namespace.name(), answers, () -> sendPayload(answers, client));
      }
    }
  }

  /** Every block of 512 bytes and the shorter one, perhaps empty, that ends the file. */
  private void sendPayload(DatagramSocket answers, SocketAddress client) throws IOException {
    answers.setSoTimeout((int) ACKNOWLEDGE_LIMIT.toMillis());
    answers.connect(client);
    byte[] bytes = payload.bytes();
    int blocks = bytes.length / TftpPacket.BLOCK_BYTES + 1;
    for (int block = 1; block <= blocks; block++) {
      int from = (block - 1) * TftpPacket.BLOCK_BYTES;
      int to = Math.min(from + TftpPacket.BLOCK_BYTES, bytes.length);
      sendBlock(
          answers, new TftpPacket.Data(block, Payload.of(Arrays.copyOfRange(bytes, from, to))));
    }
  }

  private static void sendBlock(DatagramSocket answers, TftpPacket.Data data) throws IOException {
    byte[] bytes = TftpPacket.encode(data);
    for (int sending = 1; sending <= SENDINGS; sending++) {
      answers.send(new DatagramPacket(bytes, bytes.length));
      if (isAcknowledged(answers, data.block())) {
        return;
      }
    }
    throw new IOException("block %d was not acknowledged".formatted(data.block()));
  }

  private static boolean isAcknowledged(DatagramSocket answers, int block) throws IOException {
    DatagramPacket packet = emptyPacket();
    try {
      TftpPacket received;
      do {
        answers.receive(packet);
        received = TftpPacket.decode(packet.getData(), packet.getLength());
      } while (!received.equals(new TftpPacket.Acknowledge(block)));
      return true;
    } catch (SocketTimeoutException silence) {
      return false;
    }
  }

  private static DatagramPacket emptyPacket() {
    return new DatagramPacket(new byte[TftpPacket.MAXIMUM_BYTES], TftpPacket.MAXIMUM_BYTES);
  }

  /** Ends every transfer; afterwards nothing of it is left in the namespace. */
  @Override
  public void close() {
    listener.close();
    threads.close();
  }
}
