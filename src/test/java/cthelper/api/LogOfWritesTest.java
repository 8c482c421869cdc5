package cthelper.api;

import static cthelper.api.Wire.helpersOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log tells each accepted write in one line that carries the request's id, and no other. */
@QuarkusTest
class LogOfWritesTest {

  private record Line(String requestId, String text) {}

  private static final PatternFormatter MESSAGE = new PatternFormatter("%s");

  private final Logger logger = Logger.getLogger(AcceptedWrites.class.getName());
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private final ExtHandler recorder =
      new ExtHandler() {
        @Override
        protected void doPublish(ExtLogRecord line) {
          lines.add(new Line(line.getMdc("requestId"), MESSAGE.format(line)));
        }
      };

  @BeforeEach
  void listen() {
    logger.addHandler(recorder);
  }

  @AfterEach
  void listenNoMore() {
    logger.removeHandler(recorder);
  }

  @Test
  void everyAcceptedWriteIsOneLine() {
    ValidatableResponse router =
        Wire.post("/v2.0/routers", "{\"router\": {\"name\": \"a\\r\\nb\\u202e fence=1.1\"}}");
    String routerId = router.extract().path("router.id");
    ValidatableResponse helper = Wire.post(helpersOf(routerId), Wire.FTP_21);
    String helperId = helper.extract().path("conntrack_helper.id");
    Wire.post(helpersOf(routerId), Wire.FTP_21).statusCode(400);
    ValidatableResponse deletion = Wire.delete(helpersOf(routerId) + "/" + helperId);

    assertThat(lines).hasSize(3);
    assertThat(lines)
        .extracting(Line::requestId)
        .containsExactly(idOf(router), idOf(helper), idOf(deletion));
    assertThat(lines.get(0).text())
        .startsWith(
            "router created: router=%s project=fake_project_id name=\"a\\r\\nb\\u202e fence=1.1\" "
                .formatted(routerId))
        .matches(".* fence=\\d+\\.\\d+ by=anyone of=fake_project_id");
    assertThat(lines.get(1).text())
        .matches(
            "conntrack helper created: router=%s helper=%s protocol=tcp port=21 type=ftp revision=1 fence=\\d+\\.\\d+ by=anyone of=fake_project_id"
                .formatted(routerId, helperId));
    assertThat(lines.get(2).text()).startsWith("conntrack helper deleted: router=" + routerId);
  }

  private static String idOf(ValidatableResponse answer) {
    return answer.extract().header("X-Openstack-Request-Id");
  }
}
