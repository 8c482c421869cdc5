package cthelper.stream;

import com.google.protobuf.ByteString;
import cthelper.stream.wire.Fence;
import cthelper.stream.wire.FromNode;
import cthelper.stream.wire.Held;
import cthelper.stream.wire.Namespace;
import cthelper.stream.wire.Observed;
import cthelper.stream.wire.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * What a node has told on a stream that still holds: its namespaces and the last answer of each. A
 * node keeps one of what it has sent, a reconciler one of what it has written down; where their
 * digests differ, something was lost.
 *
 * <p>The digest is the sum of a 64-bit number (FNV-1a) for each fact, as text: {@code qrouter-…
 * 5c9e… true 17} for a namespace with its router, whether it is adoptable and its cookie, {@code
 * qrouter-… held 7c1f….1.42 e5aa….3.true} for an answer with its fence and each verdict's helper,
 * revision and whether it is proven. A newer version may know more facts, but does not count them.
 * Not thread-safe.
 */
final class Ledger {

  private static final HexFormat HEX = HexFormat.of();

  private final Map<String, Long> namespaces = new HashMap<>();
  private final Map<String, Long> answers = new HashMap<>();
  private long digest;

  /** This message was sent, or written down. */
  void add(FromNode message) {
    switch (message.getMessageCase()) {
      case INVENTORY -> {
        namespaces.clear();
        answers.clear();
        digest = 0;
        message.getInventory().getNamespacesList().forEach(this::present);
      }
      case APPEARED -> {
        gone(message.getAppeared().getName());
        present(message.getAppeared());
      }
      case VANISHED -> gone(message.getVanished().getName());
      case OBSERVED -> answered(message.getObserved());
      case HELLO, DRIFTED, UNCLAIMED, PULSE, MESSAGE_NOT_SET -> {
        // nothing that holds from then on
      }
    }
  }

  long digest() {
    return digest;
  }

  private void present(Namespace namespace) {
    put(
        namespaces,
        namespace.getName(),
        new Fact(namespace.getName())
            .text(" ")
            .hex(namespace.getRouterId())
            .text(" %b %d".formatted(namespace.getAdoptable(), namespace.getCookie())));
  }

  private void gone(String namespace) {
    remove(namespaces, namespace);
    remove(answers, namespace);
  }

  private void answered(Observed observed) {
    String namespace = observed.getPlace().getNamespace();
    switch (observed.getStateCase()) {
      case HELD -> put(answers, namespace, held(namespace, observed.getHeld()));
      case FAILED ->
          put(
              answers,
              namespace,
              new Fact(namespace)
                  .text(" failed ")
                  .fence(observed.getFailed().getDesired())
                  .text(" " + observed.getFailed().getReason()));
      case SUPERSEDED ->
          put(
              answers,
              namespace,
              new Fact(namespace)
                  .text(" superseded ")
                  .fence(observed.getSuperseded().getDesired())
                  .text(" ")
                  .fence(observed.getSuperseded().getHeld()));
      case GONE -> gone(namespace);
      case STATE_NOT_SET -> {
        // only a newer version knows it
      }
    }
  }

  private static Fact held(String namespace, Held held) {
    Fact fact = new Fact(namespace).text(" held ").fence(held.getFence());
    for (Verdict verdict : held.getVerdictsList()) {
      fact.text(" ")
          .hex(verdict.getHelperId())
          .text("." + verdict.getRevision() + "." + verdict.getProven());
    }
    return fact;
  }

  private void put(Map<String, Long> facts, String namespace, Fact fact) {
    remove(facts, namespace);
    facts.put(namespace, fact.number);
    digest += fact.number;
  }

  private void remove(Map<String, Long> facts, String namespace) {
    Long known = facts.remove(namespace);
    if (known != null) {
      digest -= known;
    }
  }

  /** The number of a text that need not be made for it. */
  private static final class Fact {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private long number = FNV_OFFSET;

    Fact(String begin) {
      text(begin);
    }

    Fact text(String text) {
      for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
        add(octet & 0xff);
      }
      return this;
    }

    Fact hex(ByteString id) {
      for (int i = 0; i < id.size(); i++) {
        add(HEX.toHighHexDigit(id.byteAt(i)));
        add(HEX.toLowHexDigit(id.byteAt(i)));
      }
      return this;
    }

    Fact fence(Fence fence) {
      return hex(fence.getInstallationId()).text("." + fence.getEpoch() + "." + fence.getNumber());
    }

    private void add(int octet) {
      number = (number ^ octet) * FNV_PRIME;
    }
  }
}
