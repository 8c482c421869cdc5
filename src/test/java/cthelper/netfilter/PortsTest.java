package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PortsTest {

  private static final Ports NONE = Ports.between(1, 0);

  @Test
  void rangeContainsBothItsEnds() {
    Ports ports = Ports.between(20, 30);

    assertThat(ports.contains(20)).isTrue();
    assertThat(ports.contains(30)).isTrue();
    assertThat(ports.contains(19)).isFalse();
    assertThat(ports.contains(31)).isFalse();
  }

  @Test
  void allOthersAreTheGaps() {
    assertThat(Ports.between(20, 30).not()).hasToString("0-19, 31-65535");
    assertThat(Ports.between(0, 30).not()).hasToString("31-65535");
    assertThat(Ports.between(20, 65535).not()).hasToString("0-19");
    assertThat(Ports.ALL.not()).isEqualTo(NONE);
    assertThat(NONE.not()).isEqualTo(Ports.ALL);
    assertThat(Ports.between(20, 30).not().not()).isEqualTo(Ports.between(20, 30));
  }

  @Test
  void unionJoinsWhatTouches() {
    assertThat(Ports.between(20, 30).or(Ports.between(31, 40))).isEqualTo(Ports.between(20, 40));
    assertThat(Ports.between(21, 21).or(Ports.between(1, 1))).hasToString("1, 21");
  }

  @Test
  void intersectionKeepsWhatIsInBoth() {
    Ports some = Ports.between(1, 10).or(Ports.between(20, 30));

    assertThat(some.and(Ports.between(5, 25))).hasToString("5-10, 20-25");
    assertThat(some.and(Ports.ALL)).isEqualTo(some);
    assertThat(Ports.ALL.and(some)).isEqualTo(some);
    assertThat(some.and(Ports.between(11, 19))).isEqualTo(NONE);
  }
}
