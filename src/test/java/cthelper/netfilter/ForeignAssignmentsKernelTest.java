package cthelper.netfilter;

import static cthelper.netfilter.KernelFixture.FTP;
import static cthelper.netfilter.KernelFixture.SIP;
import static cthelper.netfilter.KernelFixture.TFTP;
import static cthelper.netfilter.KernelFixture.fence;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.AddressFamily;
import cthelper.model.HelperSpec;
import cthelper.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nft(8) puts before our table. {@code f} is ftp over tcp, {@code s} sip over udp. */
class ForeignAssignmentsKernelTest {

  private static final HelperSpec FTP_ELSEWHERE = new HelperSpec(FTP.spec().type(), 2121);

  private final KernelFixture kernel = new KernelFixture();
  private final TestNamespace namespace = kernel.namespace();

  @AfterEach
  void deleteNamespace() {
    kernel.close();
  }

  @Test
  void earlierAssignmentIsNamed() {
    hook(-160, "tcp dport 21 ct helper set \"f\"");

    assertThat(foreign())
        .containsExactly(
            new ForeignAssignment(
                "table inet fw chain pre",
                "ftp",
                Set.of(AddressFamily.IPV4, AddressFamily.IPV6),
                Set.of(Protocol.TCP),
                Ports.between(21, 21),
                true));
  }

  @Test
  void understoodConditionsOverrideTheirPort() {
    assertEach(
        found ->
            found
                .anyMatch(assignment -> assignment.overrides(FTP.spec()))
                .noneMatch(assignment -> assignment.mayOverride(FTP_ELSEWHERE))
                .noneMatch(assignment -> assignment.mayOverride(TFTP.spec())),
        "tcp dport 21 counter ct helper set \"f\" comment \"x\"",
        "meta l4proto tcp th dport 20-30 ct state new ct helper set \"f\" accept",
        "tcp dport >= 10 tcp dport < 22 log ct helper set \"f\"",
        "tcp dport != 2121 ct helper set \"f\"",
        "meta nfproto ipv4 ct state new,related tcp dport 21 ct helper set \"f\"",
        "ct state != established tcp dport 21 ct helper set \"f\"",
        "tcp dport 21 jump sub",
        "tcp dport 21 goto sub",
        "ct state established,related accept; tcp dport 21 ct helper set \"f\"",
        "tcp dport 80 accept; udp dport 21 return; tcp dport 21 ct helper set \"f\"",
        "tcp dport 80 jump leaving; tcp dport 21 ct helper set \"f\"",
        "jump returning; tcp dport 21 ct helper set \"f\"",
        "tcp dport 21 meta mark set 5 ct helper set \"f\"");
  }

  @Test
  void otherConditionsMayOverrideIt() {
    assertEach(
        found ->
            found
                .anyMatch(assignment -> assignment.mayOverride(FTP.spec()))
                .noneMatch(assignment -> assignment.overrides(FTP.spec()))
                .noneMatch(assignment -> assignment.mayOverride(TFTP.spec())),
        "tcp dport @ports ct helper set \"f\"",
        "tcp dport { 21, 22 } ct helper set \"f\"",
        "tcp dport 21 meta mark 5 ct helper set \"f\"",
        "ip saddr 10.0.0.0/8 tcp dport 21 ct helper set \"f\"",
        "iifname \"eth0\" tcp dport 21 ct helper set \"f\"",
        "tcp sport 1024 tcp dport 21 ct helper set \"f\"",
        "tcp dport 21 limit rate 4/second ct helper set \"f\"",
        "ct helper set tcp dport map { 21 : \"f\" }",
        "tcp dport vmap { 21 : jump sub }",
        "meta mark 5 jump sub",
        "tcp dport 21 accept; tcp dport 21 ct helper set \"f\"",
        "tcp dport 21 return; tcp dport 21 ct helper set \"f\"",
        "tcp dport 21 goto returning; tcp dport 21 ct helper set \"f\"",
        "jump leaving; tcp dport 21 ct helper set \"f\"");
  }

  @Test
  void othersDoNotConcernIt() {
    assertEach(
        found -> found.noneMatch(assignment -> assignment.mayOverride(FTP.spec())),
        "tcp dport 2121 ct helper set \"f\"",
        "udp dport 21 ct helper set \"f\"",
        "tcp dport 21 ct helper set \"s\"",
        "ct state established tcp dport 21 ct helper set \"f\"",
        "tcp dport 21 counter accept",
        "tcp dport 2121 jump sub",
        "ip protocol icmp counter",
        "tcp dport 21 notrack");
  }

  @Test
  void withoutAPortAllOfTheProtocolAreOverridden() {
    hook(-160, "ct helper set \"f\"");

    assertThat(foreign()).anyMatch(assignment -> assignment.overrides(FTP_ELSEWHERE));
    assertThat(foreign()).noneMatch(assignment -> assignment.mayOverride(TFTP.spec()));
  }

  @ParameterizedTest
  @ValueSource(ints = {-140, -300})
  void afterOursOrBeforeConnectionsAreKnownItHasNoEffect(int priority) {
    hook(priority, "tcp dport 21 ct helper set \"f\"");

    assertThat(foreign()).isEmpty();
  }

