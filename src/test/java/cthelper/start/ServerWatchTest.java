package cthelper.start;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What PostgreSQL 18 writes into its log while it starts. */
class ServerWatchTest {

  private static final String READY =
      "2026-11-25 20:59:00.795 UTC [22466] LOG:  database system is ready to accept connections\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-25 20:59:00.260 UTC [22437] FATAL:  the database system is starting up\n",
        "2026-11-25 20:59:00.260 UTC [22437] FATAL:  the database system is not yet accepting"
            + " connections\n",
        "2026-11-25 20:59:00.260 UTC [22437] FATAL:  the database system is shutting down\n"
      })
  void whoAsksTooEarlyIsTurnedAwayAndTheServerGoesOn(String said) {
    assertThat(ServerWatch.saysFatal(said)).isFalse();
    assertThat(ServerWatch.saysFatal(said + READY)).isFalse();
  }

  @Test
  void lineThatIsNotWrittenToItsEndSaysNothingYet() {
    String line =
        "2026-11-25 20:59:00.260 UTC [22437] FATAL:  the database system is starting up\n";
    for (int written = 0; written < line.length(); written++) {
      assertThat(ServerWatch.saysFatal(line.substring(0, written))).isFalse();
    }
  }

  @Test
  void serverThatGivesUpSaysSo() {
    String givenUp = "2026-11-25 20:59:00.261 UTC [22466] FATAL:  could not create any sockets\n";
    assertThat(ServerWatch.saysFatal(givenUp)).isTrue();
    assertThat(ServerWatch.saysFatal(READY + givenUp)).isTrue();
  }
}
