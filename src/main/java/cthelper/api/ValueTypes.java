package cthelper.api;

import com.fasterxml.jackson.databind.JsonNode;
import cthelper.api.ValueType.Reading.Refused;
import cthelper.api.ValueType.Reading.Unreadable;
import cthelper.api.ValueType.Reading.Value;
import cthelper.model.Protocol;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The kinds of values attributes have, with the coercions and words of neutron-lib's {@code
 * converters} and {@code validators} (contract sections 1.1 and 3).
 */
final class ValueTypes {

  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,100}");
  private static final Pattern PROTOCOL_NUMBER = Pattern.compile("[0-9]{1,3}");
  private static final int MOST_PROTOCOL_NUMBER = 255;

  private ValueTypes() {}

  /** An integer of this range, as JSON number or in digits; no floats, no booleans. */
  static ValueType<Long> integer(long least, long most) {
    return given -> {
      String digits = given.isTextual() || given.isIntegralNumber() ? given.asText() : "";
      if (!INTEGER.matcher(digits).matches()) {
        return new Unreadable<>("'" + Echo.of(given) + "' is not an integer");
      }
      BigInteger number = new BigInteger(digits);
      if (number.compareTo(BigInteger.valueOf(least)) < 0) {
        return new Refused<>("'%s' is too small - must be at least '%d'".formatted(number, least));
      }
      if (number.compareTo(BigInteger.valueOf(most)) > 0) {
        return new Refused<>(
            "'%s' is too large - must be no larger than '%d'".formatted(number, most));
      }
      return new Value<>(number.longValueExact());
    };
  }

  /** A string of at most so many characters. */
  static ValueType<String> text(int most) {
    return given -> {
      if (!given.isTextual() || !isStorable(given.textValue())) {
        return new Refused<>("'" + Echo.of(given) + "' is not a valid string");
      }
      String text = given.textValue();
      return text.codePointCount(0, text.length()) > most
          ? new Refused<>("'" + Echo.of(text) + "' exceeds maximum length of " + most)
          : new Value<>(text);
    };
  }

  /** Like {@link #text}, but a number is taken as its digits. */
  static ValueType<String> textOrNumber(int most) {
    ValueType<String> text = text(most);
    return given -> given.isNumber() ? text.read(given.asText()) : text.read(given);
  }

  /** Like {@link #text}, but not empty. */
  static ValueType<String> someText(int most) {
    ValueType<String> text = text(most);
    return given ->
        given.isTextual() && given.textValue().isBlank()
            ? new Refused<>("'" + Echo.of(given) + "' Blank strings are not permitted")
            : text.read(given);
  }

  /** A UUID in its canonical lower-case form. */
  static ValueType<String> uuid() {
    return given ->
        given.isTextual() && Ids.uuid(given.textValue()).isPresent()
            ? new Value<>(given.textValue())
            : new Refused<>("'" + Echo.of(given) + "' is not a valid UUID");
  }

  /** True or false, also as 0, 1 or a string of any case. */
  static ValueType<Boolean> bool() {
    return given ->
        switch (given.isContainerNode() ? "" : given.asText().toLowerCase(Locale.ROOT)) {
          case "true", "1" -> new Value<>(true);
          case "false", "0" -> new Value<>(false);
          default -> new Unreadable<>("'" + Echo.of(given) + "' cannot be converted to boolean");
        };
  }

  /** A protocol's lower-case name; another case or a number is known, but not taken. */
  static ValueType<String> protocol() {
    return given -> {
      if (!given.isTextual() && !given.isNull()) {
        return new Unreadable<>("Input value " + Echo.of(given) + " must be string type");
      }
      String name = given.textValue();
      if (name != null && Protocol.ofWireName(name).isPresent()) {
        return new Value<>(name);
      }
      if (name == null || namesProtocolOtherwise(name)) {
        return new Refused<>(Echo.of(given) + " is not in valid_values");
      }
      return new Unreadable<>(
          "IP protocol '%s' is not supported. Only protocol names and their integer representation "
                  .formatted(Echo.of(name))
              + "(0 to 255) are supported");
    };
  }

  private static boolean namesProtocolOtherwise(String name) {
    return Protocol.ofWireName(name.toLowerCase(Locale.ROOT)).isPresent()
        || (PROTOCOL_NUMBER.matcher(name).matches()
            && Integer.parseInt(name) <= MOST_PROTOCOL_NUMBER);
  }

  /** Only the empty forms that clients send for what this service does not have. */
  static ValueType<JsonNode> nothing() {
    return given ->
        given.isNull() || (given.isContainerNode() && given.isEmpty())
            ? new Value<>(given)
            : new Refused<>("this service has no such thing, only an empty value is taken");
  }

  /** For attributes that are only ever shown. */
  static <V> ValueType<V> readOnly() {
    return given -> new Refused<>("read-only");
  }

  /** Whether PostgreSQL can store it: no NUL, no half of a surrogate pair. */
  private static boolean isStorable(String text) {
    return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
