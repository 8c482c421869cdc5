package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.AddressFamily;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperType;
import cthelper.model.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the builders write is, octet for octet, what a kernel accepted. */
class NetlinkGoldenTest {

  private static final String TABLE = "conntrack_helpers";
  private static final HelperType FTP = HelperCatalog.find("ftp", Protocol.TCP).orElseThrow();
  private static final HelperType TFTP = HelperCatalog.find("tftp", Protocol.UDP).orElseThrow();
  private static final HelperType IRC = HelperCatalog.find("irc", Protocol.TCP).orElseThrow();
  private static final SetElement FTP_AT_21 =
      mapElement(Protocol.TCP, 21, FTP, Optional.of("7c1f0a52-3b1d-4a6e-9d0e-5b8f8f7c2a11"));

  @TestFactory
  Stream<DynamicTest> requestIsWrittenAsTheKernelAcceptedIt() {
    return written().entrySet().stream()
        .map(request ->
            DynamicTest.dynamicTest(
                request.getKey(),
                () ->
                    assertThat(GoldenBytes.text(request.getValue()))
                        .isEqualTo(GoldenBytes.text(GoldenBytes.of(request.getKey())))));
  }

  @Test
  void everyGoldenRequestIsWrittenBySomeBuilder() {
    assertThat(GoldenBytes.names())
        .filteredOn(name -> !name.startsWith("answers/") && !name.startsWith("reading/"))
        .containsExactlyElementsOf(written().keySet());
  }

  @Test
  void yesIsRead() {
    NetlinkMessage message = answer("answers/yes");
    assertThat(message.sequence()).isEqualTo(7);
    assertThat(message.acknowledgement())
        .isEqualTo(new Acknowledgement(Optional.empty(), OptionalInt.empty(), ""));
  }

  @Test
  void noPointsAtTheCulprit() {
    NetlinkMessage message = answer("answers/no-because-of-the-third-element");
    assertThat(message.sequence()).isEqualTo(109);
    assertThat(message.acknowledgement())
        .isEqualTo(new Acknowledgement(Optional.of(Errno.ENOENT), OptionalInt.of(132), ""));
  }

  private static NetlinkMessage answer(String name) {
    return NetlinkMessage.readAll(GoldenBytes.of(name)).getFirst();
  }

  private static Map<String, byte[]> written() {
    Map<String, byte[]> written = new TreeMap<>();
    ensure(written);
    fence(written);
    compareAndSwap(written);
    written.put("delete/01-destroy-table", destroyTable().acknowledged().toBytes(1));
    probe(written);
    conntrack(written);
    return written;
  }

  private static void ensure(Map<String, byte[]> written) {
    written.put("ensure/01-batch-begin", NftChanges.batchBegin().toBytes(0));
    List<NetlinkRequest> requests =
        List.of(
            NftChanges.newTable(TABLE, 6, Optional.empty()),
            NftChanges.newHelper(TABLE, FTP),
            NftChanges.newHelper(TABLE, TFTP),
            NftChanges.newSet(TABLE, "assign", SetType.portsToHelpers(), 1),
            NftChanges.newPreroutingChain(TABLE, "prerouting", -150),
            deleteRules(),
            NftChanges.newRule(TABLE, "prerouting", new HelperRule("assign")::write),
            NftChanges.flush(TABLE, "assign"),
            NftChanges.newElements(
                TABLE,
                "assign",
                List.of(FTP_AT_21, mapElement(Protocol.UDP, 69, TFTP, Optional.empty()))));
    List<String> names =
        List.of(
            "02-new-table",
            "03-new-object",
            "04-new-object",
            "05-new-set",
            "06-new-chain",
            "07-delete-rules",
            "08-new-rule",
            "09-delete-elements",
            "10-new-elements");
    for (int i = 0; i < names.size(); i++) {
      written.put("ensure/" + names.get(i), requests.get(i).acknowledged().toBytes(i + 1));
    }
    written.put("ensure/11-batch-end", NftChanges.batchEnd().toBytes(0));
  }

  private static void fence(Map<String, byte[]> written) {
    written.put(
        "fence/01-new-set",
        NftChanges.newSet(TABLE, "revision", SetType.marks(2), 2).acknowledged().toBytes(1));
    written.put("fence/02-delete-elements", NftChanges.flush(TABLE, "revision").toBytes(2));
    written.put(
        "fence/03-new-elements",
        NftChanges.newElements(TABLE, "revision", List.of(marks(7, 42))).acknowledged().toBytes(3));
    written.put("fence/04-new-object", newQuota().acknowledged().toBytes(1));
  }

