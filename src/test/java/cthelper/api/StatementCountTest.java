package cthelper.api;

import static cthelper.api.Wire.created;
import static cthelper.api.Wire.get;
import static cthelper.api.Wire.helper;
import static cthelper.api.Wire.helpersOf;
import static cthelper.api.Wire.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.hasSize;

import cthelper.model.RouterId;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.hibernate.SessionFactory;
import org.hibernate.stat.Statistics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading costs a fixed number of statements, however much there is to read. */
@QuarkusTest
class StatementCountTest {

  @Inject SessionFactory sessions;

  @BeforeEach
  void count() {
    sessions.getStatistics().setStatisticsEnabled(true);
  }

  @AfterEach
  void countNoMore() {
    sessions.getStatistics().setStatisticsEnabled(false);
  }

  @Test
  void listOfHelpersTakesTwoStatements() {
    String router = router();
    assertThat(statementsOf(() -> get(helpersOf(router)))).isEqualTo(2);

    for (int port = 1; port <= 20; port++) {
      created(router, helper("ftp", "tcp", Integer.toString(port)));
    }

    assertThat(statementsOf(() -> get(helpersOf(router)).body("conntrack_helpers", hasSize(20))))
        .isEqualTo(2);
  }

  @Test
  void oneHelperTakesTwoStatements() {
    String router = router();
    String url = helpersOf(router) + "/" + created(router, Wire.FTP_21);

    assertThat(statementsOf(() -> get(url).statusCode(200))).isEqualTo(2);
  }

  @Test
  void listOfRoutersWithTheirHelpersTakesTwoStatements() {
    String name = RouterId.random().toString();
    for (int i = 0; i < 10; i++) {
      created(router(name), Wire.FTP_21);
    }

    assertThat(statementsOf(() -> get("/v2.0/routers?name=" + name).body("routers", hasSize(10))))
        .isEqualTo(2);
  }

  @Test
  void oneRouterTakesTwoStatements() {
    String url = "/v2.0/routers/" + router();

    assertThat(statementsOf(() -> get(url).statusCode(200))).isEqualTo(2);
  }

  private long statementsOf(Runnable request) {
    Statistics statistics = sessions.getStatistics();
    long before = statistics.getPrepareStatementCount();
    request.run();
    return statistics.getPrepareStatementCount() - before;
  }
}
