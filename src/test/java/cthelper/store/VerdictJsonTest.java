package cthelper.store;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.AddressFamily;
import cthelper.model.DesiredHelper;
import cthelper.model.Reason;
import cthelper.model.Verdict;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictJsonTest {

  private static final DesiredHelper FTP =
      new DesiredHelper(UUID.fromString("6f1c0000-0000-4000-8000-000000000001"), 3, Fixture.FTP_21);

  @Test
  void provenVerdictNamesItsFamilies() {
    Verdict proven = Verdict.proven(FTP, EnumSet.allOf(AddressFamily.class));

    String json = VerdictJson.write(List.of(proven));

    assertThat(json)
        .isEqualTo(
            "[{\"helper\":\"6f1c0000-0000-4000-8000-000000000001\",\"revision\":3,"
                + "\"families\":[2,10]}]");
    assertThat(VerdictJson.read(json)).containsExactly(proven);
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void whatIsWrittenIsRead(Reason reason) {
    Verdict refused = Verdict.refused(FTP, reason, "says \"no\"\n");

    assertThat(VerdictJson.read(VerdictJson.write(List.of(refused, refused))))
        .containsExactly(refused, refused);
  }

  @Test
  void whatNewerVersionWroteIsUnderstoodAsFarAsPossible() {
    String json =
        """
        [{"helper": "6f1c0000-0000-4000-8000-000000000001", "revision": 3, "families": [2, 99],
          "reason": "moon-phase", "detail": "full", "more": {}}]
        """;

    assertThat(VerdictJson.read(json))
        .containsExactly(
            new Verdict(
                FTP.id(), 3, false, EnumSet.of(AddressFamily.IPV4), Reason.KERNEL_ERROR, "full"));
  }
}
