package cthelper.netfilter;

import java.util.Map;
import java.util.Set;

/**
 * Which helpers hand one on to the connections they announce: those of SIP and H.323, whose calls
 * announce further connections themselves. All names are the kernel's.
 *
 * <p>Source: {@code exp->helper} in {@code nf_conntrack_sip.c}, {@code nf_conntrack_h323_main.c}.
 */
final class InheritedHelpers {

  private static final Map<String, Set<String>> HEIRS =
      Map.of(
          "sip", Set.of("sip"),
          "RAS", Set.of("RAS", "Q.931"),
          "Q.931", Set.of("Q.931", "H.245"));

  private InheritedHelpers() {}

  /** Whether connections announced through a helper may carry this one. */
  static boolean canBeInherited(String helper, String from) {
    return HEIRS.getOrDefault(from, Set.of()).contains(helper);
  }

  static boolean hasHeirs(String helper) {
    return HEIRS.containsKey(helper);
  }
}
