package cthelper.netfilter;

import static cthelper.netfilter.KernelFixture.FTP;
import static cthelper.netfilter.KernelFixture.TFTP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cthelper.lab.RealRoot;
import cthelper.model.AddressFamily;
import cthelper.model.HelperSpec;
import cthelper.model.Protocol;
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

  private enum Program {
    IPTABLES_NFT("iptables-nft", AddressFamily.IPV4, "ip raw", "iptables"),
    IP6TABLES_NFT("ip6tables-nft", AddressFamily.IPV6, "ip6 raw", "iptables"),
    IPTABLES_LEGACY("iptables-legacy", AddressFamily.IPV4, "ip raw", "iptables-legacy"),
    IP6TABLES_LEGACY("ip6tables-legacy", AddressFamily.IPV6, "ip6 raw", "iptables-legacy");

    private final String command;
    private final AddressFamily family;
    private final String table;
    private final String said;

    Program(String command, AddressFamily family, String table, String said) {
      this.command = command;
      this.family = family;
      this.table = table;
      this.said = said;
    }

    boolean isLegacy() {
      return said.endsWith("legacy");
    }

    String where(String chain) {
      return "table %s chain %s (%s)".formatted(table, chain, said);
    }

    /** An address range in the family's words. */
    String network() {
      return family == AddressFamily.IPV4 ? "10.0.0.0/8" : "fd98::/16";
    }
  }

  @AfterEach
  void deleteNamespace() {
    door.close();
    kernel.close();
  }

  @ParameterizedTest
  @EnumSource
  void assignmentIsNamed(Program program) {
    raw(program, "-A PREROUTING -p tcp --dport 21 -m comment --comment x -j CT --helper ftp");

    assertThat(foreign(program))
        .containsExactly(
            new ForeignAssignment(
                program.where("PREROUTING"),
                "ftp",
                Set.of(program.family),
                Set.of(Protocol.TCP),
                Ports.between(21, 21),
                true));
  }

  @ParameterizedTest
  @EnumSource
  void understoodConditionsOverrideTheirPort(Program program) {
    raw(
        program,
        "-A PREROUTING -p tcp -m multiport --dports 1,20:30,100 -j CT --helper ftp",
        "-A PREROUTING -p udp ! --dport 70:80 -j CT --helper tftp");

    assertThat(foreign(program)).anyMatch(assignment -> assignment.overrides(FTP.spec()));
    assertThat(foreign(program)).anyMatch(assignment -> assignment.overrides(TFTP.spec()));
    assertThat(foreign(program)).noneMatch(assignment -> assignment.mayOverride(FTP_ELSEWHERE));
    assertThat(foreign(program))
        .extracting(ForeignAssignment::ports)
        .extracting(Ports::toString)
        .containsExactly("1, 20-30, 100", "0-69, 81-65535");
  }

  @ParameterizedTest
  @EnumSource
  void otherConditionsMayOverrideIt(Program program) {
    raw(
        program,
        "-A PREROUTING -p tcp --dport 21 -s %s -j CT --helper ftp".formatted(program.network()),
        "-A PREROUTING -p tcp --dport 21 -i eth+ -j CT --helper ftp",
        "-A PREROUTING -p tcp --dport 21 --sport 1024 -j CT --helper ftp",
        "-A PREROUTING -p tcp --dport 21 --syn -j CT --helper ftp",
        "-A PREROUTING -p tcp --dport 21 -m mark --mark 5 -j CT --helper ftp");

    assertThat(foreign(program))
        .hasSize(5)
        .allMatch(assignment -> assignment.mayOverride(FTP.spec()))
        .noneMatch(assignment -> assignment.overrides(FTP.spec()))
        .noneMatch(assignment -> assignment.mayOverride(FTP_ELSEWHERE));
  }

  @ParameterizedTest
  @EnumSource
  void chainThatHoldsTheRuleIsNamed(Program program) {
    raw(
        program,
        "-N empty",
        "-N router-pre",
        "-A PREROUTING -j empty",
        "-A PREROUTING -p udp -j ACCEPT",
        "-A PREROUTING -p tcp -j router-pre",
        "-A router-pre -p tcp --dport 2121 -j RETURN",
        "-A router-pre -p tcp --dport 21 -j CT --helper ftp",
        "-A router-pre -p tcp --dport 2121 -j CT --helper ftp");

    assertThat(foreign(program))
        .extracting(ForeignAssignment::where)
        .containsOnly(program.where("router-pre"));
    assertThat(foreign(program)).anyMatch(assignment -> assignment.overrides(FTP.spec()));
    assertThat(foreign(program)).anyMatch(assignment -> assignment.mayOverride(FTP_ELSEWHERE));
    assertThat(foreign(program)).noneMatch(assignment -> assignment.overrides(FTP_ELSEWHERE));
  }

  @ParameterizedTest
  @EnumSource
  void ruleAfterAGotoIsUncertain(Program program) {
    raw(
        program,
        "-N away",
        "-A PREROUTING -p tcp -g away",
        "-A PREROUTING -p tcp --dport 21 -j CT --helper ftp");

    assertThat(foreign(program))
        .singleElement()
        .satisfies(assignment -> assertThat(assignment.certain()).isFalse());
  }

  @ParameterizedTest
  @EnumSource
  void untrackedConnectionsGetNoHelper(Program program) {
    raw(program, "-A PREROUTING -p tcp --dport 21 -j CT --notrack");

    assertThat(foreign(program))
        .singleElement()
        .satisfies(assignment -> {
          assertThat(assignment.helper()).isEqualTo(ForeignAssignment.NOTRACK);
          assertThat(assignment.overrides(FTP.spec())).isTrue();
        });
  }

  @ParameterizedTest
  @EnumSource
  void zoneTakesThePlaceOfALaterHelper(Program program) {
    raw(
        program,
        "-A PREROUTING -p tcp --dport 21 -j CT --zone 1",
        "-A PREROUTING -p tcp -m multiport --dports 21,2121 -j CT --helper ftp");

    assertThat(foreign(program))
        .singleElement()
        .satisfies(assignment -> assertThat(assignment.certain()).isFalse());
  }

  @ParameterizedTest
  @EnumSource
  void rulesOfTheRoutersOwnTrafficHaveNoEffect(Program program) {
    raw(program, "-A OUTPUT -p tcp --dport 21 -j CT --helper ftp");

    assertThat(foreign(program)).isEmpty();
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

  private void raw(Program program, String... rules) {
    assumeTrue(
        !program.isLegacy() || RealRoot.is(), "iptables-legacy locks a file of the machine's root");
    for (String rule : rules) {
      String[] arguments = ("-w -t raw " + rule).split(" ");
      namespace.run(program.command, arguments).orFail();
    }
  }

  private List<ForeignAssignment> foreign(Program program) {
    if (program.isLegacy()) {
      assertThat(ForeignAssignments.read(kernel.socket()))
          .isInstanceOfSatisfying(
              ForeignReading.Read.class, read -> assertThat(read.assignments()).isEmpty());
      return ((LegacyReading.Read) door.readLegacy(namespace.path(), kernel.socket().cookie()))
          .assignments();
    }
    return ((ForeignReading.Read) ForeignAssignments.read(kernel.socket())).assignments();
  }
}
