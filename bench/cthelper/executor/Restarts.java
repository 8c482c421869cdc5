package cthelper.executor;

import cthelper.executor.NewConnections.Counted;
import cthelper.lab.Command;
import cthelper.lab.Lab;
import cthelper.model.RouterId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether any new connection misses its helper while the executor stops, dies and starts. Run by
 * {@code ./run bench}; what exactly is counted: {@code bench/README.md}.
 */
final class Restarts {

  private static final int NAMESPACES = 1000;
  private static final int STOPS = 10;
  private static final int KILLS = 3;
  private static final int CONNECTIONS_PER_SECOND = 10_000;

  private final Path files;
  private final NewConnections connections;
  private volatile boolean over;

  private Restarts(Path files, NewConnections connections) {
    this.files = files;
    this.connections = connections;
  }

  /** Something that is done while connections are opened. */
  private interface Work {
    void run() throws IOException;
  }

  public static void main(String... arguments) throws Exception {
    Path files = Files.createTempDirectory("cthelper-bench");
    RouterId id = RouterId.random();
    try (Lab lab = Lab.open("qrouter-" + id);
        Crowd crowd = new Crowd(NAMESPACES - 1)) {
      Path program = Contender.compile(Path.of("bench/packets.c"), files.resolve("packets"));
      crowd.add(id);
      try (NewConnections connections = new NewConnections(program, lab, CONNECTIONS_PER_SECOND)) {
        Restarts restarts = new Restarts(files, connections);
        try (BenchNode node = new BenchNode(files, "auto")) {
          node.open();
          node.connect();
          crowd.members().forEach(member -> node.desire(member.desired()));
          crowd.members().forEach(_ -> node.awaitAnswer());
        }
        System.out.printf(
            "%d executors of %d namespaces end and start again: %s%n",
            STOPS, NAMESPACES, restarts.whileOpening(restarts::stopAndStart));
        System.out.printf(
            "%d processes with one are killed and start again: %s%n",
            KILLS, restarts.whileOpening(restarts::killAndStart));
      }
    } finally {
      Command.of("rm", "-rf", files.toString()).run();
    }
  }

  private Counted whileOpening(Work work) throws IOException {
    over = false;
    Meanwhile<Counted> opening = Meanwhile.start(this::openAllTheTime);
    try {
      work.run();
    } finally {
      over = true;
    }
    return opening.result();
  }

  private Counted openAllTheTime() throws IOException {
    Counted counted = new Counted(0, 0, 0);
    while (!over) {
      counted = counted.plus(connections.open());
    }
    return counted;
  }

  private void stopAndStart() {
    for (int i = 0; i < STOPS; i++) {
      try (BenchNode node = new BenchNode(files, "auto")) {
        node.open();
        node.awaitApplied(NAMESPACES);
      }
    }
  }

  private void killAndStart() throws IOException {
    for (int i = 0; i < KILLS; i++) {
      FreshJvm jvm = new FreshJvm(files, "auto", NAMESPACES);
      jvm.times();
      jvm.kill();
    }
  }
}
