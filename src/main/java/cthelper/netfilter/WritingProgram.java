package cthelper.netfilter;

import cthelper.model.Quoted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The program that made a commit, as {@code ps} shows it. Example: {@code pid=1674 program=nft}.
 *
 * @param pid of its process
 * @param name what the process calls itself, text from outside, at most 15 octets
 */
public record WritingProgram(int pid, String name) {

  private static final String PROCESS = "Tgid:";

  /**
   * Finds the process of the thread that wrote. One that has ended is known by that thread alone:
   * of a program with one thread that is the same.
   */
  public static WritingProgram of(RulesetCommit commit) {
    return of(Path.of("/proc"), commit.threadId(), commit.threadName());
  }

  /**
   * The kernel's number of the thread need not be ours (pid_namespaces(7)), or may be somebody
   * else's by now: the one of that number is believed only if it has the right name.
   */
  static WritingProgram of(Path proc, int threadId, String threadName) {
    WritingProgram thread = new WritingProgram(threadId, threadName);
    try {
      if (!nameOf(proc, threadId).equals(threadName)) {
        return thread;
      }
      int pid = processOf(proc, threadId);
      return new WritingProgram(pid, nameOf(proc, pid));
    } catch (IOException | NumberFormatException e) {
      return thread;
    }
  }

  private static String nameOf(Path proc, int id) throws IOException {
    byte[] bytes = Files.readAllBytes(proc.resolve(Integer.toString(id)).resolve("comm"));
    int newline = bytes.length > 0 && bytes[bytes.length - 1] == '\n' ? 1 : 0;
    return new String(bytes, 0, bytes.length - newline, StandardCharsets.UTF_8);
  }

  private static int processOf(Path proc, int threadId) throws IOException {
    Path status = proc.resolve(Integer.toString(threadId)).resolve("status");
    for (String line :
        new String(Files.readAllBytes(status), StandardCharsets.UTF_8).lines().toList()) {
      if (line.startsWith(PROCESS)) {
        return Integer.parseInt(line.substring(PROCESS.length()).strip());
      }
    }
    throw new IOException(status + " has no line " + PROCESS);
  }

  /** As keys and values of one line of the log. */
  @Override
  public String toString() {
    return "pid=%d program=%s".formatted(pid, Quoted.of(name));
  }
}
