package cthelper.netfilter;

import static cthelper.netfilter.KernelFixture.FTP;
import static cthelper.netfilter.KernelFixture.TFTP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cthelper.lab.RealRoot;
import cthelper.model.AddressFamily;
import cthelper.model.HelperSpec;
import cthelper.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What iptables(8) puts before our table, in both its variants. */
class IptablesAssignmentsKernelTest {

  private static final HelperSpec FTP_ELSEWHERE = new HelperSpec(FTP.spec().type(), 2121);

  private final KernelFixture kernel = new KernelFixture();
  private final TestNamespace namespace = kernel.namespace();
  private final NamespaceDoor door = new NamespaceDoor(new LinuxSystemCalls());

  enum Variant {
    NFT("iptables-nft", "ip6tables-nft", "iptables"),
    LEGACY("iptables-legacy", "ip6tables-legacy", "iptables-legacy");

    private final String ipv4Program;
    private final String ipv6Program;
    private final String said;

    Variant(String ipv4Program, String ipv6Program, String said) {
      this.ipv4Program = ipv4Program;
      this.ipv6Program = ipv6Program;
      this.said = said;
    }

    String ipv4(String chain) {
      return "table ip raw chain %s (%s)".formatted(chain, said);
    }

    String ipv6(String chain) {
      return "table ip6 raw chain %s (%s)".formatted(chain, said);
    }
  }

  @AfterEach
  void deleteNamespace() {
    door.close();
    kernel.close();
  }

  @ParameterizedTest
  @EnumSource
  void assignmentIsNamed(Variant variant) {
    raw(variant, "-A PREROUTING -p tcp --dport 21 -m comment --comment x -j CT --helper ftp");

    assertThat(foreign(variant))
        .containsExactly(
            ftp(variant.ipv4("PREROUTING"), AddressFamily.IPV4),
            ftp(variant.ipv6("PREROUTING"), AddressFamily.IPV6));
  }

  private static ForeignAssignment ftp(String where, AddressFamily family) {
    return new ForeignAssignment(
        where, "ftp", Set.of(family), Set.of(Protocol.TCP), Ports.between(21, 21), true);
  }

  @ParameterizedTest
  @EnumSource
  void understoodConditionsOverrideTheirPort(Variant variant) {
    raw(
        variant,
        "-A PREROUTING -p tcp -m multiport --dports 1,20:30,100 -j CT --helper ftp",
        "-A PREROUTING -p udp ! --dport 70:80 -j CT --helper tftp");

    assertThat(foreign(variant)).anyMatch(assignment -> assignment.overrides(FTP.spec()));
    assertThat(foreign(variant)).anyMatch(assignment -> assignment.overrides(TFTP.spec()));
    assertThat(foreign(variant)).noneMatch(assignment -> assignment.mayOverride(FTP_ELSEWHERE));
    assertThat(foreign(variant))
        .extracting(ForeignAssignment::ports)
        .extracting(Ports::toString)
        .containsExactly("1, 20-30, 100", "0-69, 81-65535", "1, 20-30, 100", "0-69, 81-65535");
  }

  @ParameterizedTest
  @EnumSource
  void otherConditionsMayOverrideIt(Variant variant) {
    raw(
        variant,
        "-N a",
        "-N b",
        "-N c",
        "-N d",
        "-A PREROUTING -s NETWORK -j a",
        "-A PREROUTING -i eth+ -j b",
        "-A PREROUTING -p tcp --sport 1024 --dport 21 -j c",
        "-A PREROUTING -p tcp --syn -j d",
        "-A a -p tcp --dport 21 -j CT --helper ftp",
        "-A b -p tcp --dport 21 -j CT --helper ftp",
        "-A c -p tcp -j CT --helper ftp",
        "-A d -p tcp --dport 21 -j CT --helper ftp",
        "-A PREROUTING -p tcp --dport 21 -m mark --mark 5 -j CT --helper ftp");

    assertThat(foreign(variant))
        .hasSize(10)
        .allMatch(assignment -> assignment.mayOverride(FTP.spec()))
        .noneMatch(assignment -> assignment.overrides(FTP.spec()))
        .noneMatch(assignment -> assignment.mayOverride(FTP_ELSEWHERE));
  }

  @ParameterizedTest
  @EnumSource
  void chainThatHoldsTheRuleIsNamed(Variant variant) {
    raw(
        variant,
        "-N empty",
        "-N router-pre",
        "-A PREROUTING -j empty",
        "-A PREROUTING -p udp -j ACCEPT",
        "-A PREROUTING -p tcp -j router-pre",
        "-A router-pre -p tcp --dport 2121 -j RETURN",
        "-A router-pre -p tcp --dport 21 -j CT --helper ftp",
        "-A router-pre -p tcp --dport 2121 -j CT --helper ftp");

    assertThat(foreign(variant))
        .extracting(ForeignAssignment::where)
        .containsOnly(variant.ipv4("router-pre"), variant.ipv6("router-pre"));
    assertThat(foreign(variant)).anyMatch(assignment -> assignment.overrides(FTP.spec()));
    assertThat(foreign(variant)).anyMatch(assignment -> assignment.mayOverride(FTP_ELSEWHERE));
    assertThat(foreign(variant)).noneMatch(assignment -> assignment.overrides(FTP_ELSEWHERE));
  }

