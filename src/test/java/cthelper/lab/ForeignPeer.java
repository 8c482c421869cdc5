package cthelper.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A server of the distribution in a namespace, at its usual port, with one file: {@code payload}.
 * Written by others, it shows that our own peers did not merely understand each other.
 *
 * <p>Everything it needs lies in a directory of its own. It changes its user at its start, so it
 * needs {@link RealRoot}.
 */
public final class ForeignPeer implements Peer {

  private static final Duration START_LIMIT = Duration.ofSeconds(5);
  private static final Duration END_LIMIT = Duration.ofSeconds(5);

  private final LabNamespace namespace;
  private final Path directory;
  private final Process process;

  private ForeignPeer(LabNamespace namespace, Path directory, Process process) {
    this.namespace = namespace;
    this.directory = directory;
    this.process = process;
  }

  /** vsftpd at tcp port 21 of both families, for anonymous users, active and passive. */
  public static ForeignPeer vsftpd(LabNamespace namespace, Payload payload) {
    Command.require("vsftpd");
    Path directory = directoryWith(payload);
    Path settings = directory.resolve("settings");
    try {
      Files.writeString(settings, vsftpdSettings(directory));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return start(directory, namespace, 21, "vsftpd", settings.toString());
  }

  /** in.tftpd of tftpd-hpa at udp port 69 of both families. */
  public static ForeignPeer tftpd(LabNamespace namespace, Payload payload) {
    Command.require("in.tftpd");
    Path directory = directoryWith(payload);
    return start(
        directory,
        namespace,
        69,
        "in.tftpd",
        "--foreground",
        "--listen",
        "--secure",
        "--user",
        "nobody",
        directory.resolve("files").toString());
  }

  /**
   * vsftpd.conf(5): in the foreground, one socket for both families, guests only; a data connection
   * that is dropped is given up before the client loses patience.
   */
  private static String vsftpdSettings(Path directory) {
    return """
    listen=NO
    listen_ipv6=YES
    background=NO
    anonymous_enable=YES
    anon_root=%1$s/files
    secure_chroot_dir=%1$s/nothing
    xferlog_enable=NO
    connect_timeout=1
    accept_timeout=1
    """
        .formatted(directory);
  }

  private static ForeignPeer start(
      Path directory, LabNamespace namespace, int port, String... arguments) {
    Path output = directory.resolve("output");
    Process process = namespace.command(arguments).start(output);
    ForeignPeer peer = new ForeignPeer(namespace, directory, process);
    try {
      Waiting.until(
          arguments[0] + " listens",
          START_LIMIT,
          () -> listens(namespace, port) || !process.isAlive());
      if (!process.isAlive()) {
        throw new IllegalStateException(arguments[0] + " ended: " + Files.readString(output));
      }
      return peer;
    } catch (IOException failure) {
      peer.close();
      throw new UncheckedIOException(failure);
    } catch (RuntimeException failure) {
      peer.close();
      throw failure;
    }
  }

  private static boolean listens(LabNamespace namespace, int port) {
    return namespace
        .command("ss", "-tulnH")
        .run()
        .lines()
        .anyMatch(line -> line.contains(":" + port + " "));
  }

  /** Everyone may read it: the servers do as ordinary users. */
  private static Path directoryWith(Payload payload) {
    try {
      Path directory = Files.createTempDirectory("foreign-peer");
      Path files = Files.createDirectory(directory.resolve("files"));
      Files.write(files.resolve("payload"), payload.bytes());
      Files.createDirectory(directory.resolve("nothing"));
      Command.of("chmod", "-R", "a=rX,u+w", directory.toString()).run();
      return directory;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Ends it and every process it forked for a client, by their ids, and removes its files. A killed
   * process may stay as a zombie where nobody waits for it, but not in the namespace.
   */
  @Override
  public void close() {
    Set<Long> ids = new HashSet<>(Set.of(process.pid()));
    process
        .descendants()
        .forEach(descendant -> {
          ids.add(descendant.pid());
          descendant.destroyForcibly();
        });
    process.destroyForcibly();
    Waiting.until(
        "the server and its processes ended",
        END_LIMIT,
        () -> Collections.disjoint(ids, processesIn(namespace)));
    Command.of("rm", "-rf", directory.toString()).run();
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  private static List<Long> processesIn(LabNamespace namespace) {
    return Command.of("ip", "netns", "pids", namespace.name())
        .run()
        .lines()
        .map(line -> Long.valueOf(line.strip()))
        .toList();
  }
}
