package cthelper.store;

import static cthelper.model.ProjectScope.EVERYBODY;
import static cthelper.store.Fixture.FTP_21;
import static cthelper.store.Fixture.TFTP_69;
import static cthelper.store.Fixture.connect;
import static cthelper.store.Fixture.made;
import static cthelper.store.Fixture.newRouter;
import static cthelper.store.Fixture.node;
import static cthelper.store.Fixture.qrouter;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.NodeId;
import cthelper.model.RouterId;
import cthelper.store.Fixture.Made;
import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is about one router does not read those of all others, however the planner sees it: it plans
 * for any parameters, and for tables that were counted a while ago. All in a transaction that is
 * rolled back, with many routers and helpers of others.
 */
@QuarkusTest
class RowsReadTest {

  private static final int OTHERS = 3000;

  @Inject RouterStore routers;
  @Inject ConntrackHelperStore helpers;
  @Inject PlacementStore placements;
  @Inject Statements statements;
  @Inject AgroalDataSource database;

  private final RouterId router = RouterId.random();
  private final NodeId node = node();
  private Made made;

  private interface Work {
    void happens();
  }

  @BeforeEach
  void aRouterThatIsBehind() {
    routers.create(List.of(newRouter(router)));
    connect(placements, node, qrouter(router, 1));
    made = made(helpers.create(EVERYBODY, router, List.of(FTP_21)));
  }

  @Test
  void toShowAHelper() {
    assertReadsFew(() -> helpers.find(EVERYBODY, router, made.helper().id()));
  }

  @Test
  void toListThoseOfARouter() {
    assertReadsFew(() -> helpers.of(EVERYBODY, router));
  }

  @Test
  void toCreateOne() {
    assertReadsFew(() -> helpers.create(EVERYBODY, router, List.of(TFTP_69)));
  }

  @Test
  void toChangeOne() {
    assertReadsFew(() -> helpers.update(EVERYBODY, router, made.helper().id(), _ -> TFTP_69));
  }

  @Test
  void toDeleteOne() {
    assertReadsFew(() -> helpers.delete(EVERYBODY, router, made.helper().id(), _ -> {}));
  }

  @Test
  void toFindWhatIsDueInARouter() {
    assertReadsFew(() -> assertThat(placements.due(Set.of(router), 400)).hasSize(1));
  }

  private void assertReadsFew(Work work) {
    QuarkusTransaction.begin();
    try {
      manyOthers();
      long before = rowsRead();
      work.happens();
      assertThat(rowsRead() - before).isLessThan(OTHERS / 10);
    } finally {
      QuarkusTransaction.rollback();
    }
  }

  private void manyOthers() {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO router (id, project_id, fence)
            SELECT gen_random_uuid(), 'project', 1 FROM generate_series(1, %1$d);
          INSERT INTO conntrack_helper (router_id, protocol, port, helper)
            SELECT id, 'tcp', 21, 'ftp' FROM router
            ON CONFLICT DO NOTHING;
          ANALYZE router, conntrack_helper
          """
              .formatted(OTHERS));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** In this transaction, one after the other or by an index. */
  private long rowsRead() {
    return statements
        .find(
            """
            SELECT cast(sum(seq_tup_read + idx_tup_fetch) AS bigint) FROM pg_stat_xact_user_tables
            WHERE relname IN ('router', 'conntrack_helper')
            """,
            row -> row.getLong(1))
        .orElseThrow();
  }
}