  @ParameterizedTest
  @EnumSource
  void ruleAfterAGotoIsUncertain(Variant variant) {
    raw(
        variant,
        "-N away",
        "-A PREROUTING -p tcp -g away",
        "-A PREROUTING -p tcp --dport 21 -j CT --helper ftp");

    assertThat(foreign(variant)).hasSize(2).noneMatch(ForeignAssignment::certain);
  }

  @ParameterizedTest
  @EnumSource
  void untrackedConnectionsGetNoHelper(Variant variant) {
    raw(variant, "-A PREROUTING -p tcp --dport 21 -j CT --notrack");

    assertThat(foreign(variant))
        .hasSize(2)
        .allMatch(assignment -> assignment.helper().equals(ForeignAssignment.NOTRACK))
        .allMatch(assignment -> assignment.overrides(FTP.spec()));
  }

  @ParameterizedTest
  @EnumSource
  void zoneTakesThePlaceOfALaterHelper(Variant variant) {
    raw(
        variant,
        "-A PREROUTING -p tcp --dport 21 -j CT --zone 1",
        "-A PREROUTING -p tcp -m multiport --dports 21,2121 -j CT --helper ftp");

    assertThat(foreign(variant)).hasSize(2).noneMatch(ForeignAssignment::certain);
  }

  @ParameterizedTest
  @EnumSource
  void rulesOfTheRoutersOwnTrafficHaveNoEffect(Variant variant) {
    raw(variant, "-A OUTPUT -p tcp --dport 21 -j CT --helper ftp");

    assertThat(foreign(variant)).isEmpty();
  }

  @Test
  void damagedTablesNeverThrow() {
    raw(
        Variant.LEGACY,
        "-N sub",
        "-A PREROUTING -p tcp -m multiport --dports 1,20:30 -j sub",
        "-A sub -p tcp --dport 21 -m comment --comment x -j CT --helper ftp");
    List<LegacyReading> readings = new ArrayList<>();
    try (NamespaceDoor damaged = new NamespaceDoor(DamagedAnswers.of(42))) {
      for (int i = 0; i < 300; i++) {
        readings.add(damaged.readLegacy(namespace.path(), kernel.socket().cookie()));
      }
    }

    assertThat(readings).hasAtLeastOneElementOfType(LegacyReading.Read.class);
    assertThat(readings)
        .anyMatch(reading ->
            reading instanceof LegacyReading.Failed failed && failed.errno().equals(Errno.EBADMSG));
  }

  @Test
  void lookingForLegacyTablesMakesNone() {
    assertThat(door.readLegacy(namespace.path(), kernel.socket().cookie()))
        .isEqualTo(new LegacyReading.Read(List.of()));
    assertThat(namespace.run("cat", "/proc/net/ip_tables_names").orFail()).isEmpty();
    assertThat(namespace.run("cat", "/proc/net/ip6_tables_names").orFail()).isEmpty();
  }

  @Test
  void nameThatStandsForAnotherNamespaceIsNotRead() {
    try (TestNamespace other = TestNamespace.create()) {
      assertThat(door.readLegacy(other.path(), kernel.socket().cookie()))
          .isEqualTo(new LegacyReading.Gone());
    }
    assertThat(door.readLegacy(namespace.path().resolveSibling("none"), 1))
        .isEqualTo(new LegacyReading.Gone());
  }

  /** Adds the rules to both families' tables. */
  private void raw(Variant variant, String... rules) {
    assumeTrue(
        variant == Variant.NFT || RealRoot.is(),
        "iptables-legacy locks a file of the machine's root");
    List<String> commands = new ArrayList<>();
    for (String rule : rules) {
      String ipv4 = rule.replace("NETWORK", "10.0.0.0/8");
      String ipv6 = rule.replace("NETWORK", "fd98::/16");
      commands.add("%s -w -t raw %s".formatted(variant.ipv4Program, ipv4));
      commands.add("%s -w -t raw %s".formatted(variant.ipv6Program, ipv6));
    }
    namespace.run("sh", "-c", String.join(" && ", commands)).orFail();
  }

  private List<ForeignAssignment> foreign(Variant variant) {
    List<ForeignAssignment> nft =
        ((ForeignReading.Read) ForeignAssignments.read(kernel.socket())).assignments();
    List<ForeignAssignment> legacy =
        ((LegacyReading.Read) door.readLegacy(namespace.path(), kernel.socket().cookie()))
            .assignments();
    assertThat(variant == Variant.NFT ? legacy : nft).isEmpty();
    return variant == Variant.NFT ? nft : legacy;
  }
}
