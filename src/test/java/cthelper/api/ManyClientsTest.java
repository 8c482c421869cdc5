package cthelper.api;

import static cthelper.api.Wire.created;
import static cthelper.api.Wire.get;
import static cthelper.api.Wire.helper;
import static cthelper.api.Wire.helpersOf;
import static cthelper.api.Wire.json;
import static cthelper.api.Wire.post;
import static cthelper.api.Wire.request;
import static cthelper.api.Wire.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import cthelper.testing.AtOnce;
import cthelper.testing.Seed;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Sixteen clients on one router: no deadlock, no lost update, nothing but what the contract has.
 */
@QuarkusTest
class ManyClientsTest {

  private static final int CLIENTS = 16;

  private String router = "";
  private String url = "";

  @BeforeEach
  void makeRouter() {
    router = router();
    url = helpersOf(router);
  }

  @Test
  void ofEqualCreatesExactlyOneSucceeds() throws Exception {
    List<Integer> statuses =
        AtOnce.run(CLIENTS, _ -> post(url, Wire.FTP_21).extract().statusCode());

    assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
    assertThat(statuses).filteredOn(status -> status == 400).hasSize(CLIENTS - 1);
    get(url).body("conntrack_helpers", hasSize(1));
  }

  /** Each adds one to the port, four times, and begins anew when somebody else was faster. */
  @Test
  void noUpdateIsLost() throws Exception {
    int each = 4;
    String helper = url + "/" + created(router, helper("ftp", "tcp", "1000"));

    AtOnce.run(
        CLIENTS,
        _ -> {
          for (int done = 0; done < each; ) {
            Response seen = request().get(helper);
            int port = json(seen.then()).at("/conntrack_helper/port").asInt();
            int status =
                request()
                    .header("If-Match", seen.header("ETag"))
                    .body("{\"conntrack_helper\": {\"port\": %d}}".formatted(port + 1))
                    .put(helper)
                    .statusCode();
            assertThat(status).isIn(200, 412);
            done += status == 200 ? 1 : 0;
          }
          return true;
        });

    get(helper).body("conntrack_helper.port", equalTo(1000 + CLIENTS * each));
    get("/v2.0/routers/" + router).body("router.revision_number", equalTo(2 + CLIENTS * each));
  }

  /** What each of them was told happened is what there is at the end. */
  @Test
  void whateverTheyDoTheAnswersAreTrue() throws Exception {
    Seed seed = new Seed(Seed.first(1).findFirst().orElseThrow());
    List<List<String>> mine =
        AtOnce.run(CLIENTS, client -> actAtRandom(new Random(seed.number() * 31 + client)));

    List<String> expected = mine.stream().flatMap(List::stream).sorted().toList();
    List<String> there = get(url).extract().path("conntrack_helpers.id");
    assertThat(there).as("%s", seed).isEqualTo(expected);
  }

  /**
   * Creates, moves, reads and deletes, on ports that all of them want; what is its own at the end.
   */
  private List<String> actAtRandom(Random random) {
    List<String> own = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      String port = Integer.toString(1 + random.nextInt(60));
      String one = own.isEmpty() ? "" : own.get(random.nextInt(own.size()));
      switch (one.isEmpty() ? 0 : random.nextInt(4)) {
        case 0 -> {
          Response answer = request().body(helper("ftp", "tcp", port)).post(url);
          assertThat(answer.statusCode()).isIn(201, 400);
          if (answer.statusCode() == 201) {
            own.add(json(answer.then()).at("/conntrack_helper/id").asText());
          }
        }
        case 1 -> {
          String body = "{\"conntrack_helper\": {\"port\": %s}}".formatted(port);
          assertThat(request().body(body).put(url + "/" + one).statusCode()).isIn(200, 400);
        }
        case 2 -> {
          assertThat(request().delete(url + "/" + one).statusCode()).isEqualTo(204);
          own.remove(one);
        }
        default -> assertThat(request().get(url + "?port=" + port).statusCode()).isEqualTo(200);
      }
    }
    return own;
  }
}
