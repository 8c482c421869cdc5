package cthelper.executor;

import cthelper.model.DesiredState;
import cthelper.model.DriftRepairs;
import cthelper.model.NodeId;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Held;
import cthelper.model.Placement;
import cthelper.netfilter.LinuxSystemCalls;
import cthelper.node.NodeExecutor;
import cthelper.node.NodeNamespace;
import cthelper.node.NodeReports;
import cthelper.testing.TestSettings;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;

/** This machine's executor as the service has it, and a reconciler that only takes answers. */
final class BenchNode implements AutoCloseable {

  private static final long LIMIT_SECONDS = 60;
  private static final long BETWEEN_LOOKS_NANOS = 200_000;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final LocalExecutor executor;
  private final Reconciler reconciler = new Reconciler();

  /** An answer and when it came. */
  record Answer(Placement placement, ObservedState state, long nanoTime) {}

  static {
    keepQuiet();
  }

  /**
   * @param files its data directory
   * @param tableOwner as {@code cthelper.executor.table-owner}
   */
  BenchNode(Path files, String tableOwner) {
    executor =
        new LocalExecutor(
            TestSettings.of(
                Map.of(
                    "cthelper.data-dir",
                    files.toString(),
                    "cthelper.node-name",
                    "bench",
                    "cthelper.executor.table-owner",
                    tableOwner)),
            new ExecutorMetrics(meters),
            new LinuxSystemCalls());
  }

  /** The service's lines cost their time here as there, but nobody is to read them. */
  private static void keepQuiet() {
    Logger root = LogManager.getLogManager().getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(new StreamHandler(OutputStream.nullOutputStream(), new SimpleFormatter()));
  }

  void open() {
    executor.open(Optional.of(Plan.INSTALLATION));
  }

  void connect() {
    executor.connect(reconciler);
  }

  void desire(DesiredState state) {
    executor.desire(placement(state), state);
  }

  Placement placement(DesiredState state) {
    return new Placement(state.router(), executor.identity().id(), "qrouter-" + state.router());
  }

  /** The next one that says that a state is held, whatever came before. */
  Answer awaitAnswer() {
    try {
      Answer answer = reconciler.answers.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (answer != null && answer.state instanceof Held) {
        return answer;
      }
      throw new IllegalStateException("not held: " + answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits until so many applies have proven what they were to; returns the time. */
  long awaitApplied(int applies) {
    Timer held = meters.get("cthelper.apply").tag("outcome", "held").timer();
    while (held.count() < applies) {
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
    return System.nanoTime();
  }

  @Override
  public void close() {
    executor.close();
  }

  private static final class Reconciler implements NodeReports {

    private final LinkedBlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

    @Override
    public void observed(Placement placement, ObservedState state) {
      answers.add(new Answer(placement, state, System.nanoTime()));
    }

    @Override
    public void connected(NodeExecutor node, List<NodeNamespace> inventory) {}

    @Override
    public void appeared(NodeId node, NodeNamespace namespace) {}

    @Override
    public void vanished(NodeId node, NodeNamespace namespace) {}

    @Override
    public void drifted(Placement placement, DriftRepairs drift) {}

    @Override
    public void unclaimed(Placement placement) {}

    @Override
    public void disconnected(NodeId node) {}
  }
}
