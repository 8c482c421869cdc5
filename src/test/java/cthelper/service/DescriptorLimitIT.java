package cthelper.service;

import static cthelper.service.ServiceProcess.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.lab.Command;
import cthelper.lab.PrivateNetns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A limit of open files that is too low is said before it hurts, and survived when it does. */
@ExtendWith(PrivateNetns.class)
class DescriptorLimitIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String SHORT = "router namespaces wait for file descriptors";
  private static final String OVER = "no router namespace waits for file descriptors any more";

  /** Else the JVM raises its limit itself as far as it may, and a test could not move it. */
  private static final Map<String, String> AS_STARTED =
      settings("JAVA_TOOL_OPTIONS", "-XX:-MaxFDLimit");

  private final List<RouterNamespace> namespaces = new ArrayList<>();

  @AfterEach
  void removeNamespaces() {
    namespaces.forEach(RouterNamespace::close);
  }

  private String router() {
    String router = UUID.randomUUID().toString();
    namespaces.add(RouterNamespace.add(router));
    return router;
  }

  private static List<String> limited(String limit) {
    return List.of("prlimit", "--nofile=" + limit);
  }

  private static void limit(ServiceProcess service, String limit) {
    Command.of("prlimit", "--pid", Long.toString(service.pid()), "--nofile=" + limit).run();
  }

  private static List<String> refusal(String limit) {
    try (DataFolder data = new DataFolder();
        ServiceProcess service = ServiceProcess.launch(limited(limit), data.path(), Map.of())) {
      await().atMost(SOON).until(() -> ProcessHandle.of(service.pid()).isEmpty());
      assertThat(service.awaitEnd()).isNotZero();
      return service.output().lines().toList();
    }
  }

  @Test
  void tooLowForTheExecutorItIsRefusedAtTheStart() {
    assertThat(refusal("300"))
        .containsExactly(
            "conntrack-helper: the limit of open files is 300, but the executor role needs 512 and"
                + " one for each router namespace: raise it: ulimit -n 1024, or LimitNOFILE=1024 in"
                + " the systemd unit");
  }

  @Test
  void tooLowForTheNamespacesThatAreThereItIsRefusedAtTheStart() {
    router();
    router();
    router();
    assertThat(refusal("514"))
        .containsExactly(
            "conntrack-helper: executor: the limit of open files is 514, of which 512 are kept for"
                + " other uses, but /run/netns has 3 router namespaces, which need one each: raise"
                + " it: ulimit -n 1024, or LimitNOFILE=1024 in the systemd unit");
  }

  @Test
  void whatIsBeyondTheLimitWaitsUntilTheLimitIsRaised() {
    String served = router();
    try (DataFolder data = new DataFolder();
        ServiceProcess service =
            ServiceProcess.launch(limited("513:4096"), data.path(), AS_STARTED).awaitReady()) {
      Api api = new Api(service.base());
      awaitRouter(api, served);
      String waiting = router();
      await().atMost(SOON).until(() -> service.hasSaid(SHORT));
      awaitActive(api, served, api.createHelper(served, "ftp", "tcp", 21));
      api.createRouter(waiting, "waiting");
      String helper = api.createHelper(waiting, "ftp", "tcp", 21);
      assertThat(api.status(waiting, helper)).isEqualTo("DOWN");

      limit(service, "1024:4096");
      awaitActive(api, waiting, helper);
      assertSaidOnce(service, SHORT, OVER);
      assertThat(service.output()).contains("open=1 waiting=1 limit=513 reserve=512");
    }
  }

  /** Not only ours: nobody in the process gets one, no connection is taken, no class is loaded. */
  @Test
  void withoutAnyDescriptorItComesBackByItself() {
    String served = router();
    try (DataFolder data = new DataFolder();
        ServiceProcess service =
            ServiceProcess.launch(limited("1024:4096"), data.path(), AS_STARTED).awaitReady()) {
      Api api = new Api(service.base());
      awaitRouter(api, served);
      limit(service, "32:4096");
      String waiting = router();
      await().atMost(SOON).until(() -> service.hasSaid(SHORT));
      await()
          .atMost(SOON)
          .during(Duration.ofSeconds(4))
          .until(() -> !service.hasSaid(OVER) && ProcessHandle.of(service.pid()).isPresent());

      limit(service, "1024:4096");
      await().atMost(SOON).until(() -> service.hasSaid(OVER));
      awaitRouter(api, waiting);
      awaitActive(api, waiting, api.createHelper(waiting, "ftp", "tcp", 21));
      awaitActive(api, served, api.createHelper(served, "ftp", "tcp", 21));
      assertSaidOnce(service, SHORT, OVER);
      assertThat(service.output())
          .doesNotContain("\tat ", "ended by itself", "namespace vanished", "cannot be locked");
    }
  }

  private static void awaitRouter(Api api, String router) {
    await().atMost(SOON).until(() -> api.routerExists(router));
  }

  private static void awaitActive(Api api, String router, String helper) {
    await().atMost(SOON).until(() -> api.status(router, helper).equals("ACTIVE"));
  }

  private static void assertSaidOnce(ServiceProcess service, String... words) {
    for (String said : words) {
      assertThat(service.output().lines().filter(line -> line.contains(said))).hasSize(1);
    }
  }
}
