package cthelper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cthelper.config.Adoption;
import cthelper.model.NodeId;
import cthelper.model.RouterId;
import cthelper.node.NodeNamespace;
import cthelper.reconcile.NodeConnections.Connection;
import cthelper.store.NodeSession;
import cthelper.store.PlacementStore;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.PersistenceException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a link whose inventory the database does not take. */
@QuarkusTest
class NodeObservationsTest {

  private static final Duration LEASE = Duration.ofSeconds(30);

  @Inject PlacementStore placements;
  @Inject ReconcileLoop loop;
  @Inject Adoption adoption;
  @Inject ReconcileMetrics metrics;

  private final RouterId router = RouterId.random();
  private final NodeNamespace namespace = new NodeNamespace("snat-" + router, router, false, 1);
  private final RecordedLink link = new RecordedLink(new NodeId(UUID.randomUUID()));
  private final NodeConnections nodes = new NodeConnections();
  private NodeObservations observations;

  @BeforeEach
  void connect() {
    observations = new NodeObservations(placements, nodes, new Asked(), loop, adoption, metrics);
    observations.connected(link, List.of(namespace));
  }

  @AfterEach
  void removePlacements() {
    placements.connected(link.identity(), link.process(), Duration.ZERO, List.of());
  }

  /** Then its session may be outdated by one of its own that was committed without an answer. */
  @Test
  void itIsKeptUntilItsNextInventory() {
    Connection first = nodes.all().getFirst();
    assertThatThrownBy(() -> observations.connected(link, List.of(namespace, namespace)))
        .as("the same row twice in one statement")
        .isInstanceOf(PersistenceException.class);
    NodeSession committed = placements.connected(link.identity(), link.process(), LEASE, List.of());

    nodes.dismiss(first); // what a heartbeat does
    assertThat(link.isDismissed()).isFalse();
    assertThat(nodes.of(link.identity().id())).containsSame(link);

    observations.connected(link, List.of(namespace));
    Connection again = nodes.all().getFirst();
    assertThat(again.session().number()).isGreaterThan(committed.number());
    nodes.dismiss(again);
    assertThat(link.isDismissed()).as("as any other one, from then on").isTrue();
  }
}