  private static void compareAndSwap(Map<String, byte[]> written) {
    written.put("compare-and-swap/01-batch-begin", NftChanges.batchBegin(5).toBytes(0));
    written.put(
        "compare-and-swap/02-delete-elements",
        NftChanges.deleteElements(TABLE, "revision", List.of(marks(7, 42))).toBytes(1));
    written.put(
        "compare-and-swap/03-new-elements",
        NftChanges.newElements(TABLE, "revision", List.of(marks(7, 43))).toBytes(2));
    SetElement added = mapElement(Protocol.TCP, 2121, FTP, Optional.of("uuid-2"));
    written.put(
        "compare-and-swap/04-new-elements",
        NftChanges.newElements(TABLE, "assign", List.of(added)).toBytes(3));
    SetElement deleted = SetElement.of(ElementKey.port(Protocol.UDP.number(), 69));
    written.put(
        "compare-and-swap/05-delete-elements",
        NftChanges.deleteElements(TABLE, "assign", List.of(deleted)).toBytes(4));
    written.put("compare-and-swap/06-batch-end", NftChanges.batchEnd().acknowledged().toBytes(99));
  }

  private static void probe(Map<String, byte[]> written) {
    written.put("probe/01-batch-begin", NftChanges.batchBegin().toBytes(0));
    written.put(
        "probe/02-new-table",
        NftChanges.newTable("probe_x", 6, Optional.empty()).acknowledged().toBytes(1));
    written.put(
        "probe/03-new-object",
        NftChanges.newHelper("probe_x", "p1", IRC, Optional.of(AddressFamily.IPV6))
            .acknowledged()
            .toBytes(2));
  }

  private static void conntrack(Map<String, byte[]> written) {
    written.put(
        "conntrack/01-statistics", ConntrackRequests.statistics().acknowledged().toBytes(1));
    written.put("conntrack/02-connections", ConntrackRequests.connections().toBytes(1));
    written.put(
        "conntrack/03-connections-assigned-a-helper",
        ConntrackRequests.connectionsAssignedAHelper().toBytes(1));
    written.put("conntrack/04-expectations", ConntrackRequests.expectations().toBytes(1));
    written.put(
        "conntrack/05-detach-ipv4", detach(withId(ConntrackRecording.to(21), 0x344fe7a4), 0x501));
    written.put(
        "conntrack/06-detach-ipv6",
        detach(withId(ConntrackRecording.toFtpOverIpv6(), 0x830455fa), 0x501));
    written.put("conntrack/07-detach-in-a-zone", detach(ConntrackRecording.to(2121), 1));
    written.put(
        "conntrack/08-delete",
        ConntrackRequests.delete(ConntrackRecording.to(5070)).acknowledged().toBytes(1));
    written.put(
        "conntrack/09-delete-expectation",
        ConntrackRequests.delete(ConntrackRecording.expectation()).acknowledged().toBytes(1));
  }

  private static byte[] detach(ConntrackEntry connection, int sequence) {
    return ConntrackRequests.detach(connection).acknowledged().toBytes(sequence);
  }

  /** The kernel draws another id each time. */
  private static ConntrackEntry withId(ConntrackEntry entry, int id) {
    return new ConntrackEntry(
        entry.family(), entry.original(), entry.helper(), entry.master(), entry.zone(), id);
  }

  private static SetElement mapElement(
      Protocol protocol, int port, HelperType type, Optional<String> comment) {
    return new SetElement(
        ElementKey.port(protocol.number(), port), Optional.of(type.objectName()), comment);
  }

  private static SetElement marks(int... marks) {
    return SetElement.of(ElementKey.marks(marks));
  }

  /** Not used by the product: all rules of a chain. */
  private static NetlinkRequest deleteRules() {
    return NetlinkRequest.of(
        0xa08, 0, Nft.INET, 0, content -> content.string(1, TABLE).string(2, "prerouting"));
  }

  /** Not used by the product: needs Linux 6.3. */
  private static NetlinkRequest destroyTable() {
    return NetlinkRequest.of(0xa1a, 0, Nft.INET, 0, content -> content.string(1, TABLE));
  }

  /** Not used by the product: the other way to keep a number in a table. */
  private static NetlinkRequest newQuota() {
    return NetlinkRequest.of(
        0xa12,
        NetlinkRequest.FLAG_CREATE,
        Nft.INET,
        0,
        content ->
            content
                .string(1, TABLE)
                .string(2, "rev2")
                .integer(3, 2)
                .nest(
                    4,
                    quota -> quota.bytes(1, new byte[] {0, 0, 0, 0, 0, 0, 0, 47}).integer(2, 0)));
  }
}
