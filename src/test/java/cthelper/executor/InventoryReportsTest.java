package cthelper.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.executor.RecordedReports.Report.Connected;
import cthelper.node.NodeExecutor;
import cthelper.node.NodeNamespace;
import cthelper.testing.CapturedLog;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A reconciler that cannot be told is told everything as soon as it can. */
class InventoryReportsTest {

  /** Its database is away for the first two times. */
  private static final class AwayForAWhile extends RecordedReports {

    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public void connected(NodeExecutor node, List<NodeNamespace> inventory) {
      if (asked.incrementAndGet() <= 2) {
        throw new IllegalStateException("database away");
      }
      super.connected(node, inventory);
    }
  }

  @Test
  void theInventoryIsSentUntilItIsTakenAndThatIsSaidOnce() {
    AwayForAWhile reconciler = new AwayForAWhile();
    try (CapturedLog log = CapturedLog.of(InventoryReports.class);
        TaskThread thread = new TaskThread("namespaces")) {
      InventoryReports reports =
          new InventoryReports(RecordedReports.NODE, reconciler, List::of, thread);
      thread.run(reports::sendInventory);
      await().until(() -> !reconciler.all(Connected.class).isEmpty());
      await().until(() -> log.lines().size() > 1);
      assertThat(log.lines())
          .containsExactly(
              "WARN inventory not taken: \"java.lang.IllegalStateException: database away\"; trying"
                  + " every second",
              "INFO inventory taken again");
    }
  }
}
