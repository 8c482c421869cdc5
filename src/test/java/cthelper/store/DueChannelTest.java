package cthelper.store;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.RouterId;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one replica tells another one understands, and nobody himself. */
@QuarkusTest
class DueChannelTest {

  private static final MaybeDue NOWHERE = MaybeDue.in(Set.of());
  private static final RouterId ROUTER = RouterId.random();
  private static final RouterId OTHER_ROUTER = RouterId.random();
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofSeconds(10);

  @Inject Statements statements;
  @Inject Instance<AgroalDataSource> database;
  private DueChannel channel;
  private DueChannel.Listening other;

  @BeforeEach
  void listen() {
    channel = new DueChannel(statements, database, new ThisReplica());
    other = new DueChannel(statements, database, new ThisReplica()).listen();
  }

  @AfterEach
  void close() {
    other.close();
  }

  @Test
  void routersAreNamed() {
    MaybeDue due = MaybeDue.in(Set.of(ROUTER, OTHER_ROUTER));
    channel.tell(due);

    assertThat(other.await(LONG)).isEqualTo(due);
    assertThat(other.await(SHORT)).isEqualTo(NOWHERE);
  }

  @Test
  void asManyAsMayBeNamedFitIntoOneMessage() {
    MaybeDue due =
        MaybeDue.in(
            Stream.generate(RouterId::random).limit(MaybeDue.MOST).collect(Collectors.toSet()));
    channel.tell(due);

    assertThat(due.routers()).hasSize(MaybeDue.MOST);
    assertThat(other.await(LONG)).isEqualTo(due);
  }

  @Test
  void anywhereIsSaidInOneWord() {
    channel.tell(MaybeDue.ANYWHERE);

    assertThat(other.await(LONG)).isEqualTo(MaybeDue.ANYWHERE);
  }

  @Test
  void nobodyHearsHimself() {
    try (DueChannel.Listening self = channel.listen()) {
      channel.tell(MaybeDue.ANYWHERE);

      assertThat(other.await(LONG)).isEqualTo(MaybeDue.ANYWHERE);
      assertThat(self.await(SHORT)).isEqualTo(NOWHERE);
    }
  }

  /** Of versions before and after this one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1",
        "5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1 everything",
        "5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1 0b1c2d3e-0000-4000-8000-000000000001 and=more",
        ""
      })
  void whatIsNotUnderstoodIsAboutEverything(String message) {
    statements.list("SELECT pg_notify('conntrack_helper_due', ?)", _ -> message, message);

    assertThat(other.await(LONG)).isEqualTo(MaybeDue.ANYWHERE);
  }
}
