package cthelper.api;

import com.fasterxml.jackson.databind.JsonNode;
import cthelper.model.Quoted;

/** Text from outside, made fit for a message: one line, not endless. */
final class Echo {

  private static final int MOST = 128;

  private Echo() {}

  /** At most {@value #MOST} characters; control and line-breaking characters become a space. */
  static String of(String text) {
    StringBuilder echo = new StringBuilder();
    text.codePoints()
        .limit(MOST)
        .map(character -> Quoted.isPrintable(character) ? character : ' ')
        .forEach(echo::appendCodePoint);
    return echo.length() < text.length() ? echo + "…" : echo.toString();
  }

  /** A JSON value as Neutron's messages show it: strings bare, null as {@code None}. */
  static String of(JsonNode value) {
    if (value.isNull()) {
      return "None";
    }
    return of(value.isTextual() ? value.textValue() : value.toString());
  }
}
