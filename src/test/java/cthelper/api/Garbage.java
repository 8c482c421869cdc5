package cthelper.api;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Requests that nothing can be made of, but that look as if: structured, and different for each
 * seed. Nothing it makes is acceptable anywhere.
 */
final class Garbage {

  private static final List<String> WEIRD =
      List.of(
          "\\u0000",
          "a\\u0000b",
          "\\ud800",
          "\\udfff\\ud800",
          "\\u202e",
          "' OR '1'='1",
          "'; DROP TABLE router; --",
          "${jndi:ldap://x/y}",
          "<script>",
          "../../../etc/passwd",
          "%00",
          "\\r\\nX-Header: 1",
          "\\ufeff",
          "💥");

  private static final List<String> NUMBERS =
      List.of(
          "-1", "0", "65536", "1e400", "-0.0", "21.5", "9223372036854775808", "1E-7", "4294967317");

  private static final List<String> PATHS =
      List.of(
          "x%2f..%2f..",
          "%2e%2e%2f%2e%2e",
          "..%2f..%2fetc%2fpasswd",
          "%00",
          "%c0%ae%c0%ae",
          "%ff%fe",
          "x;jsessionid=1",
          "a%0d%0ab",
          "x%20y",
          "*",
          "%252e",
          "'%20or%201=1",
          "null",
          "-1",
          "0000000000000000000000000000000000000");

  private static final List<String> QUERIES =
      List.of(
          "bogus=1",
          "id[]=1",
          "__proto__=1",
          "%00=1",
          "limit=x",
          "limit=-1",
          "limit=1e3",
          "limit=%00",
          "sort_key=bogus&sort_dir=asc",
          "sort_key=id",
          "sort_dir=desc",
          "sort_key=id&sort_dir=%27",
          "conntrack_helpers=1",
          "created_at=1",
          "revision_number=x%00&bogus",
          "%27%20OR%201=1--=1");

  private final Random random;

  Garbage(Random random) {
    this.random = random;
  }

  private <T> T pick(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }

  /** A part of a path that is no id. */
  String id() {
    return random.nextInt(4) == 0 ? "x".repeat(1 + random.nextInt(4000)) : pick(PATHS);
  }

  /** A query that no list takes. */
  String query() {
    return random.nextInt(8) == 0 ? "q" + "%41".repeat(random.nextInt(1000)) + "=1" : pick(QUERIES);
  }

  /** A header If-Match that is none. */
  String ifMatch() {
    return pick(
        List.of("1", "\"1", "revision_number=-1", "revision_number=\"1\"", "**", "W/1", ","));
  }

  /**
   * A body that is not acceptable for this resource.
   *
   * @param resource for example {@code router}
   * @param attribute one that the resource really has, and that takes no list
   */
  byte[] body(String resource, String attribute) {
    List<Supplier<byte[]>> kinds =
        List.of(
            this::octets,
            this::otherEncoding,
            () -> utf8(cut(envelope(resource, "\"" + attribute + "\": \"x\""))),
            () -> utf8(nested(10 + random.nextInt(100_000))),
            () -> utf8(envelope(resource, "\"" + attribute + "\": " + nested(60))),
            () -> utf8(envelope(resource, "\"" + attribute + "\": [" + value() + "]")),
            () -> utf8(envelope(resource, "\"" + attribute + "\": {\"a\": " + value() + "}")),
            () -> utf8(envelope(resource, "\"" + key() + "\": " + value())),
            () -> utf8(envelope(resource, "\"a\": 1, \"a\": 2")),
            () -> utf8("{\"" + resource + "\": " + value() + "}"),
            () -> utf8("{\"" + resource + "s\": " + value() + "}"),
            () -> utf8("{\"" + resource + "s\": [" + value() + ", {}]}"),
            () -> utf8("[" + value() + "]"),
            () -> utf8(value()),
            () -> utf8("{\"" + key() + "\": " + value() + "}"),
            () -> utf8(envelope(resource, "\"port\": " + pick(NUMBERS) + ", \"id\": [1]")));
    return pick(kinds).get();
  }

  private String key() {
    return "k" + pick(WEIRD) + random.nextInt(100);
  }

  /** A JSON value that is no object. */
  private String value() {
    return switch (random.nextInt(6)) {
      case 0 -> pick(NUMBERS);
      case 1 -> "\"" + pick(WEIRD) + "\"";
      case 2 -> "true";
      case 3 -> "null";
      case 4 -> "\"" + "y".repeat(random.nextInt(100_000)) + "\"";
      default -> "1" + "0".repeat(random.nextInt(2000));
    };
  }

  private static String envelope(String resource, String content) {
    return "{\"" + resource + "\": {" + content + "}}";
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  private String cut(String text) {
    return text.substring(0, 1 + random.nextInt(text.length() - 1));
  }

  private byte[] octets() {
    byte[] octets = new byte[1 + random.nextInt(2000)];
    random.nextBytes(octets);
    octets[0] = (byte) 0xff; // never JSON by chance
    return octets;
  }

  private byte[] otherEncoding() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("{\"router\": {\"name\": \"ä\"}}".getBytes(StandardCharsets.UTF_16));
    return body.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
