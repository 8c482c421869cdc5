package cthelper.api;

import static cthelper.api.Wire.get;
import static cthelper.api.Wire.helper;
import static cthelper.api.Wire.helpersOf;
import static cthelper.api.Wire.post;
import static cthelper.api.Wire.router;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is too much for one answer comes in several, and whoever follows the links has it all. */
@QuarkusTest
class LargeListsTest {

  private static final int ROUTERS = 25;
  private static final int HELPERS = 256;

  @Test
  void routersOfManyHelpersComeInParts() {
    String name = UUID.randomUUID().toString();
    List<String> made = Stream.generate(() -> router(name)).limit(ROUTERS).sorted().toList();
    try {
      made.forEach(router -> post(helpersOf(router), full()).statusCode(201));
      String list = "/v2.0/routers?name=" + name;

      assertThat(follow(list, "next")).isEqualTo(made);
      assertThat(follow(list + "&limit=0", "next")).isEqualTo(made);
      assertThat(follow(list + "&limit=23", "next")).isEqualTo(made);
      assertThat(follow(list + "&limit=23&page_reverse=True", "previous"))
          .containsExactlyInAnyOrderElementsOf(made);
    } finally {
      made.forEach(router -> Wire.delete("/v2.0/routers/" + router).statusCode(204));
    }
  }

  /** The ids in the order in which the pages have them, each router with all of its helpers. */
  private static List<String> follow(String path, String relation) {
    List<String> ids = new ArrayList<>();
    int pages = 0;
    for (Optional<String> next = Optional.of(path); next.isPresent(); pages++) {
      JsonNode page = Wire.json(get(next.get()).statusCode(200));
      for (JsonNode router : page.path("routers")) {
        assertThat(router.path("conntrack_helpers")).hasSize(HELPERS);
        ids.add(router.path("id").asText());
      }
      next =
          page.path("routers_links")
              .valueStream()
              .filter(link -> link.path("rel").asText().equals(relation))
              .map(link -> link.path("href").asText().replaceFirst("^http://[^/]*", ""))
              .findFirst();
    }
    assertThat(pages).isBetween(2, 4);
    return ids;
  }

  private static String full() {
    return IntStream.rangeClosed(1, HELPERS)
        .mapToObj(port -> helper("ftp", "tcp", Integer.toString(port)))
        .collect(joining(", ", "{\"conntrack_helpers\": [", "]}"));
  }

  @Test
  void noPageHasMoreThanThereMayBe() {
    List<Integer> all = IntStream.range(0, 2 * Paging.MOST + 1).boxed().toList();

    for (String query : List.of("", "limit=0", "a=b&marker=7", "limit=1000000")) {
      List<Integer> seen = new ArrayList<>();
      Optional<String> next = Optional.of(query);
      while (next.isPresent()) {
        Page<Integer> page = page(all, next.get());
        assertThat(page.items()).hasSizeLessThanOrEqualTo(Paging.MOST);
        seen.addAll(page.items());
        next = next(page);
      }
      assertThat(seen).as(query).isEqualTo(all);
    }
    List<Integer> fitting = all.subList(0, Paging.MOST);
    assertThat(page(fitting, "")).isEqualTo(new Page<>(fitting, Optional.empty()));
  }

  private static Page<Integer> page(List<Integer> all, String query) {
    RequestAddress address =
        new RequestAddress(
            URI.create("http://here/"),
            "v2.0/numbers",
            query,
            new QueryStringDecoder(query, false).parameters());
    return Paging.parse(address).of(all, all, Comparator.naturalOrder(), String::valueOf);
  }

  private static Optional<String> next(Page<?> page) {
    return page.links().orElseThrow().stream()
        .filter(link -> "next".equals(link.get("rel")))
        .map(link -> URI.create(String.valueOf(link.get("href"))).getQuery())
        .findFirst();
  }
}
