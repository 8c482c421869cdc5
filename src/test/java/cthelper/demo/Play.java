package cthelper.demo;

import static cthelper.demo.Story.expect;

import cthelper.lab.FtpSession;
import cthelper.lab.Lab;
import cthelper.lab.Payload;
import cthelper.lab.TftpTransfer;
import cthelper.lab.TransferResult;
import cthelper.lab.TransferResult.NoData;
import cthelper.lab.TransferResult.Received;
import cthelper.lab.Waiting;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.HelperType;
import cthelper.model.Protocol;
import cthelper.netfilter.RouterKernel;
import cthelper.netfilter.RouterKernel.Expectation;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The story between a client, a server, the router's kernel and the service, once they stand. */
final class Play {

  static final HelperSpec FTP = new HelperSpec(type("ftp", Protocol.TCP), 2121);
  static final HelperSpec TFTP = new HelperSpec(type("tftp", Protocol.UDP), 6969);
  static final Payload FILE = Payload.random(1, 20_000);

  private static final Duration SOON = Duration.ofSeconds(10);

  private final Story story;
  private final String helpers;
  private final Lab lab;
  private final RouterKernel kernel;

  Play(Story story, String base, String router, Lab lab, RouterKernel kernel) {
    this.story = story;
    this.helpers = base + "/v2.0/routers/" + router + "/conntrack_helpers";
    this.lab = lab;
    this.kernel = kernel;
  }

  void awaitRouter() {
    Waiting.until(
        "the service makes the namespace a router", SOON, () -> get(helpers).status() == 200);
  }

  void all() {
    story.step("Fetch a file by FTP.");
    ftpFails();
    String ftp = create(FTP);
    story.step("Fetch the file by FTP again.");
    ftpPasses();
    delete(ftp);
    story.step("Fetch the file by FTP once more.");
    ftpFails();

    story.step("The same with TFTP, which sends the file from a new port: fetch it.");
    tftpFails();
    String tftp = create(TFTP);
    story.step("Fetch the file by TFTP again.");
    tftpPasses();
    delete(tftp);
    story.step("Fetch the file by TFTP once more.");
    tftpFails();
  }

  private void ftpFails() {
    try (FtpSession session = FtpSession.open(lab.client(), lab.serverIpv4(FTP.port()))) {
      InetSocketAddress offered = session.offerPassive();
      List<Expectation> expected = kernel.expectations();
      expect(expected.isEmpty(), "the kernel expects a connection without helper: " + expected);
      fails(session.receiveFrom(offered));
      story.line(
          "Logging in works. The server announces port %d for the file; nobody answers there."
              .formatted(offered.getPort()));
    }
  }

  private void ftpPasses() {
    try (FtpSession session = FtpSession.open(lab.client(), lab.serverIpv4(FTP.port()))) {
      InetSocketAddress offered = session.offerPassive();
      Expectation announced = new Expectation(lab.clientIpv4(), offered, "ftp");
      List<Expectation> expected = kernel.expectations();
      expect(
          expected.equals(List.of(announced)),
          "the kernel expects %s instead of %s".formatted(expected, announced));
      story.line(
          "The server announces port %d. The kernel's helper %s reads that, and expects:"
              .formatted(offered.getPort(), announced.helper()));
      story.line(
          "  a connection from %s to %s port %d"
              .formatted(
                  announced.source().getHostAddress(),
                  offered.getAddress().getHostAddress(),
                  offered.getPort()));
      passes(session.receiveFrom(offered));
    }
  }

  private void tftpFails() {
    fails(TftpTransfer.receive(lab.client(), lab.serverIpv4(TFTP.port())));
    story.line("The request gets through. The answer, from a new port, does not.");
  }

  private void tftpPasses() {
    passes(TftpTransfer.receive(lab.client(), lab.serverIpv4(TFTP.port())));
  }

  private void fails(TransferResult result) {
    expect(result instanceof NoData, "the file came although no helper is there");
  }

  private void passes(TransferResult result) {
    expect(result.equals(new Received(FILE)), "the file did not come as it is: " + result);
    story.line("The file comes: %d bytes, each as it should be.".formatted(FILE.length()));
  }

  /** Creates a helper; returns its id once the kernel is proven to have it. */
  private String create(HelperSpec spec) {
    ApiCall post =
        new ApiCall(
            "POST",
            helpers,
            "{\"conntrack_helper\": {\"protocol\": \"%s\", \"port\": %d, \"helper\": \"%s\"}}"
                .formatted(spec.protocol().wireName(), spec.port(), spec.type().name()));
    story.step(
        "Create the helper %s for %s port %d:"
            .formatted(spec.type().name(), spec.protocol().wireName(), spec.port()));
    story.line(post.curl());
    Instant sent = Instant.now();
    String id = post.answer(201).at("/conntrack_helper/id").asText();
    Waiting.until("the helper is ACTIVE", SOON, () -> "ACTIVE".equals(status(id)));
    long millis = Duration.between(sent, Instant.now()).toMillis();
    story.line(
        "After %d ms its status is ACTIVE: the kernel of the router holds".formatted(millis));
    Map<HelperSpec, UUID> held = kernel.assignments();
    expect(held.equals(Map.of(spec, UUID.fromString(id))), "the kernel holds instead: " + held);
    story.line(
        "  map assign { %s . %d : \"%s\" }"
            .formatted(spec.protocol().wireName(), spec.port(), spec.type().objectName()));
    return id;
  }

  private void delete(String id) {
    ApiCall delete = new ApiCall("DELETE", helpers + "/" + id, "");
    story.step("Delete the helper:");
    story.line(delete.curl());
    int status = delete.status();
    expect(status == 204, "DELETE was answered " + status);
    Waiting.until("the service's table is gone", SOON, () -> !kernel.hasTable());
    story.line("The kernel holds nothing of the service any more.");
  }

  private String status(String id) {
    return get(helpers + "/" + id).answer(200).at("/conntrack_helper/status").asText();
  }

  private ApiCall get(String url) {
    return new ApiCall("GET", url, "");
  }

  private static HelperType type(String name, Protocol protocol) {
    return HelperCatalog.find(name, protocol).orElseThrow();
  }
}
