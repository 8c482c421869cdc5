package cthelper.store;

import static cthelper.model.ProjectScope.EVERYBODY;
import static cthelper.store.Fixture.FTP_21;
import static cthelper.store.Fixture.connect;
import static cthelper.store.Fixture.made;
import static cthelper.store.Fixture.newRouter;
import static cthelper.store.Fixture.node;
import static cthelper.store.Fixture.qrouter;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.NodeId;
import cthelper.model.RouterId;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a change makes due is the business of the replica that its node came to last. */
@QuarkusTest
class DueElsewhereTest {

  @Inject RouterStore routers;
  @Inject ConntrackHelperStore helpers;
  @Inject PlacementStore placements;
  @Inject AgroalDataSource database;

  private final RouterId router = RouterId.random();
  private final NodeId node = node();

  @BeforeEach
  void aPlacementThatIsDue() {
    routers.create(List.of(newRouter(router)));
    connect(placements, node, qrouter(router, 1));
    assertThat(made(helpers.create(EVERYBODY, router, List.of(FTP_21)))).isNotNull();
  }

  @Test
  void ofANodeThatCameHereItIsSeenHere() {
    assertThat(placements.due(Set.of(router), 100)).hasSize(1);
  }

  @Test
  void ofANodeThatWentElsewhereItIsNot() throws SQLException {
    isAt(UUID.randomUUID());

    assertThat(placements.due(Set.of(router), 100)).isEmpty();
  }

  /** A replica of the version before does not say where its nodes are. */
  @Test
  void whoKnowsTheNodeToBeHereSeesItWhateverTheRowSays() throws SQLException {
    isAt(null);
    assertThat(placements.due(List.of(node), 100)).hasSize(1);

    isAt(UUID.randomUUID());
    assertThat(placements.due(List.of(node), 100)).hasSize(1);
  }

  @Test
  void whenItComesBackItIsSeenAgain() throws SQLException {
    isAt(UUID.randomUUID());
    connect(placements, node, qrouter(router, 1));

    assertThat(placements.due(Set.of(router), 100)).hasSize(1);
  }

  private void isAt(@Nullable UUID replica) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("UPDATE agent SET replica = ? WHERE id = ?")) {
      statement.setObject(1, replica);
      statement.setObject(2, node.value());
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }
}
