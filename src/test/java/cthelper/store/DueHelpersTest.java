package cthelper.store;

import static cthelper.model.ProjectScope.EVERYBODY;
import static cthelper.store.Fixture.FTP_21;
import static cthelper.store.Fixture.TFTP_69;
import static cthelper.store.Fixture.connect;
import static cthelper.store.Fixture.desired;
import static cthelper.store.Fixture.made;
import static cthelper.store.Fixture.newRouter;
import static cthelper.store.Fixture.node;
import static cthelper.store.Fixture.qrouter;
import static cthelper.store.Fixture.snat;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.DesiredHelper;
import cthelper.model.HelperSpec;
import cthelper.model.NodeId;
import cthelper.model.RouterId;
import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is due comes with the helpers of its own router, each with what belongs to it. */
@QuarkusTest
class DueHelpersTest {

  @Inject RouterStore routers;
  @Inject ConntrackHelperStore helpers;
  @Inject PlacementStore placements;
  @Inject AgroalDataSource database;

  private final RouterId router = RouterId.random();
  private final RouterId empty = RouterId.random();
  private final NodeId node = node();

  @BeforeEach
  void twoRouters() {
    routers.create(List.of(newRouter(router)));
    routers.create(List.of(newRouter(empty)));
    connect(placements, node, qrouter(router, 1), snat(router, 2), qrouter(empty, 3));
  }

  private DesiredHelper create(HelperSpec spec) {
    return desired(made(helpers.create(EVERYBODY, router, List.of(spec))).helper());
  }

  @Test
  void eachPlacementHasThoseOfItsRouter() {
    DesiredHelper ftp = create(FTP_21);
    DesiredHelper tftp = create(TFTP_69);
    DesiredHelper changed =
        desired(
            Fixture.written(helpers.update(EVERYBODY, router, ftp.id(), _ -> Fixture.FTP_2121))
                .helper());

    assertThat(placements.due(Set.of(router, empty), 100))
        .hasSize(3)
        .allSatisfy(work ->
            assertThat(work.desired().helpers())
                .isEqualTo(
                    work.placement().router().equals(router) ? List.of(changed, tftp) : List.of()));
  }

  /** A newer version of the service has more types. */
  @Test
  void oneOfAnUnknownTypeKeepsNoOtherFromTheKernel() throws SQLException {
    QuarkusTransaction.begin();
    try {
      DesiredHelper ftp = create(FTP_21);
      ofANewerVersion();
      DesiredHelper tftp = create(TFTP_69);

      assertThat(placements.due(List.of(node), 100))
          .filteredOn(work -> work.placement().router().equals(router))
          .hasSize(2)
          .allSatisfy(work -> assertThat(work.desired().helpers()).containsExactly(ftp, tftp));
    } finally {
      QuarkusTransaction.rollback();
    }
  }

  private void ofANewerVersion() throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                """
                INSERT INTO conntrack_helper (router_id, protocol, port, helper, revision_number)
                VALUES (?, 'tcp', 22, 'of-a-newer-version', 7)
                """)) {
      statement.setObject(1, router.value());
      statement.execute();
    }
  }
}
