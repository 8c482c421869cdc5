package cthelper.api;

import static cthelper.api.Wire.created;
import static cthelper.api.Wire.get;
import static cthelper.api.Wire.helper;
import static cthelper.api.Wire.helpersOf;
import static cthelper.api.Wire.put;
import static cthelper.api.Wire.router;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import cthelper.model.RouterId;
import cthelper.testing.Seed;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists in any order, page by page in both directions, along the links that answers give. */
@QuarkusTest
class PagingTest {

  private static final String LIST = "conntrack_helpers";
  private static final String LINKS = "conntrack_helpers_links";
  private static final List<String> KEYS = List.of("id", "protocol", "port", "helper");

  private String router = "";
  private String url = "";

  @BeforeEach
  void makeRouter() {
    router = router();
    url = helpersOf(router);
  }

  private List<String> makeHelpers(int number, Random random) {
    Set<String> taken = new HashSet<>();
    List<String> ids = new ArrayList<>();
    while (ids.size() < number) {
      boolean tcp = random.nextBoolean();
      String port = Integer.toString(1 + random.nextInt(number));
      if (taken.add(tcp + port)) {
        String type = random.nextBoolean() ? "sip" : tcp ? "ftp" : "tftp";
        ids.add(created(router, helper(type, tcp ? "tcp" : "udp", port)));
      }
    }
    return ids;
  }

  @Test
  void withoutALimitEverythingComesAndNoLinks() {
    makeHelpers(3, new Random(1));

    for (String query : List.of("", "?limit=0", "?limit=0&marker=" + UUID.randomUUID())) {
      get(url + query).body(LIST, hasSize(3)).body("", not(hasKey(LINKS)));
    }
  }

  @Test
  void aFullPageHasANextOneEvenIfThatIsEmpty() {
    List<String> ids = makeHelpers(2, new Random(2));
    Collections.sort(ids);

    JsonPath first = page(url + "?limit=2");
    assertThat(first.<String>getList(LIST + ".id")).isEqualTo(ids);
    assertThat(first.<String>getList(LINKS + ".rel")).containsExactly("next", "previous");
    assertThat(first.getString(LINKS + "[0].href"))
        .isEqualTo(address(url) + "?limit=2&marker=" + ids.getLast());
    assertThat(first.getString(LINKS + "[1].href"))
        .isEqualTo(address(url) + "?limit=2&marker=" + ids.getFirst() + "&page_reverse=True");

    JsonPath second = page(first.getString(LINKS + "[0].href"));
    assertThat(second.getList(LIST)).isEmpty();
    assertThat(second.<String>getList(LINKS + ".rel")).containsExactly("previous");
    assertThat(second.getString(LINKS + "[0].href"))
        .isEqualTo(address(url) + "?limit=2&page_reverse=True");

    JsonPath all = page(url + "?limit=3");
    assertThat(all.<String>getList(LINKS + ".rel")).containsExactly("previous");
  }

  @Test
  void backwardsThereIsAlwaysANextAndAPreviousWhenThePageIsFull() {
    List<String> ids = makeHelpers(3, new Random(3));
    Collections.sort(ids);

    JsonPath last = page(url + "?limit=2&page_reverse=True");
    assertThat(last.<String>getList(LIST + ".id")).isEqualTo(ids.subList(1, 3));
    assertThat(last.<String>getList(LINKS + ".rel")).containsExactly("next", "previous");

    JsonPath first = page(last.getString(LINKS + "[1].href"));
    assertThat(first.<String>getList(LIST + ".id")).isEqualTo(ids.subList(0, 1));
    assertThat(first.<String>getList(LINKS + ".rel")).containsExactly("next");
  }

  @Test
  void aMarkerThatIsNotThereCountsForNothing() {
    List<String> ids = makeHelpers(3, new Random(4));
    Collections.sort(ids);

    for (String marker : List.of(UUID.randomUUID().toString(), "nonsense", "")) {
      get(url + "?limit=2&marker=" + marker).body(LIST + ".id", equalTo(ids.subList(0, 2)));
    }
  }

