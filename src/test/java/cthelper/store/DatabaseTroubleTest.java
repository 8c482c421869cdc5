package cthelper.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTroubleTest {

  @ParameterizedTest
  @ValueSource(strings = {"08006", "08001", "53300", "57P01", "57P03", "57014", "25006"})
  void passingTrouble(String state) {
    SQLException cause = new SQLException("away", state);
    IllegalStateException hiding = new IllegalStateException("rolled back");
    hiding.addSuppressed(cause);

    assertThat(DatabaseTrouble.isBehind(cause)).isTrue();
    assertThat(DatabaseTrouble.isBehind(new IllegalStateException(new RuntimeException(cause))))
        .isTrue();
    assertThat(DatabaseTrouble.isBehind(hiding)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "42601", "22021", "42P01"})
  void mistakeOfOurs(String state) {
    assertThat(DatabaseTrouble.isBehind(new SQLException("wrong", state))).isFalse();
  }

  @Test
  void poolWithoutConnectionIsPassing() {
    assertThat(DatabaseTrouble.isBehind(new SQLException("no connection in time"))).isTrue();
  }

  @Test
  void otherFailuresAndLoopsAreNoTroubleOfTheDatabase() {
    RuntimeException one = new RuntimeException("one");
    RuntimeException two = new RuntimeException("two", one);
    one.initCause(two);

    assertThat(DatabaseTrouble.isBehind(one)).isFalse();
  }
}
