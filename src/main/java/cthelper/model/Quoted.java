package cthelper.model;

import java.util.regex.Pattern;

/**
 * Text from outside (names users give, messages of other programs) as the value of a {@code
 * key=value} pair in a log line: whatever it holds, it stays one value of one line.
 *
 * <p>{@code r1} stays as it is. What could be taken for more is put in quotation marks, {@code a
 * key=value} as {@code "a key=value"}; inside, quotation marks, backslashes and everything that
 * does not print or moves the cursor is written as in a Java string, a line feed as {@code \n}, an
 * escape as {@code \u001b}.
 */
public final class Quoted {

  private static final Pattern BARE = Pattern.compile("[A-Za-z0-9._:/@+,-]+");

  /** More than any name, enough for a message; in characters (code points). */
  private static final int MOST = 500;

  private Quoted() {}

  /** The text as one value; what is longer than {@value #MOST} characters ends with an ellipsis. */
  public static String of(String text) {
    if (text.length() <= MOST && BARE.matcher(text).matches()) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().limit(MOST).forEach(character -> append(quoted, character));
    if (text.codePointCount(0, text.length()) > MOST) {
      quoted.append('…');
    }
    return quoted.append('"').toString();
  }

  /** What went wrong, in its own words. */
  public static String of(Throwable failure) {
    return of(failure.toString());
  }

  /**
   * A whole message, whose values may not be quoted: the same text, but everything that does not
   * print or moves the cursor is written as above. Tabs stay.
   */
  public static String inOneLine(String message) {
    if (message.codePoints().allMatch(Quoted::mayStay)) {
      return message;
    }
    StringBuilder line = new StringBuilder();
    message
        .codePoints()
        .forEach(character -> {
          if (mayStay(character)) {
            line.appendCodePoint(character);
          } else {
            append(line, character);
          }
        });
    return line.toString();
  }

  private static boolean mayStay(int character) {
    return character == '\t' || isPrintable(character);
  }

  private static void append(StringBuilder quoted, int character) {
    switch (character) {
      case '"' -> quoted.append("\\\"");
      case '\\' -> quoted.append("\\\\");
      case '\n' -> quoted.append("\\n");
      case '\r' -> quoted.append("\\r");
      case '\t' -> quoted.append("\\t");
      default -> {
        if (isPrintable(character)) {
          quoted.appendCodePoint(character);
        } else {
          for (char unit : Character.toChars(character)) {
            quoted.append("\\u%04x".formatted((int) unit));
          }
        }
      }
    }
  }

  /** Format characters turn the direction of writing or are invisible. */
  public static boolean isPrintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
