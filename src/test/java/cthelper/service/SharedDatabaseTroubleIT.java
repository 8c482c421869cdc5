package cthelper.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.lab.PrivateNetns;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What replicas and nodes do while their PostgreSQL is in trouble: clients that write all the time
 * get a yes that holds or a 503 that says when to come again, and it heals by itself.
 */
@ExtendWith({PrivateNetns.class, SharedCluster.class})
class SharedDatabaseTroubleIT {

  private static final Duration SERVED_AGAIN = Duration.ofSeconds(5);

  /** A look of the loop, a second after the trouble, and the answers of the nodes. */
  private static final Duration AGREED_AGAIN = Duration.ofSeconds(5);

  private static final String CUT_ALL =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
          + " AND backend_type = 'client backend'";

  private final Cluster cluster;

  private final String router = UUID.randomUUID().toString();
  private List<RouterNamespace> namespaces = List.of();
  private Writers writers;

  SharedDatabaseTroubleIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void write() {
    namespaces = cluster.namespaces(router);
    writers = new Writers(router);
    cluster.replicas().forEach(replica -> writers.write(replica.api()));
    awaitMoreWrites();
  }

  @AfterEach
  void removeNamespaces() {
    writers.close();
    namespaces.forEach(RouterNamespace::close);
  }

  @Test
  void aRestart() {
    cluster.database().stop();
    cluster.database().start();
    heals();
  }

  /** Rules stay, and are repaired, by whoever has no database to ask. */
  @Test
  void awayForAWhile() {
    RouterNamespace namespace = namespaces.getFirst();
    cluster.database().stop();
    awaitMoreRefusals();
    String before = namespace.ourTable();
    namespace.load("delete table inet conntrack_helpers");
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> namespace.ruleset().contains("conntrack_helpers"));
    assertThat(namespace.ourTable()).isEqualTo(before);
    awaitMoreRefusals();
    cluster.database().start();
    heals();
  }

  @Test
  void aFailoverToAnotherAddress() {
    cluster.database().move();
    heals();
  }

  /** Again and again, in the middle of whatever they do. */
  @Test
  void connectionsThatAreCut() throws SQLException {
    try (Connection connection = cluster.database().connect();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < 20; i++) {
        statement.execute(CUT_ALL);
        awaitMoreWrites();
      }
    }
    heals();
  }

  /** Somebody holds a lock, and the database gives up waiting for it. */
  @Test
  void statementsThatTakeTooLong() throws SQLException {
    try (Connection connection = cluster.database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER ROLE CURRENT_USER SET statement_timeout = '300ms'");
      try {
        statement.execute(CUT_ALL);
        connection.setAutoCommit(false);
        statement.execute("SET LOCAL statement_timeout = 0");
        statement.execute("LOCK TABLE conntrack_helper IN ACCESS EXCLUSIVE MODE");
        awaitMoreRefusals();
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
        statement.execute("ALTER ROLE CURRENT_USER RESET statement_timeout");
        statement.execute(CUT_ALL);
      }
    }
    heals();
  }

  private void awaitMoreWrites() {
    int before = writers.accepted();
    await().atMost(SERVED_AGAIN).until(() -> writers.accepted() > before + 3);
  }

  private void awaitMoreRefusals() {
    int before = writers.refused();
    await().atMost(Duration.ofSeconds(30)).until(() -> writers.refused() > before + 3);
  }

  /** Within seconds, and all that was ever accepted is in the kernel and said to be. */
  private void heals() {
    awaitMoreWrites();
    writers.close();
    assertThat(writers.complaints()).isEmpty();
    Api api = cluster.api();
    await()
        .atMost(AGREED_AGAIN)
        .untilAsserted(() -> {
          assertThat(api.helpersOf(router).getList("conntrack_helpers.id"))
              .containsAll(writers.present())
              .doesNotContainAnyElementsOf(writers.absent());
          assertThat(api.helpersOf(router).getList("conntrack_helpers.status"))
              .containsOnly("ACTIVE");
          String table = namespaces.getFirst().ourTable();
          assertThat(writers.present()).allMatch(table::contains);
          assertThat(writers.absent()).noneMatch(table::contains);
        });
  }
}
