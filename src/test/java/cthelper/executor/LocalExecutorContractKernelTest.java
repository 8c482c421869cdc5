package cthelper.executor;

import static java.util.Objects.requireNonNull;

import cthelper.lab.PrivateNetns;
import cthelper.model.RouterId;
import cthelper.node.ReportingNode;
import cthelper.testing.TestSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The executor of this machine, in real namespaces. */
@ExtendWith(PrivateNetns.class)
class LocalExecutorContractKernelTest extends ReportingNodeContract {

  @TempDir Path files;
  private final Map<RouterId, RouterNetns> namespaces = new HashMap<>();
  private LocalExecutor executor;

  @BeforeEach
  void begin() {
    executor =
        new LocalExecutor(
            TestSettings.of(
                Map.of("cthelper.data-dir", files.toString(), "cthelper.node-name", "node-1")),
            new ExecutorMetrics(new SimpleMeterRegistry()));
    executor.open();
  }

  @Override
  ReportingNode node() {
    return executor;
  }

  @Override
  void appear(RouterId router) {
    namespaces.put(router, RouterNetns.create(router));
  }

  @Override
  void vanish(RouterId router) {
    requireNonNull(namespaces.remove(router)).delete();
  }

  @AfterEach
  void end() {
    executor.close();
    namespaces.values().forEach(RouterNetns::close);
  }
}
