package cthelper.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

/** Whatever text comes from outside, a record of the log cannot look like two. */
class OneLineTest {

  private static final String FORGED =
      "x\r\n2026-11-26T00:00:00Z INFO  [c.a.AcceptedWrites] forged";
  private static final PatternFormatter AS_CONSOLE = new PatternFormatter("%p %m%n");

  private final ConsoleLog text = new ConsoleLog(false);

  private static ExtLogRecord said(String message, Object... parameters) {
    ExtLogRecord said = new ExtLogRecord(Level.WARN, message, FormatStyle.PRINTF, "test");
    said.setParameters(parameters);
    return said;
  }

  private static List<String> lines(ExtLogRecord said) {
    return AS_CONSOLE.format(said).lines().toList();
  }

  @Test
  void aMessageIsOneLine() {
    ExtLogRecord said = said("library: %s 100%%", FORGED);
    assertThat(text.isLoggable(said)).isTrue();
    assertThat(lines(said))
        .containsExactly(
            "WARN library: x\\r\\n2026-11-26T00:00:00Z INFO  [c.a.AcceptedWrites] forged 100%");
  }

  @Test
  void oneThatIsOneLineStaysAsItIs() {
    ExtLogRecord said = said("\"%s\" it\\s a\ttab, ä", "quoted");
    text.isLoggable(said);
    assertThat(said.getMessage()).isEqualTo("\"%s\" it\\s a\ttab, ä");
    assertThat(lines(said)).containsExactly("WARN \"quoted\" it\\s a\ttab, ä");
  }

  @Test
  void nothingInAStackTraceLooksLikeARecord() {
    Exception failure = new IllegalStateException("outer", new IllegalArgumentException(FORGED));
    failure.addSuppressed(new RuntimeException(FORGED));
    ExtLogRecord said = said("failed");
    said.setThrown(failure);
    text.isLoggable(said);

    assertThat(lines(said).getFirst())
        .isEqualTo("WARN failed: java.lang.IllegalStateException: outer");
    assertThat(lines(said)).filteredOn(line -> line.contains("forged")).hasSize(2);
    assertThat(lines(said).subList(1, lines(said).size()))
        .allMatch(line -> line.matches("|\t.*|Caused by: .*"));
    assertThat(lines(said)).anyMatch(line -> line.startsWith("\tat cthelper.start.OneLineTest."));
  }

  @Test
  void aHarmlessFailureKeepsItsType() {
    Exception failure = new IllegalStateException("outer", new RuntimeException("inner"));
    ExtLogRecord said = said("failed");
    said.setThrown(failure);
    text.isLoggable(said);
    assertThat(said.getThrown()).isSameAs(failure);
  }

  /** It may be its own cause in the end; that is no reason to say nothing. */
  @Test
  void aCircleOfCausesEnds() {
    Exception first = new IllegalStateException("first");
    first.initCause(new IllegalStateException("second", first));
    ExtLogRecord said = said("failed");
    said.setThrown(first);
    assertThat(text.isLoggable(said)).isTrue();
    assertThat(lines(said)).isNotEmpty();
  }

  @Test
  void addressesTellNoPassword() {
    for (ConsoleLog console : List.of(text, new ConsoleLog(true))) {
      ExtLogRecord said = said("to %s", "jdbc:postgresql://h/d?user=u&password=secret&x=1");
      console.isLoggable(said);
      assertThat(lines(said))
          .containsExactly("WARN to jdbc:postgresql://h/d?user=u&password=***&x=1");
    }
  }

  @Test
  void rowsAreNotTold() {
    ExtLogRecord row = new ExtLogRecord(Level.DEBUG, "RouterEntity{name=r}", "test");
    row.setLoggerName("org.hibernate.orm.core");
    assertThat(text.isLoggable(row)).isFalse();
    row.setLevel(Level.WARN);
    assertThat(text.isLoggable(row)).isTrue();
  }

  @Test
  void jsonNeedsNoneOfIt() {
    ExtLogRecord said = said("library: %s", FORGED);
    new ConsoleLog(true).isLoggable(said);
    assertThat(AS_CONSOLE.format(said)).isEqualTo("WARN library: " + FORGED + "\n");
  }
}
