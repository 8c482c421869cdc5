package cthelper.executor;

import cthelper.model.Quoted;
import cthelper.netfilter.RulesetCommit;
import cthelper.netfilter.WritingProgram;

/**
 * A change of our table that nobody asked for, and who made it.
 *
 * @param what for example {@code deleted table}; text of ours
 * @param program the name of the writing thread as the kernel tells it, at most 15 characters that
 *     its owner chose; empty when unknown
 * @param pid of the process; 0 when unknown
 */
record Tampering(String what, String program, long pid) {

  /** Asks the machine which program it was: to be done when the damage is repaired. */
  static Tampering by(RulesetCommit commit) {
    WritingProgram program = WritingProgram.of(commit);
    return new Tampering(String.join(", ", commit.changes()), program.name(), program.pid());
  }

  /** Found by looking: there was no event, or it was lost. */
  static final Tampering UNSEEN = new Tampering("changed unseen", "", 0);

  /** {@code nft (pid 4711)}, safe for logs and for people. */
  String culprit() {
    return program.isEmpty() ? "an unknown program" : Quoted.of(program) + " (pid " + pid + ")";
  }
}
