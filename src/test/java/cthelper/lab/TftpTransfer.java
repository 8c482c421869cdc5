package cthelper.lab;

import cthelper.lab.TransferResult.NoData;
import cthelper.lab.TransferResult.Received;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/**
 * One TFTP transfer (RFC 1350) from a new port of the client. Each packet is repeated once.
 *
 * <p>Example: {@code TftpTransfer.receive(lab.client(), lab.serverIpv4(69))} is {@code
 * Received(2000 bytes …)} or, after less than a second, {@code NoData(…)}.
 */
public final class TftpTransfer {

  private static final Duration ANSWER_LIMIT = Duration.ofMillis(350);
  private static final int SENDINGS = 2;

  private final DatagramSocket socket;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private SocketAddress peer;

  private TftpTransfer(DatagramSocket socket, InetSocketAddress server) {
    this.socket = socket;
    this.peer = server;
  }

  public static TransferResult receive(LabNamespace client, InetSocketAddress server) {
    try (DatagramSocket socket = client.call(() -> new DatagramSocket(0))) {
      return new TftpTransfer(socket, server).receive();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private TransferResult receive() throws IOException {
    TftpPacket toSend = new TftpPacket.ReadRequest("payload");
    for (int block = 1; ; block++) {
      Optional<TftpPacket.Data> data = exchange(toSend, block);
      if (data.isEmpty()) {
        return new NoData("no block %d from %s".formatted(block, peer));
      }
      received.writeBytes(data.get().content().bytes());
      toSend = new TftpPacket.Acknowledge(block);
      if (data.get().isLast()) {
        send(toSend);
        return new Received(Payload.of(received.toByteArray()));
      }
    }
  }

  /** Sends, if need be twice, until this block comes. */
  private Optional<TftpPacket.Data> exchange(TftpPacket toSend, int block) throws IOException {
    for (int sending = 1; sending <= SENDINGS; sending++) {
      send(toSend);
      Optional<TftpPacket.Data> data = await(block);
      if (data.isPresent()) {
        return data;
      }
    }
    return Optional.empty();
  }

  private void send(TftpPacket packet) throws IOException {
    byte[] bytes = TftpPacket.encode(packet);
    socket.send(new DatagramPacket(bytes, bytes.length, peer));
  }

  /** The first block comes from a new port of the server, all others from that same one. */
  private Optional<TftpPacket.Data> await(int block) throws IOException {
    long end = System.nanoTime() + ANSWER_LIMIT.toNanos();
    DatagramPacket packet =
        new DatagramPacket(new byte[TftpPacket.MAXIMUM_BYTES], TftpPacket.MAXIMUM_BYTES);
    for (long left = ANSWER_LIMIT.toMillis(); left > 0; left = millisUntil(end)) {
      socket.setSoTimeout((int) left);
      try {
        socket.receive(packet);
      } catch (SocketTimeoutException silence) {
        return Optional.empty();
      }
      boolean isFromPeer = block == 1 || packet.getSocketAddress().equals(peer);
      if (isFromPeer
          && TftpPacket.decode(packet.getData(), packet.getLength()) instanceof TftpPacket.Data data
          && data.block() == block) {
        peer = packet.getSocketAddress();
        return Optional.of(data);
      }
    }
    return Optional.empty();
  }

  private static long millisUntil(long end) {
    return Duration.ofNanos(end - System.nanoTime()).toMillis();
  }
}
