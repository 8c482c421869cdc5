package cthelper.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An existing value is a valid one. */
class ValuesTest {

  private static final UUID INSTALLATION = UUID.randomUUID();
  private static final HelperType FTP = HelperCatalog.find("ftp", Protocol.TCP).orElseThrow();
  private static final HelperType TFTP = HelperCatalog.find("tftp", Protocol.UDP).orElseThrow();

  @ParameterizedTest
  @ValueSource(ints = {1, 21, 65535})
  void portInRange(int port) {
    assertThat(new HelperSpec(FTP, port).port()).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 65536, Integer.MAX_VALUE})
  void portOutOfRange(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HelperSpec(FTP, port))
        .withMessageContaining(Integer.toString(port));
  }

  @Test
  void specsAreOrderedByProtocolNumberThenPort() {
    List<HelperSpec> ordered =
        List.of(new HelperSpec(FTP, 21), new HelperSpec(FTP, 2121), new HelperSpec(TFTP, 7));
    List<HelperSpec> sorted = new ArrayList<>(ordered);
    Collections.reverse(sorted);

    Collections.sort(sorted);

    assertThat(sorted).isEqualTo(ordered);
    assertThat(ordered.getFirst()).hasToString("ftp:tcp at port 21");
  }

  @Test
  void desiredStateHasOneHelperPerPortInFixedOrder() {
    RouterId router = RouterId.random();
    Fence fence = new Fence(INSTALLATION, 1, 1);
    DesiredHelper ftp = new DesiredHelper(UUID.randomUUID(), 1, new HelperSpec(FTP, 21));
    DesiredHelper tftp = new DesiredHelper(UUID.randomUUID(), 1, new HelperSpec(TFTP, 21));

    assertThat(new DesiredState(router, fence, List.of(tftp, ftp)))
        .isEqualTo(new DesiredState(router, fence, List.of(ftp, tftp)));
    assertThat(new DesiredState(router, fence, List.of()).isEmpty()).isTrue();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DesiredState(router, fence, List.of(ftp, ftp)));
  }

  @Test
  void desiredStateHasOneHelperPerPortWhateverItsType() {
    HelperType sip = HelperCatalog.find("sip", Protocol.TCP).orElseThrow();
    List<DesiredHelper> some =
        Stream.of(new HelperSpec(FTP, 2121), new HelperSpec(FTP, 5060), new HelperSpec(sip, 2121))
            .map(spec -> new DesiredHelper(UUID.randomUUID(), 1, spec))
            .toList();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DesiredState(RouterId.random(), new Fence(INSTALLATION, 1, 1), some));
  }

  @Test
  void laterFenceIsNewer() {
    Fence fence = new Fence(INSTALLATION, 1, 42);

    assertThat(new Fence(INSTALLATION, 1, 43).isNewerThan(fence)).isTrue();
    assertThat(new Fence(INSTALLATION, 2, 1).isNewerThan(fence)).isTrue();
    assertThat(new Fence(INSTALLATION, 1, 42).isNewerThan(fence)).isFalse();
    assertThat(new Fence(INSTALLATION, 1, 41).isNewerThan(fence)).isFalse();
    assertThat(fence).hasToString("1.42");
  }

  @Test
  void fencesOfTwoInstallationsHaveNoOrder() {
    Fence fence = new Fence(INSTALLATION, 1, 42);
    Fence foreign = new Fence(UUID.randomUUID(), 1, 41);

    assertThat(fence.isOfSameInstallation(foreign)).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> fence.isNewerThan(foreign));
    assertThatIllegalArgumentException().isThrownBy(() -> new Fence(INSTALLATION, -1, 0));
  }

  @Test
  void canonicalUuidIsRouterId() {
    String text = "5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1";

    assertThat(RouterId.parse(text)).contains(new RouterId(UUID.fromString(text)));
    assertThat(RouterId.parse(text).orElseThrow()).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "edge",
        "1-1-1-1-1",
        "5C9E1C6E-6A7B-4F52-9A53-0D0FB5D8A1C1",
        "5c9e1c6e6a7b4f529a530d0fb5d8a1c1",
        "5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1\n",
        "../5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1",
        "{5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1}",
        "٥c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1"
      })
  void anythingElseIsNoRouterId(String text) {
    assertThat(RouterId.parse(text)).isEmpty();
  }
}
