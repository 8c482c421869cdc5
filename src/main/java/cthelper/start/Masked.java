package cthelper.start;

import java.util.Locale;

/**
 * Text in which no address tells a password: {@code jdbc:postgresql://h/d?password=***}, {@code
 * //***@h}. The JDBC driver says its address at DEBUG, and in what goes wrong. Pure.
 */
final class Masked {

  private Masked() {}

  static String in(String text) {
    if (!text.contains("//") && !text.toLowerCase(Locale.ROOT).contains("password=")) {
      return text;
    }
    return text.replaceAll("(?i)(password=)[^&\\s]*", "$1***").replaceAll("//[^/@\\s]*@", "//***@");
  }
}
