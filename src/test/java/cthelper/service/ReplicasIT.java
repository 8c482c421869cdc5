package cthelper.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.lab.PrivateNetns;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Three processes with API and reconciler on one PostgreSQL, started at the same time on nothing,
 * and two with an executor each, which know all three.
 */
@ExtendWith({PrivateNetns.class, SharedCluster.class})
class ReplicasIT {

  /** Less than the safety net by far: somebody was told. */
  private static final Duration TOLD = Duration.ofSeconds(2);

  private static final Duration SERVED_AGAIN = Duration.ofSeconds(5);
  private final Cluster cluster;

  private final String router = UUID.randomUUID().toString();
  private List<RouterNamespace> namespaces = List.of();

  ReplicasIT(Cluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void removeNamespaces() {
    namespaces.forEach(RouterNamespace::close);
  }

  @Test
  void migrationsRanOnce() throws SQLException {
    try (Connection connection = cluster.database().connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) = count(DISTINCT version) AND bool_and(success) FROM"
                    + " flyway_schema_history")) {
      row.next();
      assertThat(row.getBoolean(1)).isTrue();
    }
  }

  /** Nodes are spoken to by one replica each; the others tell it. */
  @Test
  void whatAnyReplicaAcceptsIsInEveryKernelAtOnce() {
    namespaces = cluster.namespaces(router);
    int port = 2100;
    for (Replica replica : cluster.replicas()) {
      for (int i = 0; i < 2; i++) {
        String id = replica.api().createHelper(router, "ftp", "tcp", port++);
        await("told").atMost(TOLD).until(() -> isInEveryKernel(id));
      }
    }
  }

  /**
   * Its clients are answered or find nobody; those of the others, and the nodes, notice nothing.
   */
  @Test
  void aReplicaThatStopsHandsItsNodesOverWithoutAnError() {
    namespaces = cluster.namespaces(router);
    String id = cluster.api().createHelper(router, "ftp", "tcp", 21);
    cluster.api().awaitStatus(router, id, "ACTIVE");
    Replica leaving = cluster.thatServes(cluster.nodes().getFirst());
    try (Watchers watchers = new Watchers(router, id)) {
      cluster.replicas().forEach(replica -> watchers.watch(replica.api()));
      await().until(() -> watchers.answers() > 30);

      assertThat(leaving.process().stop()).isLessThan(Duration.ofSeconds(5));
      String next = cluster.otherThan(leaving).api().createHelper(router, "tftp", "udp", 69);
      await().atMost(SERVED_AGAIN).until(() -> isInEveryKernel(next));
      cluster.otherThan(leaving).api().awaitStatus(router, id, "ACTIVE");
      assertThat(watchers.complaints()).isEmpty();
    } finally {
      leaving.launch();
      leaving.process().awaitReady();
    }
  }

  @Test
  void theNodesOfAKilledReplicaAreServedAgain() {
    namespaces = cluster.namespaces(router);
    Replica killed = cluster.thatServes(cluster.nodes().getLast());
    Api staying = cluster.otherThan(killed).api();

    killed.process().kill();
    try {
      String id = staying.createHelper(router, "ftp", "tcp", 21);
      await().atMost(SERVED_AGAIN).until(() -> isInEveryKernel(id));
      staying.awaitStatus(router, id, "ACTIVE");
    } finally {
      killed.launch();
      killed.process().awaitReady();
    }
  }

  private boolean isInEveryKernel(String helper) {
    return namespaces.stream().allMatch(namespace -> namespace.ruleset().contains(helper));
  }
}
