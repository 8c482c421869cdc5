package cthelper.truth;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The steps so far and what came of them, one line each; printed as they happen. */
final class Journal {

  private static final int SHOWN = 60;

  private final PrintStream out;
  private final long begin = System.nanoTime();
  private final List<String> lines = new ArrayList<>();

  Journal(PrintStream out) {
    this.out = out;
  }

  /** A step begins. */
  void begins(Step step) {
    double seconds = Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1e3;
    lines.add("%4d %7.2f s  %s".formatted(lines.size() + 1, seconds, step));
  }

  /** It has ended. */
  void ended(String outcome) {
    lines.add(lines.removeLast() + " -> " + outcome);
    out.println(lines.getLast());
  }

  int steps() {
    return lines.size();
  }

  /** The last ones, for a person. */
  String text() {
    int from = Math.max(0, lines.size() - SHOWN);
    String earlier = from == 0 ? "" : "(%d steps before)\n".formatted(from);
    return earlier + String.join("\n", lines.subList(from, lines.size()));
  }
}
