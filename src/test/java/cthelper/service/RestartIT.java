package cthelper.service;

import static cthelper.service.ServiceProcess.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cthelper.lab.PrivateNetns;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The service ends, in good order or not, and begins again: nothing is lost, nothing is touched.
 */
@ExtendWith(PrivateNetns.class)
class RestartIT {

  private static final Duration SOON = Duration.ofSeconds(10);

  @Test
  void aRestartKeepsDataAndWritesNothingWhereAllIsRight() {
    Map<String, String> unowned = settings("CTHELPER_EXECUTOR_TABLE_OWNER", "false");
    String router = UUID.randomUUID().toString();
    try (DataFolder data = new DataFolder();
        RouterNamespace namespace = RouterNamespace.add(router)) {
      String id;
      try (ServiceProcess service = ServiceProcess.start(data.path(), unowned)) {
        Api api = new Api(service.base());
        api.awaitRouter(router);
        id = api.createHelper(router, "ftp", "tcp", 21);
        api.awaitStatus(router, id, "ACTIVE");
        assertThat(service.stop()).isLessThan(Duration.ofSeconds(5));
      }
      assertThat(namespace.ourTable()).contains("tcp . 21 comment \"" + id);
      int generation = namespace.generation();

      Map<String, String> talkative =
          settings(
              "CTHELPER_EXECUTOR_TABLE_OWNER",
              "false",
              "QUARKUS_LOG_CATEGORY__CTHELPER_EXECUTOR__LEVEL",
              "DEBUG");
      try (ServiceProcess service = ServiceProcess.start(data.path(), talkative)) {
        await().atMost(SOON).until(() -> service.hasSaid("applied router=" + router));
        assertThat(service.output()).contains("proven=1 refused=0 changed=false");
        assertThat(new Api(service.base()).status(router, id)).isEqualTo("ACTIVE");
        assertThat(namespace.generation()).isEqualTo(generation);
      }
    }
  }

  @Test
  void aRestartTakesItsTableBackAndTouchesNothingInIt() {
    String router = UUID.randomUUID().toString();
    try (DataFolder data = new DataFolder();
        RouterNamespace namespace = RouterNamespace.add(router)) {
      try (ServiceProcess service = ServiceProcess.start(data.path(), Map.of())) {
        Api api = new Api(service.base());
        api.awaitRouter(router);
        api.awaitStatus(router, api.createHelper(router, "ftp", "tcp", 21), "ACTIVE");
      }
      String left = namespace.handles();

      try (ServiceProcess service = ServiceProcess.start(data.path(), Map.of())) {
        await().atMost(SOON).until(() -> service.hasSaid("applied router=" + router));
        assertThat(contents(namespace.handles())).isEqualTo(contents(left));
        assertThatThrownBy(() -> namespace.load("delete table inet conntrack_helpers"))
            .hasMessageContaining("Operation not permitted");
      }
    }
  }

  /** All lines but those that tell whose the table is. */
  private static List<String> contents(String handles) {
    return handles
        .lines()
        .filter(line -> !line.contains("flags") && !line.startsWith("table "))
        .toList();
  }

  /** What happened to the namespace meanwhile is known only when its kernel has been read. */
  @Test
  void killedItCallsNothingActiveBeforeItHasLookedAgain() {
    Map<String, String> unowned = settings("CTHELPER_EXECUTOR_TABLE_OWNER", "false");
    String router = UUID.randomUUID().toString();
    try (DataFolder data = new DataFolder();
        RouterNamespace namespace = RouterNamespace.add(router)) {
      String id;
      try (ServiceProcess service = ServiceProcess.start(data.path(), unowned)) {
        Api api = new Api(service.base());
        api.awaitRouter(router);
        id = api.createHelper(router, "ftp", "tcp", 21);
        api.awaitStatus(router, id, "ACTIVE");
        service.kill();
      }
      namespace.load("delete table inet conntrack_helpers");
      namespace.load("add table inet conntrack_helpers");

      try (ServiceProcess service = ServiceProcess.launch(List.of(), data.path(), unowned)) {
        Api api = new Api(service.base());
        Set<String> seen = new LinkedHashSet<>();
        await()
            .ignoreExceptions()
            .atMost(Duration.ofMinutes(1))
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .until(() -> {
              seen.add(api.status(router, id));
              return seen.contains("ERROR");
            });
        assertThat(seen).doesNotContain("ACTIVE");
        service.awaitReady();
      }
    }
  }

  @Test
  void killedBetweenCommitAndApplyTheHelperArrivesAfterTheRestart()
      throws SQLException, IOException {
    String router = UUID.randomUUID().toString();
    try (DataFolder data = new DataFolder();
        RouterNamespace namespace = RouterNamespace.add(router)) {
      try (ServiceProcess service = ServiceProcess.start(data.path(), Map.of())) {
        Api api = new Api(service.base());
        api.awaitRouter(router);
        killAfterCommit(service, api, data, router);
      }
      assertThat(namespace.ruleset()).isEmpty();

      try (ServiceProcess service = ServiceProcess.start(data.path(), Map.of())) {
        await()
            .atMost(SOON)
            .untilAsserted(() -> assertThat(namespace.ruleset()).contains("tcp . 21 comment"));
        await().atMost(SOON).until(() -> service.hasSaid("applied router=" + router));
      }
    }
  }

  /** Holds an insert before its end, as long as somebody else has the lock. */
  private static final String HOLD =
      """
      CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END';
      CREATE TRIGGER hold AFTER INSERT ON conntrack_helper FOR EACH ROW EXECUTE FUNCTION hold();
      """;

  /**
   * The create is held before its end, until a lock on what it wrote stands in the queue behind it:
   * that one is granted with the commit, before anybody reads.
   */
  private static void killAfterCommit(
      ServiceProcess service, Api api, DataFolder data, String router)
      throws SQLException, IOException {
    try (Connection held = data.connect();
        Connection next = data.connect();
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      run(held, HOLD);
      held.setAutoCommit(false);
      next.setAutoCommit(false);
      run(held, "SELECT pg_advisory_xact_lock(1)");
      var answer =
          CompletableFuture.runAsync(() -> api.postHelper(router, "ftp", "tcp", 21), threads);
      await().atMost(SOON).until(() -> locks(held, "granted AND mode = 'RowExclusiveLock'") == 1);
      var waiting =
          CompletableFuture.runAsync(
              () -> run(next, "LOCK TABLE conntrack_helper IN ACCESS EXCLUSIVE MODE"), threads);
      await().atMost(SOON).until(() -> locks(held, "NOT granted") == 1);
      held.rollback();
      await().atMost(SOON).until(waiting::isDone);
      assertThat(count(next, "SELECT count(*) FROM conntrack_helper")).isEqualTo(1);
      service.kill();
      // The client hears of it one way or the other: an answer or a broken connection.
      await().atMost(SOON).until(answer::isDone);
      next.rollback();
    }
  }

  private static int locks(Connection connection, String which) throws SQLException {
    return count(
        connection,
        "SELECT count(*) FROM pg_locks WHERE relation = 'conntrack_helper'::regclass AND " + which);
  }

  private static void run(Connection connection, String command) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(command);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int count(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery(query)) {
      count.next();
      return count.getInt(1);
    }
  }
}