  /** The order of registration decides, which is not to be read. */
  @ParameterizedTest
  @ValueSource(ints = {-150, -200})
  void atTheSamePriorityNobodyCanTell(int priority) {
    hook(priority, "tcp dport 21 ct helper set \"f\"");

    assertThat(foreign()).anyMatch(assignment -> assignment.mayOverride(FTP.spec()));
    assertThat(foreign()).noneMatch(assignment -> assignment.overrides(FTP.spec()));
  }

  @Test
  void untrackedConnectionsGetNoHelper() {
    hook(-300, "tcp dport 21 notrack");

    assertThat(foreign())
        .singleElement()
        .satisfies(assignment -> {
          assertThat(assignment.helper()).isEqualTo(ForeignAssignment.NOTRACK);
          assertThat(assignment.overrides(FTP.spec())).isTrue();
          assertThat(assignment.mayOverride(FTP_ELSEWHERE)).isFalse();
        });
  }

  @Test
  void connectionsHaveNoStateBeforeTheyAreKnown() {
    hook(-300, "ct state new tcp dport 21 notrack");

    assertThat(foreign()).noneMatch(assignment -> assignment.overrides(FTP.spec()));
  }

  @Test
  void dormantTableAndOtherHooksHaveNoEffect() {
    hook(-160, "tcp dport 21 ct helper set \"f\"");
    namespace.nft("add table inet fw { flags dormant; }").orFail();
    namespace
        .nft(
            """
            table ip out {
              ct helper f { type "ftp" protocol tcp; }
              chain out {
                type filter hook output priority -160;
                tcp dport 21 ct helper set "f"
              }
            }
            """)
        .orFail();

    assertThat(foreign()).isEmpty();
  }

  @Test
  void familyOfTheTableCounts() {
    namespace
        .nft(
            """
            table ip6 six {
              ct helper f { type "ftp" protocol tcp; }
              chain pre {
                type filter hook prerouting priority -160;
                tcp dport 21 ct helper set "f"
              }
            }
            """)
        .orFail();

    assertThat(foreign())
        .singleElement()
        .satisfies(assignment -> {
          assertThat(assignment.where()).isEqualTo("table ip6 six chain pre");
          assertThat(assignment.families()).containsExactly(AddressFamily.IPV6);
        });
  }

  @Test
  void oursIsNotForeign() {
    kernel.write(fence(42), FTP, SIP);

    assertThat(ForeignAssignments.read(kernel.socket()))
        .isEqualTo(new ForeignReading.Read(List.of(), kernel.read().generation()));
  }

  @Test
  void earliestComesFirst() {
    hook(-160, "tcp dport 21 ct helper set \"f\"");
    namespace
        .nft("table ip a { chain c { type filter hook prerouting priority -300; notrack; }; }")
        .orFail();

    assertThat(foreign())
        .extracting(ForeignAssignment::where)
        .containsExactly("table ip a chain c", "table inet fw chain pre");
  }

  @Test
  void damagedAnswersNeverThrow() {
    hook(-160, "meta l4proto tcp th dport 20-30 ct state new ct helper set \"f\"; jump sub");
    List<ForeignReading> readings = new ArrayList<>();
    try (NamespaceDoor door = new NamespaceDoor(DamagedAnswers.of(42));
        NamespaceSocket socket = ((Opening.Opened) door.open(namespace.path())).socket()) {
      for (int i = 0; i < 300; i++) {
        readings.add(ForeignAssignments.read(socket));
      }
    }

    assertThat(readings).hasAtLeastOneElementOfType(ForeignReading.Read.class);
    assertThat(readings)
        .anyMatch(reading ->
            reading instanceof ForeignReading.Failed failed
                && failed.errno().equals(Errno.EBADMSG));
  }

  private List<ForeignAssignment> foreign() {
    return ((ForeignReading.Read) ForeignAssignments.read(kernel.socket())).assignments();
  }

  private void hook(int priority, String rules) {
    namespace.nft(table("fw", priority, rules)).orFail();
  }

  /** Rules in tables of their own, with what is found in each. */
  private void assertEach(Consumer<ListAssert<ForeignAssignment>> expected, String... ofTables) {
    StringBuilder tables = new StringBuilder();
    for (int i = 0; i < ofTables.length; i++) {
      tables.append(table("fw" + i, -160, ofTables[i]));
    }
    namespace.nft(tables.toString()).orFail();
    List<ForeignAssignment> all = foreign();
    for (int i = 0; i < ofTables.length; i++) {
      String where = "table inet fw%d ".formatted(i);
      List<ForeignAssignment> found =
          all.stream().filter(assignment -> assignment.where().startsWith(where)).toList();
      expected.accept(assertThat(found).as(ofTables[i]));
    }
  }

  private static String table(String name, int priority, String rules) {
    return """
    table inet %s {
      ct helper f { type "ftp" protocol tcp; }
      ct helper s { type "sip" protocol udp; }
      set ports { type inet_service; elements = { 21 }; }
      chain sub { ct helper set "f"; }
      chain leaving { meta l4proto tcp accept; }
      chain returning { return; }
      chain pre {
        type filter hook prerouting priority %d;
        %s
      }
    }
    """
        .formatted(name, priority, rules);
  }
}
