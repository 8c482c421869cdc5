package cthelper.api;

import static cthelper.api.Wire.created;
import static cthelper.api.Wire.get;
import static cthelper.api.Wire.helper;
import static cthelper.api.Wire.helpersOf;
import static cthelper.api.Wire.router;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.hasSize;

import cthelper.model.RouterId;
import cthelper.store.Statements;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.stream.IntStream;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading costs a fixed number of statements, however much there is to read. */
@QuarkusTest
class StatementCountTest {

  @Inject SessionFactory sessions;
  @Inject Statements statements;

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
  void oneHelperTakesOneStatement() {
    String router = router();
    String url = helpersOf(router) + "/" + created(router, Wire.FTP_21);

    assertThat(statementsOf(() -> get(url).statusCode(200))).isEqualTo(1);
  }

  @Test
  void creatingAHelperTakesOneStatement() {
    String router = router();

    assertThat(statementsOf(() -> Wire.post(helpersOf(router), Wire.FTP_21).statusCode(201)))
        .isEqualTo(1);
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

  @Test
  void aPageTakesTwoStatements() {
    String name = RouterId.random().toString();
    for (int i = 0; i < 5; i++) {
      created(router(name), Wire.FTP_21);
    }

    assertThat(
            statementsOf(
                () -> get("/v2.0/routers?limit=2&name=" + name).body("routers", hasSize(2))))
        .isEqualTo(2);
  }

  @Test
  void severalHelpersTakeAsManyStatementsAsOne() {
    long one = statementsOf(() -> Wire.post(helpersOf(router()), several(1)).statusCode(201));
    assertThat(statementsOf(() -> Wire.post(helpersOf(router()), several(50)).statusCode(201)))
        .isEqualTo(one);
  }

  private static String several(int number) {
    return IntStream.rangeClosed(1, number)
        .mapToObj("{\"helper\": \"ftp\", \"protocol\": \"tcp\", \"port\": %d}"::formatted)
        .collect(joining(", ", "{\"conntrack_helpers\": [", "]}"));
  }

  @Test
  void nodesTypesAndPlacementsTakeOneOrTwo() {
    String router = router();
    assertThat(statementsOf(() -> get("/v2.0/agents").statusCode(200))).isEqualTo(1);
    assertThat(statementsOf(() -> get("/v2.0/conntrack_helper_types").statusCode(200)))
        .isEqualTo(1);
    assertThat(statementsOf(() -> get("/v2.0/routers/" + router + "/placements").statusCode(200)))
        .isEqualTo(2);
  }

  private long statementsOf(Runnable request) {
    long before = statements();
    request.run();
    return statements() - before;
  }

  /** Hibernate's and those beside it. */
  private long statements() {
    return sessions.getStatistics().getPrepareStatementCount() + statements.executed();
  }
}
