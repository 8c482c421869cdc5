package cthelper.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of a stack trace each second one line is left; everything else is none of its business. */
class AcceptTroubleTest {

  private final AcceptTrouble filter = new AcceptTrouble();

  private static LogRecord said(String speaker, String failure) {
    LogRecord said = new LogRecord(Level.WARNING, "as it was");
    said.setLoggerName(speaker);
    said.setThrown(new IOException(failure));
    return said;
  }

  @Test
  void theFirstIsOneLineAndTheRestIsSilence() {
    LogRecord first = said("io.netty.channel.DefaultChannelPipeline", "Too many open files");
    LogRecord second = said("io.netty.channel.DefaultChannelPipeline", "Too many open files");
    assertThat(filter.isLoggable(first)).isTrue();
    assertThat(first.getThrown()).isNull();
    assertThat(first.getMessage())
        .startsWith("no new connection can be taken: too many open files in this process; raise");
    assertThat(filter.isLoggable(second)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "io.netty.channel.DefaultChannelPipeline, Connection reset by peer",
    "io.netty.channel.Other, Too many open files"
  })
  void anythingElsePassesAsItIs(String speaker, String failure) {
    for (int i = 0; i < 2; i++) {
      LogRecord said = said(speaker, failure);
      assertThat(filter.isLoggable(said)).isTrue();
      assertThat(said.getMessage()).isEqualTo("as it was");
      assertThat(said.getThrown()).isNotNull();
    }
  }
}
