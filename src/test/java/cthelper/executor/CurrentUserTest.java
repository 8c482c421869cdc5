package cthelper.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who we are, seen from inside and from outside of our user namespace. */
class CurrentUserTest {

  @ParameterizedTest
  @CsvSource({
    "0,    0 0 4294967295, 0",
    "1000, 0 0 4294967295, 1000",
    "0,    0 1000 1,       1000",
    "7,    0 100000 65536, 100007",
    "7,    0 1000 1,       7"
  })
  void theMapTellsWhoThatIsOutside(long id, String map, long outside) throws IOException {
    List<String> status =
        List.of("Name:\tUid: 1 2 3 4", "Uid:\t1\t2\t3\t" + id, "Gid:\t5\t5\t5\t5");
    assertThat(CurrentUser.of(status, List.of("         " + map)))
        .isEqualTo(new CurrentUser(id, outside));
  }

  @Test
  void withoutTheKernelsWordNobodyIsAnyone() {
    assertThatThrownBy(() -> CurrentUser.of(List.of("Name:\tjava"), List.of()))
        .hasMessage("/proc/self/status has no Uid");
  }
}
