package cthelper.executor;

import static cthelper.executor.Plan.helper;

import cthelper.executor.NewConnections.Counted;
import cthelper.lab.Command;
import cthelper.lab.Lab;
import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.ObservedState;
import cthelper.model.RouterId;
import cthelper.netfilter.KernelSupport;
import cthelper.netfilter.LinuxSystemCalls;
import cthelper.netfilter.NamespaceDoor;
import cthelper.netfilter.NamespaceSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Whether any new connection misses its helper while other helpers of its router change all the
 * time. Run by {@code ./run bench}; what exactly is counted: {@code bench/README.md}.
 */
final class Changes {

  private static final int BATCHES = 5;
  private static final int CONNECTIONS_PER_SECOND = 20_000;
  private static final int OTHERS = 10;

  private final RouterId router = RouterId.random();
  private final NamespaceSocket socket;
  private final KernelHelpers kernel;
  private final TableTombstones tombstones;
  private final LastReading lastReading = new LastReading();
  private long number;
  private volatile boolean over;

  private Changes(NamespaceSocket socket, Path files) throws IOException {
    this.socket = socket;
    this.kernel = new KernelHelpers(() -> support(socket), Clock.systemUTC());
    this.tombstones = TableTombstones.load(files.resolve("tombstones"), Clock.systemUTC());
  }

  public static void main(String... arguments) throws Exception {
    Path files = Files.createTempDirectory("cthelper-bench");
    RouterId id = RouterId.random();
    try (Lab lab = Lab.open("qrouter-" + id);
        NamespaceDoor door = new NamespaceDoor(new LinuxSystemCalls());
        KernelView ours = KernelView.of(door, lab.router().path())) {
      Path program = Contender.compile(Path.of("bench/packets.c"), files.resolve("packets"));
      try (NewConnections connections = new NewConnections(program, lab, CONNECTIONS_PER_SECOND)) {
        Changes changes = new Changes(ours.socket(), files);
        changes.change();
        changes.run(connections, 1000);
        changes.run(connections, Integer.MAX_VALUE);
      }
    } finally {
      Command.of("rm", "-rf", files.toString()).run();
    }
  }

  private void run(NewConnections connections, int perSecond) throws Exception {
    long first = number;
    over = false;
    Meanwhile<Long> changing = Meanwhile.start(() -> changeAllTheTime(perSecond));
    long begin = System.nanoTime();
    Counted counted = new Counted(0, 0, 0);
    for (int i = 0; i < BATCHES; i++) {
      counted = counted.plus(connections.open());
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    over = true;
    long _ = changing.result();
    System.out.printf(
        "%.0f changes per second for %.1f s: %s%n", (number - first) / seconds, seconds, counted);
  }

  private long changeAllTheTime(int perSecond) {
    long begin = System.nanoTime();
    for (long i = 1; !over; i++) {
      change();
      LockSupport.parkNanos(begin + i * 1_000_000_000L / perSecond - System.nanoTime());
    }
    return number;
  }

  /** The helper at the port of the connections stays; ten others go, and ten come. */
  private void change() {
    number++;
    List<DesiredHelper> helpers = new ArrayList<>(List.of(helper(Plan.TFTP, NewConnections.PORT)));
    for (int i = 0; i < OTHERS; i++) {
      helpers.add(
          helper(i % 2 == 0 ? Plan.FTP : Plan.TFTP, (number % 2 == 0 ? 20_000 : 30_000) + i));
    }
    DesiredState desired = new DesiredState(router, Plan.fence(number), helpers);
    try {
      ObservedState outcome =
          new Apply(
                  socket,
                  desired,
                  kernel,
                  tombstones,
                  kernel.canOwnTables(),
                  lastReading,
                  removed -> {}) // no connection has one of those
              .run();
      if (!(outcome instanceof ObservedState.Held held && held.changed())) {
        throw new IllegalStateException("not applied: " + outcome);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KernelSupport support(NamespaceSocket socket) {
    return switch (KernelSupport.probe(socket)) {
      case KernelSupport.Probe.Probed(KernelSupport support) -> support;
      case KernelSupport.Probe.Failed(var _, String detail) ->
          throw new IllegalStateException(detail);
    };
  }
}
