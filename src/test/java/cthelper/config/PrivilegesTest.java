package cthelper.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What this process lacks for the executor role is told from the kernel's own words. */
class PrivilegesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "000001ffffffffff |",
        "0000000000201000 |",
        "8000000000201000 |",
        "0000000000200000 | CAP_NET_ADMIN",
        "0000000000001000 | CAP_SYS_ADMIN",
        "0000000000000000 | CAP_NET_ADMIN CAP_SYS_ADMIN",
        "ffffffffffdfefff | CAP_NET_ADMIN CAP_SYS_ADMIN"
      })
  void missingOnesAreNamed(String effective, @Nullable String missing) {
    List<String> status = List.of("Name:\tjava", "CapPrm:\t0", "CapEff:\t" + effective);
    List<String> names = missing == null ? List.of() : List.of(missing.split(" "));
    assertThat(Privileges.missing(HeldPrivileges.of(status))).containsExactlyElementsOf(names);
  }

  @Test
  void withoutTheKernelsWordEverythingIsMissing() {
    assertThat(Privileges.missing(HeldPrivileges.of(List.of("Name:\tCapEff: ffff"))))
        .containsExactly("CAP_NET_ADMIN", "CAP_SYS_ADMIN");
  }
}
