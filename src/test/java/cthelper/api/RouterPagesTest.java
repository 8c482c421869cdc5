package cthelper.api;

import static cthelper.api.Wire.get;
import static cthelper.api.Wire.json;
import static cthelper.api.Wire.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages of routers, of which the database reads no more than it must. */
@QuarkusTest
class RouterPagesTest {

  private static final String ROUTERS = "/v2.0/routers";

  @Inject SessionFactory sessions;

  private final String mark = "pages-" + UUID.randomUUID();
  private final List<String> all = new ArrayList<>();
  private final List<String> down = new ArrayList<>();

  @BeforeEach
  void routersUpAndDown() {
    for (int i = 0; i < 9; i++) {
      boolean isUp = i % 3 != 0;
      String router =
          json(post(
                      ROUTERS,
                      "{\"router\": {\"name\": \"%s\", \"description\": \"%s\", \"admin_state_up\": %b}}"
                          .formatted(mark, mark, isUp))
                  .statusCode(201))
              .path("router")
              .path("id")
              .asText();
      all.add(router);
      if (!isUp) {
        down.add(router);
      }
    }
    all.sort(null);
    down.sort(null);
  }

  @AfterEach
  void deleteThem() {
    all.forEach(router -> Wire.delete(ROUTERS + "/" + router).statusCode(204));
  }

  /** A filter that the database knows, one that only the service does, and both. */
  @Test
  void walksMeetEverythingThatIsWantedOnceInOrder() {
    for (int limit = 1; limit <= 10; limit++) {
      assertWalks("?limit=" + limit + "&name=" + mark, all);
      assertWalks("?limit=" + limit + "&description=" + mark, all);
      assertWalks("?limit=" + limit + "&description=" + mark + "&admin_state_up=false", down);
      assertWalks("?limit=" + limit + "&name=" + mark + "&admin_state_up=false", down);
    }
  }

  private static void assertWalks(String query, List<String> expected) {
    assertThat(Pages.walk("routers", ROUTERS + query)).as(query).isEqualTo(expected);
    assertThat(Pages.walkBackwards("routers", ROUTERS + query))
        .as(query + " backwards")
        .isEqualTo(expected);
  }

  @Test
  void theMarkerNeedNotBeWanted() {
    String up = all.stream().filter(router -> !down.contains(router)).findFirst().orElseThrow();

    get(ROUTERS + "?limit=9&admin_state_up=false&name=" + mark + "&marker=" + up)
        .body("routers.id", equalTo(down.stream().filter(id -> id.compareTo(up) > 0).toList()));
    get(ROUTERS + "?limit=9&page_reverse=True&admin_state_up=false&name=" + mark + "&marker=" + up)
        .body("routers.id", equalTo(down.stream().filter(id -> id.compareTo(up) < 0).toList()));
  }

  @Test
  void aPageReadsItsOwnRoutersOnly() {
    String marker = all.get(4);
    long before = sessions.getStatistics().getEntityLoadCount();

    get(ROUTERS + "?limit=2&name=" + mark + "&marker=" + marker)
        .body("routers.id", equalTo(all.subList(5, 7)));

    assertThat(sessions.getStatistics().getEntityLoadCount() - before)
        .as("the marker, the page, and the one after it")
        .isLessThanOrEqualTo(4);
  }
}
