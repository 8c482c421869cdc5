package cthelper.netfilter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the commits of many namespaces together from the kernel's events: each is some messages of
 * what was added and deleted, in any number of datagrams, and then NEWGEN, which says who did it.
 * Datagrams of several namespaces may come in turns. Keeps a few lines for each commit, whatever
 * its size. Used by one thread. Pure. Source: {@code nf_tables_api.c}, {@code nft_commit_notify}.
 */
final class CommitReader {

  /** TASK_COMM_LEN without the NUL. */
  private static final int THREAD_NAME_BYTES = 15;

  private final Map<Integer, TableChanges> unfinished = new HashMap<>();

  /**
   * The commits that end in this datagram.
   *
   * @param namespace the number of the one it is about
   * @throws MalformedNetlinkException when it makes no sense: call {@link #forgetUnfinished}
   */
  List<RulesetCommit> read(int namespace, byte[] datagram) {
    List<RulesetCommit> finished = new ArrayList<>();
    for (NetlinkMessage message : NetlinkMessage.readAll(datagram)) {
      if (message.type() == Nft.type(Nft.NEW_GENERATION)) {
        TableChanges changes = unfinished.remove(namespace);
        finished.add(commit(namespace, message, changes == null ? new TableChanges() : changes));
      } else if (isPartOfACommit(message)) {
        unfinished.computeIfAbsent(namespace, number -> new TableChanges()).add(message);
      }
    }
    return finished;
  }

  /** Events were lost: what was read of commits that have not ended may be of different ones. */
  void forgetUnfinished() {
    unfinished.clear();
  }

  /** A used-up quota is told in the same way, but by no socket and without an end. */
  private static boolean isPartOfACommit(NetlinkMessage message) {
    return message.type() >> Byte.SIZE == Nft.SUBSYSTEM && message.portId() != 0;
  }

  private static RulesetCommit commit(int namespace, NetlinkMessage end, TableChanges changes) {
    NetlinkAttributes attributes = end.attributes();
    String name =
        attributes.find(Nft.GENERATION_THREAD_NAME).map(NetlinkAttribute::string).orElse("");
    return new RulesetCommit(
        namespace,
        end.portId(),
        attributes.find(Nft.GENERATION_THREAD).map(NetlinkAttribute::integer).orElse(0),
        name.substring(0, Math.min(name.length(), THREAD_NAME_BYTES)),
        changes.toOurTable(),
        changes.elsewhere());
  }
}
