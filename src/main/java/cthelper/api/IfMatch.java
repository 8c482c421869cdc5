package cthelper.api;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Header {@code If-Match} of an update or a delete: nothing is to happen unless the resource is
 * still at the revision that the client knows.
 *
 * <p>Examples: {@code *}, {@code "3"} (an ETag of ours), {@code "3", "4"}, and Neutron's {@code
 * revision_number=3}. Source: RFC 9110 section 13.1.1.
 */
final class IfMatch {

  static final String HEADER = "If-Match";

  private static final IfMatch ANY = new IfMatch("*", Set.of());
  private static final Pattern NEUTRON = Pattern.compile("revision_number=([0-9]{1,19})");
  private static final Pattern TAG = Pattern.compile("(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"");
  private static final Pattern SEPARATOR = Pattern.compile("[ \\t]*,[ \\t]*");

  private final String text;
  private final Set<String> revisions;

  private IfMatch(String text, Set<String> revisions) {
    this.text = text;
    this.revisions = revisions;
  }

  /**
   * @param headers each line of it, which together are one list; none without the header
   * @throws NeutronFault 400 when it is none of the above
   */
  static IfMatch parse(List<String> headers) {
    String text = String.join(", ", headers).strip();
    if (headers.isEmpty() || text.equals("*")) {
      return ANY;
    }
    Matcher neutron = NEUTRON.matcher(text);
    if (neutron.matches()) {
      return new IfMatch(text, Set.of(String.valueOf(Long.parseUnsignedLong(neutron.group(1)))));
    }
    return new IfMatch(text, strongTags(text));
  }

  /**
   * A weak tag never matches: it does not promise that nothing has changed. Tag by tag, since one
   * pattern for all of them would need a deep stack for a long header.
   */
  private static Set<String> strongTags(String text) {
    Set<String> strong = new HashSet<>();
    Matcher tag = TAG.matcher(text);
    Matcher separator = SEPARATOR.matcher(text);
    int at = 0;
    while (tag.region(at, text.length()).lookingAt()) {
      if (tag.group(1) == null) {
        strong.add(tag.group(2));
      }
      if (tag.end() == text.length()) {
        return strong;
      }
      if (!separator.region(tag.end(), text.length()).lookingAt()) {
        break;
      }
      at = separator.end();
    }
    throw malformed(text);
  }

  static NeutronFault malformed(String text) {
    return NeutronFault.badRequest(
        "Invalid header If-Match: '"
            + Echo.of(text)
            + "' is neither *, nor \"<revision_number>\", nor revision_number=<number>");
  }

  /**
   * @param revision what the resource is at
   * @throws NeutronFault 412 when that is not what the client knows
   */
  void check(long revision) {
    if (this != ANY && !revisions.contains(Long.toString(revision))) {
      throw new NeutronFault(
          412,
          "RevisionNumberConstraintFailed",
          "Constrained to %s, but current revision is %d".formatted(Echo.of(text), revision));
    }
  }
}
