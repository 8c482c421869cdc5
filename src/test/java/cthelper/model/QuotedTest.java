package cthelper.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a name holds, in a log line it is one value. */
class QuotedTest {

  @ParameterizedTest
  @ValueSource(strings = {"r1", "fake_project_id", "a.b-c/d@e:f+g,h", "5c9e1c6e-6a7b"})
  void whatCannotBeTakenForMoreStaysAsItIs(String text) {
    assertThat(Quoted.of(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a FAKE key=value|\"a FAKE key=value\"",
        "key=value|\"key=value\"",
        "say \"hi\"|\"say \\\"hi\\\"\"",
        "a\" fence=1|\"a\\\" fence=1\"",
        "back\\slash|\"back\\\\slash\"",
        "grün|\"grün\"",
        "``|\"\""
      })
  void whatCouldBeIsQuoted(String text, String quoted) {
    assertThat(Quoted.of(text)).isEqualTo(quoted);
  }

  @Test
  void nothingEndsTheLineOrMovesTheCursor() {
    assertThat(Quoted.of("a\r\n\tb\u001b[2J\u0000\u0085\u2028\u202e\u200b\ud800 \udb40\udc01"))
        .isEqualTo(
            "\"a\\r\\n\\tb\\u001b[2J\\u0000\\u0085\\u2028\\u202e\\u200b\\ud800 \\udb40\\udc01\"");
  }

  @Test
  void whatIsEndlessIsCut() {
    assertThat(Quoted.of("x".repeat(500))).hasSize(500);
    assertThat(Quoted.of("x".repeat(501))).isEqualTo("\"" + "x".repeat(500) + "…\"");
    assertThat(Quoted.of("🙂".repeat(501))).isEqualTo("\"" + "🙂".repeat(500) + "…\"");
  }

  @Test
  void whatWentWrongIsOneValueToo() {
    assertThat(Quoted.of(new IllegalStateException("broken\nrouter=x")))
        .isEqualTo("\"java.lang.IllegalStateException: broken\\nrouter=x\"");
  }

  @Test
  void aWholeMessageStaysReadable() {
    assertThat(Quoted.inOneLine("failed: \"a\" at C:\\x\tü"))
        .isEqualTo("failed: \"a\" at C:\\x\tü");
    assertThat(Quoted.inOneLine("ERROR: no\r\n  Detail: \u001b[2J\u2028"))
        .isEqualTo("ERROR: no\\r\\n  Detail: \\u001b[2J\\u2028");
  }
}
