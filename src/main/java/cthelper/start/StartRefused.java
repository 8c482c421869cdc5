package cthelper.start;

import java.util.List;

/** The process cannot start; each line of the message is one that a person needs. */
final class StartRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> lines;

  StartRefused(String line) {
    this(List.of(line));
  }

  StartRefused(List<String> lines) {
    super(String.join("; ", lines));
    this.lines = List.copyOf(lines);
  }

  StartRefused(String line, Throwable cause) {
    super(line, cause);
    this.lines = List.of(line);
  }

  List<String> lines() {
    return lines;
  }
}
