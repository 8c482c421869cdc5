package cthelper.stream;

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

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

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
        "%s %s %b %d"
            .formatted(
                namespace.getName(),
                hex(namespace.getRouterId().toByteArray()),
                namespace.getAdoptable(),
                namespace.getCookie()));
  }

  private void gone(String namespace) {
    remove(namespaces, namespace);
    remove(answers, namespace);
  }

  private void answered(Observed observed) {
    String namespace = observed.getPlace().getNamespace();
    switch (observed.getStateCase()) {
      case HELD -> put(answers, namespace, namespace + held(observed.getHeld()));
      case FAILED ->
          put(
              answers,
              namespace,
              namespace
                  + " failed "
                  + fence(observed.getFailed().getDesired())
                  + " "
                  + observed.getFailed().getReason());
      case SUPERSEDED ->
          put(
              answers,
              namespace,
              namespace
                  + " superseded "
                  + fence(observed.getSuperseded().getDesired())
                  + " "
                  + fence(observed.getSuperseded().getHeld()));
      case GONE -> gone(namespace);
      case STATE_NOT_SET -> {
        // only a newer version knows it
      }
    }
  }

  private static String held(Held held) {
    StringBuilder text = new StringBuilder(" held ").append(fence(held.getFence()));
    for (Verdict verdict : held.getVerdictsList()) {
      text.append(' ')
          .append(hex(verdict.getHelperId().toByteArray()))
          .append('.')
          .append(verdict.getRevision())
          .append('.')
          .append(verdict.getProven());
    }
    return text.toString();
  }

  private static String fence(Fence fence) {
    return hex(fence.getInstallationId().toByteArray())
        + "."
        + fence.getEpoch()
        + "."
        + fence.getNumber();
  }

  private static String hex(byte[] id) {
    return HexFormat.of().formatHex(id);
  }

  private void put(Map<String, Long> facts, String namespace, String fact) {
    remove(facts, namespace);
    long number = number(fact);
    facts.put(namespace, number);
    digest += number;
  }

  private void remove(Map<String, Long> facts, String namespace) {
    Long known = facts.remove(namespace);
    if (known != null) {
      digest -= known;
    }
  }

  private static long number(String fact) {
    long hash = FNV_OFFSET;
    for (byte octet : fact.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (octet & 0xff)) * FNV_PRIME;
    }
    return hash;
  }
}
