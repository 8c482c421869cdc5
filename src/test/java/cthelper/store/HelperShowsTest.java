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
import static org.awaitility.Awaitility.await;

import cthelper.model.ConntrackHelper;
import cthelper.model.ProjectScope;
import cthelper.model.ReportedHelper;
import cthelper.model.RouterId;
import cthelper.store.Fixture.Made;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Those who ask while others are being answered are answered together, and each as if he had asked
 * alone. A lock of the test keeps the first ones waiting.
 */
@QuarkusTest
@Timeout(60)
class HelperShowsTest {

  @Inject RouterStore routers;
  @Inject ConntrackHelperStore helpers;
  @Inject PlacementStore placements;
  @Inject HelperShows shows;
  @Inject AgroalDataSource database;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final RouterId router = RouterId.random();
  private final RouterId other = RouterId.random();
  private Made ftp;
  private Made tftp;
  private Made elsewhere;

  @BeforeEach
  void helpersOfTwoRouters() {
    routers.create(List.of(newRouter(router), newRouter(other)));
    ftp = made(helpers.create(EVERYBODY, router, List.of(FTP_21)));
    tftp = made(helpers.create(EVERYBODY, router, List.of(TFTP_69)));
    elsewhere = made(helpers.create(EVERYBODY, other, List.of(FTP_21)));
    connect(placements, node(), qrouter(router, 1));
    connect(placements, node(), qrouter(router, 2));
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  @Test
  void eachGetsWhatHeAskedForAsIfAlone() throws Exception {
    List<Callable<Optional<ReportedHelper>>> questions =
        List.of(
            () -> shows.find(EVERYBODY, router, id(ftp)),
            () -> shows.find(ProjectScope.of("project"), router, id(tftp)),
            () -> shows.find(ProjectScope.of("another"), router, id(ftp)),
            () -> shows.find(EVERYBODY, other, id(ftp)),
            () -> shows.find(EVERYBODY, router, UUID.randomUUID()),
            () -> shows.find(EVERYBODY, other, id(elsewhere)),
            () -> shows.find(EVERYBODY, router, id(ftp)),
            () -> shows.find(EVERYBODY, RouterId.random(), id(ftp)));
    List<Optional<ReportedHelper>> alone = new ArrayList<>();
    for (var question : questions) {
      alone.add(question.call());
    }

    List<Future<Optional<ReportedHelper>>> together = behindOthers(questions);

    assertThat(answers(together)).isEqualTo(alone);
    assertThat(alone.stream().map(it -> it.map(ReportedHelper::helper).map(ConntrackHelper::id)))
        .containsExactly(
            Optional.of(id(ftp)),
            Optional.of(id(tftp)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(id(elsewhere)),
            Optional.of(id(ftp)),
            Optional.empty());
  }

  /** Asks when as many as may are being answered already and cannot be. */
  private List<Future<Optional<ReportedHelper>>> behindOthers(
      List<Callable<Optional<ReportedHelper>>> questions) throws Exception {
    List<Future<Optional<ReportedHelper>>> asked = new ArrayList<>();
    try (Connection lock = database.getConnection()) {
      lock.setAutoCommit(false);
      run(lock, "LOCK TABLE agent IN ACCESS EXCLUSIVE MODE");
      for (int i = 1; i <= HelperShows.TURNS; i++) {
        int now = i;
        threads.execute(() -> shows.find(EVERYBODY, router, id(tftp)));
        await().until(() -> waitingForTheLock() == now);
      }
      for (int i = 0; i < questions.size(); i++) {
        int now = i + 1;
        asked.add(threads.submit(questions.get(i)));
        await().until(() -> shows.waiting() == now);
      }
      assertThat(waitingForTheLock()).as("no more than may").isEqualTo(HelperShows.TURNS);
      lock.rollback();
    }
    return asked;
  }

  private int waitingForTheLock() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet count =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity"
                    + " WHERE wait_event_type = 'Lock' AND query LIKE '%= wanted.helper%'"
                    + " AND pid <> pg_backend_pid()")) {
      count.next();
      return count.getInt(1);
    }
  }

  private static void run(Connection connection, String command) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  private static List<Optional<ReportedHelper>> answers(
      List<Future<Optional<ReportedHelper>>> asked) throws Exception {
    List<Optional<ReportedHelper>> answers = new ArrayList<>();
    for (Future<Optional<ReportedHelper>> one : asked) {
      answers.add(one.get());
    }
    return answers;
  }

  private static UUID id(Made made) {
    return made.helper().id();
  }
}
