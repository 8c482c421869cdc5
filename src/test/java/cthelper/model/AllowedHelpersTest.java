package cthelper.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class AllowedHelpersTest {

  @Test
  void everythingIsTheWholeCatalogue() {
    assertThat(AllowedHelpers.everything().types()).isEqualTo(HelperCatalog.all());
  }

  @Test
  void onlyNamedPairsAreAllowed() {
    AllowedHelpers allowed = AllowedHelpers.parse(List.of("sip:udp", " tftp:udp "));

    assertThat(allowed.types())
        .extracting(HelperType::toString)
        .containsExactly("sip:udp", "tftp:udp");
    assertThat(allowed.allowsName("sip")).isTrue();
    assertThat(allowed.allowsName("ftp")).isFalse();
    assertThat(allowed.find("sip", Protocol.UDP)).isPresent();
    assertThat(allowed.find("sip", Protocol.TCP)).isEmpty();
    assertThat(allowed.protocolsOf("sip")).containsExactly(Protocol.UDP);
    assertThat(allowed.protocolsOf("ftp")).isEmpty();
  }

  @Test
  void protocolsAreSortedByName() {
    assertThat(AllowedHelpers.everything().protocolsOf("h323"))
        .containsExactly(Protocol.TCP, Protocol.UDP);
  }

  @Test
  void everyPairThatNoKernelCanServeIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AllowedHelpers.parse(List.of("ftp:tcp", "amanda:tcp", "ftp")))
        .withMessageStartingWith("no kernel can serve amanda:tcp, ftp; possible are amanda:udp, ");
  }
}