  /** It is a place in the order, and that exists also for what a filter leaves out. */
  @Test
  void aMarkerThatTheFilterLeavesOutIsStillAPlace() {
    String ftp = created(router, helper("ftp", "tcp", "21"));
    String sip = created(router, helper("sip", "tcp", "5060"));
    created(router, helper("ftp", "tcp", "20"));

    get(url + "?limit=9&helper=sip&sort_key=port&sort_dir=asc&marker=" + ftp)
        .body(LIST + ".id", contains(sip));
    get(url + "?limit=9&helper=ftp&sort_key=port&sort_dir=asc&marker=" + sip)
        .body(LIST, hasSize(0));
  }

  /** Between two pages a router of the list got another name. */
  @Test
  void aRouterThatLeftTheListIsStillAPlace() {
    String name = "pages of " + RouterId.random();
    List<String> ids = Stream.generate(() -> router(name)).limit(4).sorted().toList();
    put("/v2.0/routers/" + ids.get(1), "{\"router\": {\"name\": \"another\"}}").statusCode(200);

    given()
        .queryParam("name", name)
        .queryParam("limit", 2)
        .queryParam("marker", ids.get(1))
        .get("/v2.0/routers")
        .then()
        .body("routers.id", contains(ids.get(2), ids.get(3)));
  }

  /** However the client wrote them. */
  @Test
  void linksLeaveOutWhatWasOfThisPage() {
    created(router, helper("ftp", "tcp", "21"));

    get(url + "?limit=1&page%5Freverse=True")
        .body(LINKS + "[0].href", not(containsString("everse")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void linksHaveTheAddressThatTheClientUsed(String scheme) {
    created(router, helper("ftp", "tcp", "21"));
    given()
        .header("X-Forwarded-Proto", scheme)
        .header("X-Forwarded-Host", "network.example")
        .get(url + "?limit=1&fields=id&helper=ftp&helper=sip")
        .then()
        .body(
            LINKS + "[0].href",
            startsWith(
                scheme + "://network.example" + url + "?limit=1&fields=id&helper=ftp&helper=sip&"));
  }

  /**
   * Walks through the list by links alone, there and back, and compares with an order of its own.
   */
  @Test
  void walksMeetEverythingOnceInOrder() {
    Seed seed = new Seed(Seed.first(1).findFirst().orElseThrow());
    Random random = seed.random();
    makeHelpers(23, random);
    List<Map<String, Object>> all = page(url).getList(LIST);
    for (int walk = 0; walk < 25; walk++) {
      List<String> keys = new ArrayList<>(KEYS);
      Collections.shuffle(keys, random);
      StringBuilder query = new StringBuilder("?limit=" + (1 + random.nextInt(25)));
      Comparator<Map<String, Object>> order = by("id");
      List<Comparator<Map<String, Object>>> parts = new ArrayList<>();
      for (String key : keys.subList(0, random.nextInt(4))) {
        boolean descending = random.nextBoolean();
        query.append("&sort_key=%s&sort_dir=%s".formatted(key, descending ? "desc" : "asc"));
        parts.add(descending ? by(key).reversed() : by(key));
      }
      for (Comparator<Map<String, Object>> part : parts.reversed()) {
        order = part.thenComparing(order);
      }
      List<Object> expected = all.stream().sorted(order).map(helper -> helper.get("id")).toList();

      assertThat(Pages.walk(LIST, url + query)).as("%s %s", seed, query).isEqualTo(expected);
      assertThat(Pages.walkBackwards(LIST, url + query))
          .as("%s %s backwards", seed, query)
          .isEqualTo(expected);
    }
  }

  /** Numbers by their value, everything else by its text. */
  private static Comparator<Map<String, Object>> by(String key) {
    return Comparator.comparing(helper -> {
      String value = String.valueOf(helper.get(key));
      return key.equals("port") ? "%5s".formatted(value) : value;
    });
  }

  private static JsonPath page(String url) {
    return get(url).statusCode(200).extract().jsonPath();
  }

  private static String address(String path) {
    return "http://127.0.0.1:" + RestAssured.port + path;
  }

  @Test
  void routersArePagedWithTheirHelpers() {
    String name = "paged-" + UUID.randomUUID();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(router(name));
      created(ids.getLast(), helper("ftp", "tcp", "21"));
    }
    Collections.sort(ids);

    get("/v2.0/routers?limit=2&name=" + name + "&sort_key=id&sort_dir=desc")
        .body("routers.id", equalTo(ids.reversed().subList(0, 2)))
        .body("routers[0].conntrack_helpers", hasSize(1))
        .body("routers_links.rel", contains("next", "previous"));
  }
}
